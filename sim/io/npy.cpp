// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/npy.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>

namespace hearth {
namespace {

static_assert(std::endian::native == std::endian::little, "npy files are written little-endian");

constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);

template <class T>
constexpr std::string_view kType = sizeof(T) == 8 ? "<f8" : "<f4";

template <class T>
std::string header(std::size_t rows, std::size_t columns) {
  std::string text = "{'descr': '" + std::string(kType<T>) +
                     "', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " +
                     std::to_string(columns) + "), }";
  // The data begin at a multiple of 64 bytes.
  while ((kMagic.size() + 2 + text.size() + 1) % 64 != 0) text += ' ';
  text += '\n';
  return text;
}

template <class T>
std::string npy_from(const std::vector<T>& values, std::size_t rows, std::size_t columns) {
  const std::string text = header<T>(rows, columns);
  std::string bytes(kMagic);
  bytes += static_cast<char>(text.size() & 0xff);
  bytes += static_cast<char>(text.size() >> 8);
  bytes += text;
  const std::size_t start = bytes.size();
  bytes.resize(start + values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(bytes.data() + start, values.data(), values.size() * sizeof(T));
  return bytes;
}

Error corrupt(const std::string& where, std::size_t offset, const std::string& message) {
  return {ErrorCode::corrupt, message, where + ": byte " + std::to_string(offset)};
}

// Reads one decimal number and moves past it.
std::optional<std::size_t> number(std::string_view& text) {
  std::size_t value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9' && digits < 15) {
    value = value * 10 + static_cast<std::size_t>(text[digits++] - '0');
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

template <class TableT, class T>
Result<TableT> table_from(std::string_view bytes, const std::string& where) {
  if (bytes.size() < kMagic.size() + 2) return corrupt(where, bytes.size(), "ends in the header");
  if (bytes.substr(0, kMagic.size()) != kMagic) return corrupt(where, 0, "is not a npy 1.0 file");
  const std::size_t length = static_cast<std::size_t>(static_cast<unsigned char>(bytes[8])) |
                             static_cast<std::size_t>(static_cast<unsigned char>(bytes[9])) << 8;
  const std::size_t start = kMagic.size() + 2 + length;
  if (bytes.size() < start) return corrupt(where, bytes.size(), "ends in the header");
  const std::string_view text = bytes.substr(kMagic.size() + 2, length);
  const std::size_t shape_at = text.find("'shape': (");
  if (shape_at == std::string_view::npos) return corrupt(where, 10, "header has no shape");
  std::string_view rest = text.substr(shape_at + 10);
  const std::optional<std::size_t> rows = number(rest);
  if (!rows || rest.substr(0, 2) != ", ") return corrupt(where, 10, "shape is not two-dimensional");
  rest.remove_prefix(2);
  const std::optional<std::size_t> columns = number(rest);
  if (!columns) return corrupt(where, 10, "shape is not two-dimensional");
  if (header<T>(*rows, *columns) != text) {
    return corrupt(
        where, 10,
        "header is not that of a C-order " + std::string(kType<T>) + " table as hearth writes it");
  }
  const std::size_t payload = bytes.size() - start;
  const std::size_t cells = payload / sizeof(T);
  const bool fits =
      *columns == 0 ? cells == 0 : (cells % *columns == 0 && cells / *columns == *rows);
  if (!fits || payload % sizeof(T) != 0) {
    return corrupt(where, bytes.size(), "has another number of values than its shape says");
  }
  TableT table;
  table.rows = *rows;
  table.columns = *columns;
  table.values.resize(cells);
  if (cells > 0) std::memcpy(table.values.data(), bytes.data() + start, payload);
  return table;
}

}  // namespace

std::string npy_from_table(const Table& table) {
  return npy_from(table.values, table.rows, table.columns);
}

std::string npy_from_table(const TableF32& table) {
  return npy_from(table.values, table.rows, table.columns);
}

Result<Table> table_from_npy(std::string_view bytes, const std::string& where) {
  return table_from<Table, double>(bytes, where);
}

Result<TableF32> table_f32_from_npy(std::string_view bytes, const std::string& where) {
  return table_from<TableF32, float>(bytes, where);
}

}  // namespace hearth
