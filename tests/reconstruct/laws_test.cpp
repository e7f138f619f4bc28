// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>

#include "tests/reconstruct/measure.h"

using namespace hearth;
using namespace hearth::test;

namespace {

// Without pictures: the laws hold for geometry; pictures have a test of their own.
Home home_of(const PlaceWorld& world, Diagnostics& diagnostics,
             const FrameSource& frames = FrameSource{}) {
  const auto contacts = find_contacts(world.tracks, {}, diagnostics);
  REQUIRE(contacts.ok());
  auto home = reconstruct(world.episode, world.tracks, contacts.value(), frames, {}, diagnostics);
  if (!home.ok()) FAIL(to_string(home.error()));
  return std::move(home).value();
}

void check_same_world(const Home& a, const Home& b, double tolerance_m) {
  REQUIRE(a.hands.size() == b.hands.size());
  for (std::size_t h = 0; h < a.hands.size(); ++h) {
    REQUIRE(a.hands[h].spans.size() == b.hands[h].spans.size());
    for (std::size_t s = 0; s < a.hands[h].spans.size(); ++s) {
      const auto& x = a.hands[h].spans[s].samples;
      const auto& y = b.hands[h].spans[s].samples;
      REQUIRE(x.size() == y.size());
      for (std::size_t i = 0; i < x.size(); i += 10) {
        CHECK(norm(x[i].joints_in_world_m[9] - y[i].joints_in_world_m[9]) < tolerance_m);
      }
    }
  }
  REQUIRE(a.camera_path.samples.size() == b.camera_path.samples.size());
  for (std::size_t i = 0; i < a.camera_path.samples.size(); i += 10) {
    CHECK(norm(a.camera_path.samples[i].world_from_camera.position_m -
               b.camera_path.samples[i].world_from_camera.position_m) < tolerance_m);
  }
  REQUIRE(a.scene.objects.size() == b.scene.objects.size());
  for (std::size_t i = 0; i < a.scene.objects.size(); ++i) {
    CHECK(norm(a.scene.objects[i].world_from_object.position_m -
               b.scene.objects[i].world_from_object.position_m) < tolerance_m);
  }
}

}  // namespace

TEST_CASE("moving the map's frame changes nothing in the world") {
  for (const bool sightings : {true, false}) {
    for (int seed = 1; seed <= 20; ++seed) {
      PlaceWorldOptions o;
      o.seed = static_cast<std::uint64_t>(seed);
      o.sightings = sightings;
      o.scale_given = sightings;
      Diagnostics diagnostics;
      const Home plain = home_of(make_place_world(o), diagnostics);
      o.map_from_world = {{3, -1, 0.7}, quat_from_rotation_vector({1.1, 0.3, -2.0})};
      const Home moved = home_of(make_place_world(o), diagnostics);
      CAPTURE(seed, sightings);
      // Contact fits live on a half-frame grid: rounding may move them by one step.
      check_same_world(plain, moved, 2e-3);
    }
  }
}

TEST_CASE("scaling the map's unit changes nothing in the world") {
  for (int seed = 1; seed <= 20; ++seed) {
    PlaceWorldOptions o;
    o.seed = static_cast<std::uint64_t>(seed);
    o.sightings = false;
    o.scale_given = false;
    Diagnostics diagnostics;
    const Home plain = home_of(make_place_world(o), diagnostics);
    o.map_unit_m = 5.3;
    const Home scaled = home_of(make_place_world(o), diagnostics);
    CAPTURE(seed);
    check_same_world(plain, scaled, 2e-3);
    CHECK(scaled.scene.scale.value == Approx(5.3 * plain.scene.scale.value).epsilon(0.005));
  }
}

TEST_CASE("more noise does not lower the mean error") {
  double previous = 0.0;
  for (const double noise : {0.0, 0.03, 0.10}) {
    double sum = 0.0;
    for (int seed = 1; seed <= 30; ++seed) {
      PlaceWorldOptions o;
      o.seed = static_cast<std::uint64_t>(seed);
      o.sightings = false;
      o.scale_given = false;
      o.up_given = false;
      o.depth_noise_share = noise;
      const PlaceWorld world = make_place_world(o);
      Diagnostics diagnostics;
      sum += errors_of(home_of(world, diagnostics), world, o.map_unit_m).wrist_m;
    }
    CHECK(sum >= previous);
    previous = sum;
  }
}

TEST_CASE("the same input gives the same home, pictures included") {
  PlaceWorldOptions o;
  o.sightings = false;
  o.scale_given = false;
  const PlaceWorld world = make_place_world(o);
  Diagnostics first;
  Diagnostics second;
  const Home a = home_of(world, first, pictures(world));
  const Home b = home_of(world, second, pictures(world));
  CHECK(a == b);
  CHECK(first.entries() == second.entries());
  REQUIRE(a.scene.objects.size() == 1);
}

TEST_CASE("without contact there is no object, no task object, and it is said") {
  PlaceWorldOptions o;
  o.act = Act::touch;
  o.sightings = false;
  const PlaceWorld world = make_place_world(o);
  Diagnostics diagnostics;
  const Home home = home_of(world, diagnostics, pictures(world));
  CHECK(home.scene.objects.empty());
  CHECK(home.task.object_id.empty());
  CHECK(home.hands.size() == 1);
  CHECK(home.scene.supports.size() == 1);
  CHECK(diagnostics.contains("no_contact"));
}

TEST_CASE("a thing that did not move is not claimed to have been carried") {
  for (int seed = 1; seed <= 3; ++seed) {
    PlaceWorldOptions o;
    o.seed = static_cast<std::uint64_t>(seed);
    o.act = Act::touch;
    o.sightings = false;
    o.scale_given = false;
    const PlaceWorld world = make_place_world(o);
    // Somebody says it was carried; the pictures say otherwise.
    ContactSpan span;
    span.hand_track = "hand_0";
    span.side = world.side;
    span.onset_ns = span.onset_low_ns = span.onset_high_ns = ns_from_seconds(world.onset_s);
    span.move_start_ns = span.onset_ns + 100'000'000;
    span.release_ns = span.release_low_ns = span.release_high_ns = ns_from_seconds(world.release_s);
    span.move_stop_ns = span.release_ns - 100'000'000;
    span.confidence = 0.9;
    Diagnostics diagnostics;
    const auto home =
        reconstruct(world.episode, world.tracks, {{span}}, pictures(world), {}, diagnostics);
    REQUIRE(home.ok());
    CAPTURE(seed);
    CHECK(home.value().scene.objects.empty());
    CHECK(diagnostics.contains("object_not_found"));
  }
}

TEST_CASE("a camera that does not move and shows no points still gives a home") {
  PlaceWorldOptions o;
  o.sightings = false;
  o.scale_given = false;
  o.up_given = false;
  PlaceWorld world = make_place_world(o);
  world.tracks.camera.clear();
  world.tracks.map_points.clear();
  Diagnostics diagnostics;
  const Home home = home_of(world, diagnostics);
  CHECK(diagnostics.contains("camera_motion_unknown"));
  CHECK(diagnostics.contains("up_guessed"));
  CHECK(home.scene.up_source == Source::prior);
  CHECK(home.hands.size() == 1);
  CHECK(home.camera_path.samples.size() == world.tracks.frame_time_ns.size());
}

TEST_CASE("every assumed value says so") {
  PlaceWorldOptions o;
  o.scale_given = false;
  const PlaceWorld world = make_place_world(o);
  Diagnostics diagnostics;
  const Home home = home_of(world, diagnostics);
  for (const char* code : {"hand_length_guessed", "floor_guessed", "mass_guessed",
                           "friction_guessed", "lights_guessed", "support_extent_inferred"}) {
    CAPTURE(code);
    CHECK(diagnostics.contains(code));
  }
  REQUIRE(home.scene.objects.size() == 1);
  CHECK(home.scene.objects[0].mass_kg.source == Source::prior);
  CHECK(home.scene.objects[0].mass_kg.sigma > 0.0);
  CHECK(home.hands[0].hand_length_m.source == Source::prior);
  CHECK_FALSE(home.scene.floor_seen);
}

TEST_CASE("wrong input is refused by name") {
  const PlaceWorld world = make_place_world({});
  Diagnostics diagnostics;
  const auto contacts = find_contacts(world.tracks, {}, diagnostics);
  REQUIRE(contacts.ok());
  const auto where = [&](const Tracks& tracks, const ReconstructOptions& options) {
    const auto r = reconstruct(world.episode, tracks, contacts.value(), {}, options, diagnostics);
    REQUIRE_FALSE(r.ok());
    return r.error().where;
  };
  CHECK(where(world.tracks, {.hand_length_m = 1.9}) == "hand_length_m");
  CHECK(where(world.tracks, {.frame_pairs = 0}) == "frame_pairs");
  CHECK(where(world.tracks, {.min_object_score = 1.5}) == "min_object_score");
  Tracks other = world.tracks;
  other.frame_time_ns.pop_back();
  other.frames -= 1;
  CHECK(where(other, {}) == "tracks/frame_time_ns");
  Tracks empty = world.tracks;
  empty.camera.clear();
  empty.hands.clear();
  const auto r = reconstruct(world.episode, empty, {}, {}, {}, diagnostics);
  REQUIRE_FALSE(r.ok());
  CHECK(r.error().code == ErrorCode::infeasible);
}
