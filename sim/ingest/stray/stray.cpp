// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/stray.h>
#include <hearth/io/files.h>
#include <hearth/video/probe.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "sim/ingest/foreign/depth_png.h"
#include "sim/ingest/foreign/origin.h"
#include "stray_parts.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

constexpr const char* kName = "stray";
// A frame at 60 Hz takes 17 ms; more than this is another clip than the odometry's.
constexpr TimeNs kClockToleranceNs = 50'000'000;

Result<CameraModel> camera_of(const fs::path& folder, const stray::Odometry& odometry,
                              const VideoInfo& video) {
  const fs::path file = folder / "camera_matrix.csv";
  std::optional<std::array<double, 4>> k = odometry.intrinsics;
  if (!k) {
    const Result<std::string> bytes = read_file(file);
    if (!bytes) return bytes.error();
    const auto matrix = stray::read_camera_matrix(*bytes, file.string());
    if (!matrix) return matrix.error();
    k = *matrix;
  }
  CameraModel camera;
  camera.width_px = video.width_px;
  camera.height_px = video.height_px;
  camera.fx_px = (*k)[0], camera.fy_px = (*k)[1];
  camera.cx_px = (*k)[2], camera.cy_px = (*k)[3];
  camera.source = IntrinsicsSource::file;
  // The phone's own number, good to the breathing of its autofocus.
  camera.focal_sigma_share = 0.005;
  Result<CameraModel> checked = validated(camera);
  if (checked) return checked;
  return Error{ErrorCode::corrupt, to_string(checked.error()), file.string()};
}

/// The phone's time at the first frame of the clip.
TimeNs clock_zero(const stray::Odometry& odometry, const VideoInfo& video, const std::string& file,
                  Diagnostics& diagnostics) {
  const auto frames = static_cast<int>(video.frame_time_ns.size());
  const stray::OdometryRow& first = odometry.rows.front();
  const TimeNs zero_ns =
      first.sample.time_ns -
      (first.frame < frames ? video.frame_time_ns[static_cast<std::size_t>(first.frame)] : 0);
  TimeNs largest = 0;
  for (const stray::OdometryRow& row : odometry.rows) {
    if (row.frame >= frames) break;
    const TimeNs in_video = video.frame_time_ns[static_cast<std::size_t>(row.frame)];
    largest = std::max<TimeNs>(largest, std::llabs(row.sample.time_ns - zero_ns - in_video));
  }
  if (largest > kClockToleranceNs) {
    diagnostics.add(Severity::warning, "clock_differs",
                    "times of odometry and video drift apart by up to " +
                        std::to_string(seconds_from_ns(largest)) +
                        " s: frames may have been lost in the video",
                    file);
  }
  return zero_ns;
}

void add_camera_path(const stray::Odometry& odometry, const ImportOptions& options,
                     const std::string& file, Tracks& tracks, Diagnostics& diagnostics) {
  std::size_t beyond = 0;
  for (const stray::OdometryRow& row : odometry.rows) {
    if (row.frame >= tracks.frames) {
      ++beyond;
      continue;
    }
    MapCamera camera;
    camera.frame = row.frame;
    camera.time_ns = tracks.frame_time_ns[static_cast<std::size_t>(row.frame)];
    camera.map_from_camera = row.sample.map_from_camera;
    camera.observed = true;
    camera.position_sigma = options.position_sigma_m;
    camera.rotation_sigma_rad = options.rotation_sigma_rad;
    tracks.camera.push_back(camera);
  }
  if (beyond > 0) {
    diagnostics.add(Severity::warning, "frames_beyond_video",
                    std::to_string(beyond) + " poses belong to frames that the video lacks", file);
  }
  const auto without = static_cast<std::size_t>(tracks.frames) - tracks.camera.size();
  if (without > 0) {
    diagnostics.add(Severity::warning, "frames_without_camera",
                    std::to_string(without) + " of " + std::to_string(tracks.frames) +
                        " frames have no camera pose",
                    file);
  }
  diagnostics.add(Severity::guess, "camera_sigma_assumed",
                  "the app writes no uncertainty: every pose is taken as good to " +
                      std::to_string(options.position_sigma_m) + " m and " +
                      std::to_string(options.rotation_sigma_rad) + " rad",
                  file);
}

Result<Done> add_depth(const fs::path& folder, Tracks& tracks, std::vector<ImportedFile>& files) {
  for (int frame = 0; frame < tracks.frames; ++frame) {
    char name[32];
    std::snprintf(name, sizeof name, "depth/%06d.png", frame);
    const fs::path file = folder / name;
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) continue;
    const Result<foreign::PictureSize> size = foreign::depth_png_size(file);
    if (!size) return size.error();
    tracks.depth_maps.push_back({frame, name, size->width_px, size->height_px, 0.001});
    files.push_back({name, file});
  }
  return Done{};
}

}  // namespace

Result<Imported> import_stray(const fs::path& path, const ImportOptions& options,
                              Diagnostics& diagnostics) {
  const fs::path clip = path / "rgb.mp4";
  const Result<VideoInfo> video = probe(clip);
  if (!video) return video.error();
  if (video->rotation_deg != 0) {
    return Error{ErrorCode::unsupported,
                 "the video is turned, but intrinsics and poses are those of the unturned picture; "
                 "use the app's own rgb.mp4",
                 clip.string()};
  }
  const fs::path file = path / "odometry.csv";
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  Diagnostics found;
  const Result<stray::Odometry> odometry = stray::read_odometry(*bytes, file.string(), found);
  if (!odometry) return odometry.error();
  const Result<CameraModel> camera = camera_of(path, *odometry, *video);
  if (!camera) return camera.error();

  Imported imported;
  imported.clip = ImportedClip{clip, {}, options.camera.value_or(*camera)};
  imported.tracks.emplace();
  Tracks& tracks = *imported.tracks;
  tracks.source = kName;
  tracks.frame_time_ns = video->frame_time_ns;
  tracks.frames = static_cast<int>(tracks.frame_time_ns.size());
  tracks.camera_model = *imported.clip->camera;
  const TimeNs zero_ns = clock_zero(*odometry, *video, file.string(), found);
  add_camera_path(*odometry, options, file.string(), tracks, found);
  foreign::set_map_facts(true, Vec3{0.0, 1.0, 0.0}, options, tracks);
  if (const Result<Done> added = add_depth(path, tracks, imported.files); !added) {
    return added.error();
  }
  tracks.origins = {foreign::origin_of("camera", kName, file, *bytes)};

  std::error_code ignored;
  const fs::path imu_file = path / "imu.csv";
  if (fs::is_regular_file(imu_file, ignored)) {
    const Result<std::string> text = read_file(imu_file);
    if (!text) return text.error();
    std::vector<foreign::PathSample> samples;
    for (const stray::OdometryRow& row : odometry->rows) samples.push_back(row.sample);
    Result<ImuStream> imu =
        stray::read_phone_imu(*text, imu_file.string(), zero_ns, samples, found);
    if (!imu) return imu.error();
    imported.sensors.source = kName;
    imported.sensors.imus.push_back(std::move(imu).value());
    if (const Result<SensorStreams> good = validated(imported.sensors); !good) {
      return Error{ErrorCode::corrupt, to_string(good.error()), imu_file.string()};
    }
  }
  Result<Tracks> checked = validated(std::move(tracks));
  if (!checked) return Error{ErrorCode::corrupt, to_string(checked.error()), file.string()};
  imported.tracks = std::move(checked).value();
  diagnostics.append(found);
  return imported;
}

}  // namespace hearth
