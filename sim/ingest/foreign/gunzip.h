// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/result.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace hearth::foreign {

/// Largest text that a compressed file may become.
inline constexpr std::size_t kMaxUnpackedBytes = std::size_t{1} << 30;

/// Unpacks gzip. @return corrupt for damaged or cut bytes or bytes after the end, unsupported for
/// more than `limit` bytes.
[[nodiscard]] Result<std::string> gunzip(std::string_view bytes, const std::string& file,
                                         std::size_t limit = kMaxUnpackedBytes);

/// Unpacks a raw deflate stream of known size. @return corrupt where it does not become `size`.
[[nodiscard]] Result<std::string> inflate_raw(std::string_view bytes, std::size_t size,
                                              const std::string& where);

/// Reads a file, unpacked where its name ends in .gz.
[[nodiscard]] Result<std::string> read_maybe_gzipped(const std::filesystem::path& file);

}  // namespace hearth::foreign
