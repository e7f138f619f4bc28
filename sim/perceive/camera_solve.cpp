// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/camera_solve.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/perceive/camera_map_steps.h"
#include "sim/perceive/camera_median.h"

namespace hearth {
namespace {

// Points seen under a smaller angle have no depth worth stating.
constexpr double kStatedAngleRad = 0.01;
// Errors of one followed point are alike from frame to frame: the sigmas of independent noise are
// too small by about this factor (compared with film truth).
constexpr double kSigmaInflation = 4.0;
constexpr int kLeastChunkFrames = 15;
constexpr double kWeakPoseSigmas = 3.0;  // A pose that few points hold.
// A wrong focal length bends rays by some pixels towards the border; the map must survive it.
constexpr double kGuessedFocalSlack = 1.7;

// Runs of frames without a pose and with tracks, at least kLeastChunkFrames long.
std::vector<std::vector<int>> open_runs(const std::vector<char>& registered,
                                        const std::vector<char>& usable) {
  std::vector<std::vector<int>> runs;
  std::vector<int> run;
  for (std::size_t f = 0; f <= registered.size(); ++f) {
    if (f < registered.size() && registered[f] == 0) {
      if (usable[f] != 0) run.push_back(static_cast<int>(f));
      continue;
    }
    if (static_cast<int>(run.size()) >= kLeastChunkFrames) runs.push_back(run);
    run.clear();
  }
  return runs;
}

std::vector<CameraMap> build_maps(const CameraProblem& problem, const TrackCameraOptions& options,
                                  const std::vector<std::vector<FrameSighting>>& by_frame,
                                  const std::vector<KnownCamera>& known) {
  std::vector<char> registered(static_cast<std::size_t>(problem.frames), 0);
  std::vector<char> usable(registered.size(), 0);
  for (std::size_t f = 0; f < usable.size(); ++f) usable[f] = by_frame[f].size() >= 8 ? 1 : 0;
  std::vector<CameraMap> maps;
  std::vector<std::vector<int>> tried;
  while (maps.size() < 20) {
    bool found = false;
    for (const std::vector<int>& run : open_runs(registered, usable)) {
      if (std::find(tried.begin(), tried.end(), run) != tried.end()) continue;
      tried.push_back(run);
      const bool starts_here = maps.empty() && !known.empty() &&
                               std::binary_search(run.begin(), run.end(), known.front().frame);
      std::optional<CameraMap> map =
          build_map(problem, run, options, starts_here ? known : std::vector<KnownCamera>{});
      if (!map) continue;
      for (const int f : run) {
        if (map->camera_from_map[static_cast<std::size_t>(f)])
          registered[static_cast<std::size_t>(f)] = 1;
      }
      maps.push_back(std::move(*map));
      found = true;
      break;
    }
    if (!found) break;
  }
  std::stable_sort(maps.begin(), maps.end(), [](const CameraMap& a, const CameraMap& b) {
    const auto count = [](const CameraMap& m) {
      return std::count_if(m.camera_from_map.begin(), m.camera_from_map.end(),
                           [](const auto& p) { return p.has_value(); });
    };
    return count(a) > count(b);
  });
  return maps;
}

// Keyframes for the covariance: at most 60, the first and last among them.
std::vector<int> covariance_frames(const std::vector<int>& keyframes) {
  constexpr std::size_t kMost = 60;
  if (keyframes.size() <= kMost) return keyframes;
  std::vector<int> some;
  for (std::size_t i = 0; i < kMost; ++i) {
    some.push_back(keyframes[i * (keyframes.size() - 1) / (kMost - 1)]);
  }
  return some;
}

// Sigmas per frame in the map's own unit, interpolated between keyframes.
void fill_sigmas(const CameraProblem& problem, const TrackCameraOptions& options,
                 const CameraMap& map, int origin, double noise_px,
                 std::vector<SolvedCamera>& cameras) {
  MapBuilder builder{&problem, &options, sightings_by_frame(problem)};
  std::vector<int> frames = covariance_frames(map.keyframes);
  if (std::find(frames.begin(), frames.end(), origin) == frames.end()) {
    frames.insert(frames.begin(), origin);
  }
  MapBundle all = bundle_of(builder, map, frames);
  // In the gauge of the origin camera.
  const Pose map_from_origin = inverse(*map.camera_from_map[static_cast<std::size_t>(origin)]);
  const Pose origin_from_map = inverse(map_from_origin);
  std::size_t far = 0;
  double far_way = -1.0;
  for (std::size_t c = 0; c < frames.size(); ++c) {
    Pose& pose = all.bundle.camera_from_map[c];
    pose = pose * map_from_origin;
    const double way = norm(pose.position_m);
    if (way > far_way) {
      far_way = way;
      far = c;
    }
  }
  for (HomogeneousPoint& p : all.bundle.points) {
    const Vec3 x =
        origin_from_map.rotation * Vec3{p[0], p[1], p[2]} + p[3] * origin_from_map.position_m;
    p = {x.x, x.y, x.z, p[3]};
  }
  const auto at =
      static_cast<std::size_t>(std::find(frames.begin(), frames.end(), origin) - frames.begin());
  const std::vector<CameraSigma> sigmas =
      camera_sigmas(all.bundle, problem.focal_px, static_cast<int>(at), static_cast<int>(far));
  for (std::size_t f = 0; f < cameras.size(); ++f) {
    if (!map.camera_from_map[f]) continue;
    const auto after = std::lower_bound(frames.begin(), frames.end(), static_cast<int>(f));
    CameraSigma s{1e-3, 1e-3};
    if (!sigmas.empty()) {
      const auto hi = static_cast<std::size_t>(
          std::min(after - frames.begin(), static_cast<std::ptrdiff_t>(frames.size()) - 1));
      const std::size_t lo = hi == 0 ? 0 : hi - 1;
      s.position = std::max(sigmas[lo].position, sigmas[hi].position);
      s.rotation_rad = std::max(sigmas[lo].rotation_rad, sigmas[hi].rotation_rad);
    }
    cameras[f].position_sigma = kSigmaInflation * noise_px * s.position;
    cameras[f].rotation_sigma_rad = kSigmaInflation * noise_px * s.rotation_rad;
  }
}

struct MapNumbers {
  double sum_px2 = 0.0;
  std::int64_t observations = 0;
};

// Points of one map in its origin camera and unit, cameras likewise.
void add_map(const CameraProblem& problem, const TrackCameraOptions& options, const CameraMap& map,
             int chunk, CameraSolution& solution, MapNumbers& numbers) {
  int origin = 0;
  while (!map.camera_from_map[static_cast<std::size_t>(origin)]) ++origin;
  const Pose origin_from_map = *map.camera_from_map[static_cast<std::size_t>(origin)];
  std::vector<SolvedPoint> points;
  std::vector<double> depths;
  const double limit = options.max_residual_px;
  std::vector<int> close(map.camera_from_map.size(), 0);  // Per frame: points well in place.
  double sum_px2 = 0.0;
  std::int64_t count = 0;
  for (std::size_t t = 0; t < map.points.size(); ++t) {
    if (!map.points[t]) continue;
    const HomogeneousPoint& h = *map.points[t];
    SolvedPoint point;
    point.track = static_cast<int>(t);
    point.chunk = chunk;
    point.angle_rad = map.angle_rad[t];
    double sum = 0.0;
    for (const RayObservation& o : problem.tracks[t].observations) {
      const auto& pose = map.camera_from_map[static_cast<std::size_t>(o.frame)];
      const std::optional<Vec2> seen = pose ? project_ray(*pose, h) : std::nullopt;
      if (!seen) continue;
      const double r = problem.focal_px * norm(*seen - o.ray);
      if (r > limit) continue;
      if (r <= options.observed_px) ++close[static_cast<std::size_t>(o.frame)];
      sum += r * r;
      ++point.observations;
    }
    if (point.observations < 3) continue;
    point.rms_px = std::sqrt(sum / point.observations);
    sum_px2 += sum;
    count += point.observations;
    if (point.angle_rad < kStatedAngleRad || !(h[3] > 1e-9)) continue;
    const Vec3 x =
        origin_from_map.rotation * Vec3{h[0], h[1], h[2]} + h[3] * origin_from_map.position_m;
    point.p_in_map = (1.0 / h[3]) * x;
    if (point.p_in_map.z > 0.0) depths.push_back(point.p_in_map.z);
    points.push_back(point);
  }
  const double unit = depths.empty() ? 1.0 : median(std::move(depths));
  for (SolvedPoint& p : points) {
    p.p_in_map = (1.0 / unit) * p.p_in_map;
    solution.points.push_back(p);
  }
  std::vector<SolvedCamera> cameras(map.camera_from_map.size());
  const double noise_px = count > 0 ? std::sqrt(0.5 * sum_px2 / static_cast<double>(count)) : 1.0;
  fill_sigmas(problem, options, map, origin, noise_px, cameras);
  for (std::size_t f = 0; f < cameras.size(); ++f) {
    if (!map.camera_from_map[f]) continue;
    SolvedCamera& out = solution.cameras[f];
    out = cameras[f];
    out.chunk = chunk;
    out.observed = close[f] >= options.min_observed_points;
    if (!out.observed) {
      out.position_sigma *= kWeakPoseSigmas;
      out.rotation_sigma_rad *= kWeakPoseSigmas;
    }
    out.map_from_camera =
        static_cast<int>(f) == origin ? Pose{} : origin_from_map * inverse(*map.camera_from_map[f]);
    out.map_from_camera.position_m = (1.0 / unit) * out.map_from_camera.position_m;
    out.position_sigma /= unit;
  }
  numbers.sum_px2 += sum_px2;
  numbers.observations += count;
  solution.keyframes += static_cast<int>(map.keyframes.size());
}

CameraSolution still_camera(const CameraProblem& problem, const TrackCameraOptions& options) {
  CameraSolution solution;
  solution.is_static = true;
  solution.chunks = 1;
  solution.cameras.assign(static_cast<std::size_t>(problem.frames), SolvedCamera{});
  for (SolvedCamera& c : solution.cameras) {
    c.chunk = 0;
    c.observed = true;
    c.rotation_sigma_rad = options.static_px / problem.focal_px;
    c.position_sigma = options.static_px / problem.focal_px;
  }
  return solution;
}

// The lens by the first run of frames whose motion tells it.
std::optional<Calibration> calibrate_clip(const CameraProblem& problem,
                                          const std::vector<std::vector<FrameSighting>>& by_frame,
                                          const TrackCameraOptions& options) {
  std::vector<char> nothing(by_frame.size(), 0), usable(by_frame.size(), 0);
  for (std::size_t f = 0; f < usable.size(); ++f) usable[f] = by_frame[f].size() >= 8 ? 1 : 0;
  for (const std::vector<int>& run : open_runs(nothing, usable)) {
    std::optional<Calibration> lens = calibrate(problem, run, problem.guess_sigma_share, options);
    if (lens) return lens;
  }
  return std::nullopt;
}

}  // namespace

CameraSolution solve_camera(const CameraProblem& given, const TrackCameraOptions& given_options,
                            Diagnostics& diagnostics) {
  std::vector<std::vector<FrameSighting>> by_frame = sightings_by_frame(given);
  if (camera_is_static(given, by_frame, given_options.static_px)) {
    diagnostics.add(Severity::note, "camera_static", "the camera does not move");
    return still_camera(given, given_options);
  }
  CameraProblem problem = given;
  TrackCameraOptions options = given_options;
  const bool guessed = given.guess_sigma_share > 0.0;
  const std::optional<Calibration> lens =
      guessed ? calibrate_clip(given, by_frame, options) : std::nullopt;
  if (lens) {
    problem = seen_through(given, lens->estimate.lens);
    by_frame = sightings_by_frame(problem);
  } else if (guessed) {
    options.max_residual_px *= kGuessedFocalSlack;
  }
  const std::vector<CameraMap> maps =
      build_maps(problem, options, by_frame, lens ? lens->cameras : std::vector<KnownCamera>{});
  CameraSolution solution;
  if (maps.empty()) {
    solution = solve_rotation(problem, by_frame, options);
    diagnostics.add(
        Severity::warning, "rotation_only",
        "no two views are far enough apart for depth; the camera path holds turns only");
  } else {
    solution.cameras.resize(static_cast<std::size_t>(problem.frames));
    MapNumbers numbers;
    for (std::size_t m = 0; m < maps.size(); ++m) {
      add_map(problem, options, maps[m], static_cast<int>(m), solution, numbers);
    }
    solution.chunks = static_cast<int>(maps.size());
    if (numbers.observations > 0) {
      solution.rms_px = std::sqrt(numbers.sum_px2 / static_cast<double>(numbers.observations));
    }
    std::vector<double> angles;
    for (const SolvedPoint& p : solution.points) angles.push_back(p.angle_rad);
    solution.parallax_rad = median(std::move(angles));
    if (solution.parallax_rad < 2.0 * options.min_parallax_rad) {
      diagnostics.add(Severity::warning, "weak_parallax",
                      "half of the scene points are seen under less than " +
                          std::to_string(solution.parallax_rad * 57.29577951308232) +
                          " deg: depths are rough");
    }
  }
  if (lens) solution.lens = lens->estimate;
  solution.bridged_s = bridge_cameras(problem, options.max_bridge_s, solution.cameras);
  if (solution.bridged_s > 0.0) {
    diagnostics.add(Severity::warning, "camera_bridged",
                    std::to_string(solution.bridged_s) +
                        " s of the camera path are interpolated between registered frames");
  }
  if (solution.chunks > 1) {
    diagnostics.add(Severity::warning, "camera_chunks",
                    "the camera path falls into " + std::to_string(solution.chunks) +
                        " parts that share no point and no unit");
  }
  return solution;
}

}  // namespace hearth
