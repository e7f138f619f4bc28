// SPDX-License-Identifier: Apache-2.0
#include <hearth/render/color.h>

#include <algorithm>
#include <array>

namespace hearth {
namespace {

constexpr double kBalancedK = 4500.0;

// Chromaticity of a black body, 1667..25000 K.
Vec2 planckian_xy(double t) {
  const double u = 1e3 / t;
  const double x = t < 4000.0 ? ((-0.2661239 * u - 0.2343589) * u + 0.8776956) * u + 0.179910
                              : ((-3.0258469 * u + 2.1070379) * u + 0.2226347) * u + 0.240390;
  double y = 0.0;
  if (t < 2222.0) {
    y = ((-1.1063814 * x - 1.34811020) * x + 2.18555832) * x - 0.20219683;
  } else if (t < 4000.0) {
    y = ((-0.9549476 * x - 1.37418593) * x + 2.09137015) * x - 0.16748867;
  } else {
    y = ((3.0817580 * x - 5.87338670) * x + 3.75112997) * x - 0.37001483;
  }
  return {x, y};
}

// Linear sRGB of a chromaticity at luminance 1; out-of-gamut channels are clamped.
Vec3 rgb_from_xy(Vec2 xy) {
  const double x = xy.x / xy.y;
  const double z = (1.0 - xy.x - xy.y) / xy.y;
  return {std::max(0.0, 3.2404542 * x - 1.5371385 - 0.4985314 * z),
          std::max(0.0, -0.9692660 * x + 1.8760108 + 0.0415560 * z),
          std::max(0.0, 0.0556434 * x - 0.2040259 + 1.0572252 * z)};
}

// The fifth root by Newton's method: + - * / are exact to the bit everywhere, pow is not.
double fifth_root(double v) {
  double r = v < 1e-6 ? 0.1 : 1.0;
  for (int i = 0; i < 60; ++i) r = 0.8 * r + 0.2 * v / (r * r * r * r);
  return r;
}

double linear_from_srgb(double code) {
  if (code <= 0.04045) return code / 12.92;
  const double base = (code + 0.055) / 1.055;
  return base * base * fifth_root(base * base);  // base ^ 2.4
}

// threshold[i]: the linear value half way between codes i and i + 1.
std::array<double, 255> make_thresholds() {
  std::array<double, 255> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = linear_from_srgb((static_cast<double>(i) + 0.5) / 255.0);
  }
  return out;
}

constexpr std::size_t kBins = 1024;

// first[b]: the code of the lowest value of bin b, from where the search starts.
struct CodeTable {
  std::array<double, 255> thresholds = make_thresholds();
  std::array<std::uint8_t, kBins> first{};
  CodeTable() {
    for (std::size_t b = 0; b < kBins; ++b) {
      const double low = static_cast<double>(b) / static_cast<double>(kBins);
      const auto* at = std::upper_bound(thresholds.begin(), thresholds.end(), low);
      first[b] = static_cast<std::uint8_t>(at - thresholds.begin());
    }
  }
};

}  // namespace

Vec3 rgb_from_color_temperature(double temperature_k) {
  const Vec3 white = rgb_from_xy(planckian_xy(kBalancedK));
  const Vec3 raw = rgb_from_xy(planckian_xy(std::clamp(temperature_k, 1700.0, 15000.0)));
  const Vec3 balanced{raw.x / white.x, raw.y / white.y, raw.z / white.z};
  const double luminance = 0.2126 * balanced.x + 0.7152 * balanced.y + 0.0722 * balanced.z;
  return (1.0 / luminance) * balanced;
}

std::uint8_t srgb8_from_linear(double linear) {
  static const CodeTable table;
  if (!(linear > 0.0)) return 0;
  if (linear >= 1.0) return 255;
  std::size_t code = table.first[static_cast<std::size_t>(linear * static_cast<double>(kBins))];
  while (code < table.thresholds.size() && table.thresholds[code] <= linear) ++code;
  return static_cast<std::uint8_t>(code);
}

double linear_from_srgb8(std::uint8_t code) {
  return linear_from_srgb(static_cast<double>(code) / 255.0);
}

}  // namespace hearth
