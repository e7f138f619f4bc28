// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Errors of a reconstructed home against the made-up world that it was made from.

#include <hearth/data/home.h>
#include <hearth/label/find_contacts.h>
#include <hearth/reconstruct/reconstruct.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/label/place_world.h"

namespace hearth::test {

struct HomeErrors {
  bool found = false;  ///< An object is claimed.
  double scale_share = 0.0;
  bool scale_inside = false;
  double support_m = 0.0;  ///< Height below the first camera.
  double start_m = 0.0;    ///< Positions after aligning the first camera pose.
  double goal_m = 0.0;
  double carry_m = 0.0;  ///< Largest error of the object's path.
  double width_share = 0.0;
  double height_share = 0.0;
  double wrist_m = 0.0;  ///< Median over frames.
  double onset_frames = 30.0;
};

inline double middle(std::vector<double> v) {
  if (v.empty()) return 1e9;
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

inline HomeErrors errors_of(const Home& home, const PlaceWorld& world, double map_unit_m) {
  HomeErrors e;
  e.scale_share = std::abs(home.scene.scale.value / map_unit_m - 1.0);
  e.scale_inside = home.scene.scale.low <= map_unit_m && map_unit_m <= home.scene.scale.high;
  const Pose first = home.camera_path.samples.front().world_from_camera;
  e.support_m =
      std::abs((first.position_m.z - home.scene.supports.front().world_from_support.position_m.z) -
               (world.world_from_camera.front().position_m.z - world.table_height_m));
  const Pose true_from_ours = world.world_from_camera.front() * inverse(first);
  const auto miss = [&](Vec3 ours, Vec3 truth) { return norm(true_from_ours * ours - truth); };
  std::vector<double> wrists;
  for (const HandTrajectory& hand : home.hands) {
    if (hand.side != world.side) continue;
    for (std::size_t f = 0; f < world.joints_in_world.size(); ++f) {
      HandSample sample;
      if (!sample_at(hand, world.tracks.frame_time_ns[f], sample)) continue;
      wrists.push_back(miss(sample.joints_in_world_m[0], world.joints_in_world[f][0]));
    }
  }
  e.wrist_m = middle(wrists);
  if (!home.contacts.spans.empty()) {
    e.onset_frames =
        30.0 * std::abs(seconds_from_ns(home.contacts.spans.front().onset_ns) - world.onset_s);
  }
  if (home.scene.objects.empty()) return e;
  e.found = true;
  const SceneObject& object = home.scene.objects.front();
  e.start_m = miss(object.world_from_object.position_m, world.world_from_object.front().position_m);
  e.goal_m = miss(home.task.world_from_goal.position_m, world.world_from_object.back().position_m);
  for (std::size_t f = 0; f < world.world_from_object.size(); ++f) {
    const Pose pose = pose_at(home.object_tracks.tracks.front(), world.tracks.frame_time_ns[f]);
    e.carry_m = std::max(e.carry_m, miss(pose.position_m, world.world_from_object[f].position_m));
  }
  e.width_share = std::abs(object.shape.size_m.x / world.shape.size_m.x - 1.0);
  e.height_share = std::abs(object.shape.size_m.z / world.shape.size_m.z - 1.0);
  return e;
}

}  // namespace hearth::test
