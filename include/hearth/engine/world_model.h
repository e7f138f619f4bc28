// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A scene and a humanoid, compiled for physics. Only hands, objects, supports and the floor
/// collide; an object's own friction holds against skin and supports alike. No welds, no mocap
/// bodies. Method and limits: docs/physics.md.

#include <hearth/core/result.h>
#include <hearth/data/humanoid.h>
#include <hearth/data/rollout.h>
#include <hearth/data/scene.h>

#include <memory>
#include <string>
#include <vector>

namespace hearth {

/// Options of compile().
struct CompileOptions {
  double timestep_s = 1.0 / 300.0;  ///< One physics step; 0 < timestep <= 0.01.
  double impratio = 10.0;           ///< Friction to normal impedance of the elliptic cone; >= 1.
};

/// A compiled world. Immutable, safe to share between threads; movable, not copyable.
///
/// State order: the humanoid's joints in its order come first, then per movable object 7 positions
/// (x y z, qw qx qy qz) and 6 velocities, in the scene's order. Actuator i drives joint i.
class WorldModel {
 public:
  struct Handle;  ///< Private to the engine: sim/engine/mujoco_handle.h.

  explicit WorldModel(std::unique_ptr<Handle> handle);
  ~WorldModel();
  WorldModel(WorldModel&&) noexcept;
  WorldModel& operator=(WorldModel&&) noexcept;

  [[nodiscard]] int position_count() const;
  [[nodiscard]] int velocity_count() const;
  /// "world", one per support, one per humanoid body ("humanoid/<name>"), one per object (its id).
  [[nodiscard]] const std::vector<std::string>& body_names() const;
  [[nodiscard]] const std::vector<std::string>& actuator_names() const;
  [[nodiscard]] const std::vector<VisualGeom>& visual_geoms() const;
  /// The model as MJCF text: stored, diffable, readable by anyone's MuJoCo.
  [[nodiscard]] const std::string& mjcf() const;
  [[nodiscard]] const std::string& mjcf_sha256() const;
  [[nodiscard]] const Handle& handle() const { return *handle_; }

 private:
  std::unique_ptr<Handle> handle_;
};

/// Compiles a scene with a humanoid in it (one without bodies: the scene alone).
///
/// @param scene     validated().
/// @param humanoid  validated(); its kv are numbers, as capsule_humanoid() gives them.
/// @return invalid_argument for an option out of range, two things of one name, or a model the
/// engine refuses or warns about; unsupported if the engine is not the pinned one.
[[nodiscard]] Result<WorldModel> compile(const Scene& scene, const Humanoid& humanoid,
                                         const CompileOptions& options = {});

}  // namespace hearth
