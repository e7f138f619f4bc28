// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Primitive shapes and materials.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>

namespace hearth {

enum class ShapeKind {
  box,       ///< size_m = full extents.
  cylinder,  ///< Axis z; size_m = (diameter, diameter, height).
  sphere,    ///< size_m = (diameter, diameter, diameter).
  capsule,   ///< Axis z; size_m = (diameter, diameter, full height with caps).
};

/// A primitive centred at its frame's origin.
struct Shape {
  ShapeKind kind = ShapeKind::box;
  Vec3 size_m{};  ///< Full extents.
  bool operator==(const Shape&) const = default;
};

/// Returns the volume in cubic metres.
[[nodiscard]] double volume_m3(const Shape& shape);

/// How a surface pattern is drawn. Patterns are functions of the body frame, not pictures.
enum class Pattern { plain, checker, stripes, wood, noise };

/// Look of a surface; colours are linear RGB in 0..1.
struct Material {
  Vec3 color_rgb{0.5, 0.5, 0.5};
  Vec3 second_color_rgb{0.5, 0.5, 0.5};  ///< Other colour of the pattern.
  Pattern pattern = Pattern::plain;
  double pattern_size_m = 0.1;
  double roughness = 0.8;  ///< 1 = matt.
  bool operator==(const Material&) const = default;
};

/// @return invalid_argument naming the field.
[[nodiscard]] Result<Shape> validated(Shape shape);
[[nodiscard]] Result<Material> validated(Material material);

}  // namespace hearth
