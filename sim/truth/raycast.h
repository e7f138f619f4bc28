// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Rays against the primitives of a scene: what a point of view sees.

#include <hearth/core/geometry.h>
#include <hearth/data/scene.h>

#include <optional>
#include <string>

namespace hearth::truth_internal {

struct Hit {
  double distance = 0.0;  ///< In units of the ray's direction.
  Vec3 p_in_world{};
  std::string id{};  ///< Support, object, or "room".
};

/// Distance at which a ray from outside enters a shape in the shape's own frame.
[[nodiscard]] std::optional<double> enter(const Shape& shape, Vec3 origin, Vec3 direction);

/// First thing a ray meets, or nothing.
[[nodiscard]] std::optional<Hit> cast(const Scene& scene, Vec3 origin, Vec3 direction);

}  // namespace hearth::truth_internal
