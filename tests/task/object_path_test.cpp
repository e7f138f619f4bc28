// SPDX-License-Identifier: Apache-2.0
#include <hearth/task/object_path.h>

#include <catch2/catch.hpp>
#include <cmath>

using namespace hearth;

TEST_CASE("object_path: rows become samples at the control rate") {
  Rollout rollout;
  rollout.control_rate_hz = 30.0;
  rollout.body_names = {"hand", "box"};
  rollout.body_pose = {
      2, 14, {0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4, 5, 6, 0, 1, 0, 0}};
  const auto track = object_path(rollout, "box");
  REQUIRE(track.ok());
  REQUIRE(track->samples.size() == 2);
  CHECK(track->samples[1].time_ns == 33333333);
  CHECK(track->samples[1].world_from_object == Pose{{4, 5, 6}, {0, 1, 0, 0}});
  CHECK(object_path(rollout, "cup").error().code == ErrorCode::not_found);
  rollout.control_rate_hz = 0.0;
  CHECK(object_path(rollout, "box").error().where == "control_rate_hz");
  rollout.body_pose.columns = 13;
  CHECK(object_path(rollout, "box").error().where == "body_pose");
}

TEST_CASE("touches_from_contacts: spans of this object, ends included") {
  ObjectTrack track;
  track.object_id = "box";
  for (int i = 0; i < 5; ++i) track.samples.push_back({.time_ns = i * 100});
  Contacts contacts;
  contacts.spans.push_back({.object_id = "box", .onset_ns = 100, .release_ns = 200});
  contacts.spans.push_back({.object_id = "cup", .onset_ns = 0, .release_ns = 400});
  CHECK(touches_from_contacts(contacts, track) == std::vector<std::uint8_t>{0, 1, 1, 0, 0});
}

TEST_CASE("reach_along: known answers") {
  const Quat tilt = quat_from_axis_angle({1, 0, 0}, 0.25 * 3.14159265358979);
  const double s = std::sqrt(0.5);
  const Vec3 down{0, 0, -1};
  CHECK(reach_along({ShapeKind::box, {0.2, 0.4, 0.6}}, {}, down) == Approx(0.3));
  CHECK(reach_along({ShapeKind::box, {0.2, 0.4, 0.6}}, tilt, down) == Approx(s * 0.5));
  CHECK(reach_along({ShapeKind::cylinder, {0.2, 0.2, 0.6}}, tilt, down) == Approx(s * 0.4));
  CHECK(reach_along({ShapeKind::sphere, {0.2, 0.2, 0.2}}, tilt, down) == Approx(0.1));
  CHECK(reach_along({ShapeKind::capsule, {0.2, 0.2, 0.6}}, tilt, down) == Approx(0.1 + s * 0.2));
  CHECK(bottom_m({ShapeKind::box, {0.2, 0.4, 0.6}}, {{0, 0, 1}, {}}) == Approx(0.7));
}
