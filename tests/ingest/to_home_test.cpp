// SPDX-License-Identifier: Apache-2.0
// Imported hands and objects go the way of perceived ones: contacts, then a metric home.
#include <hearth/ingest/arctic.h>
#include <hearth/ingest/hot3d.h>
#include <hearth/label/find_contacts.h>
#include <hearth/reconstruct/reconstruct.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/ingest/csv_battery.h"

using namespace hearth;
using namespace hearth::test;

namespace {

/// An episode for tracks whose recording has no clip here: frames, size and camera are theirs.
Episode episode_of(const Tracks& tracks) {
  Episode episode;
  episode.clip_file = "absent.mp4";
  episode.clip_sha256 = std::string(64, '0');
  episode.width_px = tracks.camera_model.width_px;
  episode.height_px = tracks.camera_model.height_px;
  episode.nominal_rate_hz = 30.0;
  episode.frame_time_ns = tracks.frame_time_ns;
  episode.camera = tracks.camera_model;
  return validated(episode).value();
}

struct Outcome {
  Contacts contacts{};
  Home home{};
  Diagnostics diagnostics{};
};

Outcome home_of(const Tracks& tracks) {
  Outcome outcome;
  outcome.contacts = find_contacts(tracks, {}, outcome.diagnostics).value();
  outcome.home =
      reconstruct(episode_of(tracks), tracks, outcome.contacts, {}, {}, outcome.diagnostics)
          .value();
  return outcome;
}

}  // namespace

TEST_CASE("to_home: a motion-captured sequence with hands and object becomes a home with a task") {
  const auto path = sample("arctic/mixer_use_01.npz");
  if (!path) return;
  Diagnostics diagnostics;
  const Imported imported = import_arctic(*path, {}, diagnostics).value();
  const Outcome outcome = home_of(*imported.tracks);
  // Contacts are found from motion alone; all of them lie where the file has touches.
  REQUIRE(outcome.contacts.spans.size() >= 3);
  for (const ContactSpan& span : outcome.contacts.spans) {
    CAPTURE(span.hand_track, seconds_from_ns(span.onset_ns));
    CHECK(span.object_id.rfind("mixer_", 0) == 0);
    bool touched = false;
    for (const Segment& touch : imported.segments.segments) {
      const bool same_hand = touch.id.rfind(span.hand_track, 0) == 0;
      touched = touched ||
                (same_hand && touch.start_ns < span.release_ns && touch.stop_ns > span.onset_ns);
    }
    CHECK(touched);
  }
  const Home& home = outcome.home;
  REQUIRE(home.hands.size() == 2);
  CHECK(home.hands[0].hand_length_m.value == Approx(0.18).margin(0.01));
  CHECK(home.scene.scale.value == Approx(1.0).margin(0.01));
  REQUIRE(home.scene.objects.size() == 1);
  REQUIRE(home.scene.supports.size() == 1);
  const SceneObject& object = home.scene.objects[0];
  CHECK(object.id.rfind("mixer_", 0) == 0);
  for (const ObjectSighting& sighting : imported.tracks->objects) {
    if (sighting.id != object.id) continue;
    CHECK(norm(object.shape.size_m - sighting.shape.size_m) < 0.01);
  }
  // It stands: its lower side is on the surface.
  const double bottom_m = object.world_from_object.position_m.z - 0.5 * object.shape.size_m.z;
  CHECK(std::abs(bottom_m - home.scene.supports[0].world_from_support.position_m.z) < 0.03);
  CHECK(find_track(home.object_tracks, object.id) != nullptr);
}

TEST_CASE("to_home: a second of a headset recording becomes a home without a task, and says why") {
  const auto path = sample("hot3d/aria_P0003");
  if (!path) return;
  Diagnostics diagnostics;
  const Imported imported = import_hot3d(*path, {}, diagnostics).value();
  const Outcome outcome = home_of(*imported.tracks);
  const Home& home = outcome.home;
  REQUIRE(home.hands.size() == 2);
  CHECK(home.scene.scale.value == Approx(1.0).margin(0.01));
  // The pot moves 13 mm in this second: nothing travels the 5 cm that a grasp needs.
  CHECK(outcome.diagnostics.contains("no_contact_found"));
  CHECK(home.scene.objects.empty());
  // Both hands keep their distance through camera, map and home.
  HandSample left;
  HandSample right;
  REQUIRE(sample_at(home.hands[0], 500'000'000, left));
  REQUIRE(sample_at(home.hands[1], 500'000'000, right));
  const double apart_m = norm(left.world_from_wrist.position_m - right.world_from_wrist.position_m);
  const Tracks& tracks = *imported.tracks;
  const double truth_m = norm(tracks.hands[0].observations[15].joints_in_camera_m[0] -
                              tracks.hands[1].observations[15].joints_in_camera_m[0]);
  CHECK(apart_m == Approx(truth_m).margin(0.01));
}
