// SPDX-License-Identifier: Apache-2.0
#include "text_rows.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace hearth::foreign {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Sign, digits without the point, and the power of ten of the last digit.
struct Decimal {
  bool negative = false;
  std::string digits{};
  int exponent = 0;
};

std::optional<Decimal> decimal_of(std::string_view text) {
  Decimal decimal;
  std::size_t i = 0;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) decimal.negative = text[i++] == '-';
  for (; i < text.size() && is_digit(text[i]); ++i) decimal.digits += text[i];
  if (i < text.size() && text[i] == '.') {
    for (++i; i < text.size() && is_digit(text[i]); ++i) {
      decimal.digits += text[i];
      --decimal.exponent;
    }
  }
  if (decimal.digits.empty() || decimal.digits.size() > 60) return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && text[i] == '+') ++i;
    int power = 0;
    const auto [end, code] = std::from_chars(text.data() + i, text.data() + text.size(), power);
    if (code != std::errc() || end != text.data() + text.size() || std::abs(power) > 400) {
      return std::nullopt;
    }
    decimal.exponent += power;
    i = text.size();
  }
  if (i != text.size()) return std::nullopt;
  return decimal;
}

}  // namespace

std::optional<double> finite_number(std::string_view text) {
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0.0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> scaled_decimal(std::string_view text, int digits) {
  const std::optional<Decimal> decimal = decimal_of(text);
  if (!decimal) return std::nullopt;
  const int shift = decimal->exponent + digits;
  std::string whole = decimal->digits;
  bool round_up = false;
  if (shift < 0) {
    const auto cut = static_cast<std::size_t>(-shift);
    round_up = cut <= whole.size() && whole[whole.size() - cut] >= '5';
    whole.resize(cut < whole.size() ? whole.size() - cut : 0);
  }
  std::uint64_t value = 0;
  constexpr std::uint64_t kLimit = static_cast<std::uint64_t>(INT64_MAX);
  for (const char c : whole) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (kLimit - digit) / 10) return std::nullopt;
    value = 10 * value + digit;
  }
  for (int i = 0; i < shift && value != 0; ++i) {
    if (value > kLimit / 10) return std::nullopt;
    value *= 10;
  }
  if (round_up && value < kLimit) ++value;
  const auto magnitude = static_cast<std::int64_t>(value);
  return decimal->negative ? -magnitude : magnitude;
}

std::optional<Quat> unit_quat(double w, double x, double y, double z) {
  const double length = std::sqrt(w * w + x * x + y * y + z * z);
  if (!(std::abs(length - 1.0) <= 1e-3)) return std::nullopt;
  return normalized(Quat{w, x, y, z});
}

bool TextRows::next() {
  while (step()) {
    if (!words_.empty() && words_[0][0] != '#') return true;
  }
  return false;
}

bool TextRows::next_or_empty() {
  while (step()) {
    if (words_.empty() || words_[0][0] != '#') return true;
  }
  return false;
}

bool TextRows::step() {
  if (error_ || rest_.empty()) return false;
  ++line_;
  const std::size_t end = rest_.find('\n');
  line_text_ = rest_.substr(0, end);
  words_.clear();
  std::size_t i = 0;
  while (i < line_text_.size()) {
    while (i < line_text_.size() && is_blank(line_text_[i])) ++i;
    const std::size_t begin = i;
    while (i < line_text_.size() && !is_blank(line_text_[i])) ++i;
    if (i > begin) words_.push_back(line_text_.substr(begin, i - begin));
  }
  if (end == std::string_view::npos) {
    fail("the file ends within a row; if it is whole, end it with a line feed");
    return false;
  }
  rest_.remove_prefix(end + 1);
  return true;
}

void TextRows::expect(std::size_t count, const char* what) {
  if (words_.size() == count) return;
  fail("the row has " + std::to_string(words_.size()) + " words, " + std::to_string(count) +
       " are needed (" + what + ")");
  words_.resize(count);
}

double TextRows::number(std::size_t i) {
  if (error_) return 0.0;
  const std::optional<double> value = finite_number(words_[i]);
  if (!value) fail("'" + std::string(words_[i]) + "' is no finite number", static_cast<int>(i));
  return value.value_or(0.0);
}

std::int64_t TextRows::integer(std::size_t i) {
  if (error_) return 0;
  const std::optional<std::int64_t> value = whole_number(words_[i]);
  if (!value) fail("'" + std::string(words_[i]) + "' is no whole number", static_cast<int>(i));
  return value.value_or(0);
}

TimeNs TextRows::time_from_seconds(std::size_t i) {
  if (error_) return 0;
  const std::optional<std::int64_t> value = scaled_decimal(words_[i], 9);
  if (!value) {
    fail("'" + std::string(words_[i]) + "' is no time in seconds", static_cast<int>(i));
  }
  return value.value_or(0);
}

Vec3 TextRows::vec3(std::size_t i) {
  const double x = number(i);
  const double y = number(i + 1);
  return {x, y, number(i + 2)};
}

Quat TextRows::quat(std::size_t w, std::size_t x, std::size_t y, std::size_t z) {
  const double qw = number(w);
  const double qx = number(x);
  const double qy = number(y);
  const double qz = number(z);
  if (error_) return {};
  const std::optional<Quat> q = unit_quat(qw, qx, qy, qz);
  if (!q) {
    fail("the quaternion has norm " +
             std::to_string(std::sqrt(qw * qw + qx * qx + qy * qy + qz * qz)) + ", not 1",
         static_cast<int>(std::min(w, x)));
  }
  return q.value_or(Quat{});
}

void TextRows::fail(std::string message, int word) {
  if (error_) return;
  std::string where = file_ + ":" + std::to_string(line_);
  if (word >= 0) where += ":" + std::to_string(word + 1);
  error_ = Error{ErrorCode::corrupt, std::move(message), std::move(where)};
}

}  // namespace hearth::foreign
