// SPDX-License-Identifier: Apache-2.0
#include "vrs_file.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "sim/ingest/foreign/json_place.h"
#include "unpack.h"

namespace hearth::vrs {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kFileHeaderBytes = 80;
constexpr std::size_t kRecordHeaderBytes = 32;
constexpr std::size_t kMaxHeaderGrowth = 200;
constexpr std::uint32_t kMaxUnpackedBytes = 512u << 20;
constexpr std::int32_t kIndexType = 1;
constexpr std::int32_t kDescriptionType = 2;

/// Little-endian numbers from bytes that are there.
template <class Number>
Number number_at(std::string_view bytes, std::size_t offset) {
  static_assert(std::endian::native == std::endian::little, "written for little-endian machines");
  Number value{};
  std::memcpy(&value, bytes.data() + offset, sizeof(Number));
  return value;
}

/// Steps through bytes; `bad` once something was missing.
struct Cursor {
  std::string_view bytes{};
  std::size_t at = 0;
  bool bad = false;

  template <class Number>
  Number take() {
    if (bad || bytes.size() - at < sizeof(Number)) {
      bad = true;
      return {};
    }
    at += sizeof(Number);
    return number_at<Number>(bytes, at - sizeof(Number));
  }
  std::string text() {
    const auto size = take<std::uint32_t>();
    if (bad || bytes.size() - at < size) {
      bad = true;
      return {};
    }
    at += size;
    return std::string(bytes.substr(at - size, size));
  }
  std::map<std::string, std::string> map() {
    std::map<std::string, std::string> entries;
    const auto count = take<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && !bad; ++i) {
      const std::string key = text();
      entries[key] = text();
    }
    return entries;
  }
};

struct Header {
  std::size_t header_bytes = 0;
  std::size_t record_header_bytes = 0;
  std::uint64_t index_offset = 0;
  std::uint64_t description_offset = 0;
  std::uint64_t first_record_offset = 0;
};

}  // namespace

std::string to_string(const StreamId& stream) {
  return std::to_string(stream.type) + "-" + std::to_string(stream.instance);
}

struct VrsFile::State {
  std::string name{};
  std::ifstream file{};
  std::uint64_t file_bytes = 0;
  Header header{};
  std::map<std::string, std::string> tags{};
  std::map<StreamId, std::map<std::string, std::string>> stream_tags{};
  std::vector<Record> records{};

  [[nodiscard]] Error corrupt(std::uint64_t offset, std::string message) const {
    return {ErrorCode::corrupt, std::move(message), name + ": byte " + std::to_string(offset)};
  }
  Result<std::string> bytes_at(std::uint64_t offset, std::size_t count);
  Result<Done> read_header();
  Result<Done> read_description();
  /// Reads one record's header; `next` becomes the offset behind it.
  Result<Record> record_at(std::uint64_t offset, std::uint64_t& next);
  Result<Done> read_records();
};

Result<std::string> VrsFile::State::bytes_at(std::uint64_t offset, std::size_t count) {
  if (offset > file_bytes || count > file_bytes - offset) {
    return corrupt(offset, "the file ends within a record");
  }
  std::string bytes(count, '\0');
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(bytes.data(), static_cast<std::streamsize>(count));
  if (!file) return corrupt(offset, "the file cannot be read here");
  return bytes;
}

Result<Done> VrsFile::State::read_header() {
  if (file_bytes < kFileHeaderBytes) return corrupt(0, "this is no VRS file, or it was cut off");
  const Result<std::string> bytes = bytes_at(0, kFileHeaderBytes);
  if (!bytes) return bytes.error();
  if (bytes->substr(0, 8) != "VisionRe" || bytes->substr(72, 4) != "cord") {
    return corrupt(0, "this is no VRS file");
  }
  const std::string version = bytes->substr(76, 4);
  if (version != "VRS1" && version != "VRS2" && version != "VRS3") {
    return Error{ErrorCode::unsupported, "the file's version is not VRS1, VRS2 or VRS3", name};
  }
  header.header_bytes = number_at<std::uint32_t>(*bytes, 16);
  header.record_header_bytes = number_at<std::uint32_t>(*bytes, 20);
  header.index_offset = number_at<std::uint64_t>(*bytes, 24);
  header.description_offset = number_at<std::uint64_t>(*bytes, 32);
  header.first_record_offset = number_at<std::uint64_t>(*bytes, 40);
  if (header.header_bytes < kFileHeaderBytes ||
      header.header_bytes > kFileHeaderBytes + kMaxHeaderGrowth ||
      header.record_header_bytes < kRecordHeaderBytes ||
      header.record_header_bytes > kRecordHeaderBytes + kMaxHeaderGrowth) {
    return corrupt(16, "the header has a size that cannot be");
  }
  if (header.description_offset < header.header_bytes) {
    return corrupt(32, "the description lies within the header");
  }
  return Done{};
}

Result<Record> VrsFile::State::record_at(std::uint64_t offset, std::uint64_t& next) {
  const Result<std::string> bytes = bytes_at(offset, kRecordHeaderBytes);
  if (!bytes) return bytes.error();
  Record record;
  const auto size = number_at<std::uint32_t>(*bytes, 0);
  record.stream.type = number_at<std::int32_t>(*bytes, 8);
  record.format_version = number_at<std::uint32_t>(*bytes, 12);
  record.time_s = number_at<double>(*bytes, 16);
  record.stream.instance = number_at<std::uint16_t>(*bytes, 24);
  const int kind = static_cast<unsigned char>((*bytes)[26]);
  record.compression = static_cast<unsigned char>((*bytes)[27]);
  record.unpacked_bytes = number_at<std::uint32_t>(*bytes, 28);
  if (kind < 1 || kind > 4) return corrupt(offset + 26, "there is no such kind of record");
  record.kind = static_cast<RecordKind>(kind);
  if (size < header.record_header_bytes) return corrupt(offset, "a record is too short");
  if (size > file_bytes - offset) return corrupt(offset, "the file ends within a record");
  if (std::isnan(record.time_s)) return corrupt(offset + 16, "a record's time is no number");
  record.payload_offset = offset + header.record_header_bytes;
  record.payload_bytes = size - static_cast<std::uint32_t>(header.record_header_bytes);
  const bool packed = record.compression != 0;
  if (packed != (record.unpacked_bytes > 0) || record.unpacked_bytes > kMaxUnpackedBytes) {
    return corrupt(offset + 28, "a record's unpacked size cannot be");
  }
  next = offset + size;
  return record;
}

Result<Done> VrsFile::State::read_description() {
  std::uint64_t next = 0;
  const Result<Record> record = record_at(header.description_offset, next);
  if (!record) return record.error();
  if (record->stream.type != kDescriptionType || record->format_version != 2) {
    return Error{ErrorCode::unsupported, "the description is of an older kind",
                 name + ": byte " + std::to_string(header.description_offset)};
  }
  const Result<std::string> bytes = bytes_at(record->payload_offset, record->payload_bytes);
  if (!bytes) return bytes.error();
  Cursor cursor{*bytes};
  const auto streams = cursor.take<std::uint32_t>();
  for (std::uint32_t i = 0; i < streams && !cursor.bad; ++i) {
    StreamId id;
    id.type = cursor.take<std::int32_t>();
    id.instance = cursor.take<std::uint16_t>();
    auto& all = stream_tags[id];
    all = cursor.map();
    all.merge(cursor.map());
  }
  tags = cursor.map();
  if (cursor.bad || cursor.at != bytes->size()) {
    return corrupt(record->payload_offset + cursor.at, "the description is damaged");
  }
  if (header.first_record_offset == 0) header.first_record_offset = next;
  return Done{};
}

Result<Done> VrsFile::State::read_records() {
  std::uint64_t end = file_bytes;
  if (header.index_offset > header.first_record_offset) {
    if (header.index_offset > file_bytes) {
      return corrupt(file_bytes, "the file was cut off: its index lies behind its end");
    }
    end = header.index_offset;
  }
  std::uint64_t offset = header.first_record_offset;
  while (offset < end) {
    std::uint64_t next = 0;
    const Result<Record> record = record_at(offset, next);
    if (!record) return record.error();
    if (record->stream.type != kIndexType && record->stream.type != kDescriptionType) {
      records.push_back(*record);
    }
    offset = next;
  }
  if (records.empty()) return corrupt(offset, "the file holds no record");
  return Done{};
}

VrsFile::VrsFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
VrsFile::~VrsFile() = default;
VrsFile::VrsFile(VrsFile&&) noexcept = default;
VrsFile& VrsFile::operator=(VrsFile&&) noexcept = default;

const std::map<std::string, std::string>& VrsFile::tags() const { return state_->tags; }
const std::vector<Record>& VrsFile::records() const { return state_->records; }

Result<DataFormat> VrsFile::data_format(const StreamId& stream, std::uint32_t version) const {
  const std::string place = state_->name + ":" + to_string(stream);
  const auto tags = state_->stream_tags.find(stream);
  const std::string suffix = "Data:" + std::to_string(version);
  if (tags == state_->stream_tags.end() || tags->second.count("RF:" + suffix) == 0 ||
      tags->second.count("DL:" + suffix + ":0") == 0) {
    return Error{ErrorCode::unsupported, "the stream does not describe its data records", place};
  }
  DataFormat format;
  const std::string& blocks = tags->second.at("RF:" + suffix);
  const std::string start = "data_layout/size=";
  const std::size_t plus = blocks.find('+');
  const std::string digits =
      blocks.rfind(start, 0) == 0 ? blocks.substr(start.size(), plus - start.size()) : "";
  if (digits.empty() || digits.size() > 6 ||
      digits.find_first_not_of("0123456789") != std::string::npos) {
    return Error{ErrorCode::unsupported, "records of the form '" + blocks + "' are not read",
                 place};
  }
  format.fixed_bytes = static_cast<std::size_t>(std::stoul(digits));
  if (plus != std::string::npos) format.content = blocks.substr(plus + 1);
  foreign::JsonText text(tags->second.at("DL:" + suffix + ":0"), place + ":DL:" + suffix);
  const foreign::JsonPlace list = text.root()["data_layout"];
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i].has("offset")) continue;  // Of variable size: behind the fixed part.
    Field field;
    field.type = list[i]["type"].text();
    const std::int64_t offset = list[i]["offset"].integer();
    const std::int64_t count = list[i].has("size") ? list[i]["size"].integer() : 1;
    if (offset < 0 || offset > 1'000'000 || count < 0 || count > 1'000'000) {
      list[i].fail(ErrorCode::corrupt, "a field lies where none can be");
    }
    field.offset = static_cast<std::size_t>(offset);
    field.count = static_cast<std::size_t>(count);
    format.fields[list[i]["name"].text()] = field;
  }
  if (text.error()) return *text.error();
  return format;
}

Result<std::string> VrsFile::payload(const Record& record) {
  Result<std::string> bytes = state_->bytes_at(record.payload_offset, record.payload_bytes);
  if (!bytes || record.compression == 0) return bytes;
  return unpack(*bytes, record.compression, record.unpacked_bytes,
                state_->name + ": byte " + std::to_string(record.payload_offset));
}

Result<VrsFile> open_vrs(const fs::path& file) {
  auto state = std::make_unique<VrsFile::State>();
  state->name = file.string();
  std::error_code error;
  state->file_bytes = fs::is_regular_file(file, error) ? fs::file_size(file, error) : 0;
  state->file.open(file, std::ios::binary);
  if (error || !state->file || !fs::is_regular_file(file)) {
    return Error{ErrorCode::not_found, "there is no such file", file.string()};
  }
  if (const Result<Done> done = state->read_header(); !done) return done.error();
  if (const Result<Done> done = state->read_description(); !done) return done.error();
  if (const Result<Done> done = state->read_records(); !done) return done.error();
  return VrsFile(std::move(state));
}

Result<std::string> read_file_tag(const fs::path& file, const std::string& name) {
  const Result<VrsFile> open = open_vrs(file);
  if (!open) return open.error();
  const auto tag = open->tags().find(name);
  if (tag == open->tags().end()) {
    return Error{ErrorCode::corrupt, "the recording has no tag " + name, file.string()};
  }
  return tag->second;
}

namespace {

/// The place of a field of this type that fits into the record.
Result<std::size_t> place_of(const DataFormat& format, std::string_view payload,
                             const std::string& name, const std::string& type, std::size_t bytes) {
  const auto field = format.fields.find(name);
  if (field == format.fields.end() || field->second.type != type) {
    return Error{ErrorCode::unsupported, "records have no " + type + " of this name", name};
  }
  if (field->second.offset + bytes > payload.size()) {
    return Error{ErrorCode::corrupt, "a record is shorter than its description says", name};
  }
  return field->second.offset;
}

}  // namespace

Result<std::int64_t> int64_field(const DataFormat& format, std::string_view payload,
                                 const std::string& name) {
  const auto place = place_of(format, payload, name, "DataPieceValue<int64_t>", 8);
  if (!place) return place.error();
  return number_at<std::int64_t>(payload, *place);
}

Result<std::vector<float>> floats_field(const DataFormat& format, std::string_view payload,
                                        const std::string& name, std::size_t count) {
  const auto place = place_of(format, payload, name, "DataPieceArray<float>", 4 * count);
  if (!place) return place.error();
  if (format.fields.at(name).count != count) {
    return Error{ErrorCode::unsupported, "the array has another length", name};
  }
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(number_at<float>(payload, *place + 4 * i));
  }
  return values;
}

Result<bool> bool_field(const DataFormat& format, std::string_view payload,
                        const std::string& name) {
  const auto place = place_of(format, payload, name, "DataPieceValue<Bool>", 1);
  if (!place) return place.error();
  return payload[*place] != 0;
}

}  // namespace hearth::vrs
