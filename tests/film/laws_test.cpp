// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "sim/film/take.h"

using namespace hearth;
using namespace hearth::film_internal;

namespace {

Take take_of(std::uint64_t seed) {
  FilmOptions options;
  options.seed = seed;
  auto take = draw_take(options);
  REQUIRE(take.ok());
  return std::move(take).value();
}

std::size_t active_index(const Take& take) {
  return take.play.person.active == HandSide::right ? 1 : 0;
}

bool in_picture(const CameraModel& camera, const Pose& world_from_camera, Vec3 p_in_world) {
  const auto px = project(camera, inverse(world_from_camera) * p_in_world);
  return px && px->x >= 0 && px->y >= 0 && px->x < camera.width_px && px->y < camera.height_px;
}

}  // namespace

TEST_CASE("truth is a function of its options alone, and seeds differ") {
  FilmOptions options;
  options.seed = 11;
  const auto a = make_truth(options);
  options.jobs = 2;
  const auto b = make_truth(options);
  options.seed = 12;
  const auto c = make_truth(options);
  REQUIRE((a.ok() && b.ok() && c.ok()));
  CHECK(*a == *b);
  CHECK_FALSE(a->home.scene == c->home.scene);
}

TEST_CASE("takes with one home seed share room, object and lights, not the movement") {
  FilmOptions options;
  options.home_seed = 5;
  options.seed = 21;
  const auto a = make_truth(options);
  options.seed = 22;
  const auto b = make_truth(options);
  REQUIRE((a.ok() && b.ok()));
  CHECK(a->home.scene.room == b->home.scene.room);
  CHECK(a->home.scene.lights == b->home.scene.lights);
  CHECK(a->home.scene.supports == b->home.scene.supports);
  CHECK(a->home.scene.objects[0].shape == b->home.scene.objects[0].shape);
  CHECK_FALSE(a->home.hands == b->home.hands);
}

TEST_CASE("frames are exact and every part covers them") {
  FilmOptions options;
  options.seed = 3;
  options.duration_s = 5.0;
  const auto truth = make_truth(options);
  REQUIRE(truth.ok());
  REQUIRE(truth->frame_time_ns.size() == 150);
  for (std::size_t i = 0; i < 150; ++i) {
    CHECK(truth->frame_time_ns[i] == std::llround(static_cast<double>(i) * 1e9 / 30.0));
  }
  REQUIRE(truth->home.hands.size() == 2);
  for (const HandTrajectory& hand : truth->home.hands) {
    REQUIRE(hand.spans.size() == 1);
    CHECK(hand.spans[0].samples.size() == 150);
  }
  CHECK(truth->home.camera_path.samples.size() == 150);
  REQUIRE(truth->home.object_tracks.tracks.size() == 1);
  CHECK(truth->home.object_tracks.tracks[0].samples.size() == 150);
}

TEST_CASE("hands are rigid where bones are, and of human size") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    FilmOptions options;
    options.seed = seed;
    const auto truth = make_truth(options);
    REQUIRE(truth.ok());
    for (const HandTrajectory& hand : truth->home.hands) {
      const auto& samples = hand.spans[0].samples;
      CHECK(hand.hand_length_m.value >= 0.165);
      CHECK(hand.hand_length_m.value <= 0.205);
      CHECK(hand_length_m(samples[0].joints_in_world_m) ==
            Approx(hand.hand_length_m.value).margin(1e-9));
      double worst = 0.0;
      for (const HandSample& sample : samples) {
        for (std::size_t b = 0; b < kHandBones; ++b) {
          const auto parent = static_cast<std::size_t>(kBoneParent[b]);
          const double now =
              norm(sample.joints_in_world_m[b + 1] - sample.joints_in_world_m[parent]);
          const double first =
              norm(samples[0].joints_in_world_m[b + 1] - samples[0].joints_in_world_m[parent]);
          worst = std::max(worst, std::abs(now - first));
        }
      }
      CHECK(worst < 1e-9);
    }
  }
}

TEST_CASE("thumb, index and middle touch while the object moves; nothing goes through anything") {
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    CAPTURE(seed);
    const Take take = take_of(seed);
    const Choreography& play = take.play;
    const std::size_t active = active_index(take);
    double worst_gap = 0.0;
    double least_clear = 1.0;
    double least_above = 10.0;
    const Support& top = take.home.scene.supports[0];
    for (double t = 0.0; t <= play.time.duration; t += 1.0 / 60.0) {
      const Moment now = moment_at(play, t);
      const HandState& hand = now.hand[active];
      const Pose object_from_wrist = inverse(now.world_from_object) * hand.world_from_wrist;
      const HandSide side = play.person.active;
      if (t >= play.time.move_start && t <= play.time.move_stop) {
        for (const int finger : {0, 1, 2}) {
          worst_gap =
              std::max(worst_gap, std::abs(tip_gap_m(play.object, object_from_wrist, play.hand,
                                                     hand.angles, side, finger)));
        }
      }
      least_clear = std::min(
          least_clear, clearance_m(play.object, object_from_wrist, play.hand, hand.angles, side));
      const HandJoints joints =
          joints_in_frame(hand.world_from_wrist, play.hand, hand.angles, side);
      for (const RoundCone& cone : skin_cones(joints, play.hand)) {
        if (cone.a.y < 0.0 || cone.b.y < 0.0) continue;
        least_above = std::min({least_above, cone.a.z - cone.radius_a, cone.b.z - cone.radius_b});
      }
    }
    CHECK(worst_gap < 0.002);
    CHECK(least_clear > -0.0025);
    CHECK(least_above > top.height_m.value - 0.001);
  }
}

TEST_CASE("the object stands on its support before and after, and ends in the goal") {
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    CAPTURE(seed);
    FilmOptions options;
    options.seed = seed;
    const auto truth = make_truth(options);
    REQUIRE(truth.ok());
    const Home& home = truth->home;
    const auto& samples = home.object_tracks.tracks[0].samples;
    const SceneObject& object = *find_object(home.scene, home.task.object_id);
    const double rest_z = home.scene.supports[0].height_m.value + 0.5 * object.shape.size_m.z;
    const ContactSpan& contact = home.contacts.spans.at(0);
    CHECK(contact.onset_ns <= contact.move_start_ns);
    CHECK(contact.move_start_ns < contact.move_stop_ns);
    CHECK(contact.move_stop_ns <= contact.release_ns);
    CHECK(contact.move_start_ns - contact.onset_ns < 350'000'000);
    double highest = 0.0;
    for (const ObjectPoseSample& sample : samples) {
      const double z = sample.world_from_object.position_m.z;
      if (sample.time_ns <= contact.move_start_ns) {
        CHECK(sample.world_from_object == object.world_from_object);
      }
      if (sample.time_ns >= contact.move_stop_ns) {
        CHECK(sample.world_from_object == home.task.world_from_goal);
      }
      CHECK(z >= rest_z - 1e-9);
      highest = std::max(highest, z - rest_z);
    }
    CHECK(samples.front().world_from_object.position_m.z == Approx(rest_z).margin(1e-9));
    CHECK(samples.back().world_from_object == home.task.world_from_goal);
    CHECK(highest > 0.045);
    CHECK(highest < 0.155);
    const double carried =
        norm(home.task.world_from_goal.position_m - object.world_from_object.position_m);
    CHECK(carried >= 0.15);
    CHECK(carried <= 0.45);
  }
}

TEST_CASE("people move at human speed and their eyes are on the work") {
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    CAPTURE(seed);
    const Take take = take_of(seed);
    const std::size_t active = active_index(take);
    double fastest = 0.0;
    int wrist_seen = 0;
    int object_seen = 0;
    std::vector<Vec3> eyes;
    const double dt = 1.0 / 120.0;
    for (const TimeNs t_ns : take.frame_time_ns) {
      const double t = seconds_from_ns(t_ns);
      const Moment now = moment_at(take.play, t);
      const Moment next = moment_at(take.play, t + dt);
      const Vec3 wrist = now.hand[active].world_from_wrist.position_m;
      fastest = std::max(fastest, norm(next.hand[active].world_from_wrist.position_m - wrist) / dt);
      const Pose eye = camera_at(take.camera, t);
      eyes.push_back(eye.position_m);
      const Vec3 knuckles = now.hand[active].world_from_wrist * Vec3{0, 0, 0.08};
      wrist_seen += in_picture(take.home.camera, eye, knuckles) ? 1 : 0;
      object_seen += in_picture(take.home.camera, eye, now.world_from_object.position_m) ? 1 : 0;
    }
    CHECK(fastest < 1.05);
    const auto frames = static_cast<int>(take.frame_time_ns.size());
    CHECK(wrist_seen >= 0.9 * frames);
    CHECK(object_seen >= 0.95 * frames);
    double travel = 0.0;
    for (const Vec3 a : eyes) {
      for (const Vec3 b : eyes) travel = std::max(travel, norm(a - b));
    }
    CHECK(travel > 0.04);
    CHECK(travel < 0.15);
  }
}

TEST_CASE("clutter stands on its support and keeps clear of start, goal and itself") {
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    CAPTURE(seed);
    const Take take = take_of(seed);
    const Scene& scene = take.home.scene;
    const double top = scene.supports[0].height_m.value;
    CHECK(top >= 0.70);
    CHECK(top <= 1.05);
    int on_top = 0;
    for (const SceneObject& object : scene.objects) {
      const double bottom = object.world_from_object.position_m.z - 0.5 * object.shape.size_m.z;
      const bool stands =
          std::abs(bottom - top) < 1e-9 ||
          (scene.supports.size() > 1 && std::abs(bottom - scene.supports[1].height_m.value) < 1e-9);
      CHECK(stands);
      if (object.movable || std::abs(bottom - top) > 1e-9) continue;
      ++on_top;
      for (const Pose& place : {take.home.world_from_start, take.home.world_from_goal}) {
        const Vec3 d = object.world_from_object.position_m - place.position_m;
        CHECK(std::hypot(d.x, d.y) > 0.5 * object.shape.size_m.x + 0.05);
      }
    }
    CHECK(on_top >= 2);
    CHECK(on_top <= 5);
  }
}
