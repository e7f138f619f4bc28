// SPDX-License-Identifier: Apache-2.0
#include <hearth/task/judge.h>

#include <catch2/catch.hpp>
#include <limits>
#include <stdexcept>

#include "place_world.h"

using hearth::Outcome;

namespace {

Outcome judge(const PlaceWorld& world) {
  return hearth::judge(world.task, world.scene, world.track, world.touches);
}

std::string reason(const PlaceWorld& world) {
  return hearth::failure_reason(world.task, judge(world));
}

}  // namespace

TEST_CASE("judge: a clean pick and place succeeds with the margins of its path") {
  const Outcome outcome = judge(make_place_world());
  REQUIRE(outcome.predicates.size() == 3);
  CHECK(outcome.success_once);
  CHECK(outcome.success_at_end);
  CHECK(outcome.object_error_m == Approx(0.0).margin(1e-12));
  // Lifted: best stretch of 0.2 s around the top of a half sine of 0.12 m over 1 s, minus 3 cm.
  const double edge_m = 0.12 * std::sin(0.4 * 3.14159265358979);
  CHECK(outcome.predicates[0].margin == Approx(edge_m - 0.03).margin(1e-6));
  CHECK(outcome.predicates[0].once);
  CHECK_FALSE(outcome.predicates[0].at_end);
  // Placed: at the goal the least slack is the height tolerance of 2 cm.
  CHECK(outcome.predicates[1].margin == Approx(0.02).margin(1e-9));
  CHECK(outcome.predicates[2].margin == Approx(20.0 * 3.14159265358979 / 180.0).margin(1e-6));
}

TEST_CASE("judge: each way to fail is named") {
  CHECK(reason(make_place_world()) == "");
  CHECK(reason(make_place_world({.height_m = 0.025})) == "not_lifted");
  CHECK(reason(make_place_world({.goal_offset_m = 0.09})) == "not_placed");
  CHECK(reason(make_place_world({.goal_offset_m = -0.07})) == "");
  CHECK(reason(make_place_world({.end_height_m = 0.03})) == "not_placed");
  CHECK(reason(make_place_world({.end_height_m = -0.03})) == "not_placed");
  CHECK(reason(make_place_world({.end_speed_m_s = 0.06})) == "not_placed");
  CHECK(reason(make_place_world({.release = false})) == "not_placed");
  // A box of 7 x 8 cm tilted by 18 degrees about x rests on an edge, its centre 9.6 mm higher.
  CHECK(reason(make_place_world({.end_tilt_rad = 0.314})) == "");
  CHECK(reason(make_place_world({.end_tilt_rad = 0.5})) == "tipped");
}

TEST_CASE("judge: placed once but pushed away later is success once, not at the end") {
  PlaceWorld world = make_place_world();
  for (std::size_t i = 100; i < world.track.samples.size(); ++i) {
    world.track.samples[i].world_from_object.position_m.x += 0.2;
  }
  const Outcome outcome = judge(world);
  CHECK(outcome.success_once);
  CHECK_FALSE(outcome.success_at_end);
  CHECK(outcome.object_error_m == Approx(0.2).margin(1e-9));
}

TEST_CASE("judge: being at the goal before the lift does not count") {
  PlaceWorld world = make_place_world();
  for (std::size_t i = 0; i < world.track.samples.size(); ++i) {  // the path run backwards
    world.track.samples[i].world_from_object =
        make_place_world().track.samples[world.track.samples.size() - 1 - i].world_from_object;
  }
  const Outcome outcome = judge(world);
  CHECK(outcome.predicates[1].once);
  CHECK_FALSE(outcome.success_once);
  CHECK_FALSE(outcome.success_at_end);
}

TEST_CASE("judge: an object that begins in the air was not lifted by that") {
  PlaceWorld world = make_place_world({.height_m = 0.0});
  for (auto& sample : world.track.samples) sample.world_from_object.position_m.z += 0.05;
  CHECK(reason(world) == "not_lifted");
}

TEST_CASE("judge: a lift must hold for 0.2 s in one piece") {
  PlaceWorld world = make_place_world({.height_m = 0.0});
  for (std::size_t i : {40U, 41U, 42U, 43U, 44U, 45U}) {  // 0.167 s
    world.track.samples[i].world_from_object.position_m.z += 0.1;
  }
  CHECK(reason(world) == "not_lifted");
  world.track.samples[46].world_from_object.position_m.z += 0.1;  // 0.2 s
  CHECK(reason(world) == "");
}

TEST_CASE("judge: the time limit cuts the track") {
  PlaceWorld world = make_place_world();
  world.task.time_limit_s = 2.1;
  CHECK(reason(world) == "not_placed");
}

TEST_CASE("judge: what is not finite, unknown or empty fails and no number is NaN") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  PlaceWorld world = make_place_world();
  world.track.samples.back().world_from_object.position_m.x = nan;
  Outcome outcome = judge(world);
  CHECK_FALSE(outcome.success_at_end);
  CHECK(outcome.object_error_m == 1000.0);

  for (auto& sample : world.track.samples) sample.world_from_object.position_m.z = nan;
  outcome = judge(world);
  CHECK_FALSE(outcome.success_once);
  CHECK(outcome.predicates[0].margin == hearth::kNoMargin);

  world = make_place_world();
  world.track.samples.clear();
  world.touches.clear();
  outcome = judge(world);
  CHECK_FALSE(outcome.success_once);
  CHECK(outcome.predicates.size() == 3);

  world = make_place_world();
  world.task.goal_support_id = "shelf";
  CHECK(reason(world) == "not_placed");
  world = make_place_world();
  world.task.predicates.clear();
  CHECK_FALSE(judge(world).success_at_end);
}

TEST_CASE("judge: one touch flag per sample is a precondition") {
  PlaceWorld world = make_place_world();
  world.touches.pop_back();
  CHECK_THROWS_AS(judge(world), std::logic_error);
}

TEST_CASE("judge: the same motion gives the same verdict at 10 to 240 Hz") {
  const double rate_hz = GENERATE(10.0, 25.0, 30.0, 60.0, 120.0, 240.0);
  CAPTURE(rate_hz);
  CHECK(judge(make_place_world({.rate_hz = rate_hz})).success_at_end);
  CHECK_FALSE(judge(make_place_world({.end_speed_m_s = 0.06, .rate_hz = rate_hz})).success_at_end);
}
