// SPDX-License-Identifier: Apache-2.0
#include "sim/render/primitive.h"

#include <algorithm>
#include <cmath>

#include "sim/render/vector.h"

namespace hearth {
namespace {

constexpr double kMiss = -1.0;

// The stretch of a ray inside a convex solid.
struct Interval {
  double in = -1e300;
  double out = 1e300;
};

// Between the planes -half and +half of one axis.
void cut_slab(double origin, double direction, double half, Interval& interval) {
  if (direction == 0.0) {
    if (origin < -half || origin > half) interval.out = -1e300;
    return;
  }
  const double inverse = 1.0 / direction;
  const double a = (-half - origin) * inverse;
  const double b = (half - origin) * inverse;
  interval.in = std::max(interval.in, std::min(a, b));
  interval.out = std::min(interval.out, std::max(a, b));
}

// Inside |o + t d|^2 <= r2, given the products of the relevant coordinates.
void cut_quadric(double dd, double od, double oo, double r2, Interval& interval) {
  if (dd == 0.0) {
    if (oo > r2) interval.out = -1e300;
    return;
  }
  const double discriminant = od * od - dd * (oo - r2);
  if (discriminant < 0.0) {
    interval.out = -1e300;
    return;
  }
  const double root = std::sqrt(discriminant);
  const double inverse = 1.0 / dd;
  interval.in = std::max(interval.in, (-od - root) * inverse);
  interval.out = std::min(interval.out, (-od + root) * inverse);
}

double entry_of(const Interval& interval, const Ray& ray) {
  const bool hit =
      interval.in <= interval.out && interval.in > ray.t_near && interval.in <= ray.t_far;
  return hit ? interval.in : kMiss;
}

double enter_box(Vec3 o, Vec3 d, const Primitive& box, const Ray& ray) {
  Interval interval;
  cut_slab(o.x, d.x, box.half.x, interval);
  cut_slab(o.y, d.y, box.half.y, interval);
  cut_slab(o.z, d.z, box.half.z, interval);
  return entry_of(interval, ray);
}

double enter_cylinder(Vec3 o, Vec3 d, const Primitive& cylinder, const Ray& ray) {
  const Vec3 s = cylinder.inverse_half;
  const Vec3 os = multiply(o, s);
  const Vec3 ds = multiply(d, s);
  Interval interval;
  cut_quadric(ds.x * ds.x + ds.y * ds.y, os.x * ds.x + os.y * ds.y, os.x * os.x + os.y * os.y, 1.0,
              interval);
  cut_slab(o.z, d.z, cylinder.half.z, interval);
  return entry_of(interval, ray);
}

double enter_sphere(Vec3 o, Vec3 d, const Primitive& sphere, const Ray& ray) {
  const Vec3 os = multiply(o, sphere.inverse_half);
  const Vec3 ds = multiply(d, sphere.inverse_half);
  Interval interval;
  cut_quadric(dot(ds, ds), dot(os, ds), dot(os, os), 1.0, interval);
  return entry_of(interval, ray);
}

// A capsule is a tube between two balls; only the outer half of each ball belongs to its surface.
double enter_capsule(Vec3 o, Vec3 d, const Primitive& capsule, const Ray& ray) {
  const double r2 = capsule.half.x * capsule.half.x;
  const double flat_dd = d.x * d.x + d.y * d.y;
  const double flat_od = o.x * d.x + o.y * d.y;
  const double flat_oo = o.x * o.x + o.y * o.y;
  Interval tube;
  cut_quadric(flat_dd, flat_od, flat_oo, r2, tube);
  if (tube.in > tube.out) return kMiss;
  if (flat_dd > 0.0 && std::abs(o.z + tube.in * d.z) <= capsule.cap_z) return entry_of(tube, ray);
  double best = kMiss;
  for (const double side : {-1.0, 1.0}) {
    const double z = o.z - side * capsule.cap_z;
    Interval ball;
    cut_quadric(flat_dd + d.z * d.z, flat_od + z * d.z, flat_oo + z * z, r2, ball);
    if (ball.in > ball.out || side * (z + ball.in * d.z) < 0.0) continue;
    const double t = entry_of(ball, ray);
    if (t != kMiss && (best == kMiss || t < best)) best = t;
  }
  return best;
}

}  // namespace

Primitive make_primitive(const Shape& shape, const Pose& world_from_shape) {
  Primitive out;
  out.kind = shape.kind;
  out.world_from_local = matrix_from_quat(world_from_shape.rotation);
  out.center = world_from_shape.position_m;
  out.half = 0.5 * shape.size_m;
  if (shape.kind == ShapeKind::capsule) {
    out.half.y = out.half.x;
    out.half.z = std::max(out.half.z, out.half.x);
    out.cap_z = out.half.z - out.half.x;
  }
  out.inverse_half = {1.0 / out.half.x, 1.0 / out.half.y, 1.0 / out.half.z};
  return out;
}

double entry(const Primitive& primitive, const Ray& ray) {
  const Vec3 o = rotate_back(primitive.world_from_local, ray.origin - primitive.center);
  const Vec3 d = rotate_back(primitive.world_from_local, ray.direction);
  switch (primitive.kind) {
    case ShapeKind::box:
      return enter_box(o, d, primitive, ray);
    case ShapeKind::cylinder:
      return enter_cylinder(o, d, primitive, ray);
    case ShapeKind::sphere:
      return enter_sphere(o, d, primitive, ray);
    case ShapeKind::capsule:
      return enter_capsule(o, d, primitive, ray);
  }
  return kMiss;
}

Vec3 surface_normal(const Primitive& primitive, Vec3 p_in_world) {
  const Vec3 p = rotate_back(primitive.world_from_local, p_in_world - primitive.center);
  const Vec3 h = primitive.half;
  Vec3 n{};
  switch (primitive.kind) {
    case ShapeKind::box: {
      const double x = std::abs(p.x) - h.x;
      const double y = std::abs(p.y) - h.y;
      const double z = std::abs(p.z) - h.z;
      if (z >= x && z >= y) {
        n = {0.0, 0.0, p.z < 0.0 ? -1.0 : 1.0};
      } else if (x >= y) {
        n = {p.x < 0.0 ? -1.0 : 1.0, 0.0, 0.0};
      } else {
        n = {0.0, p.y < 0.0 ? -1.0 : 1.0, 0.0};
      }
      break;
    }
    case ShapeKind::cylinder: {
      const Vec3 s = multiply(p, primitive.inverse_half);
      const double rim = s.x * s.x + s.y * s.y - 1.0;
      if (std::abs(s.z) - 1.0 >= 0.5 * rim) {
        n = {0.0, 0.0, p.z < 0.0 ? -1.0 : 1.0};
      } else {
        n = unit({s.x * primitive.inverse_half.x, s.y * primitive.inverse_half.y, 0.0});
      }
      break;
    }
    case ShapeKind::sphere:
      n = unit(multiply(multiply(p, primitive.inverse_half), primitive.inverse_half));
      break;
    case ShapeKind::capsule: {
      const double z = std::clamp(p.z, -primitive.cap_z, primitive.cap_z);
      n = unit({p.x, p.y, p.z - z});
      break;
    }
  }
  return rotate(primitive.world_from_local, n);
}

Bounds bounds(const Primitive& primitive) {
  const Mat3& m = primitive.world_from_local;
  const Vec3 h = primitive.half;
  std::array<double, 3> reach{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double x = std::abs(m[i][0]) * h.x;
    const double y = std::abs(m[i][1]) * h.y;
    const double z = std::abs(m[i][2]) * h.z;
    switch (primitive.kind) {
      case ShapeKind::box:
        reach[i] = x + y + z;
        break;
      case ShapeKind::cylinder:
        reach[i] = std::sqrt(x * x + y * y) + z;
        break;
      case ShapeKind::sphere:
        reach[i] = std::sqrt(x * x + y * y + z * z);
        break;
      case ShapeKind::capsule:
        reach[i] = h.x + std::abs(m[i][2]) * primitive.cap_z;
        break;
    }
  }
  const Vec3 r{reach[0], reach[1], reach[2]};
  return {primitive.center - r, primitive.center + r};
}

}  // namespace hearth
