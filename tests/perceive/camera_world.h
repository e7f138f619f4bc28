// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A synthetic room of points, a head that moves, and what a tracker would see of it.

#include <hearth/core/rng.h>

#include <cmath>
#include <vector>

#include "sim/perceive/camera_solve.h"

namespace hearth::test {

struct CameraWorldOptions {
  int frames = 150;
  double rate_hz = 30.0;
  int points = 260;
  double focal_px = 520.0;
  double width_px = 640.0;
  double height_px = 480.0;
  double sway_m = 0.06;    ///< Half the extent of the head's path.
  double turn_rad = 0.12;  ///< Half the extent of its turns.
  double noise_px = 0.3;
  double walk_px = 0.02;       ///< Drift of a track per frame.
  double outlier_share = 0.1;  ///< Tracks that belong to something moving.
  int blind_from = -1;         ///< Frames [blind_from, blind_to) see nothing ...
  int blind_to = -1;
  bool cut = false;  ///< ... and no track survives them.
  std::uint64_t seed = 1;
};

struct CameraWorld {
  CameraProblem problem{};
  std::vector<Pose> world_from_camera{};
  std::vector<Vec3> points{};
  std::vector<char> moves{};  ///< Per track.
};

/// Camera looks down at a table (0.75 m below), a wall behind it and things on the table.
inline CameraWorld make_camera_world(const CameraWorldOptions& o) {
  CameraWorld w;
  Rng rng(o.seed, 0, "camera_world");
  const double fx = rng.uniform(0.2, 0.5), fy = rng.uniform(0.2, 0.5);
  const double px = rng.uniform(0, 6.28), py = rng.uniform(0, 6.28), pz = rng.uniform(0, 6.28);
  for (int i = 0; i < o.frames; ++i) {
    const double t = i / o.rate_hz;
    const Vec3 sway{o.sway_m * std::sin(6.28 * fx * t + px),
                    0.6 * o.sway_m * std::sin(6.28 * fy * t + py),
                    0.7 * o.sway_m * std::sin(6.28 * 0.31 * t + pz)};
    const Vec3 turn{o.turn_rad * std::sin(6.28 * 0.27 * t + py),
                    o.turn_rad * std::sin(6.28 * fx * t + pz),
                    0.3 * o.turn_rad * std::sin(6.28 * 0.4 * t + px)};
    w.world_from_camera.push_back({sway, quat_from_rotation_vector(turn)});
    w.problem.frame_time_s.push_back(t);
  }
  w.problem.frames = o.frames;
  w.problem.focal_px = o.focal_px;
  for (int k = 0; k < o.points; ++k) {
    const double u = rng.uniform(-1.0, 1.0), v = rng.uniform(-0.8, 0.8);
    double z = rng.uniform() < 0.6 ? 0.75 / (0.9 + 0.45 * v) : 1.6;  // Tilted table, far wall.
    if (rng.uniform() < 0.2) z *= rng.uniform(0.75, 0.95);           // Something on it.
    w.points.push_back({u * z * 0.62, v * z * 0.5, z});
    w.moves.push_back(rng.uniform() < o.outlier_share ? 1 : 0);
  }
  for (int k = 0; k < o.points; ++k) {
    RayTrack track;
    Rng noise(o.seed, static_cast<std::uint64_t>(k), "noise");
    Vec2 walk{};
    const Vec3 drift{noise.normal() * 0.05, noise.normal() * 0.05, 0.0};
    const int born = static_cast<int>(noise.uniform(0.0, 0.3) * o.frames);
    for (int i = 0; i < o.frames; ++i) {
      if (i >= o.blind_from && i < o.blind_to) {
        if (o.cut && !track.observations.empty()) break;
        continue;
      }
      if (i < born && k % 3 != 0 && !(o.cut && i < o.blind_from)) continue;
      if (o.cut && o.blind_to > 0 && ((k % 2 == 0) != (i < o.blind_from))) continue;
      Vec3 p = w.points[static_cast<std::size_t>(k)];
      if (w.moves[static_cast<std::size_t>(k)] != 0) {
        p = p + (4.0 * std::sin(i / o.rate_hz)) * drift;
      }
      const Vec3 c = inverse(w.world_from_camera[static_cast<std::size_t>(i)]) * p;
      const Vec2 ray{c.x / c.z, c.y / c.z};
      const bool seen = std::abs(ray.x) * o.focal_px < 0.5 * o.width_px &&
                        std::abs(ray.y) * o.focal_px < 0.5 * o.height_px;
      if (!seen) {
        if (track.observations.empty()) continue;
        break;
      }
      walk = walk + Vec2{o.walk_px * noise.normal(), o.walk_px * noise.normal()};
      const Vec2 error = walk + Vec2{o.noise_px * noise.normal(), o.noise_px * noise.normal()};
      track.observations.push_back({i, ray + (1.0 / o.focal_px) * error});
    }
    w.problem.tracks.push_back(std::move(track));
  }
  return w;
}

struct PathError {
  double rotation_median_rad = 0.0;
  double position_median_m = 0.0;
  double extent_m = 0.0;
  double scale = 0.0;  ///< Metres per map unit, least squares on the path.
};

/// Errors after the first observed camera is laid on truth and one scale is fitted.
inline PathError path_error(const std::vector<Pose>& world_from_camera,
                            const std::vector<SolvedCamera>& cameras, int chunk = 0) {
  PathError e;
  int first = -1;
  double dot_sum = 0.0, square_sum = 0.0;
  std::vector<double> turns, ways;
  for (int pass = 0; pass < 2; ++pass) {
    for (std::size_t i = 0; i < cameras.size(); ++i) {
      if (cameras[i].chunk != chunk || !cameras[i].observed) continue;
      if (first < 0) first = static_cast<int>(i);
      const Pose truth =
          inverse(world_from_camera[static_cast<std::size_t>(first)]) * world_from_camera[i];
      const Pose found = inverse(cameras[static_cast<std::size_t>(first)].map_from_camera) *
                         cameras[i].map_from_camera;
      if (pass == 0) {
        dot_sum += dot(truth.position_m, found.position_m);
        square_sum += dot(found.position_m, found.position_m);
        e.extent_m = std::max(e.extent_m, norm(truth.position_m));
        turns.push_back(angle_between_rad(truth.rotation, found.rotation));
      } else {
        ways.push_back(norm(truth.position_m - e.scale * found.position_m));
      }
    }
    e.scale = square_sum > 0.0 ? dot_sum / square_sum : 0.0;
  }
  const auto middle = [](std::vector<double> v) {
    if (v.empty()) return 1e9;
    std::sort(v.begin(), v.end());
    return v[v.size() / 2];
  };
  e.rotation_median_rad = middle(turns);
  e.position_median_m = middle(ways);
  return e;
}

}  // namespace hearth::test
