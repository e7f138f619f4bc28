// SPDX-License-Identifier: Apache-2.0
#include "sim/film/stage_set.h"

#include <hearth/core/rng.h>
#include <hearth/render/color.h>

namespace hearth::film_internal {
namespace {

Body body_of(const Shape& shape, const Pose& world_from_body, const Surface& surface) {
  Body body;
  body.kind = shape.kind;
  body.world_from_body = fpose(world_from_body);
  body.half = f3(0.5 * shape.size_m);
  body.bound = shape.kind == ShapeKind::sphere ? body.half.x : norm(body.half);
  body.surface = surface;
  return body;
}

void add_supports(const Scene& scene, std::uint32_t seed, StageSet& set) {
  for (std::size_t i = 0; i < scene.supports.size(); ++i) {
    const Support& support = scene.supports[i];
    Pose center = support.world_from_support;
    center.position_m = center * Vec3{0, 0, -0.5 * support.size_m.z};
    set.bodies.push_back(body_of({ShapeKind::box, support.size_m}, center,
                                 surface_of(support.material, Finish::tabletop,
                                            hashed(seed, 100 + static_cast<std::uint32_t>(i)))));
    set.bodies.back().furniture = i == 0;
  }
  // A counter stands on cupboards, a table on legs.
  const Support& top = scene.supports.front();
  const double under = top.world_from_support.position_m.z - top.size_m.z;
  Material material = top.material;
  material.pattern = Pattern::wood;
  const Surface cupboard = surface_of(material, Finish::bare, hashed(seed, 130));
  const Vec3 middle = top.world_from_support.position_m;
  if (top.category == "counter") {
    set.bodies.push_back(
        body_of({ShapeKind::box, {top.size_m.x - 0.02, top.size_m.y - 0.06, under}},
                {{middle.x, middle.y + 0.03, 0.5 * under}, {}}, cupboard));
    set.bodies.back().furniture = true;
    return;
  }
  for (const double sx : {-1.0, 1.0}) {
    for (const double sy : {-1.0, 1.0}) {
      const Vec3 foot = {middle.x + sx * (0.5 * top.size_m.x - 0.06),
                         middle.y + sy * (0.5 * top.size_m.y - 0.06), 0.5 * under};
      set.bodies.push_back(body_of({ShapeKind::box, {0.05, 0.05, under}}, {foot, {}}, cupboard));
      set.bodies.back().furniture = true;
    }
  }
}

void add_decals(const Take& take, std::uint64_t seed, StageSet& set) {
  Rng rng(seed, 0, "film_decals");
  const Support& top = take.home.scene.supports.front();
  const auto f = [](double v) { return static_cast<float>(v); };
  const std::size_t flat = 2 + rng.index(3);
  for (std::size_t i = 0; i < flat; ++i) {
    Decal d;
    d.center_u = f(rng.uniform(-0.42, 0.42));
    d.center_v = f(rng.uniform(0.06, top.size_m.y - 0.08));
    d.half_u = f(rng.uniform(0.06, 0.15));
    d.half_v = d.half_u * f(rng.uniform(0.7, 1.4));
    const double angle = rng.uniform(-0.6, 0.6);
    d.cosine = f(std::cos(angle));
    d.sine = f(std::sin(angle));
    d.seed = rng.next_u32();
    set.decals.push_back(d);
  }
  const std::size_t hanging = 2 + rng.index(3);
  for (std::size_t i = 0; i < hanging; ++i) {
    Decal d;
    d.on_wall = true;
    d.center_u = f(rng.uniform(-0.8, 0.8));
    d.center_v = f(take.home.top_m + rng.uniform(0.10, 0.40));
    d.half_u = f(rng.uniform(0.05, 0.14));
    d.half_v = d.half_u * f(rng.uniform(0.7, 1.4));
    d.seed = rng.next_u32();
    set.decals.push_back(d);
  }
}

void add_lamps(const Scene& scene, StageSet& set) {
  F3 mean{};
  for (const Light& light : scene.lights) {
    const Vec3 rgb = rgb_from_color_temperature(light.color_temperature_k);
    // Cameras take most of a lamp's tint out.
    const F3 tint = mix({1, 1, 1}, f3(rgb), 0.5F);
    set.lamps.push_back({f3(light.p_in_world_m), static_cast<float>(light.radius_m),
                         static_cast<float>(light.intensity) * tint});
    mean = mean + (1.0F / static_cast<float>(scene.lights.size())) * tint;
  }
  set.ambient = static_cast<float>(scene.ambient_light) * mean;
}

Finish finish_of(const SceneObject& object) {
  if (object.category == "fruit") return Finish::fruit;
  return object.category == "cup" ? Finish::bare : Finish::printed;
}

/// Entry into an upright box round the origin.
float enter_box(F3 half, F3 o, F3 d) {
  float near = -kNothing;
  float far = kNothing;
  const float from[3] = {o.x, o.y, o.z};
  const float along[3] = {d.x, d.y, d.z};
  const float limit[3] = {half.x, half.y, half.z};
  for (int i = 0; i < 3; ++i) {
    const float inverse = 1.0F / (std::abs(along[i]) < 1e-9F ? 1e-9F : along[i]);
    const float a = (-limit[i] - from[i]) * inverse;
    const float b = (limit[i] - from[i]) * inverse;
    near = std::max(near, std::min(a, b));
    far = std::min(far, std::max(a, b));
  }
  return near <= far && near > 0.0F ? near : kNothing;
}

float enter_cylinder(F3 half, F3 o, F3 d) {
  const float a = std::max(d.x * d.x + d.y * d.y, 1e-12F);
  const float b = o.x * d.x + o.y * d.y;
  const float c = o.x * o.x + o.y * o.y - half.x * half.x;
  const float disc = b * b - a * c;
  if (disc < 0.0F) return kNothing;
  const float root = std::sqrt(disc);
  const float inverse = 1.0F / (std::abs(d.z) < 1e-9F ? 1e-9F : d.z);
  const float z0 = (-half.z - o.z) * inverse;
  const float z1 = (half.z - o.z) * inverse;
  const float near = std::max((-b - root) / a, std::min(z0, z1));
  const float far = std::min((-b + root) / a, std::max(z0, z1));
  return near <= far && near > 0.0F ? near : kNothing;
}

float enter_sphere(float radius, F3 o, F3 d) {
  const float b = dot(o, d);
  const float disc = b * b - (dot(o, o) - radius * radius);
  if (disc < 0.0F) return kNothing;
  const float t = -b - std::sqrt(disc);
  return t > 0.0F ? t : kNothing;
}

bool in_decal(const Decal& d, float x, float v, float& u01, float& v01) {
  const float dx = x - d.center_u;
  const float dv = v - d.center_v;
  const float a = d.cosine * dx + d.sine * dv;
  const float b = -d.sine * dx + d.cosine * dv;
  if (std::abs(a) > d.half_u || std::abs(b) > d.half_v) return false;
  u01 = 0.5F + 0.5F * a / d.half_u;
  v01 = 0.5F + 0.5F * b / d.half_v;
  return true;
}

F3 top_color(const StageSet& set, float x, float y, float footprint) {
  for (std::size_t i = set.decals.size(); i-- > 0;) {
    float u = 0.0F;
    float v = 0.0F;
    const Decal& d = set.decals[i];
    if (!d.on_wall && in_decal(d, x, y, u, v)) return print_color(d.seed, u, v, footprint);
  }
  const Body& top = set.bodies.front();
  return albedo(top.surface, x - top.world_from_body.origin.x, y - top.world_from_body.origin.y,
                0.0F, footprint);
}

F3 wall_color(const StageSet& set, float x, float z, float footprint) {
  for (std::size_t i = set.decals.size(); i-- > 0;) {
    float u = 0.0F;
    float v = 0.0F;
    const Decal& d = set.decals[i];
    if (d.on_wall && in_decal(d, x, z, u, v)) return print_color(d.seed, u, v, footprint);
  }
  return albedo(set.room.surface, x, z, 0.5F, footprint);
}

template <class Color>
Baked bake(float low_u, float low_v, float high_u, float high_v, float texel, const Color& color) {
  Baked baked;
  baked.low_u = low_u;
  baked.low_v = low_v;
  baked.texel = texel;
  baked.columns = static_cast<int>((high_u - low_u) / texel) + 2;
  baked.rows = static_cast<int>((high_v - low_v) / texel) + 2;
  baked.color.reserve(static_cast<std::size_t>(baked.columns) *
                      static_cast<std::size_t>(baked.rows));
  for (int row = 0; row < baked.rows; ++row) {
    for (int column = 0; column < baked.columns; ++column) {
      baked.color.push_back(color(low_u + texel * static_cast<float>(column),
                                  low_v + texel * static_cast<float>(row), texel));
    }
  }
  return baked;
}

bool read_baked(const Baked& baked, float u, float v, F3& color) {
  const float x = (u - baked.low_u) / baked.texel;
  const float y = (v - baked.low_v) / baked.texel;
  if (!(x >= 0.0F && y >= 0.0F)) return false;
  const int column = static_cast<int>(x);
  const int row = static_cast<int>(y);
  if (column + 1 >= baked.columns || row + 1 >= baked.rows) return false;
  const float a = x - static_cast<float>(column);
  const float b = y - static_cast<float>(row);
  const F3* at = baked.color.data() +
                 static_cast<std::size_t>(row) * static_cast<std::size_t>(baked.columns) +
                 static_cast<std::size_t>(column);
  color = mix(mix(at[0], at[1], a), mix(at[baked.columns], at[baked.columns + 1], a), b);
  return true;
}

void bake_prints(StageSet& set) {
  const Body& top = set.bodies.front();
  const F3 c = top.world_from_body.origin;
  // Nothing beyond arm's reach aside is seen sharply.
  const float half_u = std::min(top.half.x, 1.0F);
  set.top_print = bake(c.x - half_u, c.y - top.half.y, c.x + half_u, c.y + top.half.y, 0.001F,
                       [&set](float x, float y, float f) { return top_color(set, x, y, f); });
  set.wall_print = bake(-1.2F, set.top - 0.05F, 1.2F, set.top + 0.75F, 0.0016F,
                        [&set](float x, float z, float f) { return wall_color(set, x, z, f); });
}

}  // namespace

StageSet make_stage_set(const Take& take) {
  StageSet set;
  const Scene& scene = take.home.scene;
  const std::uint64_t home_seed = take.options.home_seed.value_or(take.options.seed);
  Rng rng(home_seed, 0, "film_textures");
  const std::uint32_t seed = rng.next_u32();
  set.top = static_cast<float>(take.home.top_m);
  add_supports(scene, seed, set);
  for (std::size_t i = 0; i < scene.objects.size(); ++i) {
    const SceneObject& object = scene.objects[i];
    const Surface surface = surface_of(object.material, finish_of(object),
                                       hashed(seed, 200 + static_cast<std::uint32_t>(i)));
    const Body body = body_of(object.shape, object.world_from_object, surface);
    if (i == take.home.object_index) {
      set.moved = body;
    } else {
      set.bodies.push_back(body);
    }
  }
  set.room = body_of({ShapeKind::box, scene.room.size_m}, {scene.room.center_in_world_m, {}},
                     surface_of(scene.room.wall, Finish::wall, hashed(seed, 10)));
  set.floor = surface_of(scene.room.floor, Finish::floor, hashed(seed, 11));
  add_decals(take, home_seed, set);
  add_lamps(scene, set);
  bake_prints(set);
  return set;
}

float enter(const Body& body, F3 origin, F3 direction) {
  const F3 to = body.world_from_body.origin - origin;
  const float along = dot(to, direction);
  if (dot(to, to) - along * along > body.bound * body.bound) return kNothing;
  const F3 o = body.world_from_body.to_local(origin);
  const F3 d = body.world_from_body.turn_back(direction);
  switch (body.kind) {
    case ShapeKind::sphere:
      return enter_sphere(body.half.x, o, d);
    case ShapeKind::cylinder:
    case ShapeKind::capsule:
      return enter_cylinder(body.half, o, d);
    case ShapeKind::box:
      break;
  }
  return enter_box(body.half, o, d);
}

F3 normal_at(const Body& body, F3 p_in_world) {
  const F3 p = body.world_from_body.to_local(p_in_world);
  F3 n{};
  if (body.kind == ShapeKind::sphere) {
    n = normalized(p);
  } else if (body.kind == ShapeKind::box) {
    const float x = std::abs(p.x) - body.half.x;
    const float y = std::abs(p.y) - body.half.y;
    const float z = std::abs(p.z) - body.half.z;
    if (x >= y && x >= z) {
      n = {std::copysign(1.0F, p.x), 0, 0};
    } else if (y >= z) {
      n = {0, std::copysign(1.0F, p.y), 0};
    } else {
      n = {0, 0, std::copysign(1.0F, p.z)};
    }
  } else {
    const float radial = std::sqrt(p.x * p.x + p.y * p.y) - body.half.x;
    const float axial = std::abs(p.z) - body.half.z;
    n = axial > radial ? F3{0, 0, std::copysign(1.0F, p.z)} : normalized(F3{p.x, p.y, 0.0F});
  }
  return body.world_from_body.turn(n);
}

float body_distance(const Body& body, F3 p_in_world) {
  const F3 p = body.world_from_body.to_local(p_in_world);
  if (body.kind == ShapeKind::sphere) return norm(p) - body.half.x;
  const float z = std::abs(p.z) - body.half.z;
  if (body.kind == ShapeKind::box) {
    const F3 q = {std::max(std::abs(p.x) - body.half.x, 0.0F),
                  std::max(std::abs(p.y) - body.half.y, 0.0F), std::max(z, 0.0F)};
    return norm(q);
  }
  const float radial = std::sqrt(p.x * p.x + p.y * p.y) - body.half.x;
  const float a = std::max(radial, 0.0F);
  const float b = std::max(z, 0.0F);
  return std::sqrt(a * a + b * b);
}

WallHit leave_room(const Body& room, F3 origin, F3 direction) {
  const F3 o = origin - room.world_from_body.origin;
  const auto exit = [](float from, float along, float half) {
    if (std::abs(along) < 1e-9F) return kNothing;
    return (std::copysign(half, along) - from) / along;
  };
  const float tx = exit(o.x, direction.x, room.half.x);
  const float ty = exit(o.y, direction.y, room.half.y);
  const float tz = exit(o.z, direction.z, room.half.z);
  if (tx < ty && tx < tz) return {tx, {-std::copysign(1.0F, direction.x), 0, 0}};
  if (ty < tz) return {ty, {0, -std::copysign(1.0F, direction.y), 0}};
  return {tz, {0, 0, -std::copysign(1.0F, direction.z)}};
}

F3 color_of(const StageSet& set, const Body& body, F3 p_in_world, F3 normal, float footprint) {
  if (&body == set.bodies.data() && normal.z > 0.5F) {
    F3 color{};
    if (read_baked(set.top_print, p_in_world.x, p_in_world.y, color)) return color;
    return top_color(set, p_in_world.x, p_in_world.y, footprint);
  }
  const F3 p = body.world_from_body.to_local(p_in_world);
  const F3 n = body.world_from_body.turn_back(normal);
  const float height = 0.5F + 0.5F * p.z / std::max(body.half.z, 1e-4F);
  if (body.kind == ShapeKind::box) {
    if (std::abs(n.z) > 0.5F) return albedo(body.surface, p.x, p.y, 0.0F, footprint);
    return std::abs(n.x) > 0.5F ? albedo(body.surface, p.y + 0.37F, p.z, height, footprint)
                                : albedo(body.surface, p.x, p.z, height, footprint);
  }
  if (std::abs(n.z) > 0.9F && body.kind != ShapeKind::sphere) {
    return albedo(body.surface, p.x, p.y, 0.0F, footprint);
  }
  return albedo(body.surface, std::atan2(p.y, p.x) * body.half.x, p.z, height, footprint);
}

F3 room_color(const StageSet& set, F3 p, F3 normal, float footprint) {
  if (normal.z > 0.5F) return albedo(set.floor, p.x, p.y, 0.5F, footprint);
  if (normal.z < -0.5F) return {0.75F, 0.75F, 0.73F};
  if (std::abs(normal.x) > 0.5F) return albedo(set.room.surface, p.y, p.z, 0.5F, footprint);
  if (normal.y > 0.0F) return albedo(set.room.surface, p.x, p.z, 0.5F, footprint);
  F3 color{};
  if (read_baked(set.wall_print, p.x, p.z, color)) return color;
  return wall_color(set, p.x, p.z, footprint);
}

}  // namespace hearth::film_internal
