// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/rng.h>
#include <hearth/data/camera.h>

#include <catch2/catch.hpp>

using namespace hearth;

namespace {

CameraModel phone() {
  CameraModel camera;
  camera.kind = CameraModelKind::brown_conrady;
  camera.width_px = 640;
  camera.height_px = 480;
  camera.fx_px = 500;
  camera.fy_px = 502;
  camera.cx_px = 321;
  camera.cy_px = 238;
  camera.k1 = -0.12;
  camera.k2 = 0.03;
  camera.p1 = 0.001;
  camera.p2 = -0.0007;
  return camera;
}

}  // namespace

TEST_CASE("a pinhole point lands where similar triangles say") {
  CameraModel camera = phone();
  camera.kind = CameraModelKind::pinhole;
  const std::optional<Vec2> pixel = project(camera, {0.2, -0.1, 2.0});
  REQUIRE(pixel);
  CHECK(pixel->x == Approx(500 * 0.1 + 321));
  CHECK(pixel->y == Approx(502 * -0.05 + 238));
  CHECK_FALSE(project(camera, {0, 0, -1}));
  CHECK_FALSE(project(camera, {0, 0, 0}));
}

TEST_CASE("rays invert projection over the whole frame, with distortion") {
  const CameraModel camera = phone();
  Rng rng(3, 0, "pixels");
  for (int i = 0; i < 500; ++i) {
    const Vec2 pixel{rng.uniform(0, 639), rng.uniform(0, 479)};
    const Vec3 ray = ray_in_camera(camera, pixel);
    const std::optional<Vec2> back = project(camera, 1.7 * ray);
    REQUIRE(back);
    CHECK(norm(*back - pixel) < 1e-6);
  }
}

TEST_CASE("intrinsics for another frame size are refused by name") {
  CameraModel camera = phone();
  REQUIRE(validated(camera));
  camera.cx_px = 960;
  CHECK(validated(camera).error().where == "/cx_px");
  camera = phone();
  camera.fx_px = 0;
  CHECK(validated(camera).error().where == "/fx_px");
  camera = phone();
  camera.height_px = 0;
  CHECK_FALSE(validated(camera));
}
