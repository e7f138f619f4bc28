// SPDX-License-Identifier: Apache-2.0
#include <hearth/render/color.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace hearth;

TEST_CASE("color: sRGB codes agree with the standard's formula", "[render]") {
  for (int i = 0; i <= 10000; ++i) {
    const double v = i / 10000.0;
    const double srgb = v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1.0 / 2.4) - 0.055;
    CAPTURE(v);
    // Half a code is the definition of "nearest"; 1e-3 codes for pow's own rounding.
    CHECK(std::abs(srgb * 255.0 - srgb8_from_linear(v)) <= 0.5 + 1e-3);
  }
  CHECK(srgb8_from_linear(-1.0) == 0);
  CHECK(srgb8_from_linear(7.0) == 255);
  CHECK(srgb8_from_linear(std::numeric_limits<double>::quiet_NaN()) == 0);
}

TEST_CASE("color: code to linear and back is the identity", "[render]") {
  for (int code = 0; code < 256; ++code) {
    const auto c = static_cast<std::uint8_t>(code);
    CHECK(srgb8_from_linear(linear_from_srgb8(c)) == c);
  }
}

TEST_CASE("color: 4500 K is white, lower is warmer, luminance is one", "[render]") {
  const Vec3 white = rgb_from_color_temperature(4500.0);
  CHECK(white.x == Approx(1.0).margin(1e-12));
  CHECK(white.y == Approx(1.0).margin(1e-12));
  CHECK(white.z == Approx(1.0).margin(1e-12));
  double last = 1e9;
  for (double t = 1700.0; t <= 15000.0; t += 100.0) {
    const Vec3 rgb = rgb_from_color_temperature(t);
    CAPTURE(t);
    CHECK(0.2126 * rgb.x + 0.7152 * rgb.y + 0.0722 * rgb.z == Approx(1.0));
    const double warmth = rgb.x / (rgb.z + 1e-3);
    CHECK(warmth < last);
    last = warmth;
  }
  CHECK(rgb_from_color_temperature(10.0) == rgb_from_color_temperature(1700.0));
}
