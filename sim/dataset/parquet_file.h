// SPDX-License-Identifier: Apache-2.0
#pragma once

// Parquet in memory: columns of the few types that LeRobot knows, one row group per call, and the
// way back. The only place of this module that names Arrow's tables.

#include <hearth/core/result.h>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace arrow {
class Array;
class Table;
}  // namespace arrow

namespace hearth {

// One named column of one row group.
struct Column {
  std::string name{};
  std::shared_ptr<arrow::Array> values{};
};

Column int64_column(std::string name, std::span<const std::int64_t> values);
Column float_column(std::string name, std::span<const float> values);
Column double_column(std::string name, std::span<const double> values);
Column bool_column(std::string name, const std::vector<bool>& values);
Column text_column(std::string name, std::span<const std::string> values);
// Lists of `length` numbers each.
Column float_list_column(std::string name, std::span<const float> values, std::size_t length);
// One list per row.
Column double_list_column(std::string name, const std::vector<std::vector<double>>& rows);
Column int64_list_column(std::string name, const std::vector<std::vector<std::int64_t>>& rows);
Column text_list_column(std::string name, const std::vector<std::vector<std::string>>& rows);
// Per row one number per channel, nested to shape (channels, 1, 1).
Column channel_column(std::string name, const std::vector<std::vector<double>>& rows);
// Per row the bytes of a picture file, as struct {bytes, path}, path null.
Column picture_column(std::string name, std::span<const std::string> files);

// A parquet file that grows by row groups.
class ParquetFile {
 public:
  ParquetFile();
  ~ParquetFile();
  ParquetFile(ParquetFile&&) noexcept;
  ParquetFile& operator=(ParquetFile&&) noexcept;

  // All columns have the same number of rows; names and types are those of the first call.
  Result<Done> add_row_group(const std::vector<Column>& columns);
  // Bytes so far, without the footer.
  std::int64_t size() const;
  // Writes the footer with these key-value pairs; the file is then used up.
  Result<std::string> finish(const std::map<std::string, std::string>& metadata);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A parquet file read back as a whole.
class ParquetTable {
 public:
  // corrupt if the bytes are no parquet file.
  static Result<ParquetTable> read(const std::string& bytes, const std::string& where);

  std::int64_t rows() const;
  int row_groups() const { return row_groups_; }
  std::vector<std::string> column_names() const;
  // Value of the file's key-value metadata, or nothing.
  std::string metadata(const std::string& key) const;
  bool has(const std::string& column) const;
  // Arrow's name of the column's type, for example "list<element: float>".
  std::string type(const std::string& column) const;

  // corrupt if the column is missing, has another type or a null.
  Result<std::vector<std::int64_t>> int64s(const std::string& column) const;
  Result<std::vector<double>> doubles(const std::string& column) const;  // float32 or float64
  Result<std::vector<std::string>> texts(const std::string& column) const;
  // Flattened lists of float32, each `length` long.
  Result<std::vector<float>> float_lists(const std::string& column, std::size_t length) const;

 private:
  Error bad(const std::string& column, const std::string& message) const;
  std::shared_ptr<arrow::Array> find(const std::string& column) const;

  std::shared_ptr<arrow::Table> table_;
  std::map<std::string, std::string> metadata_;
  int row_groups_ = 0;
  std::string where_;
};

}  // namespace hearth
