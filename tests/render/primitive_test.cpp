// SPDX-License-Identifier: Apache-2.0
#include "sim/render/primitive.h"

#include <hearth/core/rng.h>

#include <catch2/catch.hpp>

using namespace hearth;

namespace {

const ShapeKind kKinds[] = {ShapeKind::box, ShapeKind::cylinder, ShapeKind::sphere,
                            ShapeKind::capsule};

Vec3 random_direction(Rng& rng) {
  return normalized(Vec3{rng.normal(), rng.normal(), rng.normal()});
}

struct Drawn {
  Shape shape;
  Pose pose;
};

Drawn random_shape(std::uint64_t unit) {
  Rng rng(7, unit, "primitive");
  Drawn out;
  out.shape.kind = kKinds[unit % 4];
  out.shape.size_m = {rng.uniform(0.05, 0.4), rng.uniform(0.05, 0.4), rng.uniform(0.05, 0.6)};
  if (out.shape.kind != ShapeKind::box) out.shape.size_m.y = out.shape.size_m.x;
  if (out.shape.kind == ShapeKind::sphere) out.shape.size_m.z = out.shape.size_m.x;
  if (out.shape.kind == ShapeKind::capsule) out.shape.size_m.z += out.shape.size_m.x;
  out.pose = {{rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0)},
              quat_from_rotation_vector(rng.uniform(0.0, 3.0) * random_direction(rng))};
  return out;
}

// Signed distance: negative inside.
double distance(const Drawn& drawn, Vec3 p_in_world) {
  const Vec3 p = inverse(drawn.pose) * p_in_world;
  const Vec3 h = 0.5 * drawn.shape.size_m;
  const auto outside = [](Vec3 q) {
    const Vec3 c{std::max(q.x, 0.0), std::max(q.y, 0.0), std::max(q.z, 0.0)};
    return norm(c) + std::min(0.0, std::max({q.x, q.y, q.z}));
  };
  switch (drawn.shape.kind) {
    case ShapeKind::box:
      return outside({std::abs(p.x) - h.x, std::abs(p.y) - h.y, std::abs(p.z) - h.z});
    case ShapeKind::cylinder:
      return outside({std::hypot(p.x, p.y) - h.x, -1e9, std::abs(p.z) - h.z});
    case ShapeKind::sphere:
      return norm(p) - h.x;
    case ShapeKind::capsule: {
      const double reach = h.z - h.x;
      return norm({p.x, p.y, p.z - std::clamp(p.z, -reach, reach)}) - h.x;
    }
  }
  return 0.0;
}

}  // namespace

TEST_CASE("primitive: a ray enters where the distance function first becomes zero", "[render]") {
  int hits = 0;
  for (std::uint64_t unit = 0; unit < 400; ++unit) {
    const Drawn drawn = random_shape(unit);
    const Primitive primitive = make_primitive(drawn.shape, drawn.pose);
    Rng rng(11, unit, "ray");
    const Vec3 target = drawn.pose.position_m + rng.uniform(0.0, 0.25) * random_direction(rng);
    const Vec3 origin = drawn.pose.position_m + 2.0 * random_direction(rng);
    const Ray ray{origin, 0.7 * (target - origin), 0.0, 100.0};
    // Sphere tracing: an independent way to the same point.
    double t = 0.0;
    const double speed = norm(ray.direction);
    for (int i = 0; i < 4000 && t < 3.0; ++i) {
      const double d = distance(drawn, ray.origin + t * ray.direction);
      if (d < 1e-9) break;
      t += d / speed;
    }
    const bool expected = t < 3.0 && distance(drawn, ray.origin + t * ray.direction) < 1e-6;
    const double found = entry(primitive, ray);
    CAPTURE(unit);
    if (expected != (found >= 0.0)) {
      // Only a ray that grazes may be judged differently.
      double nearest = 1e9;
      for (int i = 0; i <= 3000; ++i) {
        nearest =
            std::min(nearest, std::abs(distance(drawn, ray.origin + i * 1e-3 * ray.direction)));
      }
      CHECK(nearest < 2e-3);
      continue;
    }
    if (!expected) continue;
    ++hits;
    CHECK(found * speed == Approx(t * speed).margin(1e-5));
    const Vec3 p = ray.origin + found * ray.direction;
    const Vec3 n = surface_normal(primitive, p);
    CHECK(norm(n) == Approx(1.0));
    CHECK(distance(drawn, p + 1e-4 * n) > 0.5e-4);
    CHECK(dot(n, ray.direction) < 1e-9);
    const Bounds b = bounds(primitive);
    CHECK((p.x >= b.low.x - 1e-9 && p.y >= b.low.y - 1e-9 && p.z >= b.low.z - 1e-9));
    CHECK((p.x <= b.high.x + 1e-9 && p.y <= b.high.y + 1e-9 && p.z <= b.high.z + 1e-9));
  }
  CHECK(hits > 150);
}

TEST_CASE("primitive: seen from outside only", "[render]") {
  for (std::uint64_t unit = 0; unit < 200; ++unit) {
    const Drawn drawn = random_shape(unit);
    const Primitive primitive = make_primitive(drawn.shape, drawn.pose);
    Rng rng(13, unit, "inside");
    Vec3 inside = drawn.pose.position_m;
    for (int i = 0; i < 20; ++i) {
      const Vec3 p = drawn.pose.position_m + rng.uniform(0.0, 0.3) * random_direction(rng);
      if (distance(drawn, p) < -1e-3) inside = p;
    }
    CAPTURE(unit);
    CHECK(entry(primitive, {inside, random_direction(rng), 0.0, 100.0}) < 0.0);
  }
}
