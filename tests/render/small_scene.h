// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/render/draw_list.h>
#include <hearth/render/renderer.h>

#include <array>
#include <catch2/catch.hpp>
#include <utility>
#include <vector>

namespace hearth {

inline VisualGeom box(int body, Vec3 size_m, Vec3 center_m, double grey = 0.5) {
  VisualGeom geom;
  geom.body_index = body;
  geom.shape = {ShapeKind::box, size_m};
  geom.body_from_geom.position_m = center_m;
  geom.material.color_rgb = {grey, grey, grey};
  return geom;
}

inline VisualGeom sphere(int body, double diameter_m, Vec3 center_m) {
  VisualGeom geom = box(body, {diameter_m, diameter_m, diameter_m}, center_m);
  geom.shape.kind = ShapeKind::sphere;
  return geom;
}

inline CameraModel pinhole(int width_px, int height_px, double focal_px) {
  CameraModel camera;
  camera.width_px = width_px;
  camera.height_px = height_px;
  camera.fx_px = camera.fy_px = focal_px;
  camera.cx_px = 0.5 * (width_px - 1);
  camera.cy_px = 0.5 * (height_px - 1);
  return camera;
}

inline Pose looking(Vec3 eye, Vec3 target) { return look_at(eye, target); }

inline std::vector<Pose> one_body() { return std::vector<Pose>(1); }

inline Renderer make_renderer(std::vector<VisualGeom> geoms, Lighting lighting) {
  auto made = Renderer::make(std::move(geoms), std::move(lighting));
  INFO((made.ok() ? std::string() : to_string(made.error())));
  REQUIRE(made.ok());
  return std::move(made).value();
}

inline std::size_t pixel_index(const RenderedFrame& frame, int x, int y) {
  REQUIRE((x >= 0 && y >= 0 && x < frame.color.width_px && y < frame.color.height_px));
  return static_cast<std::size_t>(y * frame.color.width_px + x);
}

inline int body_at(const RenderedFrame& frame, int x, int y) {
  return frame.bodies.body_index[pixel_index(frame, x, y)];
}

inline float depth_at(const RenderedFrame& frame, int x, int y) {
  return frame.depth.values_m[pixel_index(frame, x, y)];
}

inline std::array<int, 3> color_at(const RenderedFrame& frame, int x, int y) {
  const std::size_t i = 3 * pixel_index(frame, x, y);
  const auto& v = frame.color.values;
  return {v[i], v[i + 1], v[i + 2]};
}

// Mean pixel of a body's mask.
inline Vec2 mask_center(const RenderedFrame& frame, int body) {
  Vec2 sum{};
  int count = 0;
  for (int y = 0; y < frame.bodies.height_px; ++y) {
    for (int x = 0; x < frame.bodies.width_px; ++x) {
      if (body_at(frame, x, y) != body) continue;
      sum = sum + Vec2{double(x), double(y)};
      ++count;
    }
  }
  REQUIRE(count > 0);
  return (1.0 / count) * sum;
}

struct SmallScene {
  std::vector<VisualGeom> geoms;
  std::vector<Pose> poses;
  Lighting lighting;
  CameraModel camera = pinhole(123, 77, 90.0);  // odd on purpose: no whole quads
  Pose world_from_camera = looking({-0.9, -0.6, 1.0}, {0.1, 0.0, 0.2});
};

// A table top with one of each shape on it, some of them patterned, two lamps, one of them large.
inline SmallScene small_scene() {
  SmallScene out;
  const ShapeKind kinds[] = {ShapeKind::box, ShapeKind::cylinder, ShapeKind::sphere,
                             ShapeKind::capsule};
  const Pattern patterns[] = {Pattern::checker, Pattern::stripes, Pattern::noise, Pattern::wood};
  out.geoms.push_back(box(0, {1.2, 1.0, 0.04}, {0.0, 0.0, -0.02}));
  out.geoms.back().material.pattern = Pattern::wood;
  out.poses.push_back({});
  for (int i = 0; i < 12; ++i) {
    VisualGeom geom = box(i + 1, {0.12, 0.12, 0.2}, {});
    geom.shape.kind = kinds[i % 4];
    if (geom.shape.kind == ShapeKind::sphere) geom.shape.size_m.z = 0.12;
    geom.material.pattern = patterns[(i / 2) % 4];
    geom.material.pattern_size_m = 0.03;
    geom.material.second_color_rgb = {0.1, 0.2 + 0.05 * i, 0.6};
    geom.material.roughness = 0.3;
    out.geoms.push_back(geom);
    out.poses.push_back({{0.25 * (i % 4) - 0.4, 0.25 * (i / 4) - 0.25, 0.1},
                         quat_from_rotation_vector({0.05 * i, 0.1, 0.3 * i})});
  }
  out.lighting.lights = {{.p_in_world_m = {0.5, -1.0, 2.0}, .radius_m = 0.2},
                         {.p_in_world_m = {-1.0, 1.0, 1.5},
                          .radius_m = 0.0,
                          .intensity = 0.7,
                          .color_temperature_k = 3000.0}};
  return out;
}

}  // namespace hearth
