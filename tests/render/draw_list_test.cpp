// SPDX-License-Identifier: Apache-2.0
#include <hearth/render/draw_list.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/render/small_scene.h"

using namespace hearth;

namespace {

Scene table_scene() {
  Scene scene;
  Support table;
  table.id = "table";
  table.category = "table";
  table.world_from_support.position_m = {0.4, 0.1, 0.8};
  table.size_m = {0.8, 1.2, 0.04};
  scene.supports.push_back(table);
  SceneObject cup;
  cup.id = "cup";
  cup.shape = {ShapeKind::cylinder, {0.08, 0.08, 0.1}};
  cup.world_from_object.position_m = {0.3, 0.0, 0.85};
  scene.objects.push_back(cup);
  scene.lights.push_back({.id = "lamp", .p_in_world_m = {0.0, 0.0, 2.3}});
  return scene;
}

int geoms_of(const DrawList& list, const std::string& name) {
  const auto at = std::find(list.body_names.begin(), list.body_names.end(), name);
  REQUIRE(at != list.body_names.end());
  const int body = static_cast<int>(at - list.body_names.begin());
  return static_cast<int>(std::count_if(list.geoms.begin(), list.geoms.end(),
                                        [&](const VisualGeom& g) { return g.body_index == body; }));
}

}  // namespace

TEST_CASE("draw list: a scene's bodies stand where the scene says", "[render]") {
  const Scene scene = table_scene();
  const DrawList list = scene_draw_list(scene, {});
  CHECK(list.body_names == std::vector<std::string>{"room", "table", "cup"});
  REQUIRE(list.world_from_body.size() == 3);
  CHECK(list.world_from_body[1] == scene.supports[0].world_from_support);
  CHECK(list.world_from_body[2] == scene.objects[0].world_from_object);
  CHECK(geoms_of(list, "room") == 6);
  CHECK(geoms_of(list, "table") == 5);  // top and four legs
  CHECK(geoms_of(list, "cup") == 1);
  CHECK(geoms_of(scene_draw_list(scene, {.support_tops = false}), "table") == 4);
  CHECK(scene_draw_list(scene, {.room = false, .objects = false}).body_names ==
        std::vector<std::string>{"table"});
}

TEST_CASE("draw list: table legs stand on the floor and the top's face is at its height",
          "[render]") {
  const DrawList list = scene_draw_list(table_scene(), {.room = false, .objects = false});
  double low = 1e9;
  double high = -1e9;
  for (const VisualGeom& geom : list.geoms) {
    const Vec3 center = list.world_from_body[0] * geom.body_from_geom.position_m;
    low = std::min(low, center.z - 0.5 * geom.shape.size_m.z);
    high = std::max(high, center.z + 0.5 * geom.shape.size_m.z);
  }
  CHECK(low == Approx(0.0).margin(1e-12));
  CHECK(high == Approx(0.8));
}

TEST_CASE("draw list: walls that would hide a light, a camera or an eye are left out", "[render]") {
  Scene scene = table_scene();
  scene.lights[0].p_in_world_m = {0.0, 0.0, 3.5};
  CHECK(geoms_of(scene_draw_list(scene, {}), "room") == 5);
  SceneCamera camera;
  camera.world_from_camera.position_m = {-4.0, 0.0, 1.5};
  scene.cameras.push_back(camera);
  CHECK(geoms_of(scene_draw_list(scene, {}), "room") == 4);
  CHECK(geoms_of(scene_draw_list(scene, {.eyes_in_world_m = {{0.0, 9.0, 1.0}}}), "room") == 3);
}

TEST_CASE("draw list: joined lists keep geoms on their bodies", "[render]") {
  const DrawList scene = scene_draw_list(table_scene(), {});
  Rollout rollout;
  rollout.body_names = {"world", "hand"};
  rollout.body_pose = {
      2, 14, {0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 1, 0, 0}};
  rollout.visual_geoms = {box(1, {0.1, 0.1, 0.1}, {})};
  const DrawList all = joined(scene, rollout_draw_list(rollout, 1));
  CHECK(all.body_names.size() == 5);
  CHECK(all.geoms.back().body_index == 4);
  CHECK(all.world_from_body[4].position_m == Vec3{0, 0, 2});
  CHECK(all.world_from_body[4].rotation == Quat{0, 1, 0, 0});
  CHECK_THROWS_AS(body_poses(rollout, 2), std::logic_error);
}

TEST_CASE("draw list: look_at puts the target in the middle and up is up", "[render]") {
  const CameraModel camera = pinhole(101, 101, 80.0);
  const Pose view = look_at({1.0, 2.0, 3.0}, {-0.5, 0.3, 0.7});
  CHECK(is_unit(view.rotation));
  const auto middle = project(camera, inverse(view) * Vec3{-0.5, 0.3, 0.7});
  REQUIRE(middle.has_value());
  CHECK(norm(*middle - Vec2{50.0, 50.0}) < 1e-9);
  const auto above = project(camera, inverse(view) * Vec3{-0.5, 0.3, 0.8});
  CHECK(above->y < middle->y);
  CHECK(above->x == Approx(middle->x));
  CHECK(is_unit(look_at({0, 0, 2}, {0, 0, 0}).rotation));
}

TEST_CASE("draw list: the view from above holds all supports and objects", "[render]") {
  const Scene scene = table_scene();
  const SceneCamera top = top_view_camera(scene, 320, 240);
  CHECK(validated(top.model).ok());
  const Pose camera_from_world = inverse(top.world_from_camera);
  for (const double x : {0.0, 0.8}) {
    for (const double y : {-0.5, 0.7}) {
      const auto pixel = project(top.model, camera_from_world * Vec3{x, y, 0.8});
      REQUIRE(pixel.has_value());
      CHECK((pixel->x > 0.0 && pixel->x < 319.0 && pixel->y > 0.0 && pixel->y < 239.0));
    }
  }
  const auto west = project(top.model, camera_from_world * Vec3{0.0, 0.0, 0.8});
  const auto east = project(top.model, camera_from_world * Vec3{0.5, 0.0, 0.8});
  const auto north = project(top.model, camera_from_world * Vec3{0.0, 0.5, 0.8});
  CHECK(east->x > west->x + 20.0);
  CHECK(north->y < west->y - 20.0);
}
