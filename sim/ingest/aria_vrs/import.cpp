// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/aria_vrs.h>
#include <hearth/video/mp4.h>

#include <array>
#include <cmath>
#include <cstdio>

#include "sim/ingest/aria_mps/calibration.h"
#include "streams.h"
#include "vrs_file.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

// 512 000 ticks per second: a frame's time is kept up to 1 us.
constexpr int kClockRateHz = 1000;
constexpr double kTicksPerSecond = 512.0 * kClockRateHz;

/// "214-1" as a stream, and the label of its camera in the calibration.
struct PictureStream {
  vrs::StreamId id{214, 1};
  std::string label = "camera-rgb";
};

Result<PictureStream> picture_stream(const std::string& name) {
  if (name.empty() || name == "214-1") return PictureStream{};
  if (name == "1201-1") return PictureStream{{1201, 1}, "camera-slam-left"};
  if (name == "1201-2") return PictureStream{{1201, 2}, "camera-slam-right"};
  return Error{ErrorCode::invalid_argument,
               "picture streams are 214-1 (colour), 1201-1 and 1201-2 (left, right)", "recording"};
}

/// A clip and the device time of its first frame.
struct Clip {
  std::string mp4{};
  TimeNs zero_ns = 0;
  int width_px = 0;
  int height_px = 0;
};

/// Writes pictures with their own times: each is added when the next one's time is known.
class ClipMaker {
 public:
  Result<Done> add(TimeNs time_ns, ImageRgb8 picture) {
    if (!writer_) {
      clip_.zero_ns = time_ns;
      clip_.width_px = picture.width_px;
      clip_.height_px = picture.height_px;
      Result<Mp4Writer> made = make_mp4_writer(
          picture.width_px, picture.height_px,
          {.rate_hz = kClockRateHz, .crf = 17, .keyframe_interval = 12, .preset = "veryfast"});
      if (!made) return made.error();
      writer_.emplace(std::move(made).value());
    } else {
      const std::int64_t tick = ticks_until(time_ns);
      if (tick <= waiting_tick_) {
        return Error{ErrorCode::corrupt, "capture times must ascend", "capture_timestamp_ns"};
      }
      last_gap_ = tick - waiting_tick_;
      if (const Result<Done> done = writer_->add(waiting_, last_gap_); !done) return done;
      waiting_tick_ = tick;
    }
    waiting_ = std::move(picture);
    return Done{};
  }
  Result<Clip> finish() && {
    if (!writer_) return Error{ErrorCode::corrupt, "the recording holds no picture", ""};
    if (const Result<Done> done = writer_->add(waiting_, last_gap_); !done) return done.error();
    Result<std::string> bytes = writer_->finish();
    if (!bytes) return bytes.error();
    clip_.mp4 = std::move(bytes).value();
    return std::move(clip_);
  }

 private:
  [[nodiscard]] std::int64_t ticks_until(TimeNs time_ns) const {
    return std::llround(seconds_from_ns(time_ns - clip_.zero_ns) * kTicksPerSecond);
  }

  std::optional<Mp4Writer> writer_{};
  ImageRgb8 waiting_{};
  std::int64_t waiting_tick_ = 0;
  std::int64_t last_gap_ = static_cast<std::int64_t>(kTicksPerSecond / 30.0);
  Clip clip_{};
};

Result<Clip> make_clip(vrs::VrsFile& file, const vrs::StreamId& stream, const std::string& name) {
  ClipMaker maker;
  const Result<Done> all =
      vrs::for_each_jpeg(file, stream, [&](TimeNs time_ns, std::string_view jpeg) -> Result<Done> {
        Result<ImageRgb8> picture = vrs::upright_picture(jpeg, name);
        if (!picture) return picture.error();
        return maker.add(time_ns, std::move(picture).value());
      });
  if (!all) return all.error();
  return std::move(maker).finish();
}

Vec3 product(const Mat3& m, Vec3 v) {
  return {m[0][0] * v.x + m[0][1] * v.y + m[0][2] * v.z,
          m[1][0] * v.x + m[1][1] * v.y + m[1][2] * v.z,
          m[2][0] * v.x + m[2][1] * v.y + m[2][2] * v.z};
}

void append(VectorStream& stream, const std::optional<Vec3>& raw, TimeNs time_ns,
            const aria::SensorCalibration* calibration) {
  if (!raw) return;
  Vec3 value = *raw;
  if (calibration != nullptr) {
    value = product(calibration->rectification, *raw - calibration->bias);
    time_ns -= ns_from_seconds(calibration->time_offset_s);
  }
  stream.time_ns.push_back(time_ns);
  stream.values.push_back(value);
}

/// 1202-1 is the right unit, 1202-2 the left one.
Result<Done> add_imus(vrs::VrsFile& file, const aria::Calibration* calibration,
                      const std::optional<Pose>& device_from_camera, TimeNs zero_ns,
                      SensorStreams& sensors, Diagnostics& diagnostics) {
  for (const auto& [instance, label] :
       {std::pair<std::uint16_t, const char*>{1, "imu-right"}, {2, "imu-left"}}) {
    const Result<std::vector<vrs::ImuSample>> samples = vrs::read_imu(file, {1202, instance});
    if (!samples && samples.error().code == ErrorCode::not_found) continue;
    if (!samples) return samples.error();
    const aria::ImuCalibration* found = nullptr;
    for (std::size_t i = 0; calibration != nullptr && i < calibration->imus.size(); ++i) {
      if (calibration->imus[i].label == label) found = &calibration->imus[i];
    }
    ImuStream stream;
    stream.id = label;
    stream.axes = found != nullptr ? "of the unit, rectified" : "of the unit, raw";
    for (const vrs::ImuSample& sample : *samples) {
      append(stream.accel_m_s2, sample.accel_m_s2, sample.time_ns - zero_ns,
             found != nullptr ? &found->accelerometer : nullptr);
      append(stream.gyro_rad_s, sample.gyro_rad_s, sample.time_ns - zero_ns,
             found != nullptr ? &found->gyroscope : nullptr);
    }
    const std::size_t lost =
        2 * samples->size() - stream.accel_m_s2.values.size() - stream.gyro_rad_s.values.size();
    if (lost > 0) {
      diagnostics.add(Severity::warning, "imu_samples_invalid",
                      std::to_string(lost) + " samples are marked invalid and left out", label);
    }
    if (found == nullptr) {
      diagnostics.add(Severity::warning, "imu_not_calibrated",
                      "the recording has no calibration of this unit: its samples are raw", label);
    } else if (device_from_camera) {
      stream.camera_from_imu = inverse(*device_from_camera) * found->device_from_imu;
    }
    sensors.imus.push_back(std::move(stream));
    sensors.source = "aria-vrs";
  }
  return Done{};
}

}  // namespace

Result<Imported> import_aria_vrs(const fs::path& path, const ImportOptions& options,
                                 Diagnostics& diagnostics) {
  const Result<PictureStream> stream = picture_stream(options.recording);
  if (!stream) return stream.error();
  Result<vrs::VrsFile> opened = vrs::open_vrs(path);
  if (!opened) return opened.error();
  vrs::VrsFile file = std::move(opened).value();
  std::optional<aria::Calibration> calibration;
  if (const auto tag = file.tags().find("calib_json"); tag != file.tags().end()) {
    Result<aria::Calibration> read =
        aria::read_calibration(tag->second, path.string() + ":calib_json", diagnostics);
    if (!read) return read.error();
    calibration = std::move(read).value();
  }
  Result<Clip> made = make_clip(file, stream->id, path.string());
  if (!made) return made.error();
  Clip clip = std::move(made).value();
  std::array<char, 32> seconds{};
  std::snprintf(seconds.data(), seconds.size(), "%.9f", seconds_from_ns(clip.zero_ns));
  diagnostics.add(Severity::note, "device_clock",
                  std::string("the first picture is at ") + seconds.data() +
                      " s of the device clock: --clock-offset-s -" + seconds.data() +
                      " puts other files of this device (aria-mps, adt) onto the clip",
                  path.string());
  Imported imported;
  imported.clip.emplace();
  imported.clip->mp4 = std::move(clip.mp4);
  std::optional<Pose> device_from_camera;
  const aria::CameraCalibration* camera =
      calibration ? aria::find_camera(*calibration, stream->label) : nullptr;
  if (camera != nullptr) {
    const CameraModel model = aria::turned_clockwise(aria::recorded_model(camera->model));
    device_from_camera = camera->device_from_camera * inverse(aria::turned_from_stored());
    if (model.width_px == clip.width_px && model.height_px == clip.height_px) {
      imported.clip->camera = model;
    }
  }
  if (options.camera) imported.clip->camera = options.camera;
  if (!imported.clip->camera) {
    diagnostics.add(Severity::warning, "camera_not_calibrated",
                    "the recording holds no calibration for pictures of " +
                        std::to_string(clip.width_px) + "x" + std::to_string(clip.height_px),
                    path.string());
  }
  const Result<Done> imus =
      add_imus(file, calibration ? &*calibration : nullptr, device_from_camera, clip.zero_ns,
               imported.sensors, diagnostics);
  if (!imus) return imus.error();
  return imported;
}

}  // namespace hearth
