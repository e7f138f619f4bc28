// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/nouns.h>
#include <hearth/pipeline/inspect.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "sim/pipeline/inspect_moments.h"
#include "tests/pipeline/report_world.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;
using namespace hearth::test;

namespace {

// A walking camera and one hand, everything seen in all 100 frames at 20 Hz.
Tracks seen_throughout() {
  Tracks tracks;
  tracks.frames = 100;
  HandTrack hand;
  hand.id = "right";
  for (int f = 0; f < tracks.frames; ++f) {
    const TimeNs t = f * TimeNs{50'000'000};
    tracks.frame_time_ns.push_back(t);
    MapCamera camera;
    camera.frame = f;
    camera.time_ns = t;
    camera.observed = true;
    tracks.camera.push_back(camera);
    HandObservation o;
    o.frame = f;
    o.time_ns = t;
    o.observed = true;
    o.depth_sigma_m = 0.03;
    hand.observations.push_back(o);
  }
  tracks.hands.push_back(hand);
  return tracks;
}

bool between(int frame, int first, int last) { return frame >= first && frame <= last; }

const Finding* find(const Inspection& inspection, const std::string& what) {
  for (const Finding& f : inspection.findings) {
    if (f.what == what) return &f;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("nothing stands out where everything is seen") {
  CHECK(worst_moments(seen_throughout(), nullptr, 5).empty());
}

TEST_CASE("the worst moments are those on which most depends") {
  Tracks tracks = seen_throughout();
  std::erase_if(tracks.camera, [](const MapCamera& c) { return between(c.frame, 10, 29); });
  std::erase_if(tracks.hands[0].observations,
                [](const HandObservation& o) { return between(o.frame, 50, 59); });
  for (HandObservation& o : tracks.hands[0].observations) {
    if (between(o.frame, 80, 89)) o.depth_sigma_m = 0.2;
  }
  const auto moments = worst_moments(tracks, nullptr, 5);
  REQUIRE(moments.size() == 3);
  CHECK(moments[0].what == "no camera pose");
  CHECK(moments[0].from_ns == tracks.frame_time_ns[10]);
  CHECK(moments[0].to_ns == tracks.frame_time_ns[29]);
  CHECK(moments[1].what == "right hand out of sight");
  CHECK(moments[2].what == "right hand's distance much less certain than usual");
  CHECK(worst_moments(tracks, nullptr, 1).size() == 1);

  // The same hole while something is held weighs more than the camera's.
  Contacts contacts;
  ContactSpan span;
  span.hand_track = "right";
  span.onset_low_ns = span.onset_ns = span.onset_high_ns = tracks.frame_time_ns[45];
  span.release_low_ns = span.release_ns = tracks.frame_time_ns[65];
  span.release_high_ns = tracks.frame_time_ns[99];
  contacts.spans.push_back(span);
  const auto with = worst_moments(tracks, &contacts, 5);
  REQUIRE(with.size() == 4);
  CHECK(std::any_of(with.begin(), with.end(), [](const Moment& m) {
    return m.what == "right hand out of sight while it holds something" && m.badness_s > 1.0;
  }));
  CHECK(std::any_of(with.begin(), with.end(),
                    [](const Moment& m) { return m.what == "open when the right hand lets go"; }));
}

TEST_CASE("a static camera without poses is no gap") {
  Tracks tracks = seen_throughout();
  tracks.camera.clear();
  tracks.camera_is_static = true;
  CHECK(worst_moments(tracks, nullptr, 5).empty());
}

TEST_CASE("a run folder and a stage's folder alone are inspected") {
  TemporaryFolder folder;
  make_run_folder(folder.path() / "run", {});
  Diagnostics diagnostics;
  const auto run = inspect(folder.path() / "run", diagnostics);
  REQUIRE(run.ok());
  CHECK(diagnostics.empty());
  for (const char* what : {"focal length", "poses", "metres per map unit", "vertical"}) {
    CAPTURE(what);
    REQUIRE(find(*run, what) != nullptr);
    CHECK((!find(*run, what)->certainty.empty() || !find(*run, what)->source.empty()));
  }
  CHECK_FALSE(run->notes.empty());
  const auto tracks = inspect(folder.path() / "run" / "tracks", diagnostics);
  REQUIRE(tracks.ok());
  CHECK(find(*tracks, "poses") != nullptr);
  CHECK(find(*tracks, "vertical") == nullptr);
}

TEST_CASE("imported tracks are inspected, and said to be imported") {
  TemporaryFolder folder;
  Tracks tracks = seen_throughout();
  tracks.source = "hot3d";
  tracks.camera_model = {
      .width_px = 640, .height_px = 480, .fx_px = 500, .fy_px = 500, .cx_px = 320, .cy_px = 240};
  tracks.hands[0].source = Source::imported;
  tracks.hands[0].hand_length_m = 0.18;
  for (double& bone : tracks.hands[0].bone_length_m) bone = 0.04;
  REQUIRE(write_noun(folder.path() / "tracks.json", tracks).ok());
  Diagnostics diagnostics;
  const auto found = inspect(folder.path(), diagnostics);
  REQUIRE(found.ok());
  REQUIRE(diagnostics.empty());
  REQUIRE(find(*found, "right hand") != nullptr);
  CHECK(find(*found, "right hand")->source == "imported from elsewhere");
}

TEST_CASE("a folder that holds nothing of hearth's is an error") {
  TemporaryFolder folder;
  Diagnostics diagnostics;
  const auto nothing = inspect(folder.path(), diagnostics);
  REQUIRE_FALSE(nothing.ok());
  CHECK(nothing.error().code == ErrorCode::not_found);
  CHECK(nothing.error().where == folder.path().string());
}
