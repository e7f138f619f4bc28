// SPDX-License-Identifier: Apache-2.0
#include <hearth/truth/check.h>

#include <algorithm>
#include <cmath>

#include "check_parts.h"

namespace hearth {
namespace {

std::optional<double> quantile(std::vector<double> values, double share) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const double at = share * (static_cast<double>(values.size()) - 1.0);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  const double u = at - static_cast<double>(low);
  return (1.0 - u) * values[low] + u * values[high];
}

// True metres per map unit: least squares between the two camera paths, each from its first frame.
std::optional<double> true_map_scale(const Truth& truth, const Tracks& tracks) {
  if (tracks.camera_is_static || tracks.camera.size() < 2) return std::nullopt;
  const MapCamera& first = tracks.camera.front();
  const auto& path = truth.home.camera_path.samples;
  const Pose truth0 = path[static_cast<std::size_t>(first.frame)].world_from_camera;
  double cross = 0.0;
  double square = 0.0;
  for (const MapCamera& camera : tracks.camera) {
    if (!camera.observed || camera.chunk != first.chunk) continue;
    const Pose& truth_pose = path[static_cast<std::size_t>(camera.frame)].world_from_camera;
    const Vec3 t = (inverse(truth0) * truth_pose).position_m;
    const Vec3 e = (inverse(first.map_from_camera) * camera.map_from_camera).position_m;
    cross += dot(t, e);
    square += dot(e, e);
  }
  if (!(square > 0.0) || !(cross > 0.0)) return std::nullopt;
  return cross / square;
}

}  // namespace

CheckRow row_from(const std::string& stage, const std::string& quantity, const std::string& unit,
                  Errors errors) {
  CheckRow row{stage, quantity, unit, static_cast<std::int64_t>(errors.values.size()), {}, {}, {}};
  row.median = quantile(errors.values, 0.5);
  row.p95 = quantile(std::move(errors.values), 0.95);
  row.baseline_median = quantile(std::move(errors.baseline), 0.5);
  return row;
}

Vec3 Alignment::true_from_home(Vec3 p_in_home) const {
  return true_world_from_camera0 * (home_scale * (home_camera0_from_world * p_in_home));
}

Quat Alignment::true_from_home(Quat home_from_body) const {
  return true_world_from_camera0.rotation * home_camera0_from_world.rotation * home_from_body;
}

Alignment align(const Truth& truth, const CheckedRun& run) {
  Alignment alignment;
  if (run.tracks != nullptr) alignment.map_scale_m = true_map_scale(truth, *run.tracks);
  if (run.home == nullptr || run.home->camera_path.samples.empty()) return alignment;
  const CameraSample& first = run.home->camera_path.samples.front();
  const auto& path = truth.home.camera_path.samples;
  const auto same = std::min_element(path.begin(), path.end(), [&](const auto& a, const auto& b) {
    return std::abs(a.time_ns - first.time_ns) < std::abs(b.time_ns - first.time_ns);
  });
  alignment.has_home = true;
  alignment.true_world_from_camera0 = same->world_from_camera;
  alignment.home_camera0_from_world = inverse(first.world_from_camera);
  if (alignment.map_scale_m && run.home->scene.scale.source != Source::unknown) {
    alignment.home_scale = *alignment.map_scale_m / run.home->scene.scale.value;
  }
  return alignment;
}

Result<std::vector<CheckRow>> check(const Truth& truth, const CheckedRun& run,
                                    const CheckPriors& priors, int min_hand_px) {
  if (run.tracks != nullptr && run.tracks->frame_time_ns.size() != truth.frame_time_ns.size()) {
    return Error{ErrorCode::invalid_argument,
                 "the run has " + std::to_string(run.tracks->frame_time_ns.size()) +
                     " frames and truth " + std::to_string(truth.frame_time_ns.size()) +
                     "; they are of different takes",
                 "/frame_time_ns"};
  }
  std::vector<CheckRow> rows;
  const Alignment alignment = align(truth, run);
  check_hands(truth, run, priors, min_hand_px, rows);
  check_camera(truth, run, alignment, priors, rows);
  check_scene(truth, run, alignment, priors, rows);
  check_contact(truth, run, priors, rows);
  return rows;
}

}  // namespace hearth
