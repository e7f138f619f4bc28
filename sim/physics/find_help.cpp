// SPDX-License-Identifier: Apache-2.0
#include <hearth/engine/world_model.h>
#include <hearth/physics/find_help.h>
#include <hearth/physics/replay.h>

#include "sim/engine/mujoco_handle.h"
#include "sim/physics/simulate.h"

namespace hearth {

namespace {

void look_at_model(const mjModel& model, int body, std::vector<std::string>& found) {
  if (model.neq > 0) found.push_back("the model has equality constraints (welds or connects)");
  if (model.nmocap > 0) found.push_back("the model has mocap bodies");
  if (model.ntendon > 0) found.push_back("the model has tendons");
  for (int i = 0; i < 3; ++i) {
    const double usual = i == 2 ? -9.81 : 0.0;
    if (model.opt.gravity[i] != usual) found.push_back("gravity is not the usual one");
  }
  if (body < 0) {
    found.push_back("the object has no body");
    return;
  }
  const bool is_free = model.body_jntnum[body] == 1 &&
                       model.jnt_type[model.body_jntadr[body]] == mjJNT_FREE &&
                       model.body_parentid[body] == 0;
  if (!is_free) found.push_back("the object is not a free body");
  if (model.body_gravcomp[body] != 0.0) found.push_back("the object's gravity is compensated");
  for (int i = 0; i < model.nactuator; ++i) {
    const int joint = model.actuator_trnid[2 * i];
    if (model.actuator_trntype[i] != mjTRN_JOINT || model.jnt_bodyid[joint] == body) {
      found.push_back("an actuator may act on the object");
    }
  }
  for (int geom = 0; geom < model.ngeom; ++geom) {
    if (model.geom_adhesion[geom] != 0.0) found.push_back("a geom is adhesive");
  }
}

}  // namespace

Result<std::vector<std::string>> find_help(const Home& home, const Humanoid& humanoid,
                                           const Rollout& rollout) {
  const Result<WorldModel> world = compile(
      home.scene, humanoid, {.timestep_s = 1.0 / (rollout.control_rate_hz * rollout.substeps)});
  if (!world) return world.error();
  std::vector<std::string> found;
  look_at_model(*world->handle().model, body_of(*world, rollout.object_id), found);
  if (rollout.assistance_n != 0.0) found.push_back("forces were applied to the object");
  // Written poses and forces leave states that the actions alone do not give.
  const Result<std::optional<std::int64_t>> differs = first_difference(home, humanoid, rollout);
  if (!differs) return differs.error();
  if (differs->has_value()) {
    found.push_back("the states do not follow from the actions, first at step " +
                    std::to_string(**differs));
  }
  return found;
}

}  // namespace hearth
