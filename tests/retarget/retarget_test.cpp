// SPDX-License-Identifier: Apache-2.0
#include <hearth/engine/capsule_humanoid.h>
#include <hearth/engine/kinematics.h>
#include <hearth/retarget/retarget.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "tests/support/make_home.h"

using namespace hearth;  // NOLINT(google-build-using-namespace)
using test::make_place_home;

namespace {

const Humanoid& humanoid() {
  static const Humanoid made = capsule_humanoid().value();
  return made;
}

std::vector<const HumanoidJoint*> joints() {
  std::vector<const HumanoidJoint*> out;
  for (const HumanoidBody& body : humanoid().bodies) {
    for (const HumanoidJoint& joint : body.joints) out.push_back(&joint);
  }
  return out;
}

// Wrist of the motion at a time.
Pose wrist_at(const Motion& motion, double t) {
  Kinematics kinematics = make_kinematics(humanoid()).value();
  const auto row = static_cast<std::size_t>(std::lround(t * motion.rate_hz));
  kinematics.set_positions(
      {motion.position.values.data() + row * motion.position.columns, motion.position.columns});
  const bool right = motion.grasps.front().side == HandSide::right;
  return kinematics.body_pose(kinematics.body_index(right ? "right_hand" : "left_hand"));
}

}  // namespace

TEST_CASE("no reference leaves a joint's range or exceeds its speed, from noisy homes") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    Diagnostics diagnostics;
    const Home home = make_place_home(seed, test::video_noise());
    const auto motion = retarget(home, humanoid(), {}, diagnostics);
    REQUIRE(motion.ok());
    const Table& table = motion->position;
    std::size_t outside = 0;
    std::size_t too_fast = 0;
    for (std::size_t c = 0; c < table.columns; ++c) {
      const HumanoidJoint& joint = *joints()[c];
      REQUIRE(joint.name == motion->joint_names[c]);
      for (std::size_t t = 0; t < table.rows; ++t) {
        const double q = table.values[t * table.columns + c];
        if (!(q >= joint.low && q <= joint.high)) ++outside;
        if (t == 0) continue;
        const double step = std::abs(q - table.values[(t - 1) * table.columns + c]);
        if (!(step <= joint.max_speed / motion->rate_hz)) ++too_fast;
      }
    }
    CHECK(outside == 0);
    CHECK(too_fast == 0);
  }
}

TEST_CASE("the hand meets the object where it stands and carries it to the goal") {
  for (std::uint64_t seed = 20; seed < 26; ++seed) {
    CAPTURE(seed);
    Diagnostics diagnostics;
    const Home home = make_place_home(seed, test::video_noise());
    const Motion motion = retarget(home, humanoid(), {}, diagnostics).value();
    const Grasp& grasp = motion.grasps.front();
    const Pose at_start = home.scene.objects.front().world_from_object * grasp.object_from_wrist;
    const Pose at_goal = home.task.world_from_goal * grasp.object_from_wrist;
    // Millimetres decide whether fingers touch; rows are 33 ms apart and the carry has begun or
    // ended.
    CHECK(norm(wrist_at(motion, grasp.close_end_s).position_m - at_start.position_m) < 0.003);
    CHECK(norm(wrist_at(motion, grasp.release_start_s).position_m - at_goal.position_m) < 0.003);
    CHECK(grasp.contacts.size() >= 3);
    CHECK(grasp.contacts.front().finger == 0);
    Vec3 sum{};
    for (const FingerContact& contact : grasp.contacts) {
      sum = sum + contact.force_n * contact.inward_normal_in_object;
    }
    CHECK(norm(sum) < 3.0);  // the thumb balances the fingers, up to the curvature of cylinders
  }
}

TEST_CASE("a moved world gives the same motion of the joints that are not the base") {
  Home home = make_place_home(4);
  Diagnostics diagnostics;
  const Motion motion = retarget(home, humanoid(), {}, diagnostics).value();
  const Pose moved{{0.4, -0.3, 0.0}, quat_from_axis_angle({0, 0, 1}, 0.5)};
  for (Support& s : home.scene.supports) s.world_from_support = moved * s.world_from_support;
  for (SceneObject& o : home.scene.objects) o.world_from_object = moved * o.world_from_object;
  for (HandSample& sample : home.hands[0].spans[0].samples) {
    sample.world_from_wrist = moved * sample.world_from_wrist;
    for (Vec3& joint : sample.joints_in_world_m) joint = moved * joint;
  }
  for (ObjectPoseSample& sample : home.object_tracks.tracks[0].samples) {
    sample.world_from_object = moved * sample.world_from_object;
  }
  for (CameraSample& s : home.camera_path.samples)
    s.world_from_camera = moved * s.world_from_camera;
  home.task.world_from_goal = moved * home.task.world_from_goal;
  const Motion again = retarget(home, humanoid(), {}, diagnostics).value();
  REQUIRE(again.position.rows == motion.position.rows);
  double worst = 0.0;
  for (std::size_t t = 0; t < motion.position.rows; ++t) {
    for (std::size_t c = 4; c < motion.position.columns; ++c) {
      const std::size_t i = t * motion.position.columns + c;
      worst = std::max(worst, std::abs(motion.position.values[i] - again.position.values[i]));
    }
  }
  // Iterations stop at a relative decrease of 1e-3 to 1e-5, so rounding shows up to a few
  // milliradians.
  CHECK(worst < 0.02);
}

TEST_CASE("same input, same bytes") {
  Diagnostics first;
  Diagnostics second;
  const Home home = make_place_home(3, test::video_noise());
  CHECK(retarget(home, humanoid(), {}, first).value() ==
        retarget(home, humanoid(), {}, second).value());
  CHECK(first.entries() == second.entries());
}

TEST_CASE("what cannot be grasped is refused with its reason") {
  Diagnostics diagnostics;
  Home wide = make_place_home(1);
  wide.scene.objects[0].shape = {ShapeKind::cylinder, {0.16, 0.16, 0.12}};
  const auto too_wide = retarget(wide, humanoid(), {}, diagnostics);
  REQUIRE_FALSE(too_wide.ok());
  CHECK(too_wide.error().code == ErrorCode::infeasible);
  CHECK(too_wide.error().message.rfind("too_wide", 0) == 0);

  Home far = make_place_home(1);
  far.task.world_from_goal.position_m.x += 3.0;
  const auto unreachable = retarget(far, humanoid(), {}, diagnostics);
  REQUIRE_FALSE(unreachable.ok());
  CHECK(unreachable.error().code == ErrorCode::infeasible);
  CHECK(unreachable.error().message.rfind("unreachable", 0) == 0);

  Home untouched = make_place_home(1);
  untouched.contacts.spans.clear();
  const auto nothing = retarget(untouched, humanoid(), {}, diagnostics);
  REQUIRE_FALSE(nothing.ok());
  CHECK(nothing.error().message.rfind("no_grasp_recorded", 0) == 0);

  Home ball = make_place_home(1);
  ball.scene.objects[0].shape = {ShapeKind::sphere, {0.06, 0.06, 0.06}};
  const auto sphere = retarget(ball, humanoid(), {}, diagnostics);
  REQUIRE_FALSE(sphere.ok());
  CHECK(sphere.error().code == ErrorCode::unsupported);

  const auto rate = retarget(make_place_home(1), humanoid(), {.rate_hz = 5}, diagnostics);
  REQUIRE_FALSE(rate.ok());
  CHECK(rate.error().where == "rate_hz");
}

TEST_CASE("a recording that disagrees with the grasp is said, with the distance") {
  Diagnostics diagnostics;
  test::HomeNoise noise;
  noise.hand_offset_m = 0.06;
  REQUIRE(retarget(make_place_home(2, noise), humanoid(), {}, diagnostics).ok());
  CHECK(diagnostics.contains("grasp_differs_from_recording"));
}
