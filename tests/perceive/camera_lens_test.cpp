// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/camera_lens.h"

#include <catch2/catch.hpp>

#include "camera_world.h"

namespace hearth {
namespace {

using test::CameraWorld;
using test::CameraWorldOptions;
using test::make_camera_world;

constexpr double kGuessShare = 0.2;

// The world's rays as a camera sees them whose focal length and distortion nobody knows.
CameraProblem guessed(const CameraWorld& world, double guessed_focal_px, double true_k1) {
  CameraProblem problem = world.problem;
  for (RayTrack& track : problem.tracks) {
    for (RayObservation& o : track.observations) {
      const double by = world.problem.focal_px / guessed_focal_px;
      o.ray = (by * (1.0 + true_k1 * dot(o.ray, o.ray))) * o.ray;
    }
  }
  problem.focal_px = guessed_focal_px;
  problem.guess_sigma_share = kGuessShare;
  return problem;
}

TEST_CASE("a ray through a lens is the one that the lens bends to the guessed one") {
  const Lens lens{1.2, -0.08};
  for (double x = -0.9; x <= 0.9; x += 0.1) {
    const Vec2 ray{x, 0.4 - 0.3 * x};
    const Vec2 seen = (lens.focal_scale * (1.0 + lens.k1 * dot(ray, ray))) * ray;
    const std::optional<Vec2> back = ray_through(lens, seen);
    REQUIRE(back);
    CHECK(norm(*back - ray) < 1e-9);
  }
  // k1 = -1/3 turns back at radius 1, where the picture ends at 2/3.
  CHECK(ray_through({1.0, -1.0 / 3.0}, {0.6, 0.0}));
  CHECK_FALSE(ray_through({1.0, -1.0 / 3.0}, {0.7, 0.0}));
}

TEST_CASE("a moving camera tells its focal length, far better than the guess") {
  const auto seed = static_cast<std::uint64_t>(GENERATE(range(1, 5)));
  const double guess = GENERATE(0.82, 1.2);
  CAPTURE(seed, guess);
  CameraWorldOptions o;
  o.seed = seed;
  const CameraWorld world = make_camera_world(o);
  Diagnostics diagnostics;
  const CameraSolution s = solve_camera(guessed(world, guess * o.focal_px, -0.06), {}, diagnostics);
  REQUIRE(s.lens);
  const double error = std::abs(s.lens->lens.focal_scale * guess - 1.0);
  CAPTURE(s.lens->lens.focal_scale * guess, s.lens->focal_sigma_share, s.lens->lens.k1);
  CHECK(error < 0.06);
  CHECK(error < 0.4 * std::abs(guess - 1.0));
  CHECK(s.lens->focal_sigma_share > 0.001);
  CHECK(s.lens->focal_sigma_share < 0.1);
  CHECK(error < 3.0 * s.lens->focal_sigma_share);
  CHECK(std::abs(s.lens->lens.k1 + 0.06) < 0.05);
  CHECK(test::path_error(world.world_from_camera, s.cameras).rotation_median_rad < 0.012);
}

TEST_CASE("a head that only turns keeps the guess and gives no depth") {
  CameraWorldOptions o;
  o.sway_m = 0.0;
  const CameraWorld world = make_camera_world(o);
  Diagnostics diagnostics;
  const CameraSolution s = solve_camera(guessed(world, o.focal_px, 0.0), {}, diagnostics);
  CHECK_FALSE(s.lens);
  CHECK(s.rotation_only);
}

TEST_CASE("a camera that stands still keeps the guess") {
  CameraWorldOptions o;
  o.sway_m = o.turn_rad = o.walk_px = 0.0;
  o.noise_px = 0.1;
  const CameraWorld world = make_camera_world(o);
  Diagnostics diagnostics;
  const CameraSolution s = solve_camera(guessed(world, 0.8 * o.focal_px, 0.0), {}, diagnostics);
  CHECK(s.is_static);
  CHECK_FALSE(s.lens);
}

TEST_CASE("known intrinsics are never touched") {
  const CameraWorld world = make_camera_world({});
  CameraProblem problem = guessed(world, 500.0, 0.0);
  problem.guess_sigma_share = 0.0;
  Diagnostics diagnostics;
  CHECK_FALSE(solve_camera(problem, {}, diagnostics).lens);
}

}  // namespace
}  // namespace hearth
