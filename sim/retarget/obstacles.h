// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: what the hand and the carried object should not run into.

#include <hearth/data/home.h>

#include <vector>

#include "sim/retarget/hand_model.h"

namespace hearth {

/// A box that is in the way.
struct Obstacle {
  Pose world_from_box{};
  Vec3 half_m{};
  bool passable_below = false;  ///< A hand may go underneath.
};

struct Surroundings {
  std::vector<Support> under{};       ///< What carries the object at start and goal.
  std::vector<Obstacle> obstacles{};  ///< Other supports and other objects.
};

[[nodiscard]] Surroundings surroundings_of(const Home& home);

/// Moves a wrist path so that the hand stays clear of supports, obstacles and the object; rows
/// where `pinned` stay.
void clear_obstacles(HandModel& hand, const std::vector<FingerPosture>& fingers,
                     const std::vector<bool>& pinned, const std::vector<Pose>& world_from_object,
                     const Shape& shape, const Surroundings& surroundings,
                     std::vector<Pose>& wrist);

/// How far the hand would have to move to be clear of the obstacles.
[[nodiscard]] double obstacle_depth_m(HandModel& hand, const FingerPosture& fingers,
                                      const Pose& wrist, const Surroundings& surroundings);

/// Lifts a path of the carried object's centre over other objects; its ends stay.
void raise_over(const Surroundings& surroundings, const Shape& shape, std::vector<Vec3>& centers);

}  // namespace hearth
