// SPDX-License-Identifier: Apache-2.0
#include <hearth/label/find_contacts.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "tests/label/place_world.h"

using namespace hearth;
using namespace hearth::test;

namespace {

struct Errors {
  std::vector<double> onset, release, start, stop;
  int missed = 0;
  int inside = 0;
  int extra = 0;
};

double median(std::vector<double> v) {
  if (v.empty()) return 0.0;
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

// Errors in frames over many seeds; a miss counts 30.
Errors measure(PlaceWorldOptions o, int seeds) {
  Errors e;
  for (int seed = 1; seed <= seeds; ++seed) {
    o.seed = static_cast<std::uint64_t>(seed);
    const PlaceWorld world = make_place_world(o);
    Diagnostics diagnostics;
    const auto contacts = find_contacts(world.tracks, {}, diagnostics);
    REQUIRE(contacts.ok());
    if (contacts.value().spans.empty()) {
      ++e.missed;
      for (auto* v : {&e.onset, &e.release, &e.start, &e.stop}) v->push_back(30.0);
      continue;
    }
    e.extra += static_cast<int>(contacts.value().spans.size()) - 1;
    const ContactSpan& s = contacts.value().spans.front();
    const auto frames = [](TimeNs t, double truth_s) {
      return 30.0 * std::abs(seconds_from_ns(t) - truth_s);
    };
    e.onset.push_back(frames(s.onset_ns, world.onset_s));
    e.release.push_back(frames(s.release_ns, world.release_s));
    e.start.push_back(frames(s.move_start_ns, world.move_start_s));
    e.stop.push_back(frames(s.move_stop_ns, world.move_stop_s));
    if (seconds_from_ns(s.onset_low_ns) <= world.onset_s &&
        world.onset_s <= seconds_from_ns(s.onset_high_ns)) {
      ++e.inside;
    }
  }
  WARN("onset " << median(e.onset) << " release " << median(e.release) << " start "
                << median(e.start) << " stop " << median(e.stop) << " frames; missed " << e.missed
                << ", extra " << e.extra << ", onset inside " << e.inside << " of " << seeds);
  return e;
}

}  // namespace

TEST_CASE("contact times from exact tracks with the object sighted") {
  const Errors e = measure({}, 20);
  CHECK(e.missed == 0);
  CHECK(e.extra == 0);
  CHECK(median(e.onset) <= 2.0);
  CHECK(median(e.release) <= 2.0);
  CHECK(median(e.start) <= 2.0);
  CHECK(median(e.stop) <= 2.0);
  CHECK(e.inside >= 17);
}

TEST_CASE("contact times from hands and moving points alone") {
  PlaceWorldOptions o;
  o.sightings = false;
  o.scale_given = false;
  const Errors e = measure(o, 20);
  CHECK(e.missed == 0);
  CHECK(e.extra == 0);
  CHECK(median(e.onset) <= 3.0);
  CHECK(e.inside >= 15);
}

TEST_CASE("contact times from noisy hands") {
  PlaceWorldOptions o;
  o.sightings = false;
  o.scale_given = false;
  o.pixel_noise_px = 1.2;  // of a hand of about 45 px: filming.md has 4.6 of 76
  o.depth_noise_share = 0.03;
  o.joint_noise_m = 0.002;
  o.camera_noise_m = 0.001;
  o.point_noise_m = 0.005;
  o.missed_share = 0.1;
  const Errors e = measure(o, 20);
  CHECK(e.missed <= 2);
  CHECK(median(e.onset) <= 5.0);
  CHECK(e.inside >= 14);
}

TEST_CASE("a left hand is as good as a right one") {
  PlaceWorldOptions o;
  o.side = HandSide::left;
  const Errors e = measure(o, 5);
  CHECK(median(e.onset) <= 2.0);
}

TEST_CASE("nothing is invented where nothing is held") {
  for (const Act act : {Act::touch, Act::idle}) {
    for (int seed = 1; seed <= 20; ++seed) {
      PlaceWorldOptions o;
      o.seed = static_cast<std::uint64_t>(seed);
      o.act = act;
      o.sightings = seed % 2 == 0;
      o.pixel_noise_px = 1.0;
      o.joint_noise_m = 0.002;
      Diagnostics diagnostics;
      const auto contacts = find_contacts(make_place_world(o).tracks, {}, diagnostics);
      REQUIRE(contacts.ok());
      CAPTURE(seed, static_cast<int>(act));
      CHECK(contacts.value().spans.empty());
      CHECK(diagnostics.contains("no_contact_found"));
    }
  }
}

TEST_CASE("tracks without hands give no contact and say so") {
  PlaceWorld world = make_place_world({});
  world.tracks.hands.clear();
  world.tracks.objects.clear();
  Diagnostics diagnostics;
  const auto contacts = find_contacts(world.tracks, {}, diagnostics);
  REQUIRE(contacts.ok());
  CHECK(contacts.value().spans.empty());
  CHECK(diagnostics.counts().at("no_contact_found") == 1);
}

TEST_CASE("neither frame nor unit of the map matters") {
  for (int seed = 1; seed <= 10; ++seed) {
    PlaceWorldOptions o;
    o.seed = static_cast<std::uint64_t>(seed);
    o.scale_given = false;
    o.sightings = false;
    Diagnostics diagnostics;
    const auto plain = find_contacts(make_place_world(o).tracks, {}, diagnostics);
    o.map_unit_m = 3.7;
    o.map_from_world = {{1, -2, 0.5}, quat_from_rotation_vector({0.4, -1.1, 2.0})};
    const auto moved = find_contacts(make_place_world(o).tracks, {}, diagnostics);
    REQUIRE(plain.ok());
    REQUIRE(moved.ok());
    REQUIRE(plain.value().spans.size() == moved.value().spans.size());
    for (std::size_t i = 0; i < plain.value().spans.size(); ++i) {
      // Rounding may move a fit by one step of its half-frame grid, not more.
      CHECK(std::abs(plain.value().spans[i].onset_ns - moved.value().spans[i].onset_ns) <
            20'000'000);
      CHECK(std::abs(plain.value().spans[i].move_start_ns - moved.value().spans[i].move_start_ns) <
            1'000'000);
    }
  }
}

TEST_CASE("the same tracks give the same contacts") {
  const PlaceWorld world = make_place_world({});
  Diagnostics diagnostics;
  const auto a = find_contacts(world.tracks, {}, diagnostics);
  const auto b = find_contacts(world.tracks, {}, diagnostics);
  REQUIRE(a.ok());
  CHECK(a.value() == b.value());
}

TEST_CASE("options out of range are refused by name") {
  const PlaceWorld world = make_place_world({});
  Diagnostics diagnostics;
  const auto r = find_contacts(world.tracks, {.dwell_share = 1.5}, diagnostics);
  REQUIRE_FALSE(r.ok());
  CHECK(r.error().code == ErrorCode::invalid_argument);
  CHECK(r.error().where == "dwell_share");
}

TEST_CASE("a hand that is lost while it carries still tells roughly when") {
  int found = 0;
  int inside = 0;
  for (int seed = 1; seed <= 10; ++seed) {
    PlaceWorldOptions o;
    o.seed = static_cast<std::uint64_t>(seed);
    o.sightings = false;
    o.scale_given = false;
    o.moving_points = false;
    PlaceWorld world = make_place_world(o);
    auto& seen = world.tracks.hands[0].observations;
    std::erase_if(seen, [&](const HandObservation& h) {
      const double t = seconds_from_ns(h.time_ns);
      return t > world.onset_s - 0.1 && t < world.release_s + 0.1;
    });
    Diagnostics diagnostics;
    const auto contacts = find_contacts(world.tracks, {}, diagnostics);
    REQUIRE(contacts.ok());
    if (contacts.value().spans.empty()) continue;
    ++found;
    const ContactSpan& s = contacts.value().spans.front();
    CHECK(diagnostics.contains("contact_while_hand_lost"));
    CHECK(s.confidence < 0.5);
    inside += seconds_from_ns(s.onset_low_ns) <= world.onset_s &&
                      world.onset_s <= seconds_from_ns(s.onset_high_ns)
                  ? 1
                  : 0;
  }
  CHECK(found >= 8);
  CHECK(inside >= 7);
}

TEST_CASE("a hand that is lost and comes back to the same place carried nothing") {
  for (int seed = 1; seed <= 10; ++seed) {
    PlaceWorldOptions o;
    o.seed = static_cast<std::uint64_t>(seed);
    o.act = Act::touch;
    o.sightings = false;
    PlaceWorld world = make_place_world(o);
    auto& seen = world.tracks.hands[0].observations;
    std::erase_if(seen, [&](const HandObservation& h) {
      const double t = seconds_from_ns(h.time_ns);
      return t > world.onset_s - 0.1 && t < world.release_s + 0.1;
    });
    Diagnostics diagnostics;
    const auto contacts = find_contacts(world.tracks, {}, diagnostics);
    REQUIRE(contacts.ok());
    CHECK(contacts.value().spans.empty());
  }
}

namespace {

PlaceWorld passing(int seed) {
  PlaceWorldOptions o;
  o.seed = static_cast<std::uint64_t>(seed);
  o.act = Act::pass;
  o.sightings = false;
  o.scale_given = false;
  return make_place_world(o);
}

std::vector<ContactSpan> spans_of(const Tracks& tracks) {
  Diagnostics diagnostics;
  const auto contacts = find_contacts(tracks, {}, diagnostics);
  REQUIRE(contacts.ok());
  return contacts.value().spans;
}

}  // namespace

TEST_CASE("points tell of a thing that is let go in full motion") {
  std::vector<double> start, stop;
  for (int seed = 1; seed <= 10; ++seed) {
    const PlaceWorld world = passing(seed);
    const auto spans = spans_of(world.tracks);
    if (spans.size() != 1) continue;
    CHECK(spans[0].evidence == "points,move");
    start.push_back(30.0 * std::abs(seconds_from_ns(spans[0].move_start_ns) - world.move_start_s));
    stop.push_back(30.0 * std::abs(seconds_from_ns(spans[0].move_stop_ns) - world.move_stop_s));
  }
  REQUIRE(start.size() >= 8);
  WARN("found " << start.size() << " of 10; start " << median(start) << ", stop " << median(stop)
                << " frames");
  CHECK(median(start) <= 6.0);
  CHECK(median(stop) <= 3.0);
}

TEST_CASE("points that are lost on the way leave the letting go open") {
  PlaceWorld world = passing(1);
  for (MovingPoint& point : world.tracks.moving_points) {
    std::erase_if(point.samples,
                  [&](const PointSample& s) { return s.frame / 30.0 > world.move_stop_s - 0.2; });
  }
  const auto spans = spans_of(world.tracks);
  REQUIRE(spans.size() == 1);
  CHECK(spans[0].release_high_ns == world.tracks.frame_time_ns.back());
}

TEST_CASE("points alone claim nothing where the hold has no end, or two hands, or no points") {
  for (int seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    PlaceWorld none = passing(seed);
    none.tracks.moving_points.clear();
    CHECK(spans_of(none.tracks).empty());

    PlaceWorld endless = passing(seed);
    std::erase_if(endless.tracks.hands[0].observations, [&](const HandObservation& h) {
      return seconds_from_ns(h.time_ns) > endless.move_stop_s;
    });
    CHECK(spans_of(endless.tracks).empty());

    PlaceWorld two = passing(seed);
    HandTrack other = two.tracks.hands[0];
    other.id = "hand_1";
    for (HandObservation& h : other.observations) {
      for (Vec2& p : h.joints_px) p.x -= 40.0;
    }
    two.tracks.hands.push_back(other);
    CHECK(spans_of(two.tracks).empty());
  }
}
