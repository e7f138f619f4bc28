// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "sim/pipeline/draw_overlay.h"
#include "sim/pipeline/report_text.h"

using namespace hearth;

namespace {

ImageRgb8 grey(int width_px, int height_px) {
  return {width_px, height_px,
          std::vector<std::uint8_t>(static_cast<std::size_t>(3 * width_px * height_px), 100)};
}

// Sum of what a channel gained, in full pixels of ink 200 on 100.
double ink_px(const ImageRgb8& image) {
  double sum = 0.0;
  for (std::size_t i = 0; i < image.values.size(); i += 3) sum += (image.values[i] - 100.0) / 100.0;
  return sum;
}

constexpr InkColor kInk{200, 200, 200};

bool is_greenish(const ImageRgb8& image, int x, int y) {
  const auto at = static_cast<std::size_t>(3 * (y * image.width_px + x));
  return image.values[at + 1] > image.values[at] + 40 &&
         image.values[at + 1] > image.values[at + 2] + 40;
}

}  // namespace

TEST_CASE("a stroke has its area, a disc too, and nothing is drawn outside") {
  ImageRgb8 image = grey(100, 60);
  draw_line(image, {20, 20}, {70, 45}, {kInk, 3.0, 1.0, 0.0});
  const double length = std::hypot(50.0, 25.0);
  // Soft round ends add about a disc of the stroke's width.
  CHECK(ink_px(image) == Approx(3.0 * length + 3.14159 * 1.5 * 1.5).epsilon(0.03));
  image = grey(100, 60);
  draw_disc(image, {50, 30}, 10.0, kInk, 1.0);
  CHECK(ink_px(image) == Approx(314.159).epsilon(0.02));
  image = grey(100, 60);
  draw_line(image, {-50, -20}, {-1e12, 90}, {kInk, 3.0, 1.0, 0.0});
  draw_line(image, {std::nan(""), 0}, {50, 50}, {kInk, 3.0, 1.0, 0.0});
  draw_disc(image, {std::numeric_limits<double>::infinity(), 0}, 5.0, kInk, 1.0);
  fill_rectangle(image, 200, -50, 10, 10, kInk);
  CHECK(image == grey(100, 60));
  // A line that crosses from far away costs and shows no more than its part inside.
  draw_line(image, {-1e9, 30}, {1e9, 30}, {kInk, 1.0, 1.0, 0.0});
  CHECK(ink_px(image) == Approx(100.0).epsilon(0.02));
}

TEST_CASE("dashes leave half of a line away") {
  ImageRgb8 whole = grey(220, 20);
  ImageRgb8 dashed = whole;
  draw_line(whole, {10, 10}, {210, 10}, {kInk, 1.0, 1.0, 0.0});
  draw_line(dashed, {10, 10}, {210, 10}, {kInk, 1.0, 1.0, 10.0});
  CHECK(ink_px(dashed) / ink_px(whole) == Approx(0.54).margin(0.04));
}

TEST_CASE("a resized picture keeps its mean and its places") {
  ImageRgb8 image = grey(9, 6);
  for (std::size_t i = 0; i < image.values.size(); ++i) {
    image.values[i] = static_cast<std::uint8_t>(37 * i % 251);
  }
  const ImageRgb8 half = resized(image, 4, 2);
  double before = 0.0;
  double after = 0.0;
  for (const auto v : image.values) before += v;
  for (const auto v : half.values) after += v;
  CHECK(after / static_cast<double>(half.values.size()) ==
        Approx(before / static_cast<double>(image.values.size())).margin(0.5));
  CHECK(resized(image, 9, 6) == image);
  CameraModel camera;
  camera.width_px = 640;
  camera.height_px = 480;
  camera.fx_px = camera.fy_px = 500;
  camera.cx_px = 300;
  camera.cy_px = 250;
  const Vec3 p{0.2, -0.1, 1.3};
  const Vec2 large = *project(camera, p);
  const Vec2 small = *project(resized(camera, 320, 240), p);
  CHECK(small.x == Approx(resized_pixel(large.x, 640, 320)));
  CHECK(small.y == Approx(resized_pixel(large.y, 480, 240)));
}

TEST_CASE("the object is drawn where the camera sees it, and only where a pose is known") {
  Home home;
  SceneObject box;
  box.id = "box";
  box.shape.size_m = {0.1, 0.1, 0.1};
  box.world_from_object.position_m = {0.0, 0.0, 1.0};
  home.scene.objects = {box};
  home.task.object_id = "box";
  home.task.world_from_goal.position_m = {5.0, 0.0, 1.0};
  home.camera_path.samples = {{.time_ns = 0, .observed = true}};
  Overlay overlay;
  overlay.home = &home;
  overlay.camera = {
      .width_px = 200, .height_px = 200, .fx_px = 200, .fy_px = 200, .cx_px = 99.5, .cy_px = 99.5};
  ImageRgb8 picture = grey(100, 100);
  draw_overlay(picture, overlay, 0, 0);
  // Front face at .95 m: half of .1 m is 10.5 px of 200, 5.3 of 100, about the middle.
  CHECK(is_greenish(picture, 55, 50));
  CHECK(is_greenish(picture, 44, 50));
  CHECK_FALSE(is_greenish(picture, 65, 50));
  picture = grey(100, 100);
  draw_overlay(picture, overlay, 9, 300'000'000);
  CHECK_FALSE(is_greenish(picture, 55, 50));
  const auto mark = static_cast<std::size_t>(3 * (10 * 100 + 10));
  CHECK(picture.values[mark] == kLostInk.r);
}

TEST_CASE("text is safe in HTML and numbers read well") {
  using namespace hearth::report_text;
  CHECK(escaped("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
  CHECK(escaped("\xC3\xA9\xFFz\x01") == "\xC3\xA9\xEF\xBF\xBDz\xEF\xBF\xBD");
  CHECK(escaped("\xE2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(base64("foobar") == "Zm9vYmFy");  // RFC 4648, section 10.
  CHECK(base64("fooba") == "Zm9vYmE=");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("").empty());
  CHECK(fixed(-0.0004, 2) == "0.00");
  CHECK(fixed(std::nan(""), 2) == "-");
  CHECK(length(0.0034) == "3.4 mm");
  CHECK(length(-0.034) == "-34 mm");
  CHECK(length(0.34) == "34.0 cm");
  CHECK(length(3.4) == "3.40 m");
  CHECK(counted(1, "frame") == "1 frame");
  CHECK(counted(0, "frame") == "0 frames");
  CHECK(quantity(-0.07, "share") == "-7 %");
}
