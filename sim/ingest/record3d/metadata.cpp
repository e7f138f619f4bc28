// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "record3d_parts.h"
#include "sim/ingest/foreign/json_place.h"

namespace hearth::record3d {
namespace {

using foreign::JsonPlace;

constexpr double kFocalSpreadShare = 0.01;
constexpr std::size_t kMostFrames = 10'000'000;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// fx, fy, cx, cy: medians over the frames where the app wrote them, else K, which is stored
/// column after column.
std::array<double, 4> intrinsics(const JsonPlace& root, const std::string& file,
                                 Diagnostics& diagnostics) {
  const std::vector<double> k = root["K"].numbers(9);
  if (k[1] != 0.0 || k[2] != 0.0 || k[3] != 0.0 || k[5] != 0.0 || k[8] != 1.0) {
    root["K"].fail(ErrorCode::corrupt, "must be fx 0 0 / 0 fy 0 / cx cy 1, column after column");
  }
  if (!root.has("perFrameIntrinsicCoeffs")) return {k[0], k[4], k[6], k[7]};
  const JsonPlace rows = root["perFrameIntrinsicCoeffs"];
  std::array<std::vector<double>, 4> columns{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::vector<double> row = rows[i].numbers(4);
    for (std::size_t c = 0; c < 4; ++c) columns[c].push_back(row[c]);
  }
  if (columns[0].empty()) return {k[0], k[4], k[6], k[7]};
  const auto [low, high] = std::minmax_element(columns[0].begin(), columns[0].end());
  const double focal = median(columns[0]);
  if (*high - *low > kFocalSpreadShare * focal) {
    diagnostics.add(Severity::warning, "focal_varies",
                    "the focal length runs from " + std::to_string(*low) + " to " +
                        std::to_string(*high) + " px (autofocus); its median is used throughout",
                    file);
  }
  return {focal, median(columns[1]), median(columns[2]), median(columns[3])};
}

CameraModel read_camera(const JsonPlace& root, const std::string& file, Diagnostics& diagnostics) {
  CameraModel camera;
  const std::array<double, 4> k = intrinsics(root, file, diagnostics);
  const auto size = [&](const char* key) {
    const std::int64_t value = root[key].integer();
    const bool fits = value > 0 && value <= 65535;
    if (!fits) root[key].fail(ErrorCode::corrupt, "must lie in 1..65535");
    return fits ? static_cast<int>(value) : 1;
  };
  camera.width_px = size("w");
  camera.height_px = size("h");
  camera.fx_px = k[0], camera.fy_px = k[1], camera.cx_px = k[2], camera.cy_px = k[3];
  camera.source = IntrinsicsSource::file;
  // The phone's own number, good to the breathing of its autofocus.
  camera.focal_sigma_share = 0.005;
  if (const Result<CameraModel> checked = validated(camera); !checked) {
    root["K"].fail(ErrorCode::corrupt, checked.error().where + " " + checked.error().message);
  }
  return camera;
}

/// ARKit's camera has y up and looks along -z.
std::vector<Pose> read_poses(const JsonPlace& place) {
  const Quat flipped{0.0, 1.0, 0.0, 0.0};
  std::vector<Pose> poses;
  for (std::size_t i = 0; i < place.size(); ++i) {
    const std::vector<double> p = place[i].numbers(7);
    Pose pose;
    pose.rotation = normalized(place[i].unit_quat(p[3], p[0], p[1], p[2]) * flipped);
    pose.position_m = {p[4], p[5], p[6]};
    poses.push_back(pose);
  }
  if (poses.empty() || poses.size() > kMostFrames) {
    place.fail(ErrorCode::corrupt, "must hold one pose per picture");
  }
  return poses;
}

std::vector<TimeNs> read_times(const JsonPlace& root, std::size_t frames, const std::string& file,
                               Diagnostics& diagnostics) {
  std::vector<TimeNs> times;
  if (root.has("frameTimestamps")) {
    const JsonPlace place = root["frameTimestamps"];
    if (place.size() != frames) place.fail(ErrorCode::corrupt, "must hold one time per pose");
    const double first_s = place.size() > 0 ? place[0].number() : 0.0;
    for (std::size_t i = 0; i < std::min(frames, place.size()); ++i) {
      const double t_s = place[i].number() - first_s;
      const bool fits = t_s >= 0.0 && t_s < 1e6;
      if (!fits || (i > 0 && ns_from_seconds(t_s) <= times.back())) {
        place[i].fail(ErrorCode::corrupt, "times must ascend");
        return times;
      }
      times.push_back(ns_from_seconds(t_s));
    }
    return times;
  }
  const double rate_hz = root["fps"].number();
  if (!(rate_hz >= 0.01 && rate_hz <= 1000.0)) {
    root["fps"].fail(ErrorCode::corrupt, "must lie in 0.01..1000");
    return times;
  }
  diagnostics.add(Severity::guess, "times_assumed",
                  "the recording has no frame times: an even rate of " + std::to_string(rate_hz) +
                      " Hz is assumed",
                  file);
  for (std::size_t i = 0; i < frames; ++i) {
    times.push_back(ns_from_seconds(static_cast<double>(i) / rate_hz));
  }
  return times;
}

}  // namespace

Result<Metadata> read_metadata(std::string_view text, const std::string& file,
                               Diagnostics& diagnostics) {
  foreign::JsonText json(text, file);
  const JsonPlace root = json.root();
  if (json.error()) return *json.error();
  Metadata metadata;
  metadata.camera = read_camera(root, file, diagnostics);
  metadata.map_from_camera = read_poses(root["poses"]);
  if (json.error()) return *json.error();
  metadata.time_ns = read_times(root, metadata.map_from_camera.size(), file, diagnostics);
  if (json.error()) return *json.error();
  return metadata;
}

}  // namespace hearth::record3d
