// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "camera_world.h"

namespace hearth {
namespace {

using test::CameraWorld;
using test::CameraWorldOptions;
using test::make_camera_world;
using test::path_error;
using test::PathError;

// The constant baseline: a camera frozen at its first pose.
std::vector<SolvedCamera> frozen(std::size_t frames) {
  std::vector<SolvedCamera> cameras(frames);
  for (SolvedCamera& c : cameras) {
    c.chunk = 0;
    c.observed = true;
  }
  return cameras;
}

int count_observed(const CameraSolution& s, int chunk) {
  return static_cast<int>(
      std::count_if(s.cameras.begin(), s.cameras.end(),
                    [chunk](const SolvedCamera& c) { return c.observed && c.chunk == chunk; }));
}

TEST_CASE("noise-free tracks give the camera path and the points back exactly") {
  CameraWorldOptions o;
  o.noise_px = 0.0;
  o.walk_px = 0.0;
  o.outlier_share = 0.0;
  const CameraWorld world = make_camera_world(o);
  Diagnostics diagnostics;
  const CameraSolution s = solve_camera(world.problem, {}, diagnostics);
  REQUIRE(diagnostics.empty());
  REQUIRE(count_observed(s, 0) == o.frames);
  const PathError e = path_error(world.world_from_camera, s.cameras);
  // Bundle adjustment stops at a relative change of 1e-5 of a cost that is nearly zero.
  CHECK(e.rotation_median_rad < 1e-4);
  CHECK(e.position_median_m < 1e-4);
  REQUIRE(s.points.size() > 100);
  const Pose camera_from_world = inverse(world.world_from_camera[0]);
  for (const SolvedPoint& p : s.points) {
    const Vec3 truth = camera_from_world * world.points[static_cast<std::size_t>(p.track)];
    CHECK(norm(truth - e.scale * p.p_in_map) < 0.01 * norm(truth));
  }
}

TEST_CASE("a swaying head is followed within the floor, far better than a frozen camera") {
  const auto seed = static_cast<std::uint64_t>(GENERATE(range(1, 5)));
  CAPTURE(seed);
  CameraWorldOptions o;
  o.seed = seed;
  const CameraWorld world = make_camera_world(o);
  Diagnostics diagnostics;
  const CameraSolution s = solve_camera(world.problem, {}, diagnostics);
  CHECK(diagnostics.empty());
  CHECK(count_observed(s, 0) == o.frames);
  const PathError e = path_error(world.world_from_camera, s.cameras);
  const PathError base = path_error(world.world_from_camera, frozen(s.cameras.size()));
  CAPTURE(e.rotation_median_rad, e.position_median_m, e.extent_m, base.position_median_m,
          base.rotation_median_rad, s.rms_px, s.parallax_rad);
  CHECK(e.rotation_median_rad < 0.0087);  // Half a degree: half the floor of the issue.
  CHECK(e.position_median_m < 0.008);
  CHECK(e.position_median_m < 0.125 * e.extent_m);
  CHECK(e.position_median_m < 0.3 * base.position_median_m);
  CHECK(e.rotation_median_rad < 0.3 * base.rotation_median_rad);
  CHECK(s.rms_px < 1.0);
}

TEST_CASE("stated sigmas are neither lies nor empty", "[slow]") {
  double inside = 0.0, judged = 0.0;
  for (std::uint64_t seed = 11; seed < 14; ++seed) {
    CameraWorldOptions o;
    o.seed = seed;
    const CameraWorld world = make_camera_world(o);
    Diagnostics diagnostics;
    const CameraSolution s = solve_camera(world.problem, {}, diagnostics);
    const PathError e = path_error(world.world_from_camera, s.cameras);
    for (std::size_t i = 10; i < s.cameras.size(); i += 5) {
      const Pose truth = inverse(world.world_from_camera[0]) * world.world_from_camera[i];
      const double way = norm(truth.position_m - e.scale * s.cameras[i].map_from_camera.position_m);
      const double sigma = e.scale * s.cameras[i].position_sigma;
      CHECK(sigma > 0.0);
      CHECK(sigma < 0.05);
      judged += 1.0;
      if (way < 3.0 * sigma) inside += 1.0;  // Three axes of one sigma each: chi 3 at 2.8.
    }
  }
  CAPTURE(inside / judged);
  CHECK(inside > 0.8 * judged);
}

TEST_CASE("a camera that stands still is recognised exactly") {
  CameraWorldOptions o;
  o.sway_m = 0.0;
  o.turn_rad = 0.0;
  o.noise_px = 0.1;
  o.walk_px = 0.0;
  o.outlier_share = 0.5;
  const CameraWorld world = make_camera_world(o);
  Diagnostics diagnostics;
  const CameraSolution s = solve_camera(world.problem, {}, diagnostics);
  REQUIRE(s.is_static);
  CHECK(diagnostics.contains("camera_static"));
  for (const SolvedCamera& c : s.cameras) {
    CHECK(c.observed);
    CHECK(c.map_from_camera == Pose{});
  }
}

TEST_CASE("a slow drift is not taken for a static camera") {
  CameraWorldOptions o;
  o.sway_m = 0.01;
  o.turn_rad = 0.01;
  const CameraWorld world = make_camera_world(o);
  Diagnostics diagnostics;
  CHECK_FALSE(solve_camera(world.problem, {}, diagnostics).is_static);
}

TEST_CASE("pure turns give turns, no depth, and say so") {
  const auto seed = static_cast<std::uint64_t>(GENERATE(range(1, 5)));
  CAPTURE(seed);
  CameraWorldOptions o;
  o.seed = seed;
  o.sway_m = 0.0;
  const CameraWorld world = make_camera_world(o);
  Diagnostics diagnostics;
  const CameraSolution s = solve_camera(world.problem, {}, diagnostics);
  REQUIRE(s.rotation_only);
  CHECK(diagnostics.contains("rotation_only"));
  CHECK(s.points.empty());
  for (const SolvedCamera& c : s.cameras) CHECK(c.map_from_camera.position_m == Vec3{});
  CHECK(path_error(world.world_from_camera, s.cameras).rotation_median_rad < 0.005);
}

TEST_CASE("a short blind stretch is bridged and marked") {
  CameraWorldOptions o;
  o.blind_from = 60;
  o.blind_to = 68;
  const CameraWorld world = make_camera_world(o);
  Diagnostics diagnostics;
  const CameraSolution s = solve_camera(world.problem, {}, diagnostics);
  CHECK(diagnostics.contains("camera_bridged"));
  CHECK(s.chunks == 1);
  for (int i = 60; i < 68; ++i) {
    const SolvedCamera& c = s.cameras[static_cast<std::size_t>(i)];
    CHECK(c.chunk == 0);
    CHECK_FALSE(c.observed);
    CHECK(c.position_sigma > s.cameras[59].position_sigma);
  }
}

TEST_CASE("two parts without a common track stay apart") {
  CameraWorldOptions o;
  o.points = 500;
  o.blind_from = 72;
  o.blind_to = 75;
  o.cut = true;
  const CameraWorld world = make_camera_world(o);
  Diagnostics diagnostics;
  const CameraSolution s = solve_camera(world.problem, {}, diagnostics);
  CHECK(diagnostics.contains("camera_chunks"));
  REQUIRE(s.chunks == 2);
  const int before = s.cameras[10].chunk;
  const int after = s.cameras[140].chunk;
  CHECK(before != after);
  CHECK(s.cameras[73].chunk == -1);
  CHECK(path_error(world.world_from_camera, s.cameras, before).position_median_m < 0.01);
  CHECK(path_error(world.world_from_camera, s.cameras, after).position_median_m < 0.01);
}

TEST_CASE("the solver gives the same numbers twice") {
  CameraWorldOptions o;
  o.frames = 60;
  const CameraWorld world = make_camera_world(o);
  Diagnostics diagnostics;
  const CameraSolution a = solve_camera(world.problem, {}, diagnostics);
  const CameraSolution b = solve_camera(world.problem, {}, diagnostics);
  REQUIRE(a.cameras.size() == b.cameras.size());
  for (std::size_t i = 0; i < a.cameras.size(); ++i) {
    CHECK(a.cameras[i].map_from_camera == b.cameras[i].map_from_camera);
    CHECK(a.cameras[i].position_sigma == b.cameras[i].position_sigma);
  }
}

}  // namespace
}  // namespace hearth
