// SPDX-License-Identifier: Apache-2.0
#include <hearth/film/make_truth.h>
#include <hearth/truth/substitute.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "sim/truth/raycast.h"

using namespace hearth;

namespace {

Truth truth_of(std::uint64_t seed) {
  FilmOptions options;
  options.seed = seed;
  auto truth = make_truth(options);
  REQUIRE(truth.ok());
  return std::move(truth).value();
}

const HandTrack* active_track(const Tracks& tracks, const Truth& truth) {
  for (const HandTrack& hand : tracks.hands) {
    if (hand.side == truth.active_hand) return &hand;
  }
  return nullptr;
}

const HandTrajectory& active_hand(const Truth& truth) {
  return truth.home.hands[truth.active_hand == truth.home.hands[0].side ? 0 : 1];
}

/// Mean distance of the active hand's joints to truth, metres, in the camera frame.
double joint_error_m(const Tracks& tracks, const Truth& truth) {
  const HandTrack* track = active_track(tracks, truth);
  REQUIRE(track != nullptr);
  double sum = 0.0;
  double count = 0.0;
  for (const HandObservation& seen : track->observations) {
    const auto frame = static_cast<std::size_t>(seen.frame);
    const Pose camera_from_world = inverse(truth.home.camera_path.samples[frame].world_from_camera);
    const auto& joints = active_hand(truth).spans[0].samples[frame].joints_in_world_m;
    for (std::size_t j = 0; j < kHandJoints; ++j) {
      sum += norm(seen.joints_in_camera_m[j] - camera_from_world * joints[j]);
      count += 1.0;
    }
  }
  return sum / count;
}

}  // namespace

TEST_CASE("true tracks are exact in every frame of the map") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    CAPTURE(seed);
    const Truth truth = truth_of(seed);
    const auto tracks = tracks_from_truth(truth);
    REQUIRE(tracks.ok());
    CHECK(tracks->source == "truth");
    REQUIRE(tracks->camera.size() == truth.frame_time_ns.size());
    CHECK(tracks->camera[0].map_from_camera == Pose{});
    CHECK(joint_error_m(*tracks, truth) < 1e-9);
    const Pose world_from_map = truth.home.camera_path.samples[0].world_from_camera;
    REQUIRE(tracks->up_in_map);
    CHECK(norm(world_from_map.rotation * *tracks->up_in_map - Vec3{0, 0, 1}) < 1e-9);
    for (std::size_t i = 0; i < tracks->camera.size(); i += 20) {
      const Pose back = world_from_map * tracks->camera[i].map_from_camera;
      const Pose& expected = truth.home.camera_path.samples[i].world_from_camera;
      CHECK(norm(back.position_m - expected.position_m) < 1e-9);
      CHECK(angle_between_rad(back.rotation, expected.rotation) < 1e-6);
    }
    REQUIRE(tracks->objects.size() == 1);
    const ObjectObservation& last = tracks->objects[0].observations.back();
    const Pose end = world_from_map * last.map_from_object;
    CHECK(norm(end.position_m - truth.home.task.world_from_goal.position_m) < 1e-9);
  }
}

TEST_CASE("map points lie on things that stand still, many on the support") {
  const Truth truth = truth_of(3);
  const auto tracks = tracks_from_truth(truth);
  REQUIRE(tracks.ok());
  CHECK(tracks->map_points.size() > 500);
  const Pose world_from_map = truth.home.camera_path.samples[0].world_from_camera;
  const double top = truth.home.scene.supports[0].height_m.value;
  int on_top = 0;
  for (const MapPoint& point : tracks->map_points) {
    const Vec3 p = world_from_map * point.p_in_map;
    CHECK(p.z > -1e-6);
    CHECK(point.observations > 0);
    if (std::abs(p.z - top) < 1e-9) ++on_top;
  }
  CHECK(on_top > 100);
}

TEST_CASE("moving points move only while the object does") {
  const Truth truth = truth_of(4);
  const auto tracks = tracks_from_truth(truth);
  REQUIRE(tracks.ok());
  REQUIRE(tracks->moving_points.size() > 10);
  const ContactSpan& contact = truth.home.contacts.spans[0];
  for (const MovingPoint& point : tracks->moving_points) {
    for (const PointSample& sample : point.samples) {
      const TimeNs t = truth.frame_time_ns[static_cast<std::size_t>(sample.frame)];
      CHECK(t >= contact.move_start_ns);
      CHECK(t <= contact.move_stop_ns);
    }
  }
}

TEST_CASE("noise and dropouts do what they say and depend on the seed alone") {
  const Truth truth = truth_of(5);
  double before = 0.0;
  for (const double depth : {0.0, 0.01, 0.05}) {
    TracksFromTruthOptions options;
    options.hand_depth_noise_m = depth;
    options.seed = 9;
    const auto tracks = tracks_from_truth(truth, options);
    REQUIRE(tracks.ok());
    CHECK(*tracks == *tracks_from_truth(truth, options));
    const double error = joint_error_m(*tracks, truth);
    CHECK(error >= before);
    // Half a standard deviation to one and a half: the mean of |normal| is .8 of it.
    CHECK(error >= 0.5 * depth);
    CHECK(error <= 1.5 * depth + 1e-9);
    before = error;
  }
  TracksFromTruthOptions options;
  options.dropout_share = 0.5;
  const auto tracks = tracks_from_truth(truth, options);
  REQUIRE(tracks.ok());
  const double kept = static_cast<double>(active_track(*tracks, truth)->observations.size()) /
                      static_cast<double>(truth.frame_time_ns.size());
  CHECK(kept > 0.3);
  CHECK(kept < 0.7);
}

TEST_CASE("options out of range are refused by name") {
  const Truth truth = truth_of(6);
  const auto refused = [&truth](const TracksFromTruthOptions& options) {
    const auto tracks = tracks_from_truth(truth, options);
    REQUIRE_FALSE(tracks.ok());
    CHECK(tracks.error().code == ErrorCode::invalid_argument);
    return tracks.error().where;
  };
  CHECK(refused({.hand_noise_px = -1.0}) == "hand_noise_px");
  CHECK(refused({.hand_depth_noise_m = std::nan("")}) == "hand_depth_noise_m");
  CHECK(refused({.dropout_share = 1.5}) == "dropout_share");
  CHECK(refused({.map_points = -1}) == "map_points");
  CHECK(refused({.moving_points = -1}) == "moving_points");
  Truth broken = truth;
  broken.home.camera_path.samples.pop_back();
  CHECK_FALSE(tracks_from_truth(broken).ok());
}

TEST_CASE("homes of different takes have different clips") {
  const Truth a = truth_of(1);
  const Truth b = truth_of(2);
  CHECK(home_from_truth(a).clip_sha256.size() == 64);
  CHECK(home_from_truth(a).clip_sha256 != home_from_truth(b).clip_sha256);
  CHECK(home_from_truth(a, "abc").clip_sha256 == "abc");
  Home home = home_from_truth(a);
  home.clip_sha256 = a.home.clip_sha256;
  CHECK(home == a.home);
}

TEST_CASE("rays meet primitives where geometry says") {
  using truth_internal::enter;
  const Vec3 down = {0, 0, -1};
  CHECK(enter({ShapeKind::box, {0.2, 0.2, 0.4}}, {0, 0, 1}, down).value() == Approx(0.8));
  CHECK(enter({ShapeKind::cylinder, {0.2, 0.2, 0.4}}, {0.05, 0, 1}, down).value() == Approx(0.8));
  CHECK(enter({ShapeKind::sphere, {0.2, 0.2, 0.2}}, {0, 0, 1}, down).value() == Approx(0.9));
  CHECK(enter({ShapeKind::capsule, {0.2, 0.2, 0.6}}, {0, 0, 1}, down).value() == Approx(0.7));
  CHECK_FALSE(enter({ShapeKind::cylinder, {0.2, 0.2, 0.4}}, {0.11, 0, 1}, down));
  CHECK_FALSE(enter({ShapeKind::box, {0.2, 0.2, 0.4}}, {0, 0, 1}, {0, 0, 1}));
}
