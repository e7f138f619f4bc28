// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/camera_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/perceive/camera_map_steps.h"
#include "sim/perceive/camera_median.h"

namespace hearth {
namespace {

constexpr double kKeyframeShiftPx = 20.0;
constexpr double kKeyframeKeptShare = 0.6;
constexpr double kKeyframeGapS = 0.2;
constexpr double kMostKeyframes = 500.0;  // Of a long clip: they lie farther apart.
constexpr double kRetryGain = 1.3;

struct StartPair {
  int a = 0;
  int b = 0;
  double score = 0.0;
};

// Pairs of keyframes by parallax that a rotation cannot explain, times how many points they share.
std::vector<StartPair> rank_pairs(const MapBuilder& builder, const std::vector<int>& keyframes) {
  constexpr std::size_t kReach = 40;
  std::vector<StartPair> pairs;
  for (std::size_t i = 0; i < keyframes.size(); ++i) {
    for (std::size_t k = i + 1; k < std::min(keyframes.size(), i + kReach); ++k) {
      const std::vector<RayPair> shared =
          shared_rays(*builder.problem, builder.by_frame, keyframes[i], keyframes[k]);
      if (static_cast<int>(shared.size()) < builder.options->min_start_points) continue;
      const double focal = builder.problem->focal_px;
      const Quat turn = rotation_between(shared, focal);
      const double parallax_px = median(rotation_residuals_px(shared, turn, focal));
      // A turn hides part of the parallax; what is left must still stand clear of the noise.
      if (parallax_px < 1.0 || parallax_px / focal < 0.15 * builder.options->min_parallax_rad) {
        continue;
      }
      const double count = std::min(1.0, static_cast<double>(shared.size()) / 150.0);
      pairs.push_back(
          {keyframes[i], keyframes[k], std::min(parallax_px / focal, 0.08) * std::sqrt(count)});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const StartPair& x, const StartPair& y) { return x.score > y.score; });
  // Neighbouring pairs say the same: keep the best of each region.
  std::vector<StartPair> kept;
  for (const StartPair& p : pairs) {
    const bool near = std::any_of(kept.begin(), kept.end(), [&p](const StartPair& q) {
      return std::abs(p.a - q.a) + std::abs(p.b - q.b) < 12;
    });
    if (!near) kept.push_back(p);
    if (kept.size() == 4) break;
  }
  return kept;
}

struct Start {
  CameraMap map{};
  double cost = std::numeric_limits<double>::infinity();  // Mean truncated, px^2.
  double parallax_rad = 0.0;
};

// A map of two views and up to six more keyframes that share their points.
Start try_start(const MapBuilder& builder, const std::vector<int>& keyframes, const StartPair& pair,
                const Pose& b_from_a) {
  Start start;
  start.map = empty_map(*builder.problem);
  CameraMap& map = start.map;
  set_camera(map, pair.a, Pose{});
  set_camera(map, pair.b, b_from_a);
  add_points(builder, map);
  adjust_map(builder, map, {pair.a, pair.b}, {pair.a}, 10);
  const double limit = builder.options->max_residual_px;
  if (start_cost(builder, map, {pair.a, pair.b}) > 0.67 * limit * limit) return start;
  std::vector<int> others;
  for (const int f : keyframes) {
    if (f == pair.a || f == pair.b) continue;
    if (shared_rays(*builder.problem, builder.by_frame, f, pair.a).size() >=
        static_cast<std::size_t>(builder.options->min_registered_points)) {
      others.push_back(f);
    }
  }
  const std::size_t step = std::max<std::size_t>(1, (others.size() + 5) / 6);
  for (std::size_t i = step / 2; i < others.size(); i += step)
    register_frame(builder, map, others[i]);
  add_points(builder, map);
  adjust_map(builder, map, map.keyframes, {pair.a}, 15);
  drop_outliers(builder, map);
  add_points(builder, map);
  adjust_map(builder, map, map.keyframes, {pair.a}, 15);
  start.cost = start_cost(builder, map, map.keyframes);
  drop_outliers(builder, map);
  start.parallax_rad = median_angle(map);
  return start;
}

std::optional<CameraMap> best_start(const MapBuilder& builder, const std::vector<int>& keyframes) {
  std::vector<Start> starts;
  for (const StartPair& pair : rank_pairs(builder, keyframes)) {
    const std::vector<RayPair> shared =
        shared_rays(*builder.problem, builder.by_frame, pair.a, pair.b);
    for (const Pose& b_from_a : two_view_starts(shared, builder.problem->focal_px)) {
      Start start = try_start(builder, keyframes, pair, b_from_a);
      const int agreeing = count_points(start.map);
      if (start.parallax_rad < builder.options->min_parallax_rad ||
          agreeing < builder.options->min_start_points) {
        continue;
      }
      starts.push_back(std::move(start));
    }
  }
  double least = std::numeric_limits<double>::infinity();
  for (const Start& s : starts) least = std::min(least, s.cost);
  const Start* best = nullptr;
  for (const Start& s : starts) {
    if (s.cost > 1.15 * least + 0.02) continue;
    if (best == nullptr || s.parallax_rad > best->parallax_rad) best = &s;
  }
  if (best == nullptr) return std::nullopt;
  return best->map;
}

// Adds keyframes, the one that sees most of the map first.
void grow(const MapBuilder& builder, CameraMap& map, const std::vector<int>& keyframes,
          std::size_t most) {
  // Points that a frame saw when it failed: tried again once the map gave it clearly more.
  std::vector<double> failed(static_cast<std::size_t>(builder.problem->frames), 0.0);
  std::size_t since_global = 0;
  while (map.keyframes.size() < most) {
    int best = -1;
    int best_count = builder.options->min_registered_points - 1;
    for (const int f : keyframes) {
      const auto at = static_cast<std::size_t>(f);
      if (map.camera_from_map[at]) continue;
      const int count = count_visible(builder, map, f);
      if (count < kRetryGain * failed[at]) continue;
      if (count > best_count) {
        best_count = count;
        best = f;
      }
    }
    if (best < 0) return;
    if (!register_frame(builder, map, best)) {
      failed[static_cast<std::size_t>(best)] = best_count;
      continue;
    }
    add_points(builder, map);
    adjust_map(builder, map, neighbours(map, best, 8), {}, 8);
    drop_outliers(builder, map);
    if (++since_global >= std::max<std::size_t>(8, map.keyframes.size() / 4)) {
      since_global = 0;
      adjust_map(builder, map, map.keyframes, {map.keyframes.front()}, 8);
      drop_outliers(builder, map);
      add_points(builder, map);
    }
  }
}

std::optional<CameraMap> map_from_cameras(const MapBuilder& builder,
                                          const std::vector<KnownCamera>& known) {
  CameraMap map = empty_map(*builder.problem);
  for (const KnownCamera& c : known) set_camera(map, c.frame, c.camera_from_map);
  for (int round = 0; round < 2; ++round) {
    add_points(builder, map);
    adjust_map(builder, map, map.keyframes, {map.keyframes.front()}, 10);
    drop_outliers(builder, map);
  }
  add_points(builder, map);
  if (count_points(map) < builder.options->min_start_points) return std::nullopt;
  return map;
}

}  // namespace

std::vector<std::vector<FrameSighting>> sightings_by_frame(const CameraProblem& problem) {
  std::vector<std::vector<FrameSighting>> by_frame(static_cast<std::size_t>(problem.frames));
  for (std::size_t t = 0; t < problem.tracks.size(); ++t) {
    const std::vector<RayObservation>& o = problem.tracks[t].observations;
    for (std::size_t i = 0; i < o.size(); ++i) {
      by_frame[static_cast<std::size_t>(o[i].frame)].push_back(
          {static_cast<int>(t), static_cast<int>(i)});
    }
  }
  return by_frame;
}

std::vector<RayPair> shared_rays(const CameraProblem& problem,
                                 const std::vector<std::vector<FrameSighting>>& by_frame, int a,
                                 int b) {
  const std::vector<FrameSighting>& in_a = by_frame[static_cast<std::size_t>(a)];
  const std::vector<FrameSighting>& in_b = by_frame[static_cast<std::size_t>(b)];
  std::vector<RayPair> pairs;
  std::size_t i = 0, k = 0;
  while (i < in_a.size() && k < in_b.size()) {
    if (in_a[i].track < in_b[k].track) {
      ++i;
    } else if (in_a[i].track > in_b[k].track) {
      ++k;
    } else {
      const auto& o = problem.tracks[static_cast<std::size_t>(in_a[i].track)].observations;
      pairs.push_back({o[static_cast<std::size_t>(in_a[i].observation)].ray,
                       o[static_cast<std::size_t>(in_b[k].observation)].ray});
      ++i;
      ++k;
    }
  }
  return pairs;
}

std::vector<int> choose_keyframes(const CameraProblem& problem,
                                  const std::vector<std::vector<FrameSighting>>& by_frame,
                                  const std::vector<int>& frames) {
  std::vector<int> keyframes;
  if (frames.empty()) return keyframes;
  const double all_s = problem.frame_time_s[static_cast<std::size_t>(frames.back())] -
                       problem.frame_time_s[static_cast<std::size_t>(frames.front())];
  const double rest_s = std::max(kKeyframeGapS, all_s / kMostKeyframes);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const int f = frames[i];
    const std::size_t seen = by_frame[static_cast<std::size_t>(f)].size();
    if (seen < 8) continue;
    if (keyframes.empty()) {
      keyframes.push_back(f);
      continue;
    }
    const int last = keyframes.back();
    const std::vector<RayPair> shared = shared_rays(problem, by_frame, last, f);
    std::vector<double> shift_px;
    for (const RayPair& p : shared) shift_px.push_back(problem.focal_px * norm(p.b - p.a));
    const auto kept = static_cast<double>(shared.size());
    const double had =
        static_cast<double>(std::min(seen, by_frame[static_cast<std::size_t>(last)].size()));
    const double gap_s = problem.frame_time_s[static_cast<std::size_t>(f)] -
                         problem.frame_time_s[static_cast<std::size_t>(last)];
    const bool is_last = i + 1 == frames.size();
    if (median(shift_px) >= kKeyframeShiftPx || kept < kKeyframeKeptShare * had ||
        gap_s >= rest_s - 1e-6 || is_last) {
      keyframes.push_back(f);
    }
  }
  return keyframes;
}

std::optional<CameraMap> sketch_map(const CameraProblem& problem, const std::vector<int>& frames,
                                    const TrackCameraOptions& options, std::size_t most,
                                    const std::vector<KnownCamera>& known) {
  const MapBuilder builder{&problem, &options, sightings_by_frame(problem)};
  const std::vector<int> keyframes = choose_keyframes(problem, builder.by_frame, frames);
  std::optional<CameraMap> map =
      known.empty() ? best_start(builder, keyframes) : map_from_cameras(builder, known);
  if (!map) return std::nullopt;
  grow(builder, *map, keyframes, most);
  for (int round = 0; round < 2; ++round) {
    adjust_map(builder, *map, map->keyframes, {map->keyframes.front()}, 15);
    drop_outliers(builder, *map);
    add_points(builder, *map);
  }
  return map;
}

std::optional<CameraMap> build_map(const CameraProblem& problem, const std::vector<int>& frames,
                                   const TrackCameraOptions& options,
                                   const std::vector<KnownCamera>& known) {
  const MapBuilder builder{&problem, &options, sightings_by_frame(problem)};
  const std::vector<int> keyframes = choose_keyframes(problem, builder.by_frame, frames);
  std::optional<CameraMap> map =
      known.empty() ? best_start(builder, keyframes) : map_from_cameras(builder, known);
  if (!map) return std::nullopt;
  grow(builder, *map, keyframes, keyframes.size());
  for (int round = 0; round < 3; ++round) {
    adjust_map(builder, *map, map->keyframes, {map->keyframes.front()}, 20);
    drop_outliers(builder, *map);
    add_points(builder, *map);
  }
  adjust_map(builder, *map, map->keyframes, {map->keyframes.front()}, 30);
  drop_outliers(builder, *map);
  const std::vector<int> grown = map->keyframes;
  for (const int f : frames) {
    if (!map->camera_from_map[static_cast<std::size_t>(f)]) register_frame(builder, *map, f);
  }
  map->keyframes = grown;
  return map;
}

}  // namespace hearth
