// SPDX-License-Identifier: Apache-2.0
// One scene made by hand, no recording and no planner: a hand above a box closes, lifts and holds
// it.
#include <hearth/engine/capsule_humanoid.h>
#include <hearth/physics/find_help.h>
#include <hearth/physics/replay.h>
#include <hearth/retarget/retarget.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "tests/support/make_home.h"

using namespace hearth;  // NOLINT(google-build-using-namespace)

namespace {

// A hand that stands still over a box of 6 x 6 x 12 cm, then goes up by 10 cm and stays there.
Home authored_home() {
  Home home;
  Support table;
  table.id = "table";
  table.world_from_support = {{0.55, 0, 0.85}, {}};
  table.size_m = {0.8, 1.4, 0.04};
  table.extent_inferred = false;
  home.scene.supports = {table};
  SceneObject box;
  box.id = "box";
  box.shape = {ShapeKind::box, {0.06, 0.06, 0.12}};
  box.world_from_object = {{0.35, -0.15, 0.91}, {}};
  box.mass_kg = {0.4, 0, Source::user};
  box.friction = {0.8, 0, Source::user};
  home.scene.objects = {box};
  HandTrajectory hand;
  hand.hand_length_m = {0.185, 0.01, Source::user};
  HandSpan span;
  const Vec3 z = normalized(Vec3{0.8, 0, -0.6});
  const Vec3 x = normalized(Vec3{-0.6, 0, -0.8});
  for (int k = 0; k <= 120; ++k) {
    HandSample sample;
    sample.world_from_wrist = {{0.22, -0.15, 1.05}, quat_from_axes(x, cross(z, x), z)};
    for (std::size_t j = 0; j < sample.joints_in_world_m.size(); ++j) {
      sample.joints_in_world_m[j] =
          sample.world_from_wrist *
          Vec3{0.002 * static_cast<double>(j % 4), 0, 0.005 * static_cast<double>(j)};
    }
    sample.observed = true;
    span.samples.push_back(sample);
  }
  hand.spans = {span};
  home.hands = {hand};
  ContactSpan contact;
  contact.hand_track = "hand";
  contact.object_id = "box";
  contact.onset_ns = contact.onset_low_ns = contact.onset_high_ns = ns_from_seconds(1.5);
  contact.move_start_ns = ns_from_seconds(1.8);
  contact.move_stop_ns = ns_from_seconds(3.0);
  contact.release_ns = contact.release_low_ns = contact.release_high_ns = ns_from_seconds(3.2);
  home.contacts.spans = {contact};
  home.task.chore = "place";
  home.task.object_id = "box";
  home.task.start_support_id = home.task.goal_support_id = "table";
  home.task.world_from_goal = {{0.40, -0.05, 0.91}, {}};
  return home;
}

double height_at(const Rollout& rollout, double t) {
  const auto row = static_cast<std::size_t>(std::lround(t * rollout.control_rate_hz));
  const std::size_t columns = rollout.body_pose.columns;
  return rollout.body_pose.values[row * columns + columns - 7 + 2];
}

}  // namespace

TEST_CASE("a five-finger hand lifts a box from a table by friction alone") {
  const Humanoid humanoid = capsule_humanoid().value();
  const Home home = authored_home();
  Diagnostics diagnostics;
  const Motion motion = retarget(home, humanoid, {.min_lift_m = 0.10}, diagnostics).value();
  const Grasp& grasp = motion.grasps.front();
  const double middle_s = 0.5 * (grasp.lift_s + grasp.land_s);
  const Rollout rollout = replay(home, motion, humanoid, {}, diagnostics).value();
  CHECK(height_at(rollout, grasp.close_end_s) == Approx(0.91).margin(0.003));
  CHECK(height_at(rollout, middle_s) > 0.99);
  CHECK(test::judge_place(home, rollout).success());
  CHECK(rollout.assistance_n == 0.0);
  CHECK(find_help(home, humanoid, rollout).value().empty());

  SECTION("not with fingers kept open") {
    const Rollout open =
        replay(home, motion, humanoid, {.close_fingers = false}, diagnostics).value();
    CHECK(height_at(open, middle_s) < 0.93);
  }
  SECTION("not without friction") {
    Home slippery = home;
    slippery.scene.objects[0].friction.value = 0.01;
    const Rollout slips = replay(slippery, motion, humanoid, {}, diagnostics).value();
    CHECK(height_at(slips, middle_s) < 0.96);
    CHECK_FALSE(test::judge_place(slippery, slips).success());
  }
  SECTION("not an object that is twenty times heavier") {
    Home heavy = home;
    heavy.scene.objects[0].mass_kg.value *= 20.0;
    const Rollout stays = replay(heavy, motion, humanoid, {}, diagnostics).value();
    CHECK_FALSE(test::judge_place(heavy, stays).success());
  }
  SECTION("not an object that stands 20 cm aside") {
    Home moved = home;
    moved.scene.objects[0].world_from_object.position_m.y -= 0.2;
    const Rollout misses = replay(moved, motion, humanoid, {}, diagnostics).value();
    CHECK_FALSE(test::judge_place(moved, misses).success());
  }
}
