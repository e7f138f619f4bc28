// SPDX-License-Identifier: Apache-2.0
#include "sim/dataset/parquet_file.h"

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/file_reader.h>

#include <utility>

namespace hearth {
namespace {

// Building arrays in memory fails only where hearth passed nonsense or memory is gone.
void must(const arrow::Status& status) {
  require(status.ok(), status.ok() ? "" : status.ToString().c_str());
}

template <class Builder>
std::shared_ptr<arrow::Array> finished(Builder& builder) {
  std::shared_ptr<arrow::Array> out;
  must(builder.Finish(&out));
  return out;
}

template <class Builder, class T>
std::shared_ptr<arrow::Array> flat(std::span<const T> values) {
  Builder builder;
  must(builder.AppendValues(values.data(), static_cast<std::int64_t>(values.size())));
  return finished(builder);
}

// Lists with one Value builder inside.
template <class Builder, class T>
std::shared_ptr<arrow::Array> lists(const std::vector<std::vector<T>>& rows) {
  auto values = std::make_shared<Builder>();
  arrow::ListBuilder builder(arrow::default_memory_pool(), values);
  for (const std::vector<T>& row : rows) {
    must(builder.Append());
    for (const T& v : row) must(values->Append(v));
  }
  return finished(builder);
}

std::shared_ptr<arrow::Array> wrapped_in_lists(const std::shared_ptr<arrow::Array>& values,
                                               std::int64_t length) {
  arrow::Int32Builder offsets;
  for (std::int64_t at = 0; at <= values->length(); at += length) {
    must(offsets.Append(static_cast<std::int32_t>(at)));
  }
  auto out = arrow::ListArray::FromArrays(*finished(offsets), *values);
  must(out.status());
  return *out;
}

Error parquet_error(const arrow::Status& status) {
  return {ErrorCode::infeasible, "parquet: " + status.ToString(), "parquet"};
}

}  // namespace

Column int64_column(std::string name, std::span<const std::int64_t> values) {
  return {std::move(name), flat<arrow::Int64Builder>(values)};
}

Column float_column(std::string name, std::span<const float> values) {
  return {std::move(name), flat<arrow::FloatBuilder>(values)};
}

Column double_column(std::string name, std::span<const double> values) {
  return {std::move(name), flat<arrow::DoubleBuilder>(values)};
}

Column bool_column(std::string name, const std::vector<bool>& values) {
  arrow::BooleanBuilder builder;
  must(builder.AppendValues(values));
  return {std::move(name), finished(builder)};
}

Column text_column(std::string name, std::span<const std::string> values) {
  arrow::StringBuilder builder;
  for (const std::string& v : values) must(builder.Append(v));
  return {std::move(name), finished(builder)};
}

Column float_list_column(std::string name, std::span<const float> values, std::size_t length) {
  return {std::move(name),
          wrapped_in_lists(flat<arrow::FloatBuilder>(values), static_cast<std::int64_t>(length))};
}

Column double_list_column(std::string name, const std::vector<std::vector<double>>& rows) {
  return {std::move(name), lists<arrow::DoubleBuilder>(rows)};
}

Column int64_list_column(std::string name, const std::vector<std::vector<std::int64_t>>& rows) {
  return {std::move(name), lists<arrow::Int64Builder>(rows)};
}

Column text_list_column(std::string name, const std::vector<std::vector<std::string>>& rows) {
  return {std::move(name), lists<arrow::StringBuilder>(rows)};
}

Column channel_column(std::string name, const std::vector<std::vector<double>>& rows) {
  std::vector<double> values;
  for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
  const auto channels = static_cast<std::int64_t>(rows.empty() ? 1 : rows.front().size());
  const auto flat_values = flat<arrow::DoubleBuilder>(std::span<const double>(values));
  return {std::move(name),
          wrapped_in_lists(wrapped_in_lists(wrapped_in_lists(flat_values, 1), 1), channels)};
}

Column picture_column(std::string name, std::span<const std::string> files) {
  arrow::BinaryBuilder bytes;
  arrow::StringBuilder path;
  for (const std::string& file : files) {
    must(bytes.Append(file));
    must(path.AppendNull());
  }
  auto out = arrow::StructArray::Make({finished(bytes), finished(path)},
                                      std::vector<std::string>{"bytes", "path"});
  must(out.status());
  return {std::move(name), *out};
}

struct ParquetFile::State {
  std::shared_ptr<arrow::io::BufferOutputStream> sink;
  std::shared_ptr<arrow::Schema> schema;
  std::unique_ptr<parquet::arrow::FileWriter> writer;
};

ParquetFile::ParquetFile() : state_(std::make_unique<State>()) {
  auto sink = arrow::io::BufferOutputStream::Create();
  must(sink.status());
  state_->sink = *sink;
}

ParquetFile::~ParquetFile() = default;
ParquetFile::ParquetFile(ParquetFile&&) noexcept = default;
ParquetFile& ParquetFile::operator=(ParquetFile&&) noexcept = default;

Result<Done> ParquetFile::add_row_group(const std::vector<Column>& columns) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const Column& column : columns) {
    fields.push_back(arrow::field(column.name, column.values->type()));
    arrays.push_back(column.values);
  }
  if (!state_->writer) {
    state_->schema = arrow::schema(fields);
    const auto properties = parquet::WriterProperties::Builder()
                                .compression(parquet::Compression::SNAPPY)
                                ->disable_dictionary()
                                ->build();
    const auto arrow_properties =
        parquet::ArrowWriterProperties::Builder().set_use_threads(false)->build();
    auto writer = parquet::arrow::FileWriter::Open(*state_->schema, arrow::default_memory_pool(),
                                                   state_->sink, properties, arrow_properties);
    if (!writer.ok()) return parquet_error(writer.status());
    state_->writer = std::move(*writer);
  }
  const auto table = arrow::Table::Make(state_->schema, arrays);
  const arrow::Status status = table->Validate();
  require(status.ok(), "columns of one row group must be equally long");
  const auto written =
      state_->writer->WriteTable(*table, std::max<std::int64_t>(1, table->num_rows()));
  if (!written.ok()) return parquet_error(written);
  return Done{};
}

std::int64_t ParquetFile::size() const {
  const auto place = state_->sink->Tell();
  must(place.status());
  return *place;
}

Result<std::string> ParquetFile::finish(const std::map<std::string, std::string>& metadata) {
  require(state_->writer != nullptr, "parquet file without a row group");
  if (!metadata.empty()) {
    std::vector<std::string> keys;
    std::vector<std::string> values;
    for (const auto& [key, value] : metadata) {
      keys.push_back(key);
      values.push_back(value);
    }
    const auto status =
        state_->writer->AddKeyValueMetadata(arrow::key_value_metadata(keys, values));
    if (!status.ok()) return parquet_error(status);
  }
  const auto closed = state_->writer->Close();
  if (!closed.ok()) return parquet_error(closed);
  const auto buffer = state_->sink->Finish();
  if (!buffer.ok()) return parquet_error(buffer.status());
  return (*buffer)->ToString();
}

Result<ParquetTable> ParquetTable::read(const std::string& bytes, const std::string& where) {
  const auto corrupt = [&](const std::string& text) {
    return Error{ErrorCode::corrupt, "not a readable parquet file: " + text, where};
  };
  try {
    const auto source = std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(bytes));
    auto reader = parquet::arrow::OpenFile(source, arrow::default_memory_pool());
    if (!reader.ok()) return corrupt(reader.status().ToString());
    auto table = (*reader)->ReadTable();
    if (!table.ok()) return corrupt(table.status().ToString());
    auto combined = (*table)->CombineChunks();
    if (!combined.ok()) return corrupt(combined.status().ToString());
    ParquetTable out;
    out.table_ = *combined;
    out.row_groups_ = (*reader)->num_row_groups();
    out.where_ = where;
    const auto pairs = (*reader)->parquet_reader()->metadata()->key_value_metadata();
    for (std::int64_t i = 0; pairs && i < pairs->size(); ++i) {
      out.metadata_[pairs->key(i)] = pairs->value(i);
    }
    return out;
  } catch (const std::exception& e) {
    return corrupt(e.what());
  }
}

std::int64_t ParquetTable::rows() const { return table_->num_rows(); }

std::vector<std::string> ParquetTable::column_names() const { return table_->ColumnNames(); }

std::string ParquetTable::metadata(const std::string& key) const {
  const auto at = metadata_.find(key);
  return at == metadata_.end() ? std::string() : at->second;
}

bool ParquetTable::has(const std::string& column) const {
  return table_->GetColumnByName(column) != nullptr;
}

std::string ParquetTable::type(const std::string& column) const {
  const auto values = table_->GetColumnByName(column);
  return values ? values->type()->ToString() : std::string();
}

Error ParquetTable::bad(const std::string& column, const std::string& message) const {
  return {ErrorCode::corrupt, "column " + column + " " + message, where_};
}

// CombineChunks leaves at most one chunk; an empty table has none.
std::shared_ptr<arrow::Array> ParquetTable::find(const std::string& column) const {
  const auto values = table_->GetColumnByName(column);
  if (!values || values->num_chunks() != 1 || values->null_count() != 0) return nullptr;
  return values->chunk(0);
}

Result<std::vector<std::int64_t>> ParquetTable::int64s(const std::string& column) const {
  const auto array = find(column);
  if (!array || array->type_id() != arrow::Type::INT64)
    return bad(column, "must be int64 without nulls");
  const auto& typed = static_cast<const arrow::Int64Array&>(*array);
  return std::vector<std::int64_t>(typed.raw_values(), typed.raw_values() + typed.length());
}

Result<std::vector<double>> ParquetTable::doubles(const std::string& column) const {
  const auto array = find(column);
  if (array && array->type_id() == arrow::Type::DOUBLE) {
    const auto& typed = static_cast<const arrow::DoubleArray&>(*array);
    return std::vector<double>(typed.raw_values(), typed.raw_values() + typed.length());
  }
  if (array && array->type_id() == arrow::Type::FLOAT) {
    const auto& typed = static_cast<const arrow::FloatArray&>(*array);
    return std::vector<double>(typed.raw_values(), typed.raw_values() + typed.length());
  }
  return bad(column, "must be float32 or float64 without nulls");
}

Result<std::vector<std::string>> ParquetTable::texts(const std::string& column) const {
  const auto array = find(column);
  if (!array || array->type_id() != arrow::Type::STRING)
    return bad(column, "must be text without nulls");
  const auto& typed = static_cast<const arrow::StringArray&>(*array);
  std::vector<std::string> out;
  for (std::int64_t i = 0; i < typed.length(); ++i) out.push_back(typed.GetString(i));
  return out;
}

Result<std::vector<float>> ParquetTable::float_lists(const std::string& column,
                                                     std::size_t length) const {
  const auto array = find(column);
  if (!array || array->type_id() != arrow::Type::LIST)
    return bad(column, "must be a list without nulls");
  const auto& typed = static_cast<const arrow::ListArray&>(*array);
  if (typed.value_type()->id() != arrow::Type::FLOAT || typed.values()->null_count() != 0) {
    return bad(column, "must be a list of float32 without nulls");
  }
  for (std::int64_t i = 0; i < typed.length(); ++i) {
    if (typed.value_length(i) != static_cast<std::int32_t>(length)) {
      return bad(column, "must hold lists of " + std::to_string(length) + " numbers");
    }
  }
  const auto& values = static_cast<const arrow::FloatArray&>(*typed.values());
  const float* first = values.raw_values() + typed.value_offset(0);
  return std::vector<float>(first, first + typed.length() * static_cast<std::int64_t>(length));
}

}  // namespace hearth
