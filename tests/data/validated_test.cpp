// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/home.h>
#include <hearth/data/ledger.h>
#include <hearth/data/motion.h>
#include <hearth/data/object_tracks.h>

#include <catch2/catch.hpp>
#include <cmath>

using namespace hearth;

namespace {

Home small_home() {
  Home home;
  Support table;
  table.id = "table";
  table.world_from_support.position_m = {0, 0, 0.8};
  table.size_m = {1.2, 0.7, 0.04};
  home.scene.supports = {table};
  SceneObject box;
  box.id = "box";
  box.shape = {ShapeKind::box, {0.06, 0.06, 0.1}};
  box.world_from_object.position_m = {0.1, 0, 0.85};
  box.mass_kg = {0.3, 0.1, Source::prior};
  box.friction = {0.6, 0.2, Source::prior};
  home.scene.objects = {box};
  home.task.chore = "place";
  home.task.object_id = "box";
  home.task.start_support_id = "table";
  return home;
}

std::string where_of(const Home& home) { return validated(home).error().where; }

}  // namespace

TEST_CASE("a small home is valid and each planted fault is named") {
  REQUIRE(validated(small_home()));
  Home home = small_home();
  home.scene.objects[0].mass_kg.value = std::nan("");
  CHECK(where_of(home) == "/scene/objects/0/mass_kg/value");
  home = small_home();
  home.scene.objects.push_back(home.scene.objects[0]);
  CHECK(where_of(home) == "/scene/objects/1/id");
  home = small_home();
  home.scene.supports[0].world_from_support.rotation = {2, 0, 0, 0};
  CHECK(where_of(home) == "/scene/supports/0/world_from_support/rotation");
  home = small_home();
  home.task.object_id = "bowl";
  CHECK(where_of(home) == "/task/object_id");
  home = small_home();
  home.hands.resize(2);
  for (HandTrajectory& hand : home.hands) hand.hand_length_m.value = 0.18;
  CHECK(where_of(home) == "/hands/1/side");
}

TEST_CASE("object poses interpolate and hold beyond their ends") {
  ObjectTrack track;
  track.object_id = "box";
  track.samples = {{0, {{0, 0, 1}, {}}, true, 0.0}, {100, {{1, 0, 1}, {}}, true, 0.0}};
  CHECK(pose_at(track, -5).position_m.x == 0.0);
  CHECK(pose_at(track, 25).position_m.x == Approx(0.25));
  CHECK(pose_at(track, 1000).position_m.x == 1.0);
  CHECK_THROWS_AS(pose_at(ObjectTrack{}, 0), std::logic_error);
}

TEST_CASE("contact intervals must contain their value") {
  Contacts contacts;
  ContactSpan span;
  span.onset_ns = 10;
  span.onset_low_ns = 5;
  span.onset_high_ns = 20;
  span.release_ns = span.release_low_ns = span.release_high_ns = 30;
  contacts.spans = {span};
  REQUIRE(validated(contacts));
  contacts.spans[0].onset_low_ns = 11;
  CHECK(validated(contacts).error().where == "/spans/0/onset_ns");
}

TEST_CASE("motion tables have one column per joint and finite numbers") {
  Motion motion;
  motion.humanoid = "capsule";
  motion.joint_names = {"a", "b"};
  motion.position = {1, 2, {0.0, 1.0}};
  REQUIRE(validated(motion));
  motion.position.values.pop_back();
  CHECK(validated(motion).error().where == "/position");
  motion.position = {1, 2, {0.0, INFINITY}};
  CHECK_FALSE(validated(motion));
}

TEST_CASE("a ledger row is accepted or has a reason") {
  Ledger ledger;
  ledger.entries.resize(1);
  CHECK(validated(ledger).error().where == "/entries/0/reason");
  ledger.entries[0].reason = "overlap";
  CHECK(validated(ledger));
}
