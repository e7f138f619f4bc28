// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Rows of words between blanks, `#` comments, and numbers exactly as they are written. The first
/// failure is kept and later calls do nothing, so that a reader asks once at the end.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::foreign {

/// A finite number and nothing else; no locale.
[[nodiscard]] std::optional<double> finite_number(std::string_view text);
/// A whole number and nothing else.
[[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view text);
/// Decimal text times 10^digits, rounded to whole units, halves away from zero, without passing
/// through a double: "1305031102.175304" with 9 digits is exact. Exponents are fine.
[[nodiscard]] std::optional<std::int64_t> scaled_decimal(std::string_view text, int digits);

/// A unit quaternion: nothing where | |q| - 1 | > 1e-3 or a part is not finite.
[[nodiscard]] std::optional<Quat> unit_quat(double w, double x, double y, double z);

/// Reads `text` in place; it must outlive the reader. A last row without a line feed is `corrupt`:
/// the file may have been cut off there.
class TextRows {
 public:
  TextRows(std::string_view text, std::string file) : rest_(text), file_(std::move(file)) {}

  /// Steps to the next row that holds words; false at the end and after a failure.
  bool next();
  /// The same, but an empty row counts; comments do not.
  bool next_or_empty();
  [[nodiscard]] std::size_t size() const { return words_.size(); }
  [[nodiscard]] std::string_view word(std::size_t i) const { return words_[i]; }
  [[nodiscard]] std::string_view line() const { return line_text_; }
  [[nodiscard]] std::int64_t line_number() const { return line_; }

  /// Fails unless the row has `count` words.
  void expect(std::size_t count, const char* what);
  double number(std::size_t i);
  std::int64_t integer(std::size_t i);
  TimeNs time_from_seconds(std::size_t i);
  /// Words i, i + 1, i + 2.
  Vec3 vec3(std::size_t i);
  /// A unit quaternion from its words.
  Quat quat(std::size_t w, std::size_t x, std::size_t y, std::size_t z);

  /// Fails at the current row, and at word i where one is given.
  void fail(std::string message, int word = -1);
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  bool step();

  std::string_view rest_;
  std::string file_;
  std::string_view line_text_{};
  std::vector<std::string_view> words_{};
  std::int64_t line_ = 0;
  std::optional<Error> error_{};
};

}  // namespace hearth::foreign
