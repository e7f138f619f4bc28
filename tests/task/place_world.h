// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/time.h>
#include <hearth/data/object_tracks.h>
#include <hearth/data/scene.h>
#include <hearth/task/place_task.h>

#include <cmath>
#include <cstdint>
#include <vector>

/// A table at 0.8 m with an 8 cm box on it, and an analytic pick and place of it.
struct PlaceWorld {
  hearth::Scene scene{};
  hearth::Task task{};
  hearth::ObjectTrack track{};
  std::vector<std::uint8_t> touches{};
};

struct PlaceMotion {
  double height_m = 0.12;      // of the carry above the table
  double goal_offset_m = 0.0;  // along x
  double end_height_m = 0.0;   // above the rest height
  double end_tilt_rad = 0.0;
  double end_speed_m_s = 0.0;
  bool release = true;
  double rate_hz = 30.0;
};

inline PlaceWorld make_place_world(const PlaceMotion& motion = {}) {
  using hearth::Vec3;
  PlaceWorld world;
  hearth::Support table;
  table.id = "table";
  table.world_from_support.position_m = {0.4, 0, 0.8};
  table.size_m = {1.2, 0.8, 0.04};
  table.height_m.value = 0.8;
  world.scene.supports.push_back(table);
  hearth::SceneObject box;
  box.id = "box";
  box.shape.size_m = {0.06, 0.07, 0.08};
  box.world_from_object.position_m = {0.3, 0.1, 0.84};
  world.scene.objects.push_back(box);
  const hearth::Pose goal{{0.5, -0.1, 0.84}, {}};
  world.task = hearth::place_task("box", "table", "table", goal, 0.01);

  world.track.object_id = "box";
  const int count = static_cast<int>(std::lround(4.0 * motion.rate_hz)) + 1;
  for (int i = 0; i < count; ++i) {
    const double t = i / motion.rate_hz;
    hearth::ObjectPoseSample sample;
    sample.time_ns = hearth::ns_from_seconds(t);
    sample.observed = true;
    const double u = std::min(1.0, std::max(0.0, t - 1.0));
    const double lift = motion.height_m * std::sin(u * 3.14159265358979);
    Vec3 p =
        box.world_from_object.position_m + u * (goal.position_m - box.world_from_object.position_m);
    p.z += lift;
    if (t > 2.0) {
      p.x += motion.goal_offset_m + motion.end_speed_m_s * (t - 2.0);
      p.z += motion.end_height_m;
    }
    sample.world_from_object = {
        p, hearth::quat_from_axis_angle({1, 0, 0}, t > 2.0 ? motion.end_tilt_rad : 0.0)};
    world.track.samples.push_back(sample);
    world.touches.push_back(t > 0.8 && (t < 2.2 || !motion.release) ? 1 : 0);
  }
  return world;
}
