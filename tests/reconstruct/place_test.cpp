// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/reconstruct/measure.h"

using namespace hearth;
using namespace hearth::test;

namespace {

struct Summary {
  int found = 0;
  int inside = 0;
  std::vector<double> scale, support, start, goal, carry, width, height, wrist, onset;
};

// With HEARTH_TEST_TABLES set in the environment, one line per seed is printed.
Summary run(PlaceWorldOptions o, ReconstructOptions options, bool pixels, int seeds,
            bool give_length = true) {
  Summary s;
  for (int seed = 1; seed <= seeds; ++seed) {
    o.seed = static_cast<std::uint64_t>(seed);
    const PlaceWorld world = make_place_world(o);
    Diagnostics diagnostics;
    const auto contacts = find_contacts(world.tracks, {}, diagnostics);
    REQUIRE(contacts.ok());
    if (give_length) options.hand_length_m = world.hand_length_m;
    const auto home = reconstruct(world.episode, world.tracks, contacts.value(),
                                  pixels ? pictures(world) : FrameSource{}, options, diagnostics);
    CAPTURE(seed);
    if (!home.ok()) FAIL(to_string(home.error()));
    const HomeErrors e = errors_of(home.value(), world, o.map_unit_m);
    s.found += e.found ? 1 : 0;
    s.inside += e.scale_inside ? 1 : 0;
    s.scale.push_back(e.scale_share);
    s.support.push_back(e.support_m);
    s.wrist.push_back(e.wrist_m);
    s.onset.push_back(e.onset_frames);
    std::string line;
    if (e.found) {
      s.start.push_back(e.start_m);
      s.goal.push_back(e.goal_m);
      s.carry.push_back(e.carry_m);
      s.width.push_back(e.width_share);
      s.height.push_back(e.height_share);
    }
    char row[256];
    std::snprintf(
        row, sizeof row,
        "seed %2d %s scale %5.1f %% (%s) support %5.1f mm start %5.1f goal %5.1f carry %5.1f "
        "mm width %4.0f %% height %4.0f %% wrist %5.1f mm onset %4.1f",
        seed, e.found ? "found" : "-----", 100 * e.scale_share, e.scale_inside ? "in" : "OUT",
        1e3 * e.support_m, 1e3 * e.start_m, 1e3 * e.goal_m, 1e3 * e.carry_m, 100 * e.width_share,
        100 * e.height_share, 1e3 * e.wrist_m, e.onset_frames);
    UNSCOPED_INFO(row);
    if (std::getenv("HEARTH_TEST_TABLES") != nullptr) std::puts(row);
  }
  return s;
}

}  // namespace

TEST_CASE("from exact tracks the home is near exact") {
  const Summary s = run({}, {}, false, 20);
  CHECK(s.found == 20);
  CHECK(s.inside == 20);
  CHECK(middle(s.scale) < 0.02);
  CHECK(middle(s.support) < 0.01);
  CHECK(middle(s.start) < 0.01);
  CHECK(middle(s.goal) < 0.01);
  CHECK(middle(s.width) < 0.02);
  CHECK(middle(s.wrist) < 0.02);
}

TEST_CASE("gravity, scale and support without being told") {
  PlaceWorldOptions o;
  o.sightings = false;
  o.scale_given = false;
  o.up_given = false;
  o.map_unit_m = 2.5;
  o.map_from_world = {{1, -2, 0.5}, quat_from_rotation_vector({0.4, -1.1, 2.0})};
  o.point_noise_m = 0.004;
  const Summary s = run(o, {}, false, 20);
  CHECK(s.found == 0);  // no pictures, no sightings: nothing to claim
  CHECK(middle(s.scale) < 0.10);
  CHECK(s.inside >= 16);
  CHECK(middle(s.support) < 0.04);
}

TEST_CASE("the object is found in pictures") {
  PlaceWorldOptions o;
  o.sightings = false;
  o.scale_given = false;
  o.up_given = false;
  o.map_unit_m = 2.5;
  o.map_from_world = {{1, -2, 0.5}, quat_from_rotation_vector({0.4, -1.1, 2.0})};
  o.point_noise_m = 0.004;
  const Summary s = run(o, {}, true, 4);
  CHECK(s.found == 4);
  CHECK(middle(s.scale) < 0.10);
  CHECK(middle(s.support) < 0.04);
  CHECK(middle(s.start) < 0.05);
  CHECK(middle(s.goal) < 0.05);
  CHECK(middle(s.width) < 0.25);
}

TEST_CASE("pictures and noisy tracks", "[slow]") {
  PlaceWorldOptions o;
  o.sightings = false;
  o.scale_given = false;
  o.up_given = false;
  o.map_unit_m = 0.4;
  o.map_from_world = {{1, -2, 0.5}, quat_from_rotation_vector({0.4, -1.1, 2.0})};
  o.point_noise_m = 0.006;
  o.camera_noise_m = 0.002;
  o.camera_noise_rad = 0.002;
  o.pixel_noise_px = 1.2;
  o.depth_noise_share = 0.04;
  o.joint_noise_m = 0.002;
  o.missed_share = 0.1;
  const Summary s = run(o, {}, true, 10);
  CHECK(s.found >= 8);
  CHECK(middle(s.scale) < 0.15);
  CHECK(s.inside >= 7);
  CHECK(middle(s.support) < 0.04);
  CHECK(middle(s.start) < 0.05);
  CHECK(middle(s.width) < 0.25);
}
