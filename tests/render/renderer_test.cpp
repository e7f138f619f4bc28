// SPDX-License-Identifier: Apache-2.0
#include <hearth/render/renderer.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "tests/render/small_scene.h"

using namespace hearth;

TEST_CASE("renderer: depth of a facing box is its distance", "[render]") {
  Renderer renderer = make_renderer({box(0, {1.0, 1.0, 0.5}, {0.0, 0.0, 2.25})}, {});
  const CameraModel camera = pinhole(64, 48, 60.0);
  const auto frame = renderer.render(one_body(), camera, Pose{}, {});
  REQUIRE(frame.ok());
  int hits = 0;
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 64; ++x) {
      const Vec3 ray = ray_in_camera(camera, {double(x), double(y)});
      const bool inside = std::abs(2.0 * ray.x) <= 0.5 && std::abs(2.0 * ray.y) <= 0.5;
      CAPTURE(x, y);
      CHECK(body_at(*frame, x, y) == (inside ? 0 : -1));
      CHECK(depth_at(*frame, x, y) == (inside ? 2.0F : 0.0F));
      hits += inside ? 1 : 0;
    }
  }
  CHECK(hits > 500);
}

TEST_CASE("renderer: depth of a sphere is the analytic one", "[render]") {
  Renderer renderer = make_renderer({sphere(0, 0.5, {0.1, -0.05, 1.5})}, {});
  const CameraModel camera = pinhole(80, 60, 90.0);
  const auto frame = renderer.render(one_body(), camera, Pose{}, {});
  REQUIRE(frame.ok());
  int hits = 0;
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 80; ++x) {
      const Vec3 d = ray_in_camera(camera, {double(x), double(y)});
      const Vec3 c{0.1, -0.05, 1.5};
      const double root = dot(d, c) * dot(d, c) - dot(d, d) * (dot(c, c) - 0.0625);
      const float expected =
          root < 0.0 ? 0.0F : static_cast<float>((dot(d, c) - std::sqrt(root)) / dot(d, d));
      CAPTURE(x, y);
      CHECK(depth_at(*frame, x, y) == Approx(expected).margin(1e-6));
      hits += expected > 0.0F ? 1 : 0;
    }
  }
  CHECK(hits > 300);
}

TEST_CASE("renderer: bodies carry their index and the nearer one is seen", "[render]") {
  Renderer renderer = make_renderer({box(3, {0.4, 0.4, 0.1}, {}), box(1, {1.0, 1.0, 0.1}, {})}, {});
  std::vector<Pose> poses(4);
  poses[3].position_m = {0.0, 0.0, 1.0};
  poses[1].position_m = {0.0, 0.0, 2.0};
  const CameraModel camera = pinhole(64, 64, 64.0);
  auto frame = renderer.render(poses, camera, Pose{}, {});
  REQUIRE(frame.ok());
  CHECK(body_at(*frame, 32, 32) == 3);
  CHECK(body_at(*frame, 32, 46) == 1);
  CHECK(body_at(*frame, 32, 2) == -1);
  std::swap(poses[1], poses[3]);
  frame = renderer.render(poses, camera, Pose{}, {});
  CHECK(body_at(*frame, 32, 32) == 1);
}

TEST_CASE("renderer: where two faces coincide the earlier geom is seen", "[render]") {
  for (const bool packets : {false, true}) {
    Renderer renderer = make_renderer(
        {box(2, {1.0, 1.0, 0.2}, {0.0, 0.0, 1.1}), box(1, {1.0, 1.0, 0.2}, {0.0, 0.0, 1.1}),
         box(0, {1.0, 1.0, 0.4}, {0.0, 0.0, 1.2})},
        {});
    const auto frame =
        renderer.render(std::vector<Pose>(3), pinhole(32, 32, 40.0), Pose{}, {.packets = packets});
    REQUIRE(frame.ok());
    for (int i = 4; i < 28; ++i) CHECK(body_at(*frame, i, i) == 2);
  }
}

TEST_CASE("renderer: a distorted camera sees a point where project() puts it", "[render]") {
  CameraModel camera = pinhole(160, 120, 110.0);
  camera.kind = CameraModelKind::brown_conrady;
  camera.k1 = -0.18;
  camera.k2 = 0.03;
  camera.p1 = 0.002;
  camera.p2 = -0.001;
  const Pose world_from_camera{{0.3, -0.2, 1.0}, quat_from_rotation_vector({0.3, -0.2, 0.1})};
  for (int i = 0; i < 25; ++i) {
    const int row = i / 5;
    const Vec3 p_in_camera{0.22 * (i % 5 - 2), 0.16 * (row - 2), 0.9};
    Renderer renderer = make_renderer({sphere(0, 0.03, world_from_camera * p_in_camera)}, {});
    const auto frame = renderer.render(one_body(), camera, world_from_camera, {});
    REQUIRE(frame.ok());
    const auto expected = project(camera, p_in_camera);
    REQUIRE(expected.has_value());
    const Vec2 seen = mask_center(*frame, 0);
    CAPTURE(i);
    // A ball's outline is a little eccentric under perspective: under a tenth of its 4-px picture.
    CHECK(norm(seen - *expected) < 0.4);
  }
}

TEST_CASE("renderer: moving world and camera together changes nothing but rounding", "[render]") {
  const SmallScene scene = small_scene();
  Renderer renderer = make_renderer(scene.geoms, {});
  const auto before = renderer.render(scene.poses, scene.camera, scene.world_from_camera, {});
  const Pose shift{{0.4, -0.3, 0.2}, quat_from_rotation_vector({0.1, 0.5, -0.7})};
  std::vector<Pose> moved;
  for (const Pose& pose : scene.poses) moved.push_back(shift * pose);
  const auto after = renderer.render(moved, scene.camera, shift * scene.world_from_camera, {});
  REQUIRE(before.ok());
  REQUIRE(after.ok());
  int different = 0;
  for (std::size_t i = 0; i < before->depth.values_m.size(); ++i) {
    different += before->bodies.body_index[i] != after->bodies.body_index[i] ? 1 : 0;
  }
  CHECK(different <= 3);  // pixels exactly on an outline
}

TEST_CASE("renderer: same bytes for any thread count, packets on or off, twice", "[render]") {
  const SmallScene scene = small_scene();
  Renderer renderer = make_renderer(scene.geoms, scene.lighting);
  const auto draw = [&](Renderer& r, bool packets, int jobs) {
    const RenderOptions options{.packets = packets, .jobs = jobs};
    auto frame = r.render(scene.poses, scene.camera, scene.world_from_camera, options);
    REQUIRE(frame.ok());
    return std::move(frame).value();
  };
  const RenderedFrame reference = draw(renderer, true, 1);
  Renderer other = make_renderer(scene.geoms, scene.lighting);
  (void)other.render(scene.poses, pinhole(33, 17, 20.0), Pose{}, {});
  for (const bool packets : {true, false}) {
    for (const int jobs : {1, 2, 5}) {
      const RenderedFrame frame = draw(other, packets, jobs);
      CAPTURE(packets, jobs);
      CHECK(frame.color == reference.color);
      CHECK(frame.depth == reference.depth);
      CHECK(frame.bodies == reference.bodies);
    }
  }
}

TEST_CASE("renderer: more samples soften edges and leave flat places alone", "[render]") {
  Renderer renderer = make_renderer({box(0, {0.8, 0.8, 0.1}, {0.0, 0.0, 1.0}, 0.35)}, {});
  const CameraModel camera = pinhole(61, 61, 60.0);
  const auto hard = renderer.render(one_body(), camera, Pose{}, {.samples_per_pixel = 1});
  const auto soft = renderer.render(one_body(), camera, Pose{}, {.samples_per_pixel = 8});
  REQUIRE(hard.ok());
  REQUIRE(soft.ok());
  CHECK(color_at(*hard, 30, 30) == color_at(*soft, 30, 30));
  CHECK(color_at(*hard, 2, 2) == color_at(*soft, 2, 2));
  int between = 0;
  for (int y = 0; y < 61; ++y) {
    for (int x = 0; x < 61; ++x) between += color_at(*hard, x, y) != color_at(*soft, x, y) ? 1 : 0;
  }
  CHECK(between > 80);   // the outline
  CHECK(between < 700);  // and nothing else
  CHECK(hard->depth == soft->depth);
}

TEST_CASE("renderer: patterns stay with their body", "[render]") {
  VisualGeom checker = box(0, {1.0, 1.0, 0.2}, {});
  checker.material.pattern = Pattern::checker;
  checker.material.pattern_size_m = 0.1;
  checker.material.color_rgb = {0.9, 0.9, 0.9};
  checker.material.second_color_rgb = {0.05, 0.05, 0.05};
  Renderer renderer = make_renderer({checker}, {});
  const CameraModel camera = pinhole(64, 64, 64.0);
  const std::vector<Pose> here{{{0.0, 0.0, 1.1}, {}}};
  const std::vector<Pose> one_cell_on{{{0.1, 0.0, 1.1}, {}}};
  const auto a = renderer.render(here, camera, Pose{}, {});
  const auto b = renderer.render(one_cell_on, camera, Pose{}, {});
  REQUIRE(a.ok());
  REQUIRE(b.ok());
  // One cell is 6.4 px at 1 m: the middle of a cell changes colour when the body moves by a cell.
  const int bright = color_at(*a, 35, 35)[0];
  const int dark = color_at(*b, 35, 35)[0];
  CHECK(std::abs(bright - dark) > 80);
}

TEST_CASE("renderer: rejects name the field", "[render]") {
  const auto where_of = [](std::vector<VisualGeom> geoms, const Lighting& lighting) {
    const auto made = Renderer::make(std::move(geoms), lighting);
    REQUIRE(!made.ok());
    CHECK(made.error().code == ErrorCode::invalid_argument);
    return made.error().where;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(where_of({box(0, {1, 1, 1}, {}), box(0, {1, 0, 1}, {})}, {}) == "geoms/1/shape");
  CHECK(where_of({box(-1, {1, 1, 1}, {})}, {}) == "geoms/0/body_index");
  CHECK(where_of({box(0, {1, 1, 1}, {nan, 0, 0})}, {}) == "geoms/0/body_from_geom");
  CHECK(where_of({}, {.lights = {{.intensity = nan}}}) == "lights/0/intensity");
  CHECK(where_of({}, {.lights = {{.radius_m = -1.0}}}) == "lights/0/radius_m");
  CHECK(where_of({}, {.ambient_light = 1.5}) == "ambient_light");
  CHECK(where_of({}, {.exposure = 0.0}) == "exposure");

  Renderer renderer = make_renderer({box(1, {1, 1, 1}, {})}, {});
  const CameraModel camera = pinhole(8, 8, 8.0);
  const auto render_where = [&](std::vector<Pose> poses, CameraModel model, RenderOptions options) {
    const auto frame = renderer.render(poses, model, Pose{}, options);
    REQUIRE(!frame.ok());
    return frame.error().where;
  };
  CHECK(render_where({Pose{}}, camera, {}) == "world_from_body");
  CHECK(render_where({Pose{}, {{nan, 0, 0}, {}}}, camera, {}) == "world_from_body/1");
  CHECK(render_where({2, Pose{}}, camera, {.samples_per_pixel = 0}) == "samples_per_pixel");
  CHECK(render_where({2, Pose{}}, camera, {.occlusion_m = nan}) == "occlusion_m");
  CHECK(render_where({2, Pose{}}, camera, {.jobs = -1}) == "jobs");
  CameraModel flat = camera;
  flat.fx_px = 0.0;
  CHECK(!renderer.render(std::vector<Pose>(2), flat, Pose{}, {}).ok());
}

TEST_CASE("renderer: nothing to draw is a background", "[render]") {
  Renderer renderer = make_renderer({}, {});
  const auto frame = renderer.render({}, pinhole(9, 7, 10.0), Pose{}, {});
  REQUIRE(frame.ok());
  for (const float v : frame->depth.values_m) CHECK(v == 0.0F);
  CHECK(color_at(*frame, 0, 0) == color_at(*frame, 8, 6));
}
