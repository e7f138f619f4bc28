// SPDX-License-Identifier: Apache-2.0
#include "sim/film/grasp.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace hearth;
using namespace hearth::film_internal;

TEST_CASE("signed distance is zero on a surface and grows outward") {
  const Shape box = {ShapeKind::box, {0.06, 0.04, 0.10}};
  CHECK(signed_distance_m(box, {0.03, 0.0, 0.0}) == Approx(0.0).margin(1e-12));
  CHECK(signed_distance_m(box, {0.06, 0.06, 0.0}) == Approx(0.05));
  CHECK(signed_distance_m(box, {0.0, 0.0, 0.0}) == Approx(-0.02));
  const Shape can = {ShapeKind::cylinder, {0.06, 0.06, 0.10}};
  CHECK(signed_distance_m(can, {0.0, 0.05, 0.0}) == Approx(0.02));
  CHECK(signed_distance_m(can, {0.0, 0.0, 0.06}) == Approx(0.01));
  CHECK(signed_distance_m(can, {0.06, 0.0, 0.09}) == Approx(0.05));
}

TEST_CASE("grasps come from above, thumb before and fingers behind, for both hands alike") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const HandShape hand = draw_hand_shape(seed);
    const Shape shape = seed % 2 == 0 ? Shape{ShapeKind::box, {0.06, 0.05, 0.10}}
                                      : Shape{ShapeKind::cylinder, {0.05, 0.05, 0.09}};
    const auto right = find_grasp(shape, hand, HandSide::right, seed);
    const auto left = find_grasp(shape, hand, HandSide::left, seed);
    REQUIRE((right.ok() && left.ok()));
    CHECK(right->pitch_rad > 0.15);
    CHECK(right->pitch_rad < 0.45);
    const HandJoints joints =
        joints_in_frame(right->object_from_wrist, hand, right->closed, HandSide::right);
    CHECK(joints[4].y < -0.5 * shape.size_m.y);
    CHECK(0.5 * (joints[8].y + joints[12].y) > 0.3 * shape.size_m.y);
    CHECK(clearance_m(shape, right->object_from_wrist, hand, right->open, HandSide::right) > 0.001);
    // A left hand is the mirror image.
    CHECK(left->object_from_wrist.position_m.x ==
          Approx(-right->object_from_wrist.position_m.x).margin(2e-3));
    CHECK(left->object_from_wrist.position_m.z ==
          Approx(right->object_from_wrist.position_m.z).margin(2e-3));
  }
}

TEST_CASE("an object too broad for a hand has no grasp") {
  const Shape broad = {ShapeKind::box, {0.3, 0.3, 0.1}};
  const auto grasp = find_grasp(broad, draw_hand_shape(1), HandSide::right, 1);
  REQUIRE_FALSE(grasp.ok());
  CHECK(grasp.error().code == ErrorCode::infeasible);
}
