// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The VRS container: a header, a description with tags, and records of many streams in the order
/// of time, packed with LZ4 or Zstandard. Layout: docs/formats/aria_vrs.md.

#include <hearth/core/result.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hearth::vrs {

/// A stream: kind of device and which one of its kind, for example 214-1.
struct StreamId {
  std::int32_t type = 0;
  std::uint16_t instance = 0;
  auto operator<=>(const StreamId&) const = default;
};
/// "214-1".
[[nodiscard]] std::string to_string(const StreamId& stream);

enum class RecordKind { state = 1, configuration = 2, data = 3, tags = 4 };

/// Where one record lies.
struct Record {
  StreamId stream{};
  RecordKind kind = RecordKind::data;
  double time_s = 0.0;
  std::uint32_t format_version = 0;
  std::uint64_t payload_offset = 0;
  std::uint32_t payload_bytes = 0;
  std::uint32_t unpacked_bytes = 0;  ///< 0: not packed.
  int compression = 0;               ///< 0 none, 1 LZ4, 2 Zstandard.
};

/// Where a value lies in the fixed part of a record.
struct Field {
  std::string type{};  ///< For example "DataPieceValue<int64_t>".
  std::size_t offset = 0;
  std::size_t count = 1;
};

/// What a stream's data records hold.
struct DataFormat {
  std::map<std::string, Field> fields{};
  std::size_t fixed_bytes = 0;
  std::string content{};  ///< What follows, for example "image/jpg"; empty: nothing.
};

/// An open file. Records are read one by one: memory stays small whatever the file's size.
class VrsFile {
 public:
  ~VrsFile();
  VrsFile(VrsFile&&) noexcept;
  VrsFile& operator=(VrsFile&&) noexcept;

  [[nodiscard]] const std::map<std::string, std::string>& tags() const;
  [[nodiscard]] const std::vector<Record>& records() const;
  /// The format of a stream's data records.
  /// @return corrupt for a damaged description, unsupported where a version has none.
  [[nodiscard]] Result<DataFormat> data_format(const StreamId& stream, std::uint32_t version) const;
  /// Bytes of a record, unpacked. @return corrupt with the byte offset.
  [[nodiscard]] Result<std::string> payload(const Record& record);

 private:
  friend Result<VrsFile> open_vrs(const std::filesystem::path&);
  struct State;
  explicit VrsFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Reads header, tags and the place of every record.
/// @return not_found; corrupt with the byte offset where the file is no VRS, was cut off within a
///         record or holds sizes that cannot be; unsupported for another version.
[[nodiscard]] Result<VrsFile> open_vrs(const std::filesystem::path& file);

/// One tag of a file. @return as open_vrs(); corrupt where there is no such tag.
[[nodiscard]] Result<std::string> read_file_tag(const std::filesystem::path& file,
                                                const std::string& name);

/// Values of the fixed part of a record; one that is absent or of another type is `unsupported`.
[[nodiscard]] Result<std::int64_t> int64_field(const DataFormat& format, std::string_view payload,
                                               const std::string& name);
[[nodiscard]] Result<std::vector<float>> floats_field(const DataFormat& format,
                                                      std::string_view payload,
                                                      const std::string& name, std::size_t count);
[[nodiscard]] Result<bool> bool_field(const DataFormat& format, std::string_view payload,
                                      const std::string& name);

}  // namespace hearth::vrs
