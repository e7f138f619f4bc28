// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/hand.h>

#include <catch2/catch.hpp>

using namespace hearth;

namespace {

// A flat right hand, fingers along +z, palm toward +x.
HandJoints flat_hand(double mirror) {
  HandJoints joints{};
  const double spread[5] = {0.05, 0.03, 0.0, -0.02, -0.04};
  for (int finger = 0; finger < 5; ++finger) {
    for (int i = 0; i < 4; ++i) {
      const auto index = static_cast<std::size_t>(1 + 4 * finger + i);
      joints[index] = {0.0, mirror * spread[finger], 0.08 + 0.03 * i};
    }
  }
  return joints;
}

}  // namespace

TEST_CASE("the wrist frame points out of the palm for either hand") {
  // Seen from +x, a right hand with its palm toward the viewer has its index side at +y:
  // index x little is +x. Mirroring gives the left hand.
  for (const HandSide side : {HandSide::right, HandSide::left}) {
    const double mirror = side == HandSide::right ? 1.0 : -1.0;
    const Pose wrist = wrist_pose(flat_hand(mirror), side);
    CHECK(norm(wrist.rotation * Vec3{0, 0, 1} - Vec3{0, 0, 1}) < 1e-9);
    CHECK((wrist.rotation * Vec3{1, 0, 0}).x == Approx(1.0));
  }
}

TEST_CASE("population bones sum to the hand length") {
  for (const double length : {0.16, 0.185, 0.21}) {
    const auto bones = population_bone_lengths_m(length);
    CHECK(bones[8] + bones[9] + bones[10] + bones[11] == Approx(length));
  }
}

TEST_CASE("a trajectory is known inside its spans only") {
  HandTrajectory hand;
  hand.rate_hz = 10.0;
  hand.hand_length_m = {0.18, 0.01, Source::prior};
  HandSample a;
  a.observed = true;
  HandSample b = a;
  b.world_from_wrist.position_m = {1, 0, 0};
  hand.spans = {{0, {a, b}}, {1000000000, {b, a}}};
  REQUIRE(validated(hand));
  HandSample sample;
  REQUIRE(sample_at(hand, 50000000, sample));
  CHECK(sample.world_from_wrist.position_m.x == Approx(0.5));
  CHECK_FALSE(sample_at(hand, 500000000, sample));
  REQUIRE(sample_at(hand, 1025000000, sample));
  CHECK(sample.world_from_wrist.position_m.x == Approx(0.75));
  CHECK_FALSE(sample_at(hand, -1000, sample));
  hand.spans[1].start_ns = 50000000;
  CHECK(validated(hand).error().where == "/spans/1/start_ns");
}
