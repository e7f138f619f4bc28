// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/npy_array.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>

namespace hearth {
namespace {

static_assert(std::endian::native == std::endian::little, "npy files are read little-endian");

constexpr std::size_t kMaxDimensions = 8;

struct Header {
  std::string type{};
  bool fortran_order = false;
  std::vector<std::size_t> shape{};
  std::size_t data_at = 0;
};

Error corrupt(const std::string& where, std::size_t byte, std::string message) {
  return {ErrorCode::corrupt, std::move(message), where + ": byte " + std::to_string(byte)};
}

/// Walks over the Python dictionary of a header.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool skip(std::string_view token) {
    blanks();
    if (text_.substr(0, token.size()) != token) return false;
    text_.remove_prefix(token.size());
    return true;
  }
  std::optional<std::string> quoted() {
    blanks();
    if (text_.empty() || (text_[0] != '\'' && text_[0] != '"')) return std::nullopt;
    const std::size_t end = text_.find(text_[0], 1);
    if (end == std::string_view::npos) return std::nullopt;
    std::string word(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return word;
  }
  std::optional<std::size_t> number() {
    blanks();
    std::size_t value = 0;
    std::size_t digits = 0;
    while (digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9' && digits < 18) {
      value = 10 * value + static_cast<std::size_t>(text_[digits++] - '0');
    }
    if (digits == 0) return std::nullopt;
    text_.remove_prefix(digits);
    return value;
  }
  bool at_end() {
    blanks();
    return text_.empty();
  }

 private:
  void blanks() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n')) text_.remove_prefix(1);
  }
  std::string_view text_;
};

std::optional<std::vector<std::size_t>> shape_of(Scanner& scan) {
  if (!scan.skip("(")) return std::nullopt;
  std::vector<std::size_t> shape;
  while (!scan.skip(")")) {
    const std::optional<std::size_t> size = scan.number();
    if (!size || shape.size() == kMaxDimensions) return std::nullopt;
    shape.push_back(*size);
    if (!scan.skip(",")) {
      if (!scan.skip(")")) return std::nullopt;
      break;
    }
  }
  return shape;
}

bool read_dictionary(std::string_view text, Header& header, bool& structured) {
  Scanner scan(text);
  if (!scan.skip("{")) return false;
  bool type = false, order = false, shape = false;
  while (!scan.skip("}")) {
    const std::optional<std::string> key = scan.quoted();
    if (!key || !scan.skip(":")) return false;
    if (*key == "descr" && !type) {
      const std::optional<std::string> value = scan.quoted();
      structured = !value;
      if (!value) return true;  // A list of fields: refused by the caller.
      header.type = *value;
      type = true;
    } else if (*key == "fortran_order" && !order) {
      header.fortran_order = scan.skip("True");
      if (!header.fortran_order && !scan.skip("False")) return false;
      order = true;
    } else if (*key == "shape" && !shape) {
      const auto value = shape_of(scan);
      if (!value) return false;
      header.shape = *value;
      shape = true;
    } else {
      return false;
    }
    if (!scan.skip(",")) {
      if (!scan.skip("}")) return false;
      break;
    }
  }
  return type && order && shape && scan.at_end();
}

Result<Header> header_of(std::string_view bytes, const std::string& where) {
  if (bytes.substr(0, 6) != std::string_view("\x93NUMPY", 6)) {
    if (!bytes.empty() && bytes[0] == '\x80') {
      return Error{ErrorCode::unsupported,
                   "is a Python pickle, which can run programs when read; load it in Python and "
                   "save plain arrays with numpy.save",
                   where};
    }
    return corrupt(where, 0, "is not a npy file");
  }
  if (bytes.size() < 10) return corrupt(where, bytes.size(), "ends in the header");
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  const std::size_t version = byte(6);
  if (version < 1 || version > 3 || byte(7) != 0) {
    return corrupt(where, 6, "is of a version that is not known");
  }
  std::size_t length = byte(8) | byte(9) << 8;
  std::size_t start = 10;
  if (version > 1) {
    if (bytes.size() < 12) return corrupt(where, bytes.size(), "ends in the header");
    length |= byte(10) << 16 | byte(11) << 24;
    start = 12;
  }
  if (length > bytes.size() - start) return corrupt(where, bytes.size(), "ends in the header");
  Header header;
  header.data_at = start + length;
  bool structured = false;
  if (!read_dictionary(bytes.substr(start, length), header, structured)) {
    return corrupt(where, start, "has a header that is not understood");
  }
  if (structured) {
    return Error{ErrorCode::unsupported,
                 "holds structured values; save each field as an array of its own", where};
  }
  return header;
}

template <class T, class Out>
void convert(const char* from, std::size_t count, std::vector<Out>& out) {
  out.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, from + i * sizeof(T), sizeof(T));
    out[i] = static_cast<Out>(value);
  }
}

/// Fortran order to C order.
template <class T>
void reorder(const std::vector<std::size_t>& shape, std::vector<T>& values) {
  if (shape.size() < 2 || values.empty()) return;
  std::vector<T> ordered(values.size());
  std::vector<std::size_t> index(shape.size(), 0);
  for (std::size_t to = 0; to < values.size(); ++to) {
    std::size_t from = 0;
    for (std::size_t d = shape.size(); d-- > 0;) from = from * shape[d] + index[d];
    ordered[to] = values[from];
    for (std::size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d]) break;
      index[d] = 0;
    }
  }
  values = std::move(ordered);
}

std::optional<std::size_t> item_bytes(const std::string& type) {
  static constexpr std::pair<const char*, std::size_t> kTypes[] = {
      {"<f8", 8}, {"<f4", 4}, {"<i8", 8}, {"<i4", 4}, {"<i2", 2}, {"|i1", 1},
      {"<u8", 8}, {"<u4", 4}, {"<u2", 2}, {"|u1", 1}, {"|b1", 1}};
  for (const auto& [name, size] : kTypes) {
    if (type == name) return size;
  }
  return std::nullopt;
}

void read_values(const std::string& type, const char* data, std::size_t count, NpyArray& array) {
  array.kind = type[1] == 'f'   ? NpyKind::real
               : type[1] == 'b' ? NpyKind::boolean
                                : NpyKind::integer;
  if (type == "<f8") convert<double>(data, count, array.reals);
  if (type == "<f4") convert<float>(data, count, array.reals);
  if (type == "<i8") convert<std::int64_t>(data, count, array.integers);
  if (type == "<i4") convert<std::int32_t>(data, count, array.integers);
  if (type == "<i2") convert<std::int16_t>(data, count, array.integers);
  if (type == "|i1") convert<std::int8_t>(data, count, array.integers);
  if (type == "<u8") convert<std::uint64_t>(data, count, array.integers);
  if (type == "<u4") convert<std::uint32_t>(data, count, array.integers);
  if (type == "<u2") convert<std::uint16_t>(data, count, array.integers);
  if (type == "|u1" || type == "|b1") convert<std::uint8_t>(data, count, array.integers);
}

}  // namespace

Result<NpyArray> npy_array(std::string_view bytes, const std::string& where) {
  const Result<Header> header = header_of(bytes, where);
  if (!header) return header.error();
  if (header->type.find('O') != std::string::npos) {
    return Error{ErrorCode::unsupported,
                 "holds pickled Python objects, which can run programs when read; load it with "
                 "allow_pickle in Python and save plain arrays with numpy.save",
                 where};
  }
  const std::optional<std::size_t> size = item_bytes(header->type);
  if (!size) {
    return Error{ErrorCode::unsupported,
                 "holds values of type '" + header->type +
                     "'; save float64, float32 or whole numbers, little-endian",
                 where};
  }
  const std::size_t payload = bytes.size() - header->data_at;
  const bool empty =
      std::find(header->shape.begin(), header->shape.end(), 0u) != header->shape.end();
  std::size_t count = empty ? 0 : 1;
  for (const std::size_t extent : header->shape) {
    if (!empty && count > payload / extent) {
      return corrupt(where, bytes.size(), "has fewer values than its shape says");
    }
    count *= extent;
  }
  if (payload != count * *size) {
    return corrupt(where, bytes.size(), "has another number of values than its shape says");
  }
  NpyArray array;
  array.shape = header->shape;
  read_values(header->type, bytes.data() + header->data_at, count, array);
  if (header->type == "<u8") {
    for (const std::int64_t value : array.integers) {
      if (value < 0) {
        return Error{ErrorCode::unsupported, "holds unsigned values over 2^63 - 1", where};
      }
    }
  }
  if (header->fortran_order) {
    reorder(array.shape, array.reals);
    reorder(array.shape, array.integers);
  }
  return array;
}

}  // namespace hearth
