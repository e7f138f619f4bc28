// SPDX-License-Identifier: Apache-2.0
#include <hearth/perceive/track_camera.h>

#include <catch2/catch.hpp>

#include "camera_clip.h"
#include "camera_world.h"

namespace hearth {
namespace {

using test::CameraClip;
using test::CameraClipOptions;
using test::make_camera_clip;

FrameSource frames_of(const CameraClip& clip) {
  return [&clip](int frame) -> Result<ImageRgb8> { return test::picture_of(clip, frame); };
}

std::vector<SolvedCamera> solved(const CameraEstimate& e, std::size_t frames) {
  std::vector<SolvedCamera> cameras(frames);
  for (const MapCamera& c : e.camera) {
    cameras[static_cast<std::size_t>(c.frame)] = {c.chunk, c.observed, c.map_from_camera,
                                                  c.position_sigma, c.rotation_sigma_rad};
  }
  return cameras;
}

TEST_CASE("rendered frames: path, points and what the hand carries", "[slow]") {
  const CameraClip clip = make_camera_clip({});
  Diagnostics diagnostics;
  const Result<CameraEstimate> found =
      track_camera(clip.episode, frames_of(clip), clip.hands, {}, diagnostics);
  REQUIRE(found.ok());
  CHECK(diagnostics.empty());
  CHECK(found->registered_share == 1.0);
  CHECK(found->chunks == 1);
  REQUIRE(found->camera.size() == clip.episode.frame_time_ns.size());
  CHECK(found->camera.front().map_from_camera == Pose{});
  const test::PathError e =
      test::path_error(clip.world_from_camera, solved(*found, found->camera.size()));
  const test::PathError frozen = test::path_error(
      clip.world_from_camera,
      std::vector<SolvedCamera>(found->camera.size(), SolvedCamera{0, true, {}, 0.0, 0.0}));
  CAPTURE(e.rotation_median_rad, e.position_median_m, e.extent_m, frozen.position_median_m);
  CHECK(e.rotation_median_rad < 0.004);
  CHECK(e.position_median_m < 0.004);
  CHECK(e.position_median_m < 0.2 * frozen.position_median_m);
  REQUIRE(found->map_points.size() > 150);
  // Points lie on the table (z = 0) or the wall (y = .75), once the map is made metric.
  int on_plane = 0;
  for (const MapPoint& p : found->map_points) {
    const Vec3 q = clip.world_from_camera[0] * (e.scale * p.p_in_map);
    if (std::abs(q.z) < 0.02 || std::abs(q.y - 0.75) < 0.05) ++on_plane;
  }
  CHECK(on_plane > 0.9 * static_cast<double>(found->map_points.size()));

  int on_card = 0, from_rest = 0;
  for (const MovingPoint& point : found->moving_points) {
    CHECK(point.near_hand == "right");
    int inside = 0;
    for (const PointSample& s : point.samples) {
      const auto at = static_cast<std::size_t>(s.frame);
      const Pose& camera = clip.world_from_camera[at];
      const Vec3 ray = camera.rotation * ray_in_camera(clip.episode.camera, s.pixel_px);
      const Vec3& card = clip.card_in_world_m[at];
      const double reach = (card.z - camera.position_m.z) / ray.z;
      const Vec3 hit = camera.position_m + reach * ray - card;
      if (std::max(std::abs(hit.x), std::abs(hit.y)) < test::kCardHalfM + 0.004) ++inside;
    }
    if (inside > 0.9 * static_cast<double>(point.samples.size())) {
      ++on_card;
      if (point.samples.front().frame < clip.carry_from - 5) ++from_rest;
    }
  }
  CAPTURE(found->moving_points.size(), on_card, from_rest);
  CHECK(on_card >= 8);
  CHECK(on_card >= 0.8 * static_cast<double>(found->moving_points.size()));
  CHECK(from_rest >= 4);
}

TEST_CASE("one and two threads give the same estimate", "[slow]") {
  CameraClipOptions o;
  o.frames = 40;
  const CameraClip clip = make_camera_clip(o);
  Diagnostics one_says, two_say;
  TrackCameraOptions one, two;
  one.jobs = 1;
  two.jobs = 2;
  const auto a = track_camera(clip.episode, frames_of(clip), clip.hands, one, one_says);
  const auto b = track_camera(clip.episode, frames_of(clip), clip.hands, two, two_say);
  REQUIRE(a.ok());
  REQUIRE(b.ok());
  CHECK(*a == *b);
  CHECK(one_says.entries() == two_say.entries());
}

TEST_CASE("rendered frames of a standing camera: identity, and still the carried card", "[slow]") {
  CameraClipOptions o;
  o.sway_m = 0.0;
  o.turn_rad = 0.0;
  const CameraClip clip = make_camera_clip(o);
  Diagnostics diagnostics;
  const auto found = track_camera(clip.episode, frames_of(clip), clip.hands, {}, diagnostics);
  REQUIRE(found.ok());
  CHECK(found->is_static);
  CHECK(diagnostics.contains("camera_static"));
  for (const MapCamera& c : found->camera) CHECK(c.map_from_camera == Pose{});
  CHECK(found->moving_points.size() >= 8);
}

TEST_CASE("rendered frames of a head that only turns: no depth is claimed", "[slow]") {
  CameraClipOptions o;
  o.sway_m = 0.0;
  o.with_hand = false;
  const CameraClip clip = make_camera_clip(o);
  Diagnostics diagnostics;
  const auto found = track_camera(clip.episode, frames_of(clip), clip.hands, {}, diagnostics);
  REQUIRE(found.ok());
  CHECK(found->rotation_only);
  CHECK(diagnostics.contains("rotation_only"));
  CHECK(found->map_points.empty());
  CHECK(found->moving_points.empty());
}

TEST_CASE("repeated frames take the pose of the frame before", "[slow]") {
  CameraClipOptions o;
  o.frames = 60;
  o.with_hand = false;
  CameraClip clip = make_camera_clip(o);
  const auto twice = [&clip](int frame) -> Result<ImageRgb8> {
    return test::picture_of(clip, frame % 2 == 0 ? frame : frame - 1);
  };
  for (int f = 1; f < o.frames; f += 2) clip.episode.repeated_frames.push_back(f);
  Diagnostics diagnostics;
  const auto found = track_camera(clip.episode, twice, {}, {}, diagnostics);
  REQUIRE(found.ok());
  REQUIRE(found->camera.size() == 60);
  for (std::size_t i = 1; i < 60; i += 2) {
    CHECK(found->camera[i].map_from_camera == found->camera[i - 1].map_from_camera);
  }
}

TEST_CASE("pictures without corners, and options out of range, are errors with a place") {
  const CameraClip clip = make_camera_clip({});
  const auto black = [&clip](int) -> Result<ImageRgb8> {
    ImageRgb8 picture{clip.episode.width_px, clip.episode.height_px, {}};
    picture.values.assign(static_cast<std::size_t>(picture.width_px * picture.height_px) * 3, 0);
    return picture;
  };
  Diagnostics diagnostics;
  const auto nothing = track_camera(clip.episode, black, {}, {}, diagnostics);
  REQUIRE_FALSE(nothing.ok());
  CHECK(nothing.error().code == ErrorCode::infeasible);
  CHECK(nothing.error().where == "clip.mp4");

  TrackCameraOptions bad;
  bad.max_points = 3;
  const auto refused = track_camera(clip.episode, black, {}, bad, diagnostics);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::invalid_argument);
  CHECK(refused.error().where == "max_points");

  const auto small = [](int) -> Result<ImageRgb8> {
    return ImageRgb8{2, 2, std::vector<std::uint8_t>(12)};
  };
  const auto wrong = track_camera(clip.episode, small, {}, {}, diagnostics);
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().where == "frame 0");

  const auto broken = [](int) -> Result<ImageRgb8> {
    return Error{ErrorCode::corrupt, "the packet is cut short", "clip.mp4"};
  };
  const auto passed = track_camera(clip.episode, broken, {}, {}, diagnostics);
  REQUIRE_FALSE(passed.ok());
  CHECK(passed.error().code == ErrorCode::corrupt);
}

TEST_CASE("two scenes cut together: said, and never glued", "[slow]") {
  CameraClipOptions o;
  o.with_hand = false;
  o.frames = 50;
  CameraClip first = make_camera_clip(o);
  o.seed = 2;
  const CameraClip second = make_camera_clip(o);
  const auto both = [&](int frame) -> Result<ImageRgb8> {
    return frame < 50 ? test::picture_of(first, frame) : test::picture_of(second, frame - 50);
  };
  for (int f = 50; f < 100; ++f) {
    first.episode.frame_time_ns.push_back(static_cast<TimeNs>(f) * 33333333);
  }
  Diagnostics diagnostics;
  const auto found = track_camera(first.episode, both, {}, {}, diagnostics);
  REQUIRE(found.ok());
  CHECK(diagnostics.contains("picture_cuts"));
  REQUIRE(found->chunks == 2);
  for (const MapCamera& c : found->camera) {
    CHECK(c.chunk == (c.frame < 50 ? found->camera.front().chunk : found->camera.back().chunk));
  }
  CHECK(found->camera.front().chunk != found->camera.back().chunk);
}

TEST_CASE("after a blind stretch the same room is known again", "[slow]") {
  CameraClipOptions o;
  o.with_hand = false;
  o.frames = 100;
  const CameraClip clip = make_camera_clip(o);
  const auto covered = [&](int frame) -> Result<ImageRgb8> {
    ImageRgb8 picture = test::picture_of(clip, frame);
    if (frame >= 46 && frame < 54) std::fill(picture.values.begin(), picture.values.end(), 30);
    return picture;
  };
  Diagnostics diagnostics;
  const auto found = track_camera(clip.episode, covered, {}, {}, diagnostics);
  REQUIRE(found.ok());
  CHECK(found->chunks == 1);
  CHECK_FALSE(diagnostics.contains("picture_cuts"));
  const std::vector<SolvedCamera> cameras = solved(*found, 100);
  CHECK(cameras[45].observed);
  CHECK(cameras[54].observed);
  CHECK_FALSE(cameras[50].observed);
  CHECK(cameras[50].chunk == 0);  // Bridged.
  const test::PathError e = test::path_error(clip.world_from_camera, cameras);
  CAPTURE(e.rotation_median_rad, e.position_median_m, e.extent_m);
  CHECK(e.rotation_median_rad < 0.004);
  CHECK(e.position_median_m < 0.05 * e.extent_m);
}

TEST_CASE("a room without texture gives an error or no pose, never a path", "[slow]") {
  CameraClipOptions o;
  o.with_hand = false;
  o.frames = 40;
  const CameraClip clip = make_camera_clip(o);
  const auto blank = [&](int) -> Result<ImageRgb8> {
    ImageRgb8 picture{480, 360, {}};
    picture.values.assign(480UL * 360UL * 3UL, 120);
    return picture;
  };
  Diagnostics diagnostics;
  const auto found = track_camera(clip.episode, blank, {}, {}, diagnostics);
  REQUIRE_FALSE(found.ok());
  CHECK(found.error().code == ErrorCode::infeasible);
}

TEST_CASE("a guessed focal length is replaced by what the pixels say", "[slow]") {
  CameraClipOptions o;
  o.sway_m = 0.08;
  o.turn_rad = 0.15;
  const CameraClip clip = make_camera_clip(o);
  const double truth = clip.episode.camera.fx_px;
  Episode episode = clip.episode;
  CameraModel& camera = episode.camera;
  camera.kind = CameraModelKind::pinhole;
  camera.fx_px = camera.fy_px = 0.84 * truth;
  camera.cx_px = 239.5;
  camera.cy_px = 179.5;
  camera.source = IntrinsicsSource::guess;
  camera.focal_sigma_share = 0.2;
  Diagnostics diagnostics;
  const auto found = track_camera(episode, frames_of(clip), clip.hands, {}, diagnostics);
  REQUIRE(found.ok());
  CHECK(diagnostics.contains("focal_estimated"));
  CHECK(found->camera_model.source == IntrinsicsSource::estimated);
  CAPTURE(found->camera_model.fx_px, found->camera_model.focal_sigma_share);
  CHECK(std::abs(found->camera_model.fx_px / truth - 1.0) < 0.06);
  CHECK(found->camera_model.focal_sigma_share > 0.0);
  CHECK(found->camera_model.focal_sigma_share < 0.14);
}

}  // namespace
}  // namespace hearth
