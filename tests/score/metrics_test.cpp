// SPDX-License-Identifier: Apache-2.0
#include <hearth/score/half_frames.h>
#include <hearth/score/metrics.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "fake_twin.h"

using namespace hearth;

TEST_CASE("compare: a twin that follows its home exactly differs by nothing") {
  const auto seed = static_cast<std::uint64_t>(GENERATE(range(0, 20)));
  const Home home = make_take(seed);
  const TakeScore score = compare(home, follow(home, {}));
  CHECK(score.sim_success);
  CHECK(*score.object_path_m == Approx(0.0).margin(1e-12));
  CHECK(*score.wrist_path_m == Approx(0.0).margin(1e-12));
  CHECK(*score.contact_onset_s == Approx(0.0).margin(1e-9));
  CHECK(*score.contact_release_s == Approx(0.0).margin(1e-9));
  CHECK(*score.duration_s == Approx(0.0).margin(1e-9));
  CHECK(score.note.empty());
}

TEST_CASE("compare: planted differences come back as planted") {
  const Home home = make_take(1);
  const TakeScore score = compare(home, follow(home, {.offset_m = 0.04, .delay_s = 0.1}));
  CHECK(*score.object_path_m == Approx(0.04));
  CHECK(*score.contact_onset_s == Approx(0.1).margin(1e-6));
  CHECK(*score.contact_release_s == Approx(0.1).margin(1e-6));
  CHECK(*score.duration_s == Approx(0.0).margin(1e-6));
}

TEST_CASE("wrist_distance_m: a grasp of one's own is no difference, another way is") {
  const Home home = make_take(1);
  SimulatedTake take = follow(home, {});
  const auto& samples = home.hands[0].spans[0].samples;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    take.wrist[i].p_in_world_m = samples[i].world_from_wrist * Vec3{0.05, -0.02, 0.06};
  }
  CHECK(*wrist_distance_m(home, take) == Approx(0.0).margin(1e-12));
  // 3 cm to and fro, in turn: the mean offset is nearly nothing and 3 cm remain.
  for (std::size_t i = 0; i < samples.size(); ++i) {
    take.wrist[i].p_in_world_m =
        samples[i].world_from_wrist * Vec3{0, 0, i % 2 == 0 ? 0.03 : -0.03};
  }
  CHECK(*wrist_distance_m(home, take) == Approx(0.03).epsilon(0.03));
}

TEST_CASE("compare: what cannot be known stays absent") {
  const Home home = make_take(1);
  SimulatedTake take = follow(home, {});
  take.hand_touches_object.assign(take.hand_touches_object.size(), 0);
  TakeScore score = compare(home, take);
  CHECK_FALSE(score.contact_onset_s.has_value());
  CHECK(score.object_path_m.has_value());
  CHECK(score.note == "the simulated hand never held the object");

  take.object.samples[50].world_from_object.position_m.x = std::nan("");
  CHECK_FALSE(compare(home, take).object_path_m.has_value());
  take.wrist.clear();
  CHECK_FALSE(compare(home, take).wrist_path_m.has_value());

  Home silent = home;
  silent.contacts.spans.clear();
  score = compare(silent, follow(home, {}));
  CHECK(score.note == "the recording shows no contact");
  CHECK_FALSE(score.object_path_m.has_value());
}

TEST_CASE("simulated_touch: brushes do not count, interruptions do not split") {
  SimulatedTake take;
  for (int i = 0; i < 60; ++i) take.object.samples.push_back({ns_from_seconds(i / 30.0)});
  take.hand_touches_object.assign(60, 0);
  CHECK_FALSE(simulated_touch(take).has_value());
  take.hand_touches_object[3] = 1;  // a brush
  for (int i = 20; i < 30; ++i) take.hand_touches_object[static_cast<std::size_t>(i)] = 1;
  for (int i = 32; i < 40; ++i) take.hand_touches_object[static_cast<std::size_t>(i)] = 1;
  CHECK(simulated_touch(take)->onset_s == Approx(20 / 30.0));
  CHECK(simulated_touch(take)->release_s == Approx(39 / 30.0));
}

TEST_CASE("measurement_noise: none without replicates, zero for truth, differences otherwise") {
  HeldOutTake take;
  take.home = make_take(1);
  CHECK_FALSE(measurement_noise(take).object_path_m.has_value());
  take.exact = true;
  CHECK(measurement_noise(take).object_path_m == 0.0);
  CHECK(measurement_noise(take).duration_s == 0.0);

  take.exact = false;
  take.replicates = {take.home, take.home};
  for (auto& sample : take.replicates[1].object_tracks.tracks[0].samples) {
    sample.world_from_object.position_m.z += 0.02;
  }
  double wiggle = 1.0;
  for (auto& sample : take.replicates[1].hands[0].spans[0].samples) {
    sample.world_from_wrist.position_m.x += 0.01 * (wiggle = -wiggle);
  }
  take.replicates[1].contacts.spans[0].onset_ns += 66000000;
  const MeasurementNoise noise = measurement_noise(take);
  CHECK(*noise.object_path_m == Approx(0.02));
  CHECK(*noise.wrist_path_m == Approx(0.01).epsilon(0.03));
  CHECK(*noise.contact_onset_s == Approx(0.066));
  // Release: the replicates agree, but the home itself states 2.0 to 2.2 s.
  CHECK(*noise.contact_release_s == Approx(0.2 / 3.92));
}

TEST_CASE("every_other_frame: halves share nothing and together are everything") {
  Tracks tracks;
  tracks.frames = 11;
  tracks.hands.emplace_back();
  tracks.objects.emplace_back();
  tracks.moving_points.emplace_back();
  for (int i = 0; i < 11; ++i) {
    tracks.frame_time_ns.push_back(i * 33000000LL);
    tracks.camera.push_back({.frame = i});
    tracks.hands[0].observations.push_back({.frame = i});
    tracks.objects[0].observations.push_back({.frame = i});
    tracks.moving_points[0].samples.push_back({.frame = i});
  }
  tracks.moving_points.push_back({.near_hand = "h", .samples = {{.frame = 4}}});
  const Tracks even = every_other_frame(tracks, 0);
  const Tracks odd = every_other_frame(tracks, 1);
  CHECK(even.hands[0].observations.size() == 6);
  CHECK(odd.hands[0].observations.size() == 5);
  CHECK(odd.hands[0].observations[0].frame == 1);
  CHECK(even.objects[0].observations.size() + odd.objects[0].observations.size() == 11);
  CHECK(even.moving_points.size() == 2);
  CHECK(odd.moving_points.size() == 1);
  CHECK(even.camera == tracks.camera);
  CHECK(even.frame_time_ns == tracks.frame_time_ns);
  CHECK_THROWS_AS(every_other_frame(tracks, 2), std::logic_error);
}
