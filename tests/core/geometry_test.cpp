// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/geometry.h>
#include <hearth/core/rng.h>

#include <catch2/catch.hpp>
#include <numbers>

using namespace hearth;

namespace {

Vec3 draw_vec(Rng& rng, double size) {
  return {rng.uniform(-size, size), rng.uniform(-size, size), rng.uniform(-size, size)};
}
Pose draw_pose(std::uint64_t seed) {
  Rng rng(seed, 0, "pose");
  const Vec3 p = draw_vec(rng, 2.0);
  return {p, quat_from_rotation_vector(draw_vec(rng, 3.0))};
}

}  // namespace

TEST_CASE("a rotation about z by a right angle turns x into y") {
  const Quat q = quat_from_axis_angle({0, 0, 1}, std::numbers::pi / 2);
  CHECK(norm(q * Vec3{1, 0, 0} - Vec3{0, 1, 0}) < 1e-15);
  CHECK(yaw_rad(q) == Approx(std::numbers::pi / 2));
}

TEST_CASE("poses obey the laws of a group, 100 seeds") {
  const auto seed = static_cast<std::uint64_t>(GENERATE(range(0, 100)));
  CAPTURE(seed);
  const Pose c_from_b = draw_pose(seed);
  const Pose b_from_a = draw_pose(seed + 1000);
  const Vec3 p_in_a{0.3, -0.2, 0.9};
  CHECK(norm((c_from_b * b_from_a) * p_in_a - c_from_b * (b_from_a * p_in_a)) < 1e-12);
  CHECK(norm(inverse(b_from_a) * (b_from_a * p_in_a) - p_in_a) < 1e-12);
  CHECK(angle_between_rad(quat_from_matrix(matrix_from_quat(c_from_b.rotation)),
                          c_from_b.rotation) < 1e-7);
  const Vec3 v = rotation_vector_from_quat(c_from_b.rotation);
  CHECK(angle_between_rad(quat_from_rotation_vector(v), c_from_b.rotation) < 1e-7);
  CHECK(norm(v) <= std::numbers::pi + 1e-12);
  CHECK(angle_between_rad(slerp(c_from_b.rotation, b_from_a.rotation, 1.0), b_from_a.rotation) <
        1e-7);
}

TEST_CASE("the shortest rotation between opposite directions is a half turn") {
  const Vec3 from{0, 0, 1};
  const Quat q = quat_between(from, -from);
  CHECK(is_unit(q));
  CHECK(norm(q * from + from) < 1e-12);
}

TEST_CASE("finiteness sees a NaN in every place") {
  const double nan = std::nan("");
  CHECK_FALSE(is_finite(Pose{{0, nan, 0}, {}}));
  CHECK_FALSE(is_finite(Pose{{0, 0, 0}, {1, 0, 0, nan}}));
  CHECK_FALSE(is_unit({nan, 0, 0, 0}));
  CHECK_FALSE(is_unit({2, 0, 0, 0}));
}
