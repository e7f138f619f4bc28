// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/rng.h>
#include <hearth/data/camera.h>

#include <catch2/catch.hpp>
#include <cmath>

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

namespace {

CameraModel opencv_fisheye() {
  CameraModel camera;
  camera.kind = CameraModelKind::kannala_brandt;
  camera.width_px = 640;
  camera.height_px = 480;
  camera.fx_px = 300;
  camera.fy_px = 301;
  camera.cx_px = 320;
  camera.cy_px = 240;
  camera.k1 = -0.03;
  camera.k2 = 0.01;
  camera.k3 = -0.004;
  camera.k4 = 0.0005;
  return camera;
}

// Calibration of a monochrome camera of a head-worn recorder.
CameraModel headset() {
  CameraModel camera;
  camera.kind = CameraModelKind::fisheye624;
  camera.width_px = 640;
  camera.height_px = 480;
  camera.fx_px = camera.fy_px = 241.0924812381835;
  camera.cx_px = 316.6383122025797;
  camera.cy_px = 237.0248677681421;
  camera.k1 = -0.02556123097687011;
  camera.k2 = 0.09847331936104091;
  camera.k3 = -0.06750086779081803;
  camera.k4 = 0.009484251398731337;
  camera.k5 = 0.002331757393673257;
  camera.k6 = -0.0005746307420191288;
  camera.p1 = 0.001146236083742114;
  camera.p2 = -0.001498851487358559;
  camera.s1 = -0.00123337629770084;
  camera.s2 = -0.0001196746852568052;
  camera.s3 = 0.002285696451761395;
  camera.s4 = -5.648804313856532e-05;
  return camera;
}

void check_pixel(const CameraModel& camera, Vec3 p_in_camera, Vec2 expected_px) {
  const std::optional<Vec2> pixel = project(camera, p_in_camera);
  REQUIRE(pixel);
  CHECK(norm(*pixel - expected_px) < 1e-7);
}

}  // namespace

TEST_CASE("fisheye pixels are those of the libraries that defined the models") {
  // cv2.fisheye.projectPoints, OpenCV 4.
  check_pixel(opencv_fisheye(), {0.2, -0.1, 1.0}, {378.94462379444474, 210.42944706312022});
  check_pixel(opencv_fisheye(), {2.0, 1.5, 1.0}, {596.5876359276589, 448.1321960355633});
  check_pixel(opencv_fisheye(), {-3.0, 0.4, 0.5}, {-80.19302382948365, 293.5369334100776});
  // CameraProjection.project of projectaria_tools.
  check_pixel(headset(), {0.2, -0.1, 1.0}, {364.062579915, 213.321323151});
  check_pixel(headset(), {3.0, 2.0, 2.0}, {533.993165707, 382.175016148});
  check_pixel(headset(), {-2.5, 0.4, 1.0}, {28.507120635, 283.360861852});
  check_pixel(headset(), {0.3, 2.8, 1.0}, {348.458404795, 535.230931153});
}

TEST_CASE("fisheye rays invert projection over the whole field") {
  for (const CameraModel& camera : {opencv_fisheye(), headset()}) {
    REQUIRE(validated(camera));
    Rng rng(5, 0, "angles");
    int seen = 0;
    for (int i = 0; i < 2000; ++i) {
      const double angle = rng.uniform(0.0, 1.55);
      const double turn = rng.uniform(-3.14, 3.14);
      const Vec3 p{std::sin(angle) * std::cos(turn), std::sin(angle) * std::sin(turn),
                   std::cos(angle)};
      const std::optional<Vec2> pixel = project(camera, p);
      if (!pixel) continue;
      ++seen;
      CHECK(lens_sees(camera, *pixel));
      CHECK(norm(normalized(ray_in_camera(camera, *pixel)) - p) < 1e-9);
    }
    CHECK(seen > 1800);
    for (int i = 0; i < 500; ++i) {
      const Vec2 pixel{rng.uniform(0, 639), rng.uniform(0, 479)};
      if (!lens_sees(camera, pixel)) continue;
      const std::optional<Vec2> back = project(camera, 0.4 * ray_in_camera(camera, pixel));
      REQUIRE(back);
      CHECK(norm(*back - pixel) < 1e-7);
    }
  }
}

TEST_CASE("beyond the picture circle nothing is seen, and rays stay finite") {
  CameraModel camera = opencv_fisheye();
  CHECK_FALSE(project(camera, {1.0, 0.0, -0.01}));
  CHECK_FALSE(project(camera, {1.0, 0.0, 0.001}));  // 89.9 degrees.
  CHECK_FALSE(lens_sees(camera, {320 + 500, 240}));
  CHECK(is_finite(ray_in_camera(camera, {320 + 500, 240})));
  CHECK(project(camera, {0.0, 0.0, 2.0})->x == Approx(320));
  // A polynomial that turns back at 1.0 rad: what lies wider is not folded into the picture.
  camera.k1 = -1.0 / 3.0;
  camera.k2 = camera.k3 = camera.k4 = 0.0;
  CHECK(project(camera, {std::tan(0.9), 0.0, 1.0}));
  CHECK_FALSE(project(camera, {std::tan(1.1), 0.0, 1.0}));
  CHECK_FALSE(lens_sees(camera, {320 + 300 * 0.7, 240}));
}

TEST_CASE("a coefficient that the kind does not have is refused by name") {
  CameraModel camera = phone();
  camera.k4 = 0.1;
  CHECK(validated(camera).error().where == "/k4");
  camera = opencv_fisheye();
  camera.s3 = 0.1;
  CHECK(validated(camera).error().where == "/s3");
  camera = headset();
  camera.k6 = std::nan("");
  CHECK(validated(camera).error().where == "/k6");
}
