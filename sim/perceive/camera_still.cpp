// SPDX-License-Identifier: Apache-2.0
// Cameras without depth: those that stand still, and those that only turn.
#include <algorithm>
#include <cmath>

#include "sim/perceive/camera_median.h"
#include "sim/perceive/camera_solve.h"

namespace hearth {

bool camera_is_static(const CameraProblem& problem,
                      const std::vector<std::vector<FrameSighting>>& by_frame, double static_px) {
  constexpr double kAgeS = 1.0;         // Younger tracks had no time to show a slow drift.
  constexpr double kStillShare = 0.15;  // Hands, arms and their shadows may fill the rest.
  constexpr double kFrameShare = 0.98;  // A frame of flicker or a cut codec block may fail.
  constexpr double kSpread = 0.25;      // Of the view: a worn cap's rim is still, but in one place.
  const double clip_s = problem.frame_time_s.empty()
                            ? 0.0
                            : problem.frame_time_s.back() - problem.frame_time_s.front();
  const double age_limit_s = std::min(kAgeS, 0.4 * clip_s);
  double view = 0.0;
  for (const RayTrack& track : problem.tracks) {
    for (const RayObservation& o : track.observations) view = std::max(view, std::abs(o.ray.x));
  }
  int judged = 0, still_frames = 0;
  std::vector<char> was_still(problem.tracks.size(), 1);
  for (std::size_t f = 0; f < by_frame.size(); ++f) {
    int old_tracks = 0;
    std::vector<double> x, y;
    for (const FrameSighting& s : by_frame[f]) {
      const auto t = static_cast<std::size_t>(s.track);
      const std::vector<RayObservation>& o = problem.tracks[t].observations;
      const Vec2 ray = o[static_cast<std::size_t>(s.observation)].ray;
      if (problem.focal_px * norm(ray - o.front().ray) > static_px) was_still[t] = 0;
      const double age_s =
          problem.frame_time_s[f] - problem.frame_time_s[static_cast<std::size_t>(o.front().frame)];
      if (age_s < age_limit_s) continue;
      ++old_tracks;
      if (was_still[t] == 0) continue;
      x.push_back(ray.x);
      y.push_back(ray.y);
    }
    if (old_tracks < 4) continue;
    ++judged;
    const auto still = static_cast<double>(x.size());
    const double spread =
        std::max(quantile(x, 0.9) - quantile(x, 0.1), quantile(y, 0.9) - quantile(y, 0.1));
    if (still >= std::max(4.0, kStillShare * old_tracks) && spread >= kSpread * view) {
      ++still_frames;
    }
  }
  return judged * 2 >= problem.frames && still_frames >= kFrameShare * judged;
}

CameraSolution solve_rotation(const CameraProblem& problem,
                              const std::vector<std::vector<FrameSighting>>& by_frame,
                              const TrackCameraOptions& options) {
  CameraSolution solution;
  solution.rotation_only = true;
  solution.cameras.resize(static_cast<std::size_t>(problem.frames));
  int key = -1;
  int chunk = -1;
  std::vector<double> parallax, all_px;
  for (int f = 0; f < problem.frames; ++f) {
    const auto at = static_cast<std::size_t>(f);
    if (static_cast<int>(by_frame[at].size()) < options.min_registered_points) continue;
    SolvedCamera& camera = solution.cameras[at];
    const std::vector<RayPair> shared =
        key < 0 ? std::vector<RayPair>{} : shared_rays(problem, by_frame, key, f);
    if (key < 0 || static_cast<int>(shared.size()) < options.min_registered_points) {
      camera.chunk = ++chunk;
      camera.observed = true;
      key = f;
      ++solution.keyframes;
      continue;
    }
    const Quat turn = rotation_between(shared, problem.focal_px);
    const double left_px = median(rotation_residuals_px(shared, turn, problem.focal_px));
    const SolvedCamera& from = solution.cameras[static_cast<std::size_t>(key)];
    camera.chunk = from.chunk;
    camera.observed = true;
    camera.map_from_camera.rotation = normalized(from.map_from_camera.rotation * conjugate(turn));
    camera.position_sigma = left_px / problem.focal_px;
    // Unexplained parallax may hide a turn of the same size.
    camera.rotation_sigma_rad = std::hypot(from.rotation_sigma_rad, left_px / problem.focal_px);
    parallax.push_back(left_px / problem.focal_px);
    all_px.push_back(left_px);
    if (static_cast<double>(shared.size()) < 0.6 * static_cast<double>(by_frame[at].size()) ||
        left_px > 6.0) {
      key = f;
      ++solution.keyframes;
    }
  }
  solution.chunks = chunk + 1;
  solution.parallax_rad = median(std::move(parallax));
  solution.rms_px = median(std::move(all_px));
  return solution;
}

double bridge_cameras(const CameraProblem& problem, double max_bridge_s,
                      std::vector<SolvedCamera>& cameras) {
  double bridged_s = 0.0;
  std::size_t last = cameras.size();
  for (std::size_t f = 0; f < cameras.size(); ++f) {
    if (cameras[f].chunk < 0) continue;
    if (last < cameras.size() && f > last + 1 && cameras[last].chunk == cameras[f].chunk) {
      const double gap_s = problem.frame_time_s[f] - problem.frame_time_s[last];
      if (gap_s <= max_bridge_s) {
        const SolvedCamera& a = cameras[last];
        const SolvedCamera& b = cameras[f];
        const double way = norm(b.map_from_camera.position_m - a.map_from_camera.position_m);
        const double turn =
            angle_between_rad(a.map_from_camera.rotation, b.map_from_camera.rotation);
        for (std::size_t k = last + 1; k < f; ++k) {
          const double u = (problem.frame_time_s[k] - problem.frame_time_s[last]) / gap_s;
          // White acceleration: the variance of a bridge grows as t^3 from either end.
          const double grown = std::pow(4.0 * u * (1.0 - u), 1.5);
          SolvedCamera& c = cameras[k];
          c.chunk = a.chunk;
          c.map_from_camera = interpolate(a.map_from_camera, b.map_from_camera, u);
          c.position_sigma =
              std::max(a.position_sigma, b.position_sigma) + grown * (0.25 * way + 0.05 * gap_s);
          c.rotation_sigma_rad = std::max(a.rotation_sigma_rad, b.rotation_sigma_rad) +
                                 grown * (0.25 * turn + 0.1 * gap_s);
        }
        bridged_s += gap_s;
      }
    }
    last = f;
  }
  return bridged_s;
}

}  // namespace hearth
