// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A small made-up chore for tests: a hand reaches over a table, grasps a thing, carries it, puts
/// it down. Everything is known exactly; the tracks get as much noise as a test asks for.

#include <hearth/core/geometry.h>
#include <hearth/data/episode.h>
#include <hearth/data/image.h>
#include <hearth/data/shape.h>
#include <hearth/data/tracks.h>

#include <cstdint>
#include <vector>

namespace hearth::test {

enum class Act {
  place,  ///< Reach, grasp, carry, put down, retreat.
  touch,  ///< Reach to the thing, wait, come back; nothing moves.
  idle,   ///< The hand hardly moves.
  pass,   ///< At the thing from the first frame, carry, let go in full motion; fingers unreadable.
};

struct PlaceWorldOptions {
  std::uint64_t seed = 1;
  Act act = Act::place;
  HandSide side = HandSide::right;
  int frames = 150;
  double pixel_noise_px = 0.0;     ///< On the hand's joints, slow and fast part.
  double depth_noise_share = 0.0;  ///< Slowly varying error of the hand's depth.
  double joint_noise_m = 0.0;      ///< Per joint and frame.
  double hand_length_error = 0.0;  ///< The fit assumed (1 + this) times the true hand.
  double camera_noise_m = 0.0;     ///< Position of the camera path, per frame.
  double camera_noise_rad = 0.0;
  double point_noise_m = 0.0;
  double missed_share = 0.0;  ///< Hand observations that are left out.
  double map_unit_m = 1.0;    ///< Metres per map unit.
  Pose map_from_world{};      ///< Rotation and origin of the map (before the unit).
  bool sightings = true;      ///< Tracks.objects holds the thing.
  bool moving_points = true;
  bool scale_given = true;
  bool up_given = true;
};

struct PlaceWorld {
  Episode episode{};
  Tracks tracks{};
  std::vector<Pose> world_from_camera{};
  std::vector<HandJoints> joints_in_world{};  ///< True hand, per frame.
  std::vector<Pose> world_from_object{};      ///< Per frame.
  Shape shape{};
  Vec3 color_rgb{};
  double table_height_m = 0.0;
  double hand_length_m = 0.0;
  HandSide side = HandSide::right;
  double onset_s = 0.0;
  double release_s = 0.0;
  double move_start_s = 0.0;
  double move_stop_s = 0.0;
  std::uint64_t seed = 0;
};

[[nodiscard]] PlaceWorld make_place_world(const PlaceWorldOptions& options);

/// Returns pictures of the world: textured table and wall, the thing with its shadow, the hand.
[[nodiscard]] FrameSource pictures(const PlaceWorld& world);

}  // namespace hearth::test
