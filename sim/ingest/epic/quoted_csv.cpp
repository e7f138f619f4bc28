// SPDX-License-Identifier: Apache-2.0
#include "quoted_csv.h"

#include <optional>
#include <utility>

namespace hearth::epic {
namespace {

/// Length of the UTF-8 sequence that begins here, or 0.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 && first < 0xF5   ? 4
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xC2 && first < 0xE0 ? 2
                                                             : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool too_long = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) >= 0xA0;
  const bool beyond = first == 0xF4 && byte(1) >= 0x90;
  return too_long || surrogate || beyond ? 0 : length;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

/// Reads one row from `text` at `at`; an error message or nothing.
std::optional<std::string> read_row(std::string_view text, std::size_t& at, std::int64_t& line,
                                    CsvRow& row) {
  row.line = line;
  std::string cell;
  bool quoted = false;
  bool was_quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        cell += '"';
        ++at;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      if (!cell.empty() || was_quoted) return "has a quote within a cell";
      quoted = was_quoted = true;
    } else if (c == ',' || c == '\n') {
      if (c == '\n' && !cell.empty() && cell.back() == '\r') cell.pop_back();
      row.cells.push_back(std::exchange(cell, {}));
      was_quoted = false;
      if (c == '\n') {
        ++at;
        return std::nullopt;
      }
    } else {
      if (was_quoted && c != '\r') return "has text behind a quote";
      cell += c;
    }
  }
  return "the file ends within a row; if it is whole, end it with a line feed";
}

}  // namespace

Result<std::vector<CsvRow>> read_quoted_csv(std::string_view text, const std::string& file) {
  if (!is_utf8(text)) return Error{ErrorCode::corrupt, "is no UTF-8 text", file};
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  std::vector<CsvRow> rows;
  std::int64_t line = 1;
  std::size_t at = 0;
  while (at < text.size()) {
    CsvRow row;
    const std::optional<std::string> wrong = read_row(text, at, line, row);
    const std::string where = file + ":" + std::to_string(row.line);
    if (wrong) return Error{ErrorCode::corrupt, *wrong, where};
    if (!rows.empty() && row.cells.size() != rows.front().cells.size()) {
      return Error{ErrorCode::corrupt,
                   "the row has " + std::to_string(row.cells.size()) + " cells, the header " +
                       std::to_string(rows.front().cells.size()),
                   where};
    }
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return Error{ErrorCode::corrupt, "the file is empty", file};
  return rows;
}

}  // namespace hearth::epic
