// SPDX-License-Identifier: Apache-2.0
#pragma once

// Primitives as triangles, for export.

#include <hearth/data/shape.h>

#include <array>
#include <cstdint>
#include <vector>

namespace hearth {

struct TriangleMesh {
  std::vector<std::array<float, 3>> positions_m{};
  std::vector<std::array<float, 3>> normals{};  ///< One per position.
  std::vector<std::uint32_t> indices{};         ///< Three per triangle, outside counter-clockwise.
};

/// Returns the shape's surface in its own frame, shifted by `offset_m`.
[[nodiscard]] TriangleMesh tessellated(const Shape& shape, Vec3 offset_m = {});

/// Returns a level rectangle that faces up, its middle at the origin.
[[nodiscard]] TriangleMesh level_rectangle(double size_x_m, double size_y_m);

}  // namespace hearth
