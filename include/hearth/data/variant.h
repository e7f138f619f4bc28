// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A variant is a recipe: typed edits of a scene. The empty variant is the source itself.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/scene.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace hearth {

/// Moves the object's start (and turns it about Z) on its support.
struct MoveStart {
  std::string object_id{};
  double dx_m = 0.0;
  double dy_m = 0.0;
  double yaw_rad = 0.0;
  bool operator==(const MoveStart&) const = default;
};
/// Moves the task's goal.
struct MoveGoal {
  double dx_m = 0.0;
  double dy_m = 0.0;
  double yaw_rad = 0.0;
  bool operator==(const MoveGoal&) const = default;
};
/// Raises a support with everything that stands on it.
struct RaiseSupport {
  std::string support_id{};
  double dz_m = 0.0;
  bool operator==(const RaiseSupport&) const = default;
};
/// Scales an object's extents; its bottom stays where it stands. Mass follows volume.
struct ScaleObject {
  std::string object_id{};
  Vec3 factor{1, 1, 1};
  bool operator==(const ScaleObject&) const = default;
};
/// Multiplies an object's mass (on top of what its size did).
struct ScaleMass {
  std::string object_id{};
  double factor = 1.0;
  bool operator==(const ScaleMass&) const = default;
};
struct SetFriction {
  std::string object_id{};
  double friction = 0.8;
  bool operator==(const SetFriction&) const = default;
};
/// Gives an object, a support, "wall" or "floor" another look.
struct SetMaterial {
  std::string target_id{};
  Material material{};
  bool operator==(const SetMaterial&) const = default;
};
/// Replaces all lights.
struct SetLights {
  std::vector<Light> lights{};
  double ambient_light = 0.35;
  bool operator==(const SetLights&) const = default;
};
/// Moves a camera: offset in world axes, then a turn about its own axes.
struct MoveCamera {
  std::string camera_id{};
  Vec3 offset_m{};
  Vec3 rotation_rad{};
  bool operator==(const MoveCamera&) const = default;
};

using Edit = std::variant<MoveStart, MoveGoal, RaiseSupport, ScaleObject, ScaleMass, SetFriction,
                          SetMaterial, SetLights, MoveCamera>;

struct Variant {
  std::uint64_t seed = 0;
  std::uint64_t index = 0;
  std::string preset{};
  std::vector<Edit> edits{};
  bool operator==(const Variant&) const = default;
};

[[nodiscard]] Result<Variant> validated(Variant variant);

}  // namespace hearth
