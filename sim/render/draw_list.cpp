// SPDX-License-Identifier: Apache-2.0
#include <hearth/render/draw_list.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace hearth {
namespace {

constexpr double kSlabM = 0.1;      // walls, floor and ceiling
constexpr double kLegM = 0.05;      // table legs
constexpr double kBracketM = 0.02;  // shelf brackets
constexpr double kPlinthM = 0.08;   // kick space below a counter

int add_body(DrawList& list, std::string name, const Pose& world_from_body) {
  list.body_names.push_back(std::move(name));
  list.world_from_body.push_back(world_from_body);
  return static_cast<int>(list.body_names.size()) - 1;
}

void add_box(DrawList& list, int body, Vec3 center, Vec3 size, const Material& material) {
  if (!(size.x > 0.0 && size.y > 0.0 && size.z > 0.0)) return;
  list.geoms.push_back({body, {ShapeKind::box, size}, {center, {}}, material});
}

void add_room(DrawList& list, const Scene& scene, std::vector<Vec3> seen_from) {
  const Room& room = scene.room;
  for (const Light& light : scene.lights) seen_from.push_back(light.p_in_world_m);
  for (const SceneCamera& camera : scene.cameras) {
    seen_from.push_back(camera.world_from_camera.position_m);
  }
  const auto anything_beyond = [&](Vec3 normal, double reach) {
    return std::any_of(seen_from.begin(), seen_from.end(),
                       [&](Vec3 p) { return dot(normal, p - room.center_in_world_m) > reach; });
  };
  const int body = add_body(list, "room", {room.center_in_world_m, {}});
  const Vec3 half = 0.5 * room.size_m;
  add_box(list, body, {0.0, 0.0, -half.z - 0.5 * kSlabM},
          {room.size_m.x + 2.0 * kSlabM, room.size_m.y + 2.0 * kSlabM, kSlabM}, room.floor);
  for (const double side : {-1.0, 1.0}) {
    if (!anything_beyond({side, 0.0, 0.0}, half.x)) {
      add_box(list, body, {side * (half.x + 0.5 * kSlabM), 0.0, 0.0},
              {kSlabM, room.size_m.y + 2.0 * kSlabM, room.size_m.z}, room.wall);
    }
    if (!anything_beyond({0.0, side, 0.0}, half.y)) {
      add_box(list, body, {0.0, side * (half.y + 0.5 * kSlabM), 0.0},
              {room.size_m.x, kSlabM, room.size_m.z}, room.wall);
    }
  }
  if (!anything_beyond({0.0, 0.0, 1.0}, half.z)) {
    Material ceiling;
    ceiling.color_rgb = {0.8, 0.8, 0.78};
    add_box(list, body, {0.0, 0.0, half.z + 0.5 * kSlabM}, {room.size_m.x, room.size_m.y, kSlabM},
            ceiling);
  }
}

Material darker(Material material, double factor) {
  material.color_rgb = factor * material.color_rgb;
  material.second_color_rgb = factor * material.second_color_rgb;
  return material;
}

void add_legs(DrawList& list, int body, const Support& support, double drop) {
  const double x = 0.5 * support.size_m.x - 0.7 * kLegM;
  const double y = 0.5 * support.size_m.y - 0.7 * kLegM;
  const double length = drop - support.size_m.z;
  for (const double sx : {-1.0, 1.0}) {
    for (const double sy : {-1.0, 1.0}) {
      add_box(list, body, {sx * x, sy * y, -support.size_m.z - 0.5 * length},
              {kLegM, kLegM, length}, darker(support.material, 0.7));
    }
  }
}

void add_front(DrawList& list, int body, const Support& support, double drop) {
  const double height = drop - support.size_m.z;
  const double plinth = std::min(kPlinthM, 0.3 * height);
  const Vec3 size{support.size_m.x - 0.04, support.size_m.y - 0.04, height - plinth};
  Material front;
  front.color_rgb = 0.5 * support.material.color_rgb + Vec3{0.32, 0.31, 0.30};
  front.roughness = 0.6;
  add_box(list, body, {0.0, 0.0, -support.size_m.z - 0.5 * size.z}, size, front);
  add_box(list, body, {0.0, 0.0, -support.size_m.z - size.z - 0.5 * plinth},
          {size.x - 0.08, size.y - 0.08, plinth}, darker(front, 0.35));
}

void add_brackets(DrawList& list, int body, const Support& support) {
  const bool along_x = support.size_m.x >= support.size_m.y;
  const double length = along_x ? support.size_m.x : support.size_m.y;
  const double depth = along_x ? support.size_m.y : support.size_m.x;
  const double height = 0.5 * depth;
  for (const double side : {-0.4, 0.4}) {
    const double along = side * length;
    const double z = -support.size_m.z - 0.5 * height;
    add_box(list, body, along_x ? Vec3{along, 0.0, z} : Vec3{0.0, along, z},
            along_x ? Vec3{kBracketM, 0.7 * depth, height} : Vec3{0.7 * depth, kBracketM, height},
            darker(support.material, 0.6));
  }
}

void add_support(DrawList& list, const Scene& scene, const Support& support, bool top) {
  const int body = add_body(list, support.id, support.world_from_support);
  if (top) {
    add_box(list, body, {0.0, 0.0, -0.5 * support.size_m.z}, support.size_m, support.material);
  }
  const double floor_z = scene.room.center_in_world_m.z - 0.5 * scene.room.size_m.z;
  const double drop = support.world_from_support.position_m.z - floor_z;
  if (drop <= support.size_m.z) return;
  if (support.category == "table") {
    add_legs(list, body, support, drop);
  } else if (support.category == "counter") {
    add_front(list, body, support, drop);
  } else {
    add_brackets(list, body, support);
  }
}

}  // namespace

DrawList scene_draw_list(const Scene& scene, const SceneDrawOptions& options) {
  DrawList list;
  if (options.room) add_room(list, scene, options.eyes_in_world_m);
  if (options.supports) {
    for (const Support& support : scene.supports) {
      add_support(list, scene, support, options.support_tops);
    }
  }
  if (options.objects) {
    for (const SceneObject& object : scene.objects) {
      const int body = add_body(list, object.id, object.world_from_object);
      list.geoms.push_back({body, object.shape, {}, object.material});
    }
  }
  return list;
}

std::vector<Pose> body_poses(const Rollout& rollout, std::size_t row) {
  require(row < rollout.body_pose.rows, "rollout row out of range");
  require(rollout.body_pose.columns == 7 * rollout.body_names.size(), "rollout has no body poses");
  std::vector<Pose> out(rollout.body_names.size());
  const double* values = &rollout.body_pose.values[row * rollout.body_pose.columns];
  for (std::size_t i = 0; i < out.size(); ++i, values += 7) {
    out[i].position_m = {values[0], values[1], values[2]};
    out[i].rotation = normalized(Quat{values[3], values[4], values[5], values[6]});
  }
  return out;
}

DrawList rollout_draw_list(const Rollout& rollout, std::size_t row) {
  return {rollout.body_names, body_poses(rollout, row), rollout.visual_geoms};
}

DrawList joined(DrawList first, const DrawList& second) {
  const int shift = static_cast<int>(first.body_names.size());
  first.body_names.insert(first.body_names.end(), second.body_names.begin(),
                          second.body_names.end());
  first.world_from_body.insert(first.world_from_body.end(), second.world_from_body.begin(),
                               second.world_from_body.end());
  for (VisualGeom geom : second.geoms) {
    geom.body_index += shift;
    first.geoms.push_back(geom);
  }
  return first;
}

Lighting scene_lighting(const Scene& scene) {
  Lighting out;
  out.lights = scene.lights;
  out.ambient_light = scene.ambient_light;
  return out;
}

Pose look_at(Vec3 eye_in_world_m, Vec3 target_in_world_m) {
  const Vec3 forward = normalized(target_in_world_m - eye_in_world_m);
  require(norm(forward) > 0.5, "look_at needs two different points");
  const bool vertical = std::abs(forward.x) < 1e-9 && std::abs(forward.y) < 1e-9;
  const Vec3 up = vertical ? Vec3{0.0, 1.0, 0.0} : Vec3{0.0, 0.0, 1.0};
  const Vec3 right = normalized(cross(forward, up));
  const Vec3 down = cross(forward, right);
  return {eye_in_world_m, quat_from_axes(right, down, forward)};
}

SceneCamera top_view_camera(const Scene& scene, int width_px, int height_px, double margin_m) {
  constexpr double kFar = 1e9;
  Vec2 low{kFar, kFar};
  Vec2 high{-kFar, -kFar};
  double top = 0.0;
  const auto include = [&](Vec3 center, Vec3 size) {
    const double reach = 0.5 * std::sqrt(size.x * size.x + size.y * size.y);
    low = {std::min(low.x, center.x - reach), std::min(low.y, center.y - reach)};
    high = {std::max(high.x, center.x + reach), std::max(high.y, center.y + reach)};
    top = std::max(top, center.z + 0.5 * size.z);
  };
  for (const Support& support : scene.supports) {
    include(support.world_from_support.position_m, support.size_m);
  }
  for (const SceneObject& object : scene.objects) {
    include(object.world_from_object.position_m, object.shape.size_m);
  }
  if (scene.supports.empty() && scene.objects.empty()) {
    include(scene.room.center_in_world_m, {scene.room.size_m.x, scene.room.size_m.y, 0.0});
  }
  const double half_x = 0.5 * (high.x - low.x) + margin_m;
  const double half_y = 0.5 * (high.y - low.y) + margin_m;
  // A long lens from high above: little perspective, so that distances on the table compare.
  const double distance = 4.0 * std::max(half_x, half_y);
  SceneCamera out;
  out.id = "top";
  out.model.width_px = width_px;
  out.model.height_px = height_px;
  out.model.fx_px = distance * std::min(0.5 * width_px / half_x, 0.5 * height_px / half_y);
  out.model.fy_px = out.model.fx_px;
  out.model.cx_px = 0.5 * (width_px - 1);
  out.model.cy_px = 0.5 * (height_px - 1);
  const Vec3 middle{0.5 * (low.x + high.x), 0.5 * (low.y + high.y), top};
  out.world_from_camera = look_at(middle + Vec3{0.0, 0.0, distance}, middle);
  return out;
}

}  // namespace hearth
