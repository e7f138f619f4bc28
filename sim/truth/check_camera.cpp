// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "check_parts.h"

namespace hearth {
namespace {

// Median depth of the map seen from its first camera; the constant prior of scale hangs on it.
std::optional<double> median_depth(const Tracks& tracks) {
  if (tracks.camera.empty()) return std::nullopt;
  const Pose camera_from_map = inverse(tracks.camera.front().map_from_camera);
  std::vector<double> depths;
  for (const MapPoint& point : tracks.map_points) {
    const double z = (camera_from_map * point.p_in_map).z;
    if (z > 0.0) depths.push_back(z);
  }
  if (depths.empty()) return std::nullopt;
  std::nth_element(depths.begin(), depths.begin() + static_cast<std::ptrdiff_t>(depths.size() / 2),
                   depths.end());
  return depths[depths.size() / 2];
}

}  // namespace

void check_camera(const Truth& truth, const CheckedRun& run, const Alignment& alignment,
                  const CheckPriors& priors, std::vector<CheckRow>& rows) {
  Errors rotation;
  Errors position;
  Errors share;
  Errors unregistered;
  const auto& path = truth.home.camera_path.samples;
  double extent = 0.0;
  for (const CameraSample& a : path) {
    extent = std::max(
        extent, norm(a.world_from_camera.position_m - path.front().world_from_camera.position_m));
  }
  if (run.tracks != nullptr) {
    unregistered.values = {1.0 - static_cast<double>(run.tracks->camera.size()) /
                                     static_cast<double>(path.size())};
    unregistered.baseline = {1.0};
  }
  if (run.tracks != nullptr && !run.tracks->camera.empty()) {
    const MapCamera& first = run.tracks->camera.front();
    const Pose truth0 = path[static_cast<std::size_t>(first.frame)].world_from_camera;
    for (const MapCamera& camera : run.tracks->camera) {
      const Pose t =
          inverse(truth0) * path[static_cast<std::size_t>(camera.frame)].world_from_camera;
      const Pose e = inverse(first.map_from_camera) * camera.map_from_camera;
      rotation.values.push_back(angle_between_rad(t.rotation, e.rotation));
      rotation.baseline.push_back(angle_between_rad(t.rotation, Quat{}));
      const double scale = alignment.map_scale_m.value_or(0.0);
      position.values.push_back(norm(scale * e.position_m - t.position_m));
      position.baseline.push_back(norm(t.position_m));
    }
    if (extent > 0.0) {
      for (const double v : position.values) share.values.push_back(v / extent);
      for (const double v : position.baseline) share.baseline.push_back(v / extent);
    }
  }
  rows.push_back(row_from("perceive", "camera_unregistered_share", "share", unregistered));
  rows.push_back(row_from("perceive", "camera_rotation", "rad", rotation));
  rows.push_back(row_from("perceive", "camera_position", "m", position));
  rows.push_back(row_from("perceive", "camera_position_share_of_extent", "share", share));

  Errors scale;
  Errors missed;
  if (run.home != nullptr && alignment.map_scale_m &&
      run.home->scene.scale.source != Source::unknown) {
    const ScaleEstimate& estimate = run.home->scene.scale;
    const double truth_scale = *alignment.map_scale_m;
    scale.values = {std::abs(estimate.value / truth_scale - 1.0)};
    const bool held = estimate.low <= truth_scale && truth_scale <= estimate.high;
    missed.values = {held ? 0.0 : 1.0};
    if (const std::optional<double> depth = median_depth(*run.tracks)) {
      scale.baseline = {std::abs(priors.median_depth_m / *depth / truth_scale - 1.0)};
    }
  }
  rows.push_back(row_from("reconstruct", "scale", "share", scale));
  rows.push_back(row_from("reconstruct", "scale_interval_missed", "share", missed));
}

}  // namespace hearth
