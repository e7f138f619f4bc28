// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/diagnostics.h>
#include <hearth/ingest/import.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/ingest/clips.h"
#include "tests/support/temporary_folder.h"

namespace hearth::test {

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

inline std::filesystem::path put_file(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  return put(path, bytes);
}

/// The error of reading `path`; fails the test where it is read.
inline Error error_of(ImportFunction read, const std::filesystem::path& path,
                      const ImportOptions& options = {}) {
  Diagnostics diagnostics;
  const Result<Imported> imported = read(path, options, diagnostics);
  REQUIRE_FALSE(imported.ok());
  CHECK_FALSE(imported.error().where.empty());
  CHECK_FALSE(imported.error().message.empty());
  CHECK(diagnostics.empty());  // A refused file leaves nothing behind.
  return imported.error();
}

/// Cuts a text file at every byte. A cut at the end of a row may be read, with `count` items fewer
/// than the whole; every other cut is corrupt and names the file.
inline void check_cuts(ImportFunction read, const std::filesystem::path& path,
                       const std::string& text, const ImportOptions& options,
                       const std::function<std::size_t(const Imported&)>& count) {
  put(path, text);
  Diagnostics diagnostics;
  const std::size_t whole = count(read(path, options, diagnostics).value());
  for (std::size_t length = 0; length < text.size(); ++length) {
    put(path, text.substr(0, length));
    CAPTURE(length);
    const Result<Imported> imported = read(path, options, diagnostics);
    const bool at_row_end = length > 0 && text[length - 1] == '\n';
    if (imported.ok()) {
      CHECK(at_row_end);
      CHECK(count(*imported) < whole);
    } else {
      CHECK(imported.error().code ==
            (at_row_end || length == 0 ? imported.error().code : ErrorCode::corrupt));
      CHECK(imported.error().where.find(path.filename().string()) != std::string::npos);
    }
  }
  put(path, text);
}

inline std::filesystem::path shared_data() {
  return std::filesystem::path(HEARTH_SHARED_DIR) / "data";
}

/// An npy file as numpy.save writes it.
template <class T>
std::string npy_bytes(const char* type, const std::vector<std::size_t>& shape,
                      const std::vector<T>& values) {
  std::string extents;
  for (const std::size_t extent : shape) extents += std::to_string(extent) + ", ";
  if (shape.size() > 1) extents.resize(extents.size() - 2);
  if (shape.size() == 1) extents.pop_back();
  std::string text = std::string("{'descr': '") + type + "', 'fortran_order': False, 'shape': (" +
                     extents + "), }";
  while ((10 + text.size() + 1) % 64 != 0) text += ' ';
  text += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(text.size() & 0xff);
  bytes += static_cast<char>(text.size() >> 8);
  bytes += text;
  const std::size_t start = bytes.size();
  bytes.resize(start + values.size() * sizeof(T));
  std::memcpy(bytes.data() + start, values.data(), values.size() * sizeof(T));
  return bytes;
}
inline std::string npy_f8(const std::vector<std::size_t>& shape, const std::vector<double>& v) {
  return npy_bytes<double>("<f8", shape, v);
}
inline std::string npy_i8(const std::vector<std::int64_t>& v) {
  return npy_bytes<std::int64_t>("<i8", {v.size()}, v);
}

}  // namespace hearth::test
