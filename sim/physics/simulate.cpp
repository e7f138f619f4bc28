// SPDX-License-Identifier: Apache-2.0
#include "sim/physics/simulate.h"

#include <hearth/core/hash.h>

#include <algorithm>
#include <cmath>

#include "sim/engine/mujoco_handle.h"

namespace hearth {

namespace {

struct Player {
  const mjModel& model;
  mjData& data;
  int object_body = -1;
  Rollout& rollout;

  void apply_control(const float* from, const float* to, double share) {
    for (int i = 0; i < model.nu; ++i) {
      const double a = from[i];
      data.ctrl[i] = a + share * (static_cast<double>(to[i]) - a);
    }
  }

  [[nodiscard]] bool finite() const {
    const auto ok = [](const mjtNum* values, mjtSize n) {
      return std::all_of(values, values + n, [](mjtNum v) { return std::isfinite(v); });
    };
    return ok(data.qpos, model.nq) && ok(data.qvel, model.nv);
  }

  // What is there that should not be: forces on the object that are no contact.
  void watch_object() {
    if (object_body < 0) return;
    const mjtNum* force = data.xfrc_applied + 6 * object_body;
    double applied = std::sqrt(force[0] * force[0] + force[1] * force[1] + force[2] * force[2]);
    for (int k = 0; k < model.body_dofnum[object_body]; ++k) {
      applied = std::max(applied, std::abs(data.qfrc_applied[model.body_dofadr[object_body] + k]));
    }
    rollout.assistance_n = std::max(rollout.assistance_n, applied);
  }

  // Whether a hand touches the object: hand geoms alone have contype 1 (see world_model.cpp).
  bool watch_contacts() {
    bool touched = false;
    for (int c = 0; c < data.ncon; ++c) {
      const mjContact& contact = data.contact[c];
      const int a = contact.geom[0];
      const int b = contact.geom[1];
      const int body_a = model.geom_bodyid[a];
      const int body_b = model.geom_bodyid[b];
      if (body_a != object_body && body_b != object_body) continue;
      rollout.max_penetration_m = std::max(rollout.max_penetration_m, -contact.dist);
      const int other = body_a == object_body ? b : a;
      touched = touched || model.geom_contype[other] == 1;
    }
    return touched;
  }

  void record(std::size_t row, bool touched) {
    std::copy(
        data.qpos, data.qpos + model.nq,
        rollout.qpos.values.begin() + static_cast<std::ptrdiff_t>(row * rollout.qpos.columns));
    std::copy(
        data.qvel, data.qvel + model.nv,
        rollout.qvel.values.begin() + static_cast<std::ptrdiff_t>(row * rollout.qvel.columns));
    double* pose = rollout.body_pose.values.data() + row * rollout.body_pose.columns;
    for (int body = 0; body < model.nbody; ++body) {
      pose = std::copy(data.xpos + 3 * body, data.xpos + 3 * body + 3, pose);
      pose = std::copy(data.xquat + 4 * body, data.xquat + 4 * body + 4, pose);
    }
    rollout.hand_touches_object[row] = touched ? 1 : 0;
    rollout.state_hashes[row] = state_hash({data.qpos, static_cast<std::size_t>(model.nq)},
                                           {data.qvel, static_cast<std::size_t>(model.nv)});
  }
};

void resize(Table& table, std::size_t rows, std::size_t columns) {
  table.rows = rows;
  table.columns = columns;
  table.values.resize(rows * columns);
}

}  // namespace

std::string state_hash(std::span<const double> qpos, std::span<const double> qvel) {
  Sha256 hash;
  hash.update(std::as_bytes(qpos));
  hash.update(std::as_bytes(qvel));
  return hash.hex();
}

int body_of(const WorldModel& world, const std::string& name) {
  const std::vector<std::string>& names = world.body_names();
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

std::vector<double> initial_positions(const WorldModel& world, std::span<const double> joints) {
  const mjModel& model = *world.handle().model;
  std::vector<double> positions(model.qpos0, model.qpos0 + model.nq);
  std::copy(joints.begin(), joints.end(), positions.begin());
  return positions;
}

Result<Done> play_actions(const WorldModel& world, Rollout& rollout) {
  const mjModel& model = *world.handle().model;
  const engine::DataPtr data = engine::make_data(model);
  const std::size_t steps = rollout.action.rows;
  resize(rollout.qpos, steps + 1, static_cast<std::size_t>(model.nq));
  resize(rollout.qvel, steps + 1, static_cast<std::size_t>(model.nv));
  resize(rollout.body_pose, steps + 1, 7 * static_cast<std::size_t>(model.nbody));
  rollout.body_names = world.body_names();
  rollout.hand_touches_object.assign(steps + 1, 0);
  rollout.state_hashes.assign(steps + 1, {});
  rollout.assistance_n = 0.0;
  rollout.max_penetration_m = 0.0;
  std::copy(rollout.qpos.values.begin(), rollout.qpos.values.begin() + model.nq, data->qpos);
  std::copy(rollout.qvel.values.begin(), rollout.qvel.values.begin() + model.nv, data->qvel);

  Player player{model, *data, body_of(world, rollout.object_id), rollout};
  std::size_t bad_step = 0;
  const Result<Done> ran = engine::guarded(
      [&] {
        mj_kinematics(&model, data.get());
        player.record(0, false);
        for (std::size_t k = 0; k < steps; ++k) {
          const float* to = rollout.action.values.data() + k * rollout.action.columns;
          const float* from = k == 0 ? to : to - rollout.action.columns;
          bool touched = false;
          for (int s = 1; s <= rollout.substeps; ++s) {
            player.apply_control(from, to, static_cast<double>(s) / rollout.substeps);
            mj_step(&model, data.get());
            player.watch_object();
            touched = player.watch_contacts();
          }
          if (!player.finite()) {
            bad_step = k + 1;
            return;
          }
          // Positions moved after the last kinematics: the poses stored are those of the state.
          mj_kinematics(&model, data.get());
          player.record(k + 1, touched);
        }
      },
      "replay");
  if (bad_step > 0 || !ran) {
    return Error{ErrorCode::infeasible,
                 "unstable: the state is not finite after step " + std::to_string(bad_step) +
                     (ran ? "" : ", " + ran.error().message),
                 "replay"};
  }
  return Done{};
}

}  // namespace hearth
