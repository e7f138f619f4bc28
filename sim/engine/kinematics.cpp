// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/scene.h>
#include <hearth/engine/kinematics.h>

#include <algorithm>
#include <vector>

#include "sim/engine/mujoco_handle.h"

namespace hearth {

struct Kinematics::State {
  WorldModel world;
  engine::DataPtr data;
  [[nodiscard]] const mjModel& model() const { return *world.handle().model; }
};

Kinematics::Kinematics(std::unique_ptr<State> state) : state_(std::move(state)) {}
Kinematics::~Kinematics() = default;
Kinematics::Kinematics(Kinematics&&) noexcept = default;
Kinematics& Kinematics::operator=(Kinematics&&) noexcept = default;

int Kinematics::joint_count() const { return state_->world.handle().humanoid_joints; }

int Kinematics::joint_index(const std::string& name) const {
  return mj_name2id(&state_->model(), mjOBJ_JOINT, name.c_str());
}

int Kinematics::body_index(const std::string& name) const {
  const int id = mj_name2id(&state_->model(), mjOBJ_BODY, ("humanoid/" + name).c_str());
  return id < 0 ? -1 : id - 1;
}

void Kinematics::set_positions(std::span<const double> positions) {
  require(positions.size() == static_cast<std::size_t>(joint_count()), "one value per joint");
  std::copy(positions.begin(), positions.end(), state_->data->qpos);
  mj_kinematics(&state_->model(), state_->data.get());
  mj_comPos(&state_->model(), state_->data.get());
}

Pose Kinematics::body_pose(int body) const {
  require(body >= 0 && body + 1 < state_->model().nbody, "no such body");
  const mjtNum* p = state_->data->xpos + 3 * (body + 1);
  const mjtNum* q = state_->data->xquat + 4 * (body + 1);
  return {{p[0], p[1], p[2]}, {q[0], q[1], q[2], q[3]}};
}

void Kinematics::jacobian(int body, Vec3 p_in_world, std::span<double> position_jacobian,
                          std::span<double> rotation_jacobian) const {
  const std::size_t size = 3 * static_cast<std::size_t>(joint_count());
  require(position_jacobian.empty() || position_jacobian.size() == size, "3 x joints");
  require(rotation_jacobian.empty() || rotation_jacobian.size() == size, "3 x joints");
  const mjtNum point[3] = {p_in_world.x, p_in_world.y, p_in_world.z};
  mj_jac(&state_->model(), state_->data.get(),
         position_jacobian.empty() ? nullptr : position_jacobian.data(),
         rotation_jacobian.empty() ? nullptr : rotation_jacobian.data(), point, body + 1);
}

void Kinematics::inertia_diagonal(std::span<double> diagonal) {
  require(diagonal.size() == static_cast<std::size_t>(joint_count()), "one value per joint");
  const mjModel& model = state_->model();
  mj_makeM(&model, state_->data.get());
  std::vector<mjtNum> full(static_cast<std::size_t>(model.nv * model.nv));
  mj_fullM(&model, state_->data.get(), full.data());
  for (std::size_t i = 0; i < diagonal.size(); ++i) {
    diagonal[i] = full[i * static_cast<std::size_t>(model.nv) + i];
  }
}

Result<Kinematics> make_kinematics(const Humanoid& humanoid) {
  Result<WorldModel> world = compile(Scene{}, humanoid);
  if (!world) return world.error();
  auto state =
      std::make_unique<Kinematics::State>(Kinematics::State{std::move(world).value(), nullptr});
  state->data = engine::make_data(state->model());
  return Kinematics(std::move(state));
}

}  // namespace hearth
