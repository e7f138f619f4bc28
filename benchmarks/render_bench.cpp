// SPDX-License-Identifier: Apache-2.0
// Time per picture of a furnished room with a person in it: 59 primitives, 3 lamps.
// Arguments: width, height, sub-pixel samples, shadows and creases on or off, packets on or off.

#include <benchmark/benchmark.h>
#include <hearth/render/draw_list.h>
#include <hearth/render/renderer.h>

#include <cstdlib>
#include <vector>

namespace {

using namespace hearth;

constexpr double kTableM = 0.85;

void add_capsule(std::vector<VisualGeom>& geoms, Vec3 from, Vec3 to, double diameter_m) {
  VisualGeom geom;
  const Vec3 along = to - from;
  geom.shape = {ShapeKind::capsule, {diameter_m, diameter_m, norm(along) + diameter_m}};
  geom.body_from_geom = {0.5 * (from + to), quat_between({0, 0, 1}, normalized(along))};
  geoms.push_back(geom);
}

DrawList person() {
  DrawList out{{"person"}, {Pose{}}, {}};
  auto& g = out.geoms;
  add_capsule(g, {-0.45, 0.0, 0.9}, {-0.45, 0.0, 1.35}, 0.3);
  add_capsule(g, {-0.45, 0.0, 1.6}, {-0.45, 0.0, 1.62}, 0.18);
  for (const double side : {-1.0, 1.0}) {
    add_capsule(g, {-0.45, side * 0.1, 0.85}, {-0.45, side * 0.1, 0.1}, 0.14);
    add_capsule(g, {-0.45, side * 0.2, 1.38}, {-0.35, side * 0.28, 1.1}, 0.09);
    add_capsule(g, {-0.35, side * 0.28, 1.1}, {0.02, side * 0.16, 1.0}, 0.07);
    add_capsule(g, {0.04, side * 0.16, 1.0}, {0.1, side * 0.15, 0.98}, 0.06);
    for (int finger = 0; finger < 5; ++finger) {
      const double y = side * (0.1 + 0.02 * finger);
      add_capsule(g, {0.11, y, 0.98}, {0.155, y, 0.97}, 0.018);
      add_capsule(g, {0.155, y, 0.97}, {0.18, y, 0.94}, 0.016);
    }
  }
  return out;
}

void add_support(Scene& scene, const char* category, Vec3 top, Vec3 size_m, Pattern pattern) {
  Support support;
  support.id = category;
  support.category = category;
  support.world_from_support.position_m = top;
  support.size_m = size_m;
  support.material.pattern = pattern;
  scene.supports.push_back(support);
}

Scene furnished() {
  Scene scene;
  scene.room.floor.pattern = Pattern::wood;
  add_support(scene, "table", {0.3, 0.0, kTableM}, {0.8, 1.2, 0.04}, Pattern::wood);
  add_support(scene, "counter", {2.1, 0.6, 0.9}, {0.6, 2.0, 0.04}, Pattern::noise);
  add_support(scene, "shelf", {2.35, -1.4, 1.4}, {0.25, 0.9, 0.025}, Pattern::plain);
  const ShapeKind kinds[] = {ShapeKind::box, ShapeKind::cylinder, ShapeKind::sphere};
  for (int i = 0; i < 6; ++i) {
    SceneObject object;
    object.id = "object" + std::to_string(i);
    object.shape = {kinds[i % 3], {0.08, 0.08, 0.08}};
    object.world_from_object.position_m = {0.1 + 0.08 * i, 0.3 - 0.12 * i, kTableM + 0.04};
    object.material.pattern = i % 2 == 0 ? Pattern::checker : Pattern::plain;
    object.material.pattern_size_m = 0.02;
    scene.objects.push_back(object);
  }
  scene.lights = {{"a", {0.5, -1.0, 2.4}, 0.12, 1.1, 3000.0},
                  {"b", {-1.0, 1.2, 2.3}, 0.2, 0.8, 6000.0},
                  {"c", {1.5, 1.5, 2.4}, 0.1, 0.5, 4500.0}};
  return scene;
}

void draw_room(benchmark::State& state) {
  const Scene scene = furnished();
  const DrawList list = joined(scene_draw_list(scene, {}), person());
  auto made = Renderer::make(list.geoms, scene_lighting(scene));
  if (!made.ok()) {
    state.SkipWithError(to_string(made.error()).c_str());
    return;
  }
  Renderer renderer = std::move(made).value();
  CameraModel camera;
  camera.width_px = static_cast<int>(state.range(0));
  camera.height_px = static_cast<int>(state.range(1));
  camera.fx_px = camera.fy_px = 0.65 * camera.width_px;
  camera.cx_px = 0.5 * (camera.width_px - 1);
  camera.cy_px = 0.5 * (camera.height_px - 1);
  const Pose view = look_at({-0.35, 0.0, 1.5}, {0.35, 0.0, kTableM});
  const bool lit = state.range(3) != 0;
  const RenderOptions options{.samples_per_pixel = static_cast<int>(state.range(2)),
                              .shadows = lit,
                              .occlusion = lit,
                              .packets = state.range(4) != 0,
                              .jobs = 1};
  for (auto _ : state) {
    auto frame = renderer.render(list.world_from_body, camera, view, options);
    if (!frame.ok()) state.SkipWithError(to_string(frame.error()).c_str());
    benchmark::DoNotOptimize(frame);
  }
  state.counters["geoms"] = static_cast<double>(list.geoms.size());
}

BENCHMARK(draw_room)
    ->ArgNames({"width", "height", "samples", "lit", "packets"})
    ->Args({224, 224, 4, 1, 1})
    ->Args({224, 224, 4, 1, 0})
    ->Args({224, 224, 1, 1, 1})
    ->Args({224, 224, 1, 0, 1})
    ->Args({320, 240, 4, 1, 1})
    ->Args({640, 480, 4, 1, 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
