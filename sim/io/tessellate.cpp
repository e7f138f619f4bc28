// SPDX-License-Identifier: Apache-2.0
#include "tessellate.h"

#include <cmath>
#include <numbers>

namespace hearth {
namespace {

constexpr int kSegments = 32;  // Around the axis; a quarter turn of a cap takes a fourth of it.

// A point of a surface of revolution's outline: radius and height, and the normal there.
struct OutlinePoint {
  double radius_m = 0.0;
  double z_m = 0.0;
  double normal_out = 0.0;
  double normal_up = 0.0;
};

std::array<float, 3> floats(Vec3 v) {
  return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)};
}

std::uint32_t add_vertex(TriangleMesh& mesh, Vec3 p_m, Vec3 normal) {
  mesh.positions_m.push_back(floats(p_m));
  mesh.normals.push_back(floats(normal));
  return static_cast<std::uint32_t>(mesh.positions_m.size() - 1);
}

void add_quad(TriangleMesh& mesh, std::uint32_t a, std::uint32_t b, std::uint32_t c,
              std::uint32_t d) {
  mesh.indices.insert(mesh.indices.end(), {a, b, c, a, c, d});
}

void add_box(TriangleMesh& mesh, Vec3 half_m, Vec3 offset_m) {
  const std::array<Vec3, 3> axes = {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  const std::array<double, 3> half = {half_m.x, half_m.y, half_m.z};
  for (std::size_t k = 0; k < 3; ++k) {
    for (const double sign : {1.0, -1.0}) {
      const Vec3 out = sign * axes[k];
      const Vec3 u = half[(k + 1) % 3] * axes[(k + 1) % 3];
      const Vec3 v = sign * half[(k + 2) % 3] * axes[(k + 2) % 3];
      const Vec3 middle = offset_m + half[k] * out;
      const std::uint32_t a = add_vertex(mesh, middle - u - v, out);
      const std::uint32_t b = add_vertex(mesh, middle + u - v, out);
      const std::uint32_t c = add_vertex(mesh, middle + u + v, out);
      const std::uint32_t d = add_vertex(mesh, middle - u + v, out);
      add_quad(mesh, a, b, c, d);
    }
  }
}

// Outlines run from the bottom up; neighbouring points at one place with two normals make an edge.
std::vector<OutlinePoint> outline_of(const Shape& shape) {
  const double radius = 0.5 * shape.size_m.x;
  const double top = 0.5 * shape.size_m.z;
  std::vector<OutlinePoint> outline;
  if (shape.kind == ShapeKind::cylinder) {
    return {{0.0, -top, 0.0, -1.0},  {radius, -top, 0.0, -1.0}, {radius, -top, 1.0, 0.0},
            {radius, top, 1.0, 0.0}, {radius, top, 0.0, 1.0},   {0.0, top, 0.0, 1.0}};
  }
  const double straight = shape.kind == ShapeKind::capsule ? std::max(0.0, top - radius) : 0.0;
  constexpr int kQuarter = kSegments / 4;
  for (int half = 0; half < 2; ++half) {
    for (int i = 0; i <= kQuarter; ++i) {
      const double turn = 0.5 * std::numbers::pi * (i - (half == 0 ? kQuarter : 0)) / kQuarter;
      const double out = std::cos(turn);
      const double up = std::sin(turn);
      const double middle = half == 0 ? -straight : straight;
      outline.push_back({radius * std::max(0.0, out), middle + radius * up, out, up});
    }
  }
  return outline;
}

void add_revolution(TriangleMesh& mesh, const std::vector<OutlinePoint>& outline, Vec3 offset_m) {
  const auto first = static_cast<std::uint32_t>(mesh.positions_m.size());
  for (const OutlinePoint& point : outline) {
    for (int s = 0; s <= kSegments; ++s) {
      const double turn = 2.0 * std::numbers::pi * (s % kSegments) / kSegments;
      const Vec3 out{std::cos(turn), std::sin(turn), 0.0};
      add_vertex(mesh, offset_m + point.radius_m * out + Vec3{0, 0, point.z_m},
                 normalized(point.normal_out * out + Vec3{0, 0, point.normal_up}));
    }
  }
  constexpr std::uint32_t kRing = kSegments + 1;
  for (std::uint32_t i = 0; i + 1 < outline.size(); ++i) {
    const OutlinePoint& low = outline[i];
    const OutlinePoint& high = outline[i + 1];
    if (low.radius_m == high.radius_m && low.z_m == high.z_m) continue;
    for (std::uint32_t s = 0; s < kSegments; ++s) {
      const std::uint32_t a = first + i * kRing + s;
      if (low.radius_m > 0.0) mesh.indices.insert(mesh.indices.end(), {a, a + 1, a + 1 + kRing});
      if (high.radius_m > 0.0) {
        mesh.indices.insert(mesh.indices.end(), {a, a + 1 + kRing, a + kRing});
      }
    }
  }
}

}  // namespace

TriangleMesh tessellated(const Shape& shape, Vec3 offset_m) {
  TriangleMesh mesh;
  if (shape.kind == ShapeKind::box) {
    add_box(mesh, 0.5 * shape.size_m, offset_m);
  } else {
    add_revolution(mesh, outline_of(shape), offset_m);
  }
  return mesh;
}

TriangleMesh level_rectangle(double size_x_m, double size_y_m) {
  TriangleMesh mesh;
  const double x = 0.5 * size_x_m;
  const double y = 0.5 * size_y_m;
  for (const Vec3 corner : {Vec3{-x, -y, 0}, Vec3{x, -y, 0}, Vec3{x, y, 0}, Vec3{-x, y, 0}}) {
    add_vertex(mesh, corner, {0, 0, 1});
  }
  add_quad(mesh, 0, 1, 2, 3);
  return mesh;
}

}  // namespace hearth
