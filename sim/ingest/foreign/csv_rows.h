// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Rows of a comma-separated file, columns by name. The first failure is kept and later calls do
/// nothing, so that a reader asks once at the end.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/core/result.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::foreign {

/// Reads `text` in place; it must outlive the reader. Every row has as many cells as the header
/// and ends with a line feed: a file that stops within a row is `corrupt`. No quoting.
class CsvRows {
 public:
  CsvRows(std::string_view text, std::string file);

  /// Column number of a name, or nothing.
  [[nodiscard]] std::optional<int> find(std::string_view name) const;
  /// Column number of a name; an absent one is `corrupt` with the name.
  int column(std::string_view name);
  /// Names of the header in file order.
  [[nodiscard]] const std::vector<std::string_view>& header() const { return header_; }
  /// Adds one diagnostic `column_ignored` with the names that are in none of the two lists.
  void report_unknown(std::span<const std::string> known, Diagnostics& diagnostics) const;

  /// Steps to the next row; false at the end and after a failure.
  bool next();
  /// The failure, if there was one.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  /// Line of the current row, the header being line 1.
  [[nodiscard]] std::int64_t line() const { return line_; }

  [[nodiscard]] std::string_view cell(int column) const;
  /// A finite number.
  double number(int column);
  /// Three columns in a row of numbers.
  Vec3 vec3(const std::array<int, 3>& columns);
  std::int64_t integer(int column);
  /// A unit quaternion from its four columns w, x, y, z: refused where | |q| - 1 | > 1e-3, then
  /// normalised.
  Quat quat(const std::array<int, 4>& wxyz_columns);
  /// Fails at the current row.
  void fail(ErrorCode code, std::string message, int column = -1);

 private:
  std::string_view rest_;
  std::string file_;
  std::vector<std::string_view> header_{};
  std::vector<std::string_view> cells_{};
  std::int64_t line_ = 1;
  std::optional<Error> error_{};
};

/// Column numbers of prefix + x, y, z + suffix.
[[nodiscard]] std::array<int, 3> columns_xyz(CsvRows& rows, const std::string& prefix,
                                             const std::string& suffix);
/// Column numbers of prefix + w, x, y, z + suffix, in this order whatever the file's.
[[nodiscard]] std::array<int, 4> columns_wxyz(CsvRows& rows, const std::string& prefix,
                                              const std::string& suffix);

/// Microseconds as nanoseconds; a time that does not fit fails at `rows`.
[[nodiscard]] std::int64_t ns_from_us(CsvRows& rows, std::int64_t time_us);

}  // namespace hearth::foreign
