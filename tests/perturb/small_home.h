// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/rng.h>
#include <hearth/core/time.h>
#include <hearth/data/home.h>
#include <hearth/task/place_task.h>

#include <algorithm>
#include <cmath>

/// A table with a box and a cup; the right hand moves the box from one end to the other, the left
/// hand lies idle. Sizes and places vary with the seed.
inline hearth::Home make_small_home(std::uint64_t seed) {
  using namespace hearth;
  Rng rng(seed, 0, "small_home");
  Home home;
  home.clip_sha256 = std::string(64, 'a');
  Support table;
  table.id = "table";
  table.world_from_support = {{0.5, 0.0, 0.8}, quat_from_axis_angle({0, 0, 1}, 0.2)};
  table.size_m = {1.4, 0.9, 0.03};
  table.height_m = {0.8, 0.02, Source::measured};
  home.scene.supports.push_back(table);

  SceneObject box;
  box.id = "box";
  box.shape.size_m = {rng.uniform(0.04, 0.08), rng.uniform(0.04, 0.08), rng.uniform(0.05, 0.15)};
  box.world_from_object = {{0.3, 0.15, 0.8 + 0.5 * box.shape.size_m.z},
                           quat_from_axis_angle({0, 0, 1}, rng.uniform(-1, 1))};
  box.mass_kg = {0.3, 0.1, Source::prior};
  box.friction = {0.8, 0.2, Source::prior};
  box.position_sigma_m = 0.01;
  box.yaw_sigma_rad = 0.1;
  box.size_sigma_m = {0.005, 0.005, 0.005};
  home.scene.objects.push_back(box);
  SceneObject cup = box;
  cup.id = "cup";
  cup.shape = {ShapeKind::cylinder, {0.08, 0.08, 0.1}};
  cup.world_from_object = {{0.9, 0.25, 0.85}, {}};
  home.scene.objects.push_back(cup);
  home.scene.lights.push_back({.id = "lamp", .p_in_world_m = {0, 0, 2.2}});
  SceneCamera head;
  head.id = "head";
  head.model = {
      .width_px = 640, .height_px = 480, .fx_px = 500, .fy_px = 500, .cx_px = 320, .cy_px = 240};
  head.world_from_camera = {{0, 0, 1.5}, quat_from_axis_angle({1, 0, 0}, -2.0)};
  home.scene.cameras.push_back(head);

  const Pose goal{{0.6, -0.15, box.world_from_object.position_m.z},
                  quat_from_axis_angle({0, 0, 1}, rng.uniform(-1, 1))};
  home.task = place_task("box", "table", "table", goal, 0.01);
  home.contacts.spans.push_back({.hand_track = "h0",
                                 .side = HandSide::right,
                                 .object_id = "box",
                                 .onset_ns = 900000000,
                                 .onset_low_ns = 850000000,
                                 .onset_high_ns = 950000000,
                                 .release_ns = 2100000000,
                                 .release_low_ns = 2000000000,
                                 .release_high_ns = 2200000000,
                                 .move_start_ns = 1000000000,
                                 .move_stop_ns = 2000000000,
                                 .confidence = 0.9});
  ObjectTrack track;
  track.object_id = "box";
  HandTrajectory right;
  right.hand_length_m = {0.185, 0.01, Source::measured};
  right.spans.emplace_back();
  HandTrajectory left = right;
  left.side = HandSide::left;
  for (int i = 0; i <= 90; ++i) {
    const double t = i / 30.0;
    const double u = std::clamp(t - 1.0, 0.0, 1.0);
    Pose pose = interpolate(box.world_from_object, goal, u);
    pose.position_m.z += 0.15 * std::sin(3.14159265358979 * u);
    track.samples.push_back({ns_from_seconds(t), pose, true, 0.005});
    HandSample sample;
    const double away = std::max({0.0, 0.9 - t, t - 2.1});
    sample.world_from_wrist = pose * Pose{{-0.1 - 0.3 * away, 0.02, 0.05 + 0.1 * away}, {}};
    for (int j = 0; j < kHandJoints; ++j) {
      sample.joints_in_world_m[static_cast<std::size_t>(j)] =
          sample.world_from_wrist * Vec3{0.004 * j, 0.001 * j, 0.002 * (j % 4)};
    }
    sample.observed = true;
    sample.wrist_covariance_m2 = {{{1e-4, 0, 0}, {0, 4e-4, 0}, {0, 0, 9e-4}}};
    right.spans[0].samples.push_back(sample);
    sample.world_from_wrist.position_m = {0.2, 0.3, 0.85};
    left.spans[0].samples.push_back(sample);
    home.camera_path.samples.push_back({ns_from_seconds(t), head.world_from_camera, true});
  }
  home.object_tracks.tracks.push_back(track);
  home.hands = {right, left};
  return home;
}
