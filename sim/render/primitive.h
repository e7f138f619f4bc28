// SPDX-License-Identifier: Apache-2.0
#pragma once

// Exact primitives: where a ray enters, which way the surface faces, how large the shape is.

#include <hearth/core/geometry.h>
#include <hearth/data/shape.h>

namespace hearth {

struct Ray {
  Vec3 origin{};
  Vec3 direction{};  // any length; distances are multiples of it
  double t_near = 0.0;
  double t_far = 1e30;
};

struct Bounds {
  Vec3 low{};
  Vec3 high{};
};

// A shape placed in the world.
struct Primitive {
  ShapeKind kind = ShapeKind::box;
  Mat3 world_from_local{};
  Vec3 center{};
  Vec3 half{};  // half extents; capsule: (radius, radius, half height with caps)
  Vec3 inverse_half{};
  double cap_z = 0.0;  // capsule: height of the cap centres
};

Primitive make_primitive(const Shape& shape, const Pose& world_from_shape);

// Returns where the ray enters the primitive from outside, in (t_near, t_far], or -1.
double entry(const Primitive& primitive, const Ray& ray);

// Returns the unit normal at a point of the surface.
Vec3 surface_normal(const Primitive& primitive, Vec3 p_in_world);

Bounds bounds(const Primitive& primitive);

}  // namespace hearth
