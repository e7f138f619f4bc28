// SPDX-License-Identifier: Apache-2.0
#include <hearth/render/renderer.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/render/small_scene.h"

using namespace hearth;

namespace {

// A grey floor at z = 0 seen from above, a ball at half a metre above its middle, a lamp above
// both.
struct UnderALamp {
  Light lamp{.p_in_world_m = {0.0, 0.0, 2.0}, .radius_m = 0.0};
  double ambient = 0.35;
  Vec3 eye{0.0, -1.5, 1.5};

  RenderedFrame draw(const RenderOptions& options, bool ball = true) const {
    std::vector<VisualGeom> geoms{box(0, {4.0, 4.0, 0.1}, {0.0, 0.0, -0.05})};
    if (ball) geoms.push_back(sphere(1, 0.2, {0.0, 0.0, 0.5}));
    Renderer renderer = make_renderer(geoms, {.lights = {lamp}, .ambient_light = ambient});
    auto frame = renderer.render(std::vector<Pose>(2), camera, view(), options);
    REQUIRE(frame.ok());
    return std::move(frame).value();
  }

  Pose view() const { return looking(eye, {0.0, 0.0, 0.0}); }

  double brightness(const RenderedFrame& frame, Vec3 p_in_world) const {
    const auto pixel = project(camera, inverse(view()) * p_in_world);
    REQUIRE(pixel.has_value());
    return color_at(frame, int(std::lround(pixel->x)), int(std::lround(pixel->y)))[1];
  }

  CameraModel camera = pinhole(200, 160, 180.0);
};

}  // namespace

TEST_CASE("shadow: a ball darkens the floor below it and nothing else", "[render]") {
  const UnderALamp world;
  const RenderOptions plain{.occlusion = false};
  const RenderedFrame with = world.draw(plain);
  const RenderedFrame without = world.draw(plain, false);
  // Radius of the umbra of a point lamp: 0.1 * 2.0 / sqrt(1.5^2 - 0.1^2) = 0.134 m.
  CHECK(world.brightness(with, {0.10, -0.05, 0.0}) <
        0.75 * world.brightness(without, {0.10, -0.05, 0.0}));
  CHECK(world.brightness(with, {0.20, 0.0, 0.0}) == world.brightness(without, {0.20, 0.0, 0.0}));
  const RenderedFrame off = world.draw({.shadows = false, .occlusion = false});
  CHECK(world.brightness(off, {0.10, -0.05, 0.0}) == world.brightness(without, {0.10, -0.05, 0.0}));
}

TEST_CASE("shadow: a larger lamp has a softer edge", "[render]") {
  UnderALamp world;
  const auto steps = [&](double radius_m) {
    world.lamp.radius_m = radius_m;
    const RenderedFrame frame = world.draw({.occlusion = false});
    int between = 0;
    const double dark = world.brightness(frame, {0.0, -0.08, 0.0});
    const double light = world.brightness(frame, {0.0, -0.60, 0.0});
    for (double x = 0.0; x < 0.5; x += 0.004) {
      const double v = world.brightness(frame, {x, -0.02, 0.0});
      between += v > dark + 8.0 && v < light - 12.0 ? 1 : 0;
    }
    return between;
  };
  const int hard = steps(0.0);
  const int soft = steps(0.25);
  CAPTURE(hard, soft);
  CHECK(soft > hard + 8);
}

TEST_CASE("light: irradiance falls with the square of the distance", "[render]") {
  UnderALamp world;
  world.ambient = 0.0;
  const auto linear_green = [&](double height_m) {
    world.lamp.p_in_world_m = {0.0, 0.0, height_m};
    const RenderedFrame frame = world.draw({.occlusion = false}, false);
    const double srgb = world.brightness(frame, {0.0, 0.0, 0.0}) / 255.0;
    return std::pow((srgb + 0.055) / 1.055, 2.4);
  };
  const double at_two = linear_green(2.0);
  // Albedo 0.5, exposure 0.5, one lamp of intensity 1 at 2 m: 0.25, and some gloss (4 % at normal
  // incidence, spread by roughness 0.8, against an albedo of 50 %: about a tenth).
  CHECK(at_two > 0.25);
  CHECK(at_two < 0.285);
  CHECK(at_two / linear_green(4.0) == Approx(4.0).epsilon(0.05));
}

TEST_CASE("light: a warm lamp reddens, more intensity brightens, none at all is even", "[render]") {
  UnderALamp world;
  world.lamp.color_temperature_k = 2700.0;
  const RenderedFrame warm = world.draw({});
  CHECK(color_at(warm, 20, 140)[0] > color_at(warm, 20, 140)[2] + 30);
  world.lamp.intensity = 1.6;
  const RenderedFrame bright = world.draw({});
  CHECK(color_at(bright, 20, 140)[0] > color_at(warm, 20, 140)[0] + 10);
  Renderer renderer = make_renderer({box(0, {4.0, 4.0, 0.1}, {0.0, 0.0, -0.05})}, {});
  const auto even = renderer.render(one_body(), world.camera, world.view(), {});
  REQUIRE(even.ok());
  CHECK(color_at(*even, 20, 140) == color_at(*even, 180, 140));
}

TEST_CASE("light: creases are darker than open floor", "[render]") {
  Renderer renderer = make_renderer(
      {box(0, {4.0, 4.0, 0.1}, {0.0, 0.0, -0.05}), box(1, {1.0, 1.0, 1.0}, {0.0, 1.0, 0.5})}, {});
  const Pose view = looking({0.0, -1.5, 1.5}, {0.0, 0.2, 0.0});
  const CameraModel camera = pinhole(200, 160, 180.0);
  const auto frame = renderer.render(std::vector<Pose>(2), camera, view, {});
  REQUIRE(frame.ok());
  const auto green = [&](Vec3 p) {
    const auto pixel = project(camera, inverse(view) * p);
    return color_at(*frame, int(std::lround(pixel->x)), int(std::lround(pixel->y)))[1];
  };
  CHECK(green({0.0, 0.45, 0.0}) + 15 < green({0.0, -0.3, 0.0}));
}
