// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The chore "place": pick an object up, carry it, put it down. Who wants another chore adds its
/// task maker here; judge() works on predicates and knows no chore.

#include <hearth/core/geometry.h>
#include <hearth/data/task.h>

#include <string>

namespace hearth {

/// Options of place_task().
struct PlaceTaskOptions {
  double lift_height_m = 0.03;     ///< The bottom must rise this far above the start support...
  double lift_hold_s = 0.2;        ///< ...for this long in one piece.
  double goal_radius_m = 0.08;     ///< Horizontal distance to the goal that still counts.
  double rest_speed_m_s = 0.05;    ///< Faster than this is not resting.
  double rest_hold_s = 0.2;        ///< Resting, released and near the goal for this long.
  double max_tilt_rad = 0.349066;  ///< 20 degrees against the object's pose in the goal.
  double time_limit_s = 30.0;      ///< What happens later does not count.
};

/// Returns the task of moving an object to a goal pose: predicates "lifted" (must have held once),
/// "placed" and "upright" (must hold at the end).
///
/// The ids are not looked up here; validated(Home) does that. Never fails.
/// @param prompt  Plain words; if empty, "pick up the object and put it down".
[[nodiscard]] Task place_task(const std::string& object_id, const std::string& start_support_id,
                              const std::string& goal_support_id, const Pose& world_from_goal,
                              double goal_sigma_m, const std::string& prompt = {},
                              const PlaceTaskOptions& options = {});

}  // namespace hearth
