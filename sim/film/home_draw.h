// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Draws a home and the person's place in it: room, support, shelf, clutter, lights, the object and
/// where it goes.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/hand.h>
#include <hearth/data/scene.h>

#include <array>
#include <cstdint>
#include <optional>

namespace hearth::film_internal {

/// The person: faces +Y, belly at the front edge of the support (y = 0).
struct Person {
  HandSide active = HandSide::right;
  std::array<Vec3, 2> shoulder_in_world{};  ///< Left, right.
  double upper_arm_m = 0.29;
  double forearm_m = 0.25;
  Vec3 camera_in_world{};  ///< Mean place of the head camera.
  Vec3 active_rest{};      ///< Wrist at rest, on the support (x, y, top face).
  Vec3 idle_rest{};
  bool idle_visible = false;
};

/// Everything that stands still, and the drawn chore.
struct HomeDraw {
  Scene scene{};  ///< Without cameras.
  Person person{};
  double top_m = 0.9;  ///< Height of the support's top face.
  std::size_t object_index = 0;
  Pose world_from_start{};
  Pose world_from_goal{};
  CameraModel camera{};    ///< The true one.
  Quat camera_rotation{};  ///< Mean world_from_camera rotation.
};

/// Returns +1 for right, -1 for left: the side's sign along world x.
[[nodiscard]] double sign_of(HandSide side);

/// Returns the heading (yaw about Z, 0 = facing +Y) that a hand naturally has over a point.
[[nodiscard]] double natural_heading_rad(const Person& person, HandSide side, Vec3 p_in_world);

/// Returns world_from_camera looking along a heading and a downward pitch.
[[nodiscard]] Quat camera_rotation(double heading_rad, double pitch_down_rad, double roll_rad);

struct HomeDrawOptions {
  std::uint64_t home_seed = 0;
  std::uint64_t take_seed = 0;
  std::optional<HandSide> active_hand{};
  double longest_carry_m = 0.45;
  std::uint64_t arrangement =
      0;  ///< Another one of the same seed, where the last gave no movement.
};

/// @return infeasible if no visible, reachable, uncluttered arrangement was found.
[[nodiscard]] Result<HomeDraw> draw_home(const HomeDrawOptions& options);

}  // namespace hearth::film_internal
