// SPDX-License-Identifier: Apache-2.0
#include "streams.h"

#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace hearth::vrs {
namespace {

constexpr std::size_t kMaxPicturePx = std::size_t{64} << 20;

/// Data records of one stream with their common format.
Result<DataFormat> format_of(const VrsFile& file, const StreamId& stream) {
  for (const Record& record : file.records()) {
    if (record.stream == stream && record.kind == RecordKind::data) {
      return file.data_format(stream, record.format_version);
    }
  }
  return Error{ErrorCode::not_found, "the recording has no data of stream " + to_string(stream),
               to_string(stream)};
}

Error at_record(Error error, const Record& record) {
  error.where = to_string(record.stream) + ": byte " + std::to_string(record.payload_offset) +
                (error.where.empty() ? "" : ":" + error.where);
  return error;
}

Result<std::optional<Vec3>> vector_of(const DataFormat& format, std::string_view payload,
                                      const std::string& name) {
  const Result<bool> valid = bool_field(format, payload, name + "_valid");
  if (!valid) return valid.error();
  if (!*valid) return std::optional<Vec3>();
  const Result<std::vector<float>> values = floats_field(format, payload, name, 3);
  if (!values) return values.error();
  const Vec3 v = {(*values)[0], (*values)[1], (*values)[2]};
  if (!is_finite(v)) return Error{ErrorCode::corrupt, "a value is not finite", name};
  return std::optional(v);
}

}  // namespace

Result<std::vector<ImuSample>> read_imu(VrsFile& file, const StreamId& stream) {
  const Result<DataFormat> format = format_of(file, stream);
  if (!format) return format.error();
  std::vector<ImuSample> samples;
  for (const Record& record : file.records()) {
    if (record.stream != stream || record.kind != RecordKind::data) continue;
    const Result<std::string> payload = file.payload(record);
    if (!payload) return payload.error();
    ImuSample sample;
    const Result<std::int64_t> time = int64_field(*format, *payload, "capture_timestamp_ns");
    if (!time) return at_record(time.error(), record);
    sample.time_ns = *time;
    const auto accel = vector_of(*format, *payload, "accelerometer");
    if (!accel) return at_record(accel.error(), record);
    const auto gyro = vector_of(*format, *payload, "gyroscope");
    if (!gyro) return at_record(gyro.error(), record);
    sample.accel_m_s2 = *accel;
    sample.gyro_rad_s = *gyro;
    if (!samples.empty() && sample.time_ns <= samples.back().time_ns) {
      return at_record({ErrorCode::corrupt, "capture times must ascend", "capture_timestamp_ns"},
                       record);
    }
    samples.push_back(sample);
  }
  return samples;
}

Result<Done> for_each_jpeg(
    VrsFile& file, const StreamId& stream,
    const std::function<Result<Done>(TimeNs time_ns, std::string_view jpeg)>& take) {
  const Result<DataFormat> format = format_of(file, stream);
  if (!format) return format.error();
  if (format->content != "image/jpg") {
    return Error{ErrorCode::unsupported,
                 "pictures of the form '" + format->content +
                     "' are not read; first-generation recordings hold image/jpg. Export the "
                     "video with Project Aria's vrs_to_mp4 and use `hearth ingest`",
                 to_string(stream)};
  }
  for (const Record& record : file.records()) {
    if (record.stream != stream || record.kind != RecordKind::data) continue;
    const Result<std::string> payload = file.payload(record);
    if (!payload) return payload.error();
    const Result<std::int64_t> time = int64_field(*format, *payload, "capture_timestamp_ns");
    if (!time) return at_record(time.error(), record);
    if (payload->size() <= format->fixed_bytes) {
      return at_record({ErrorCode::corrupt, "a record holds no picture", ""}, record);
    }
    const Result<Done> taken = take(*time, std::string_view(*payload).substr(format->fixed_bytes));
    if (!taken) return at_record(taken.error(), record);
  }
  return Done{};
}

Result<ImageRgb8> upright_picture(std::string_view jpeg, const std::string& where) {
  cv::Mat turned;
  try {
    const cv::Mat bytes(1, static_cast<int>(jpeg.size()), CV_8UC1, const_cast<char*>(jpeg.data()));
    const cv::Mat stored = cv::imdecode(bytes, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
    if (stored.empty() || stored.total() > kMaxPicturePx) {
      return Error{ErrorCode::corrupt, "the picture cannot be decoded", where};
    }
    cv::rotate(stored, turned, cv::ROTATE_90_CLOCKWISE);
    cv::cvtColor(turned, turned, cv::COLOR_BGR2RGB);
  } catch (const cv::Exception&) {
    return Error{ErrorCode::corrupt, "the picture cannot be decoded", where};
  }
  ImageRgb8 picture;
  picture.width_px = turned.cols;
  picture.height_px = turned.rows;
  picture.values.assign(turned.datastart, turned.dataend);
  return picture;
}

}  // namespace hearth::vrs
