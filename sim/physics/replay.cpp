// SPDX-License-Identifier: Apache-2.0
#include <hearth/engine/engine_info.h>
#include <hearth/engine/kinematics.h>
#include <hearth/engine/world_model.h>
#include <hearth/physics/replay.h>

#include <algorithm>
#include <cmath>

#include "sim/physics/plan_actions.h"
#include "sim/physics/simulate.h"

namespace hearth {

namespace {

constexpr double kSettledM =
    0.02;  // an object that moves more before it is touched was not at rest

Result<WorldModel> compile_for(const Home& home, const Humanoid& humanoid, double rate_hz,
                               int substeps) {
  return compile(home.scene, humanoid, {.timestep_s = 1.0 / (rate_hz * substeps)});
}

Vec3 stored_position(const Rollout& rollout, std::size_t row, int body) {
  const double* p = rollout.body_pose.values.data() + row * rollout.body_pose.columns +
                    7 * static_cast<std::size_t>(body);
  return {p[0], p[1], p[2]};
}

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Result<double> wrist_error(const Motion& motion, const Humanoid& humanoid, const WorldModel& world,
                           const Rollout& rollout) {
  if (motion.grasps.empty()) return 0.0;
  const std::string hand =
      motion.grasps.front().side == HandSide::right ? "right_hand" : "left_hand";
  Result<Kinematics> kinematics = make_kinematics(humanoid);
  if (!kinematics) return kinematics.error();
  Kinematics reference = std::move(kinematics).value();
  const int body = body_of(world, "humanoid/" + hand);
  const int reference_body = reference.body_index(hand);
  if (body < 0 || reference_body < 0) return 0.0;
  std::vector<double> errors;
  for (std::size_t t = 0; t < motion.position.rows; ++t) {
    reference.set_positions(
        {motion.position.values.data() + t * motion.position.columns, motion.position.columns});
    errors.push_back(
        norm(stored_position(rollout, t, body) - reference.body_pose(reference_body).position_m));
  }
  return median(std::move(errors));
}

void say_unsettled(const WorldModel& world, const Rollout& rollout, Diagnostics& diagnostics) {
  const int body = body_of(world, rollout.object_id);
  if (body < 0) return;
  const auto touched =
      std::find(rollout.hand_touches_object.begin(), rollout.hand_touches_object.end(), 1);
  const auto row = static_cast<std::size_t>(touched - rollout.hand_touches_object.begin());
  if (row == 0) return;
  const double moved =
      norm(stored_position(rollout, row - 1, body) - stored_position(rollout, 0, body));
  if (moved > kSettledM) {
    diagnostics.add(Severity::warning, "object_unsettled",
                    "the object moved " + std::to_string(moved) + " m before it was touched",
                    rollout.object_id);
  }
}

}  // namespace

Result<Rollout> replay(const Home& home, const Motion& motion, const Humanoid& humanoid,
                       const ReplayOptions& options, Diagnostics& diagnostics) {
  Result<TableF32> actions = plan_actions(home, motion, humanoid, options, diagnostics);
  if (!actions) return actions.error();
  const Result<WorldModel> world = compile_for(home, humanoid, motion.rate_hz, options.substeps);
  if (!world) return world.error();
  Rollout rollout;
  rollout.engine = engine_name();
  rollout.humanoid = humanoid.name;
  rollout.model_sha256 = world->mjcf_sha256();
  rollout.control_rate_hz = motion.rate_hz;
  rollout.substeps = options.substeps;
  rollout.actuator_names = world->actuator_names();
  rollout.action = std::move(actions).value();
  rollout.visual_geoms = world->visual_geoms();
  rollout.object_id = home.task.object_id;
  rollout.qpos.values =
      initial_positions(*world, {motion.position.values.data(), motion.position.columns});
  rollout.qvel.values.assign(static_cast<std::size_t>(world->velocity_count()), 0.0);
  if (const Result<Done> played = play_actions(*world, rollout); !played) return played.error();
  const Result<double> error = wrist_error(motion, humanoid, *world, rollout);
  if (!error) return error.error();
  rollout.wrist_error_m = *error;
  say_unsettled(*world, rollout, diagnostics);
  return validated(std::move(rollout));
}

Result<std::optional<std::int64_t>> first_difference(const Home& home, const Humanoid& humanoid,
                                                     const Rollout& rollout) {
  if (rollout.engine != engine_name()) {
    return Error{ErrorCode::invalid_argument,
                 "recorded with " + rollout.engine + ", this is " + engine_name(), "/engine"};
  }
  const Result<WorldModel> world =
      compile_for(home, humanoid, rollout.control_rate_hz, rollout.substeps);
  if (!world) return world.error();
  if (world->mjcf_sha256() != rollout.model_sha256) {
    return Error{ErrorCode::invalid_argument, "the home or the humanoid is not that of the rollout",
                 "/model_sha256"};
  }
  Rollout again;
  again.substeps = rollout.substeps;
  again.object_id = rollout.object_id;
  again.action = rollout.action;
  const auto first_row = [](const Table& table) {
    return std::vector<double>(table.values.begin(),
                               table.values.begin() + static_cast<std::ptrdiff_t>(table.columns));
  };
  again.qpos.values = first_row(rollout.qpos);
  again.qvel.values = first_row(rollout.qvel);
  const Result<Done> played = play_actions(*world, again);
  if (!played) return played.error();
  for (std::size_t k = 0; k < again.state_hashes.size(); ++k) {
    const bool stored = k < rollout.state_hashes.size();
    if (!stored || again.state_hashes[k] != rollout.state_hashes[k]) {
      return std::optional<std::int64_t>(static_cast<std::int64_t>(k));
    }
  }
  return std::optional<std::int64_t>();
}

}  // namespace hearth
