// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/camera_map_steps.h"

#include <algorithm>
#include <cmath>

#include "sim/perceive/camera_median.h"

namespace hearth {
namespace {

// Below this angle a point's depth is a guess; it holds a rotation but places no camera.
constexpr double kMatureAngleRad = 0.006;

const RayObservation& observation(const MapBuilder& b, const FrameSighting& s) {
  return b.problem->tracks[static_cast<std::size_t>(s.track)]
      .observations[static_cast<std::size_t>(s.observation)];
}

bool agrees(const CameraMap& map, const FrameSighting& s) {
  return map.agrees[static_cast<std::size_t>(s.track)][static_cast<std::size_t>(s.observation)] !=
         0;
}

std::vector<PosedRay> views_of(const MapBuilder& builder, const CameraMap& map, std::size_t track,
                               const std::vector<char>& is_keyframe, bool agreeing_only) {
  std::vector<PosedRay> views;
  const std::vector<RayObservation>& o = builder.problem->tracks[track].observations;
  for (std::size_t i = 0; i < o.size(); ++i) {
    const auto f = static_cast<std::size_t>(o[i].frame);
    if (is_keyframe[f] == 0 || !map.camera_from_map[f]) continue;
    if (agreeing_only && map.agrees[track][i] == 0) continue;
    views.push_back({*map.camera_from_map[f], o[i].ray});
  }
  return views;
}

std::vector<char> keyframe_flags(const CameraMap& map) {
  std::vector<char> flags(map.camera_from_map.size(), 0);
  for (const int f : map.keyframes) flags[static_cast<std::size_t>(f)] = 1;
  return flags;
}

double worst_residual_px(const std::vector<PosedRay>& views, const HomogeneousPoint& point,
                         double focal_px) {
  double worst = 0.0;
  for (const PosedRay& v : views) {
    const std::optional<Vec2> seen = project_ray(v.camera_from_map, point);
    worst = std::max(worst, seen ? focal_px * norm(*seen - v.ray) : 1e3);
  }
  return worst;
}

// Poses from which the resection of a frame may start: the nearest registered frame on either side,
// turned by what the shared tracks say, and their mean.
std::vector<Pose> resection_guesses(const MapBuilder& builder, const CameraMap& map, int frame) {
  std::vector<Pose> guesses;
  std::vector<int> sides;
  for (int f = frame - 1; f >= 0; --f) {
    if (map.camera_from_map[static_cast<std::size_t>(f)]) {
      sides.push_back(f);
      break;
    }
  }
  for (int f = frame + 1; f < builder.problem->frames; ++f) {
    if (map.camera_from_map[static_cast<std::size_t>(f)]) {
      sides.push_back(f);
      break;
    }
  }
  for (const int side : sides) {
    const Pose near = *map.camera_from_map[static_cast<std::size_t>(side)];
    const std::vector<RayPair> shared =
        shared_rays(*builder.problem, builder.by_frame, side, frame);
    guesses.push_back(near);
    if (shared.size() >= 6) {
      const Quat turn = rotation_between(shared, builder.problem->focal_px);
      guesses.push_back(Pose{{}, turn} * near);  // The camera centre stays, the view turns.
    }
  }
  if (sides.size() == 2) {
    const double u = static_cast<double>(frame - sides[0]) / (sides[1] - sides[0]);
    guesses.push_back(
        inverse(interpolate(inverse(*map.camera_from_map[static_cast<std::size_t>(sides[0])]),
                            inverse(*map.camera_from_map[static_cast<std::size_t>(sides[1])]), u)));
  }
  return guesses;
}

}  // namespace

CameraMap empty_map(const CameraProblem& problem) {
  CameraMap map;
  map.camera_from_map.resize(static_cast<std::size_t>(problem.frames));
  map.points.resize(problem.tracks.size());
  map.angle_rad.assign(problem.tracks.size(), 0.0);
  map.agrees.resize(problem.tracks.size());
  for (std::size_t t = 0; t < problem.tracks.size(); ++t) {
    map.agrees[t].assign(problem.tracks[t].observations.size(), 1);
  }
  return map;
}

void set_camera(CameraMap& map, int frame, const Pose& camera_from_map) {
  map.camera_from_map[static_cast<std::size_t>(frame)] = camera_from_map;
  const auto at = std::lower_bound(map.keyframes.begin(), map.keyframes.end(), frame);
  if (at == map.keyframes.end() || *at != frame) map.keyframes.insert(at, frame);
}

bool register_frame(const MapBuilder& builder, CameraMap& map, int frame) {
  std::vector<Sighting> mature, all;
  for (const FrameSighting& s : builder.by_frame[static_cast<std::size_t>(frame)]) {
    const auto t = static_cast<std::size_t>(s.track);
    if (!map.points[t]) continue;
    all.push_back({*map.points[t], observation(builder, s).ray});
    if (map.angle_rad[t] >= kMatureAngleRad) mature.push_back(all.back());
  }
  const auto enough = static_cast<std::size_t>(builder.options->min_registered_points);
  const std::vector<Sighting>& used = mature.size() >= 2 * enough ? mature : all;
  if (used.size() < enough) return false;
  std::vector<Pose> guesses = resection_guesses(builder, map, frame);
  const auto solve = [&] {
    return resect(used, guesses, builder.problem->focal_px, builder.options->huber_px,
                  builder.options->max_residual_px);
  };
  const auto holds = [&](const Resection& r) {
    return r.inliers >= builder.options->min_registered_points &&
           2 * static_cast<std::size_t>(r.inliers) >= used.size();
  };
  Resection found = solve();
  if (!holds(found)) {
    const std::optional<Pose> drawn =
        resection_by_samples(used, builder.problem->focal_px, builder.options->max_residual_px);
    if (!drawn) return false;
    guesses = {*drawn};
    found = solve();
    if (!holds(found)) return false;
  }
  set_camera(map, frame, found.camera_from_map);
  return true;
}

void add_points(const MapBuilder& builder, CameraMap& map) {
  const std::vector<char> is_keyframe = keyframe_flags(map);
  for (std::size_t t = 0; t < map.points.size(); ++t) {
    if (map.points[t]) continue;
    const std::vector<PosedRay> views = views_of(builder, map, t, is_keyframe, false);
    if (views.size() < 2) continue;
    const std::optional<HomogeneousPoint> point = triangulate(views);
    if (!point) continue;
    const double limit = builder.options->max_residual_px;
    if (worst_residual_px(views, *point, builder.problem->focal_px) > limit) continue;
    map.points[t] = point;
    map.angle_rad[t] = widest_angle_rad(views);
    std::fill(map.agrees[t].begin(), map.agrees[t].end(), char{1});
  }
}

MapBundle bundle_of(const MapBuilder& builder, const CameraMap& map,
                    const std::vector<int>& frames) {
  MapBundle out;
  out.frames = frames;
  std::vector<int> point_index(map.points.size(), -1);
  for (std::size_t c = 0; c < frames.size(); ++c) {
    const auto f = static_cast<std::size_t>(frames[c]);
    out.bundle.camera_from_map.push_back(map.camera_from_map[f].value_or(Pose{}));
    if (!map.camera_from_map[f]) continue;
    for (const FrameSighting& s : builder.by_frame[f]) {
      const auto t = static_cast<std::size_t>(s.track);
      if (!map.points[t] || !agrees(map, s)) continue;
      if (point_index[t] < 0) {
        point_index[t] = static_cast<int>(out.tracks.size());
        out.tracks.push_back(s.track);
        out.bundle.points.push_back(*map.points[t]);
      }
      out.bundle.observations.push_back(
          {static_cast<int>(c), point_index[t], observation(builder, s).ray});
    }
  }
  out.bundle.camera_fixed.assign(frames.size(), 0);
  return out;
}

void adjust_map(const MapBuilder& builder, CameraMap& map, const std::vector<int>& frames,
                const std::vector<int>& fixed, int iterations) {
  std::vector<char> moves(map.camera_from_map.size(), 0);
  for (const int f : frames) moves[static_cast<std::size_t>(f)] = 1;
  for (const int f : fixed) moves[static_cast<std::size_t>(f)] = 0;
  // Points of the moving frames; the other keyframes that see them hold the gauge.
  std::vector<char> touched(map.points.size(), 0);
  for (const int f : frames) {
    for (const FrameSighting& s : builder.by_frame[static_cast<std::size_t>(f)]) {
      touched[static_cast<std::size_t>(s.track)] = 1;
    }
  }
  MapBundle all = bundle_of(builder, map, map.keyframes);
  Bundle& bundle = all.bundle;
  std::erase_if(bundle.observations, [&](const BundleObservation& o) {
    return touched[static_cast<std::size_t>(all.tracks[static_cast<std::size_t>(o.point)])] == 0;
  });
  for (std::size_t c = 0; c < all.frames.size(); ++c) {
    bundle.camera_fixed[c] = moves[static_cast<std::size_t>(all.frames[c])] == 0 ? 1 : 0;
  }
  if (std::count(bundle.camera_fixed.begin(), bundle.camera_fixed.end(), 1) == 0) {
    bundle.camera_fixed.front() = 1;
  }
  if (!adjust(bundle, {builder.problem->focal_px, builder.options->huber_px, iterations})) return;
  for (std::size_t c = 0; c < all.frames.size(); ++c) {
    map.camera_from_map[static_cast<std::size_t>(all.frames[c])] = bundle.camera_from_map[c];
  }
  for (std::size_t p = 0; p < all.tracks.size(); ++p) {
    map.points[static_cast<std::size_t>(all.tracks[p])] = bundle.points[p];
  }
}

void drop_outliers(const MapBuilder& builder, CameraMap& map) {
  const std::vector<char> is_keyframe = keyframe_flags(map);
  const double limit = builder.options->max_residual_px;
  for (std::size_t t = 0; t < map.points.size(); ++t) {
    if (!map.points[t]) continue;
    const std::vector<RayObservation>& o = builder.problem->tracks[t].observations;
    int good = 0, seen = 0;
    for (std::size_t i = 0; i < o.size(); ++i) {
      const auto f = static_cast<std::size_t>(o[i].frame);
      if (is_keyframe[f] == 0 || !map.camera_from_map[f]) continue;
      ++seen;
      const std::optional<Vec2> at = project_ray(*map.camera_from_map[f], *map.points[t]);
      const bool ok = at && builder.problem->focal_px * norm(*at - o[i].ray) <= limit;
      map.agrees[t][i] = ok ? 1 : 0;
      good += ok ? 1 : 0;
    }
    if (good < 2 || 3 * good < 2 * seen) {
      map.points[t].reset();
      map.angle_rad[t] = 0.0;
      continue;
    }
    map.angle_rad[t] = widest_angle_rad(views_of(builder, map, t, is_keyframe, true));
  }
}

double start_cost(const MapBuilder& builder, const CameraMap& map, const std::vector<int>& frames) {
  const double limit2 = builder.options->max_residual_px * builder.options->max_residual_px;
  std::vector<int> times_seen(map.points.size(), 0);
  for (const int f : frames) {
    for (const FrameSighting& s : builder.by_frame[static_cast<std::size_t>(f)]) {
      ++times_seen[static_cast<std::size_t>(s.track)];
    }
  }
  double sum = 0.0;
  int count = 0;
  for (const int f : frames) {
    const std::optional<Pose>& pose = map.camera_from_map[static_cast<std::size_t>(f)];
    if (!pose) continue;
    for (const FrameSighting& s : builder.by_frame[static_cast<std::size_t>(f)]) {
      const auto t = static_cast<std::size_t>(s.track);
      if (times_seen[t] < 2) continue;
      ++count;
      if (!map.points[t]) {
        sum += limit2;
        continue;
      }
      const std::optional<Vec2> seen = project_ray(*pose, *map.points[t]);
      if (!seen) {
        sum += limit2;
        continue;
      }
      const Vec2 r = builder.problem->focal_px * (*seen - observation(builder, s).ray);
      sum += std::min(limit2, dot(r, r));
    }
  }
  return count == 0 ? 1e9 : sum / count;
}

double median_angle(const CameraMap& map) {
  std::vector<double> angles;
  for (std::size_t t = 0; t < map.points.size(); ++t) {
    if (map.points[t]) angles.push_back(map.angle_rad[t]);
  }
  return median(std::move(angles));
}

int count_points(const CameraMap& map) {
  int count = 0;
  for (const auto& p : map.points) count += p ? 1 : 0;
  return count;
}

int count_visible(const MapBuilder& builder, const CameraMap& map, int frame) {
  int count = 0;
  for (const FrameSighting& s : builder.by_frame[static_cast<std::size_t>(frame)]) {
    count += map.points[static_cast<std::size_t>(s.track)] ? 1 : 0;
  }
  return count;
}

std::vector<int> neighbours(const CameraMap& map, int frame, std::size_t count) {
  std::vector<int> near = map.keyframes;
  std::stable_sort(near.begin(), near.end(),
                   [frame](int a, int b) { return std::abs(a - frame) < std::abs(b - frame); });
  if (near.size() > count) near.resize(count);
  std::sort(near.begin(), near.end());
  return near;
}

}  // namespace hearth
