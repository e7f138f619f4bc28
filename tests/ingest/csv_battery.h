// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The reject battery of readers of comma-separated files, and where the public samples lie.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/io/files.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace hearth::test {

/// A file or folder below ../shared/data; nothing, loudly, where it is absent.
inline std::optional<std::filesystem::path> sample(const std::string& name) {
  const std::filesystem::path path = std::filesystem::path(HEARTH_SHARED_DIR) / "data" / name;
  if (!std::string(HEARTH_SHARED_DIR).empty() && std::filesystem::exists(path)) return path;
  WARN("SKIPPED: the public sample " + name + " is not there");
  return std::nullopt;
}

/// The bytes of a sample; nothing, loudly, where it is absent.
inline std::optional<std::string> sample_bytes(const std::string& name) {
  const auto path = sample(name);
  if (!path) return std::nullopt;
  return read_file(*path).value();
}

/// Writes without the care of write_file(): for hundreds of spoilt copies.
inline void write_quickly(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  REQUIRE(out.good());
}

/// A comma-separated file that can be changed cell by cell.
struct Csv {
  std::vector<std::vector<std::string>> rows{};  ///< Row 0 is the header.

  static Csv parse(const std::string& text, std::size_t max_rows) {
    Csv csv;
    std::istringstream lines(text);
    for (std::string line; csv.rows.size() <= max_rows && std::getline(lines, line);) {
      csv.rows.emplace_back();
      std::istringstream cells(line + ",");
      for (std::string cell; std::getline(cells, cell, ',');) csv.rows.back().push_back(cell);
    }
    return csv;
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    for (const auto& row : rows) {
      for (std::size_t i = 0; i < row.size(); ++i) out += (i > 0 ? "," : "") + row[i];
      out += "\n";
    }
    return out;
  }
  [[nodiscard]] std::size_t column(const std::string& name) const {
    const auto place = std::find(rows[0].begin(), rows[0].end(), name);
    REQUIRE(place != rows[0].end());
    return static_cast<std::size_t>(place - rows[0].begin());
  }
};

/// Checks that a failure is `corrupt` and names its place.
template <class Value>
void check_corrupt(const Result<Value>& result, const std::string& where) {
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == ErrorCode::corrupt);
  CHECK_THAT(result.error().where, Catch::Contains(where));
  CHECK_FALSE(result.error().message.empty());
}

/// Every cut of `text` fails, except behind a whole row.
template <class Read>
void check_cuts(const std::string& text, const Read& read) {
  std::size_t cuts = 0;
  for (std::size_t length = 0; length < text.size(); ++length) {
    const bool whole_rows = length > 0 && text[length - 1] == '\n';
    if (whole_rows) continue;
    CAPTURE(length);
    const auto result = read(text.substr(0, length));
    if (result.ok() || result.error().code != ErrorCode::corrupt) CHECK_FALSE(result.ok());
    ++cuts;
  }
  CHECK(cuts > 50);
}

/// The battery. `needed` columns must be there and hold finite numbers; `read` takes a text and
/// `same` says whether two results are equal. `time` is the column whose rows ascend.
template <class Read, class Same>
void check_csv_battery(const Csv& good, const std::vector<std::string>& needed,
                       const std::string& time, const Read& read, const Same& same) {
  const auto expected = read(good.text());
  REQUIRE(expected.ok());
  check_cuts(good.text(), read);
  check_corrupt(read(""), "");
  for (const std::string& name : needed) {
    CAPTURE(name);
    const std::size_t column = good.column(name);
    for (const char* bad : {"nan", "inf", "", "1.0x", "1e999"}) {
      Csv broken = good;
      broken.rows[2][column] = bad;
      check_corrupt(read(broken.text()), ":3:" + name);
    }
    Csv without = good;
    for (auto& row : without.rows) {
      row.erase(row.begin() + static_cast<std::ptrdiff_t>(column));
    }
    check_corrupt(read(without.text()), ":1");
    Csv twice = good;
    for (auto& row : twice.rows) row.push_back(row[column]);
    check_corrupt(read(twice.text()), ":1");
  }
  Csv turned = good;  // Columns by name: their order must not matter.
  for (auto& row : turned.rows) std::reverse(row.begin(), row.end());
  const auto from_turned = read(turned.text());
  REQUIRE(from_turned.ok());
  CHECK(same(*from_turned, *expected));
  Csv more = good;
  for (std::size_t i = 0; i < more.rows.size(); ++i) {
    more.rows[i].push_back(i == 0 ? "moon_phase" : "7");
  }
  const auto from_more = read(more.text());
  REQUIRE(from_more.ok());
  CHECK(same(*from_more, *expected));
  Csv longer = good;
  longer.rows[2].push_back("7");
  check_corrupt(read(longer.text()), ":3");
  if (!time.empty()) {
    Csv swapped = good;
    std::swap(swapped.rows[1], swapped.rows[2]);
    check_corrupt(read(swapped.text()), ":3");
    Csv repeated = good;
    repeated.rows.insert(repeated.rows.begin() + 1, repeated.rows[1]);
    check_corrupt(read(repeated.text()), ":3");
  }
}

}  // namespace hearth::test
