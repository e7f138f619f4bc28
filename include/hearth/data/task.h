// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What counts as done.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>

#include <string>
#include <vector>

namespace hearth {

enum class PredicateKind {
  lifted,   ///< Bottom at least threshold_m above its support for at least hold_s.
  placed,   ///< Within threshold_m of the goal (horizontal), resting on the support, slow.
  upright,  ///< Tilt against its pose in the goal at most threshold_rad.
};

/// One condition on an object's pose over time.
struct Predicate {
  std::string name{};  ///< Unique, for example "lifted".
  PredicateKind kind = PredicateKind::lifted;
  std::string object_id{};
  double threshold_m = 0.0;
  double threshold_rad = 0.0;
  double max_speed_m_s = 0.0;  ///< placed: counts as resting below it.
  double hold_s = 0.0;         ///< Must hold this long in one piece.
  bool operator==(const Predicate&) const = default;
};

/// A chore: move object_id to world_from_goal with one hand.
struct Task {
  std::string chore{};   ///< "place".
  std::string prompt{};  ///< Plain words, for example "pick up the box and put it down".
  std::string object_id{};
  std::string start_support_id{};
  std::string goal_support_id{};
  Pose world_from_goal{};  ///< Pose of the object when done.
  double goal_sigma_m = 0.0;
  std::vector<Predicate>
      predicates{};  ///< Success at the end = those that must hold at the end all do.
  double time_limit_s = 30.0;
  bool operator==(const Task&) const = default;
};

[[nodiscard]] Result<Task> validated(Task task);

}  // namespace hearth
