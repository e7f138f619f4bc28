// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/humanoid.h>
#include <hearth/data/motion.h>
#include <hearth/data/rollout.h>

#include <algorithm>
#include <set>

#include "check.h"

namespace hearth {
namespace {

template <class T>
void check_table(Check& check, const T& table, const std::string& where) {
  const auto& values = [&]() -> const auto& { return table.values; }
  ();
  check.that(values.size() == table.rows * table.columns, where, "must have rows x columns values");
  check.that(std::all_of(values.begin(), values.end(), [](auto v) { return std::isfinite(v); }),
             where, "must be finite");
}

}  // namespace

Result<Humanoid> validated(Humanoid humanoid) {
  Check check;
  check.named(humanoid.name, "/name");
  std::set<std::string> bodies;
  std::set<std::string> joints;
  for (std::size_t b = 0; b < humanoid.bodies.size(); ++b) {
    const HumanoidBody& body = humanoid.bodies[b];
    const std::string where = at("bodies", b);
    check.that(body.parent.empty() || bodies.contains(body.parent), where + "/parent",
               "parents must come first");
    check.that(bodies.insert(body.name).second, where + "/name", "name is used twice");
    check.pose(body.parent_from_body, where + "/parent_from_body");
    check.not_below_zero(body.mass_kg, where + "/mass_kg");
    for (std::size_t j = 0; j < body.joints.size(); ++j) {
      const HumanoidJoint& joint = body.joints[j];
      const std::string place = where + at("joints", j);
      check.that(joints.insert(joint.name).second, place + "/name", "name is used twice");
      check.that(joint.low < joint.high, place + "/low", "must be below high");
      check.positive(joint.max_speed, place + "/max_speed");
      check.positive(joint.kp, place + "/kp");
      check.positive(joint.force_limit, place + "/force_limit");
      check.that(joint.low <= joint.nominal && joint.nominal <= joint.high, place + "/nominal",
                 "must lie within the joint's range");
    }
    for (std::size_t g = 0; g < body.geoms.size(); ++g) {
      check.nested(validated(body.geoms[g].shape), where + at("geoms", g) + "/shape");
      check.pose(body.geoms[g].body_from_geom, where + at("geoms", g) + "/body_from_geom");
    }
  }
  for (std::size_t s = 0; s < humanoid.sites.size(); ++s) {
    check.that(bodies.contains(humanoid.sites[s].body), at("sites", s) + "/body", "names no body");
  }
  return check.result(std::move(humanoid));
}

Result<Motion> validated(Motion motion) {
  Check check;
  check.named(motion.humanoid, "/humanoid");
  check.positive(motion.rate_hz, "/rate_hz");
  check.not_below_zero(motion.lead_in_s, "/lead_in_s");
  check.that(motion.position.columns == motion.joint_names.size(), "/position",
             "must have one column per joint name");
  check.that(motion.position.rows > 0, "/position", "must have rows");
  check_table(check, motion.position, "/position");
  for (std::size_t i = 0; i < motion.grasps.size(); ++i) {
    const Grasp& g = motion.grasps[i];
    const std::string where = at("grasps", i);
    check.that(g.close_start_s <= g.close_end_s && g.close_end_s <= g.lift_s &&
                   g.lift_s <= g.land_s && g.land_s <= g.release_start_s &&
                   g.release_start_s <= g.release_end_s,
               where, "times must follow each other");
    check.pose(g.object_from_wrist, where + "/object_from_wrist");
    check.named(g.object_id, where + "/object_id");
  }
  return check.result(std::move(motion));
}

Result<Rollout> validated(Rollout rollout) {
  Check check;
  check.named(rollout.engine, "/engine");
  check.positive(rollout.control_rate_hz, "/control_rate_hz");
  check.that(rollout.substeps > 0, "/substeps", "must be positive");
  check.that(rollout.action.columns == rollout.actuator_names.size(), "/action",
             "must have one column per actuator");
  check_table(check, rollout.action, "/action");
  check_table(check, rollout.qpos, "/qpos");
  check_table(check, rollout.qvel, "/qvel");
  check_table(check, rollout.body_pose, "/body_pose");
  const std::size_t states = rollout.action.rows + 1;
  check.that(rollout.qpos.rows == states, "/qpos", "must have one row more than actions");
  check.that(rollout.qvel.rows == states, "/qvel", "must have one row more than actions");
  check.that(rollout.body_pose.rows == states, "/body_pose", "must have one row more than actions");
  check.that(rollout.body_pose.columns == 7 * rollout.body_names.size(), "/body_pose",
             "must have seven columns per body");
  check.that(rollout.state_hashes.size() == states, "/state_hashes",
             "must have one hash per state");
  check.that(rollout.hand_touches_object.size() == states, "/hand_touches_object",
             "must have one flag per state");
  for (std::size_t i = 0; i < rollout.visual_geoms.size(); ++i) {
    const VisualGeom& geom = rollout.visual_geoms[i];
    check.that(geom.body_index >= 0 &&
                   static_cast<std::size_t>(geom.body_index) < rollout.body_names.size(),
               at("visual_geoms", i) + "/body_index", "names no body");
    check.nested(validated(geom.shape), at("visual_geoms", i) + "/shape");
  }
  check.not_below_zero(rollout.assistance_n, "/assistance_n");
  return check.result(std::move(rollout));
}

}  // namespace hearth
