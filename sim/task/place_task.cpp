// SPDX-License-Identifier: Apache-2.0
#include <hearth/task/place_task.h>

namespace hearth {

Task place_task(const std::string& object_id, const std::string& start_support_id,
                const std::string& goal_support_id, const Pose& world_from_goal,
                double goal_sigma_m, const std::string& prompt, const PlaceTaskOptions& options) {
  Task task;
  task.chore = "place";
  task.prompt = prompt.empty() ? "pick up the object and put it down" : prompt;
  task.object_id = object_id;
  task.start_support_id = start_support_id;
  task.goal_support_id = goal_support_id;
  task.world_from_goal = world_from_goal;
  task.goal_sigma_m = goal_sigma_m;
  task.time_limit_s = options.time_limit_s;
  task.predicates = {
      Predicate{.name = "lifted",
                .kind = PredicateKind::lifted,
                .object_id = object_id,
                .threshold_m = options.lift_height_m,
                .hold_s = options.lift_hold_s},
      Predicate{.name = "placed",
                .kind = PredicateKind::placed,
                .object_id = object_id,
                .threshold_m = options.goal_radius_m,
                .max_speed_m_s = options.rest_speed_m_s,
                .hold_s = options.rest_hold_s},
      Predicate{.name = "upright",
                .kind = PredicateKind::upright,
                .object_id = object_id,
                .threshold_rad = options.max_tilt_rad,
                .hold_s = options.rest_hold_s},
  };
  return task;
}

}  // namespace hearth
