// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/rng.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>

#include "tests/label/place_world.h"

namespace hearth::test {
namespace {

struct Hit {
  double t = 1e9;
  Vec3 color{};
};

double lattice(std::int64_t x, std::int64_t y, std::uint64_t seed) {
  std::uint64_t h = seed * 0x9E3779B97F4A7C15ull +
                    static_cast<std::uint64_t>(x) * 0xBF58476D1CE4E5B9ull +
                    static_cast<std::uint64_t>(y) * 0x94D049BB133111EBull;
  h ^= h >> 29;
  h *= 0xBF58476D1CE4E5B9ull;
  h ^= h >> 32;
  return static_cast<double>(h & 0xFFFFu) / 65535.0;
}

double value_noise(double x, double y, std::uint64_t seed) {
  const double fx = std::floor(x);
  const double fy = std::floor(y);
  const auto ix = static_cast<std::int64_t>(fx);
  const auto iy = static_cast<std::int64_t>(fy);
  const double u = x - fx;
  const double v = y - fy;
  const double a = (1 - u) * lattice(ix, iy, seed) + u * lattice(ix + 1, iy, seed);
  const double b = (1 - u) * lattice(ix, iy + 1, seed) + u * lattice(ix + 1, iy + 1, seed);
  return (1 - v) * a + v * b;
}

// Ray against a shape in its own frame; the normal comes with it.
bool hit_shape(const Shape& shape, Vec3 o, Vec3 d, double& t_hit, Vec3& normal) {
  const double h = 0.5 * shape.size_m.z;
  double t0 = 1e-4;
  double t1 = 1e9;
  const auto slab = [&](double oo, double dd, double half, Vec3 axis) {
    if (std::abs(dd) < 1e-12) return std::abs(oo) <= half;
    const double a = (-half - oo) / dd;
    const double b = (half - oo) / dd;
    if (std::min(a, b) > t0) {
      t0 = std::min(a, b);
      normal = dd > 0 ? -axis : axis;
    }
    t1 = std::min(t1, std::max(a, b));
    return true;
  };
  if (!slab(o.z, d.z, h, {0, 0, 1})) return false;
  if (shape.kind == ShapeKind::cylinder) {
    const double r = 0.5 * shape.size_m.x;
    const double a = d.x * d.x + d.y * d.y;
    const double b = o.x * d.x + o.y * d.y;
    const double c = o.x * o.x + o.y * o.y - r * r;
    const double disc = b * b - a * c;
    if (disc < 0.0) return false;
    const double near = (-b - std::sqrt(disc)) / a;
    const double far = (-b + std::sqrt(disc)) / a;
    if (near > t0) {
      t0 = near;
      normal = normalized(Vec3{o.x + near * d.x, o.y + near * d.y, 0.0});
    }
    t1 = std::min(t1, far);
  } else {
    if (!slab(o.x, d.x, 0.5 * shape.size_m.x, {1, 0, 0})) return false;
    if (!slab(o.y, d.y, 0.5 * shape.size_m.y, {0, 1, 0})) return false;
  }
  t_hit = t0;
  return t0 < t1;
}

Hit trace(const PlaceWorld& world, std::size_t frame, Vec3 o, Vec3 d) {
  Hit hit;
  const Vec3 light = normalized(Vec3{-0.3, 0.4, 1.0});
  const Pose object = world.world_from_object[frame];
  const Pose to_object = inverse(object);
  if (d.z < 0.0) {
    hit.t = (world.table_height_m - o.z) / d.z;
    const Vec3 p = o + hit.t * d;
    const double n = 0.6 * value_noise(p.x * 40, p.y * 40, world.seed) +
                     0.4 * value_noise(p.x * 130, p.y * 130, world.seed + 1);
    double shade = 0.3 + 0.25 * n;
    double t_shadow = 0.0;
    Vec3 normal{};
    if (hit_shape(world.shape, to_object * p, to_object.rotation * light, t_shadow, normal)) {
      shade *= 0.6;
    }
    hit.color = shade * Vec3{1.0, 0.85, 0.65};
  }
  const double wall_x = world.world_from_object[0].position_m.x + 1.0;
  if (d.x > 0.0 && (wall_x - o.x) / d.x < hit.t) {
    hit.t = (wall_x - o.x) / d.x;
    const Vec3 p = o + hit.t * d;
    hit.color = (0.5 + 0.2 * value_noise(p.y * 25, p.z * 25, world.seed + 2)) * Vec3{0.8, 0.9, 1};
  }
  double t = 0.0;
  Vec3 normal{};
  if (hit_shape(world.shape, to_object * o, to_object.rotation * d, t, normal) && t < hit.t) {
    hit.t = t;
    hit.color = (0.45 + 0.55 * std::max(0.0, dot(normal, light))) * world.color_rgb;
  }
  return hit;
}

std::uint8_t encode(double linear) {
  const double v = std::clamp(linear, 0.0, 1.0);
  const double s = v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1.0 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(255.0 * s));
}

// Paints the hand over the picture as discs along its bones and a forearm.
void paint_hand(const PlaceWorld& world, std::size_t frame, ImageRgb8& image) {
  const Pose to_camera = inverse(world.world_from_camera[frame]);
  const HandJoints& joints = world.joints_in_world[frame];
  const auto disc = [&](Vec3 p_in_world, double radius_m, double shade) {
    const Vec3 p = to_camera * p_in_world;
    const auto px = project(world.episode.camera, p);
    if (!px) return;
    const double r = radius_m * world.episode.camera.fx_px / p.z;
    for (int y = static_cast<int>(px->y - r); y <= static_cast<int>(px->y + r + 1); ++y) {
      for (int x = static_cast<int>(px->x - r); x <= static_cast<int>(px->x + r + 1); ++x) {
        if (x < 0 || y < 0 || x >= image.width_px || y >= image.height_px) continue;
        if (norm(Vec2{static_cast<double>(x), static_cast<double>(y)} - *px) > r) continue;
        const auto at = static_cast<std::size_t>((y * image.width_px + x) * 3);
        image.values[at] = encode(0.55 * shade);
        image.values[at + 1] = encode(0.33 * shade);
        image.values[at + 2] = encode(0.24 * shade);
      }
    }
  };
  const Vec3 elbow = joints[0] + 0.26 * normalized(joints[0] - joints[9]) + Vec3{0, 0, 0.03};
  for (int k = 0; k <= 30; ++k) {
    disc((k / 30.0) * elbow + (1.0 - k / 30.0) * joints[0], 0.032, 0.8);
  }
  for (std::size_t b = 0; b < kHandBones; ++b) {
    const Vec3 from = joints[static_cast<std::size_t>(kBoneParent[b])];
    for (int k = 0; k <= 10; ++k) {
      disc((k / 10.0) * joints[b + 1] + (1.0 - k / 10.0) * from, b % 4 == 0 ? 0.013 : 0.009, 1.0);
    }
  }
}

}  // namespace

FrameSource pictures(const PlaceWorld& world) {
  const auto shared = std::make_shared<const PlaceWorld>(world);
  return [shared](int frame) -> Result<ImageRgb8> {
    if (frame < 0 || frame >= shared->tracks.frames) {
      return Error{ErrorCode::not_found, "no such frame", std::to_string(frame)};
    }
    const auto i = static_cast<std::size_t>(frame);
    const CameraModel& camera = shared->episode.camera;
    ImageRgb8 image;
    image.width_px = camera.width_px;
    image.height_px = camera.height_px;
    image.values.resize(static_cast<std::size_t>(image.width_px * image.height_px * 3));
    const Pose pose = shared->world_from_camera[i];
    Rng rng(shared->seed, static_cast<std::uint64_t>(frame), "sensor");
    std::size_t at = 0;
    for (int y = 0; y < image.height_px; ++y) {
      for (int x = 0; x < image.width_px; ++x) {
        const Vec3 ray = ray_in_camera(camera, {static_cast<double>(x), static_cast<double>(y)});
        const Hit hit = trace(*shared, i, pose.position_m, pose.rotation * ray);
        const double grain = 0.01 * rng.normal();
        image.values[at++] = encode(hit.color.x + grain);
        image.values[at++] = encode(hit.color.y + grain);
        image.values[at++] = encode(hit.color.z + grain);
      }
    }
    paint_hand(*shared, i, image);
    return image;
  };
}

}  // namespace hearth::test
