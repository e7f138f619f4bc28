// SPDX-License-Identifier: Apache-2.0
#include "csv_rows.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "origin.h"

namespace hearth::foreign {
namespace {

/// Cuts `line` at commas into `cells`.
void split(std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  for (;;) {
    const std::size_t comma = line.find(',');
    cells.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

std::string_view without_return(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string_view trimmed(std::string_view cell) {
  while (!cell.empty() && cell.front() == ' ') cell.remove_prefix(1);
  while (!cell.empty() && cell.back() == ' ') cell.remove_suffix(1);
  return cell;
}

}  // namespace

CsvRows::CsvRows(std::string_view text, std::string file) : rest_(text), file_(std::move(file)) {
  if (rest_.substr(0, 3) == "\xEF\xBB\xBF") rest_.remove_prefix(3);
  const std::size_t end = rest_.find('\n');
  if (end == std::string_view::npos) {
    error_ = Error{ErrorCode::corrupt, "the file ends within its header", file_ + ":1"};
    return;
  }
  split(without_return(rest_.substr(0, end)), header_);
  for (std::string_view& name : header_) name = trimmed(name);
  rest_.remove_prefix(end + 1);
  std::vector<std::string_view> sorted = header_;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) {
    error_ =
        Error{ErrorCode::corrupt, "column " + std::string(*twice) + " occurs twice", file_ + ":1"};
  }
}

std::optional<int> CsvRows::find(std::string_view name) const {
  const auto place = std::find(header_.begin(), header_.end(), name);
  if (place == header_.end()) return std::nullopt;
  return static_cast<int>(place - header_.begin());
}

int CsvRows::column(std::string_view name) {
  const std::optional<int> place = find(name);
  if (!place && !error_) {
    error_ = Error{ErrorCode::corrupt, "there is no column " + std::string(name), file_ + ":1"};
  }
  return place.value_or(0);
}

void CsvRows::report_unknown(std::span<const std::string> known, Diagnostics& diagnostics) const {
  std::string names;
  for (const std::string_view name : header_) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  if (names.empty()) return;
  diagnostics.add(Severity::note, "column_ignored",
                  "columns that hearth does not know: " + plain(names), file_);
}

bool CsvRows::next() {
  if (error_ || rest_.empty()) return false;
  ++line_;
  const std::size_t end = rest_.find('\n');
  if (end == std::string_view::npos) {
    fail(ErrorCode::corrupt, "the file ends within a row; if it is whole, end it with a line feed");
    return false;
  }
  split(without_return(rest_.substr(0, end)), cells_);
  rest_.remove_prefix(end + 1);
  if (cells_.size() != header_.size()) {
    fail(ErrorCode::corrupt, "the row has " + std::to_string(cells_.size()) +
                                 " cells, the header " + std::to_string(header_.size()));
    return false;
  }
  return true;
}

std::string_view CsvRows::cell(int column) const {
  const auto i = static_cast<std::size_t>(column);
  return i < cells_.size() ? trimmed(cells_[i]) : std::string_view();
}

double CsvRows::number(int column) {
  if (error_) return 0.0;
  std::string_view text = cell(column);
  if (text.size() > 1 && text.front() == '+') text.remove_prefix(1);
  double value = 0.0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) {
    fail(ErrorCode::corrupt, "'" + std::string(text) + "' is no number", column);
    return 0.0;
  }
  if (!std::isfinite(value)) {
    fail(ErrorCode::corrupt, "'" + std::string(text) + "' is not finite", column);
    return 0.0;
  }
  return value;
}

Vec3 CsvRows::vec3(const std::array<int, 3>& columns) {
  const double x = number(columns[0]);
  const double y = number(columns[1]);
  return {x, y, number(columns[2])};
}

std::int64_t CsvRows::integer(int column) {
  if (error_) return 0;
  const std::string_view text = cell(column);
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) {
    fail(ErrorCode::corrupt, "'" + std::string(text) + "' is no whole number", column);
    return 0;
  }
  return value;
}

Quat CsvRows::quat(const std::array<int, 4>& wxyz_columns) {
  const double w = number(wxyz_columns[0]);
  const double x = number(wxyz_columns[1]);
  const double y = number(wxyz_columns[2]);
  const double z = number(wxyz_columns[3]);
  if (error_) return {};
  const double length = std::sqrt(w * w + x * x + y * y + z * z);
  if (!(std::abs(length - 1.0) <= 1e-3)) {
    fail(ErrorCode::corrupt, "the quaternion has norm " + std::to_string(length), wxyz_columns[0]);
    return {};
  }
  return normalized(Quat{w, x, y, z});
}

void CsvRows::fail(ErrorCode code, std::string message, int column) {
  if (error_) return;
  std::string where = file_ + ":" + std::to_string(line_);
  if (column >= 0 && static_cast<std::size_t>(column) < header_.size()) {
    where += ":" + std::string(header_[static_cast<std::size_t>(column)]);
  }
  error_ = Error{code, std::move(message), std::move(where)};
}

std::array<int, 3> columns_xyz(CsvRows& rows, const std::string& prefix,
                               const std::string& suffix) {
  const int x = rows.column(prefix + "x" + suffix);
  const int y = rows.column(prefix + "y" + suffix);
  return {x, y, rows.column(prefix + "z" + suffix)};
}

std::array<int, 4> columns_wxyz(CsvRows& rows, const std::string& prefix,
                                const std::string& suffix) {
  const int w = rows.column(prefix + "w" + suffix);
  const int x = rows.column(prefix + "x" + suffix);
  const int y = rows.column(prefix + "y" + suffix);
  return {w, x, y, rows.column(prefix + "z" + suffix)};
}

std::int64_t ns_from_us(CsvRows& rows, std::int64_t time_us) {
  constexpr std::int64_t kLimit = std::numeric_limits<std::int64_t>::max() / 1000;
  if (time_us > kLimit || time_us < -kLimit) {
    rows.fail(ErrorCode::corrupt, "time " + std::to_string(time_us) + " us is out of range");
    return 0;
  }
  return time_us * 1000;
}

}  // namespace hearth::foreign
