// SPDX-License-Identifier: Apache-2.0
#include <hearth/physics/settle.h>

#include <catch2/catch.hpp>

#include "tests/support/make_home.h"

using namespace hearth;  // NOLINT(google-build-using-namespace)

TEST_CASE("objects that stand stay where they are") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const auto settled = settle(test::make_place_home(seed).scene);
    REQUIRE(settled.ok());
    REQUIRE(settled->size() == 1);
    // Contacts are soft: a fraction of a millimetre is how they carry weight.
    CHECK(settled->front().moved_m < 0.001);
    CHECK(std::abs(settled->front().dropped_m) < 0.001);
    CHECK(settled->front().turned_rad < 0.01);
    CHECK(settled->front().final_speed_m_s < 0.01);
  }
}

TEST_CASE("an object in the air falls and says how far") {
  Scene scene = test::make_place_home(0).scene;
  scene.objects[0].world_from_object.position_m.z += 0.05;
  const auto settled = settle(scene, {.duration_s = 1.5});
  REQUIRE(settled.ok());
  CHECK(settled->front().dropped_m == Approx(0.05).margin(0.005));
}

TEST_CASE("settle refuses a duration out of range") {
  const auto settled = settle(test::make_place_home(0).scene, {.duration_s = 0.0});
  REQUIRE_FALSE(settled.ok());
  CHECK(settled.error().where == "duration_s");
}
