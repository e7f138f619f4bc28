// SPDX-License-Identifier: Apache-2.0
#include <hearth/perturb/apply.h>
#include <hearth/perturb/place_check.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "small_home.h"

using namespace hearth;

namespace {

std::string problem(std::vector<Edit> edits) {
  Diagnostics diagnostics;
  const Home home = make_small_home(2);
  const auto edited = apply(Variant{.edits = std::move(edits)}, home, diagnostics);
  REQUIRE(edited.ok());
  const auto found = place_check(*edited);
  if (found) CHECK_FALSE(found->detail.empty());
  return found ? found->reason : "";
}

}  // namespace

TEST_CASE("place_check: the source passes, the edge and the neighbour do not") {
  CHECK(problem({}) == "");
  CHECK(problem({MoveStart{"box", -0.2, 0, 0}}) == "");
  CHECK(problem({MoveStart{"box", -0.6, 0, 0}}) == "off_support");
  CHECK(problem({MoveGoal{0, -0.35, 0}}) == "off_support");
  CHECK(problem({MoveStart{"box", 0.6, 0.1, 0}}) == "overlap");
  CHECK(problem({MoveGoal{0.3, 0.38, 0}}) == "overlap");
}

TEST_CASE("place_check: a slab above the object counts only where its outline was seen") {
  Home home = make_small_home(2);
  Support shelf = home.scene.supports[0];
  shelf.id = "shelf";
  shelf.world_from_support.position_m.z = 0.86;
  shelf.extent_inferred = true;
  home.scene.supports.push_back(shelf);
  CHECK_FALSE(place_check(home).has_value());
  home.scene.supports[1].extent_inferred = false;
  REQUIRE(place_check(home).has_value());
  CHECK(place_check(home)->reason == "overlap");
  home.scene.supports[1].world_from_support.position_m.z = 1.3;
  CHECK_FALSE(place_check(home).has_value());
}

TEST_CASE("overlaps: known answers") {
  const Shape box{ShapeKind::box, {0.2, 0.2, 0.2}};
  const Shape ball{ShapeKind::sphere, {0.2, 0.2, 0.2}};
  const Shape can{ShapeKind::cylinder, {0.2, 0.2, 0.4}};
  const Shape pill{ShapeKind::capsule, {0.2, 0.2, 0.4}};
  const auto at = [](double x, double y, double z) { return Pose{{x, y, z}, {}}; };
  const Quat turn = quat_from_axis_angle({0, 0, 1}, 0.25 * 3.14159265358979);
  CHECK(overlaps(box, at(0, 0, 0), box, at(0.195, 0, 0)));
  CHECK_FALSE(overlaps(box, at(0, 0, 0), box, at(0.205, 0, 0)));
  CHECK(overlaps(box, at(0, 0, 0), box, at(0, 0, 0)));
  // A turned box reaches .1414 m along x: rotation counts.
  CHECK(overlaps(box, at(0, 0, 0), box, Pose{{0.235, 0, 0}, turn}));
  CHECK_FALSE(overlaps(box, at(0, 0, 0), box, Pose{{0.245, 0, 0}, turn}));
  // Edge against edge, which no face normal separates alone.
  CHECK_FALSE(overlaps(box, at(0, 0, 0), box, Pose{{0.21, 0.21, 0}, turn}));
  CHECK(overlaps(ball, at(0, 0, 0), ball, at(0.11, 0.11, 0.11)));
  CHECK_FALSE(overlaps(ball, at(0, 0, 0), ball, at(0.12, 0.12, 0.12)));
  // Cylinders are round: their boxes would meet, they do not.
  CHECK_FALSE(overlaps(can, at(0, 0, 0), can, at(0.15, 0.15, 0)));
  CHECK(overlaps(can, at(0, 0, 0), can, at(0.13, 0.13, 0)));
  CHECK(overlaps(pill, at(0, 0, 0), ball, at(0, 0, 0.29)));
  CHECK_FALSE(overlaps(pill, at(0, 0, 0), ball, at(0, 0, 0.31)));
}

TEST_CASE("overlaps: the same for a moved world and for exchanged shapes") {
  const auto seed = static_cast<std::uint64_t>(GENERATE(range(0, 100)));
  Rng rng(seed, 0, "overlaps");
  const auto pose = [&](double reach) {
    const Vec3 p{rng.uniform(-reach, reach), rng.uniform(-reach, reach),
                 rng.uniform(-reach, reach)};
    return Pose{p, quat_from_rotation_vector({rng.normal(), rng.normal(), rng.normal()})};
  };
  const Shape a{ShapeKind::box, {rng.uniform(.05, .3), rng.uniform(.05, .3), rng.uniform(.05, .3)}};
  const Shape b{ShapeKind::cylinder, {0.12, 0.12, rng.uniform(.05, .3)}};
  const Pose pa = pose(0.15);
  const Pose pb = pose(0.15);
  const bool first = overlaps(a, pa, b, pb);
  const Pose world = pose(3.0);
  CHECK(overlaps(b, pb, a, pa) == first);
  CHECK(overlaps(a, world * pa, b, world * pb) == first);
}
