// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: the engine's raw handles, for the .cpp files of engine, physics and retarget only.

#include <hearth/core/result.h>
#include <hearth/engine/world_model.h>
#include <mujoco/mujoco.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hearth::engine {

struct ModelDeleter {
  void operator()(mjModel* model) const { mj_deleteModel(model); }
};
struct DataDeleter {
  void operator()(mjData* data) const { mj_deleteData(data); }
};
using ModelPtr = std::unique_ptr<mjModel, ModelDeleter>;
using DataPtr = std::unique_ptr<mjData, DataDeleter>;

/// Runs `work`, which calls the engine, and returns its first error or warning as an Error. The
/// engine's own fatal errors end `work` without unwinding it: locals of `work` are then not
/// destroyed.
[[nodiscard]] Result<Done> guarded(const std::function<void()>& work, const char* where);

/// A fresh mjData of the model.
[[nodiscard]] DataPtr make_data(const mjModel& model);

}  // namespace hearth::engine

namespace hearth {

struct WorldModel::Handle {
  engine::ModelPtr model{};
  int humanoid_joints = 0;
  std::string mjcf{};
  std::string mjcf_sha256{};
  std::vector<std::string> body_names{};
  std::vector<std::string> actuator_names{};
  std::vector<VisualGeom> visual_geoms{};
};

}  // namespace hearth
