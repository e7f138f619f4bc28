// SPDX-License-Identifier: Apache-2.0
#include "sim/truth/raycast.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace hearth::truth_internal {
namespace {

/// Where a ray is inside an upright box around the origin.
std::optional<std::pair<double, double>> box_span(Vec3 half, Vec3 o, Vec3 d) {
  double near = -std::numeric_limits<double>::infinity();
  double far = std::numeric_limits<double>::infinity();
  const std::array<std::array<double, 3>, 3> axes = {
      {{o.x, d.x, half.x}, {o.y, d.y, half.y}, {o.z, d.z, half.z}}};
  for (const auto& [from, along, limit] : axes) {
    if (std::abs(along) < 1e-15) {
      if (std::abs(from) > limit) return std::nullopt;
      continue;
    }
    const double a = (-limit - from) / along;
    const double b = (limit - from) / along;
    near = std::max(near, std::min(a, b));
    far = std::min(far, std::max(a, b));
  }
  if (near > far) return std::nullopt;
  return std::pair{near, far};
}

std::optional<double> enter_ball(double radius, Vec3 o, Vec3 d) {
  const double a = dot(d, d);
  const double b = dot(o, d);
  const double disc = b * b - a * (dot(o, o) - radius * radius);
  if (disc < 0.0) return std::nullopt;
  return (-b - std::sqrt(disc)) / a;
}

std::optional<double> enter_tube(double radius, double half, Vec3 o, Vec3 d) {
  const double a = d.x * d.x + d.y * d.y;
  double near = -std::numeric_limits<double>::infinity();
  double far = std::numeric_limits<double>::infinity();
  const double c = o.x * o.x + o.y * o.y - radius * radius;
  if (a < 1e-18) {
    if (c > 0.0) return std::nullopt;
  } else {
    const double b = o.x * d.x + o.y * d.y;
    const double disc = b * b - a * c;
    if (disc < 0.0) return std::nullopt;
    near = (-b - std::sqrt(disc)) / a;
    far = (-b + std::sqrt(disc)) / a;
  }
  const double huge = 1e9;
  const auto slab = box_span({huge, huge, half}, o, d);
  if (!slab) return std::nullopt;
  near = std::max(near, slab->first);
  far = std::min(far, slab->second);
  if (near > far) return std::nullopt;
  return near;
}

}  // namespace

std::optional<double> enter(const Shape& shape, Vec3 o, Vec3 d) {
  const Vec3 half = 0.5 * shape.size_m;
  std::optional<double> t;
  switch (shape.kind) {
    case ShapeKind::box:
      if (const auto span = box_span(half, o, d)) t = span->first;
      break;
    case ShapeKind::sphere:
      t = enter_ball(half.x, o, d);
      break;
    case ShapeKind::cylinder:
      t = enter_tube(half.x, half.z, o, d);
      break;
    case ShapeKind::capsule: {
      const Vec3 cap = {0, 0, half.z - half.x};
      for (const auto& part : {enter_tube(half.x, cap.z, o, d), enter_ball(half.x, o - cap, d),
                               enter_ball(half.x, o + cap, d)}) {
        if (part && (!t || *part < *t)) t = part;
      }
      break;
    }
  }
  if (!t || *t <= 1e-9) return std::nullopt;
  return t;
}

std::optional<Hit> cast(const Scene& scene, Vec3 origin, Vec3 direction) {
  std::optional<Hit> best;
  const auto offer = [&](std::optional<double> t, const std::string& id) {
    if (t && (!best || *t < best->distance)) best = Hit{*t, origin + *t * direction, id};
  };
  const auto body = [&](const Pose& world_from_body, const Shape& shape, const std::string& id) {
    const Pose body_from_world = inverse(world_from_body);
    offer(enter(shape, body_from_world * origin, body_from_world.rotation * direction), id);
  };
  for (const SceneObject& object : scene.objects) {
    body(object.world_from_object, object.shape, object.id);
  }
  for (const Support& support : scene.supports) {
    Pose center = support.world_from_support;
    center.position_m = center * Vec3{0, 0, -0.5 * support.size_m.z};
    body(center, {ShapeKind::box, support.size_m}, support.id);
  }
  const Vec3 o = origin - scene.room.center_in_world_m;
  if (const auto span = box_span(0.5 * scene.room.size_m, o, direction);
      span && span->second > 1e-9) {
    offer(span->second, "room");
  }
  return best;
}

}  // namespace hearth::truth_internal
