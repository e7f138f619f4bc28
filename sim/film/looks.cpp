// SPDX-License-Identifier: Apache-2.0
#include "sim/film/looks.h"

#include <hearth/core/rng.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace hearth::film_internal {
namespace {

Vec3 rgb_from_hsv(double h, double s, double v) {
  const auto channel = [&](double shift) {
    const double k = std::fmod(shift + 6.0 * h, 6.0);
    return v - v * s * std::max(0.0, std::min({k, 4.0 - k, 1.0}));
  };
  // The hue circle is drawn in display space; squaring is close enough to linear light.
  const Vec3 c = {channel(5.0), channel(3.0), channel(1.0)};
  return {c.x * c.x, c.y * c.y, c.z * c.z};
}

}  // namespace

Material draw_top_material(std::uint64_t seed) {
  Rng rng(seed, 0, "film_top_material");
  Material m;
  const std::uint64_t kind = rng.index(4);
  if (kind <= 1) {  // wood
    const double v = rng.uniform(0.45, 0.85);
    const double hue = rng.uniform(0.055, 0.095);
    m.color_rgb = rgb_from_hsv(hue, rng.uniform(0.35, 0.6), v);
    m.second_color_rgb = rgb_from_hsv(hue, rng.uniform(0.45, 0.7), 0.72 * v);
    m.pattern = Pattern::wood;
    m.pattern_size_m = rng.uniform(0.03, 0.07);
  } else if (kind == 2) {  // stone
    const double v = rng.uniform(0.35, 0.85);
    m.color_rgb = rgb_from_hsv(rng.uniform(0.0, 1.0), 0.06, v);
    m.second_color_rgb = rgb_from_hsv(rng.uniform(0.0, 1.0), 0.10, std::min(1.0, 0.6 * v));
    m.pattern = Pattern::noise;
    m.pattern_size_m = rng.uniform(0.012, 0.03);
  } else {  // cloth
    const double hue = rng.uniform();
    m.color_rgb = rgb_from_hsv(hue, rng.uniform(0.1, 0.35), rng.uniform(0.7, 0.9));
    m.second_color_rgb = rgb_from_hsv(hue + 0.08, rng.uniform(0.3, 0.6), rng.uniform(0.4, 0.65));
    m.pattern = rng.uniform() < 0.5 ? Pattern::checker : Pattern::stripes;
    m.pattern_size_m = rng.uniform(0.03, 0.06);
  }
  m.roughness = rng.uniform(0.5, 0.9);
  return m;
}

Material draw_wall_material(std::uint64_t seed) {
  Rng rng(seed, 0, "film_wall_material");
  Material m;
  const double v = rng.uniform(0.65, 0.92);
  const double hue = rng.uniform();
  m.color_rgb = rgb_from_hsv(hue, rng.uniform(0.02, 0.15), v);
  const bool tiles = rng.uniform() < 0.55;
  m.second_color_rgb = rgb_from_hsv(hue, rng.uniform(0.05, 0.3), v * rng.uniform(0.75, 0.9));
  m.pattern = tiles ? Pattern::checker : Pattern::noise;
  m.pattern_size_m = tiles ? rng.uniform(0.08, 0.15) : rng.uniform(0.03, 0.08);
  m.roughness = rng.uniform(0.6, 0.95);
  return m;
}

Material draw_floor_material(std::uint64_t seed) {
  Rng rng(seed, 0, "film_floor_material");
  Material m;
  const double v = rng.uniform(0.4, 0.75);
  const double hue = rng.uniform(0.05, 0.12);
  m.color_rgb = rgb_from_hsv(hue, rng.uniform(0.1, 0.4), v);
  m.second_color_rgb = rgb_from_hsv(hue, rng.uniform(0.2, 0.5), 0.75 * v);
  m.pattern = rng.uniform() < 0.5 ? Pattern::wood : Pattern::checker;
  m.pattern_size_m = rng.uniform(0.08, 0.3);
  m.roughness = 0.85;
  return m;
}

Material draw_object_material(std::uint64_t seed, std::uint64_t index) {
  Rng rng(seed, index, "film_object_material");
  Material m;
  const double hue = rng.uniform();
  m.color_rgb = rgb_from_hsv(hue, rng.uniform(0.45, 0.9), rng.uniform(0.5, 0.95));
  m.second_color_rgb =
      rgb_from_hsv(hue + rng.uniform(0.2, 0.6), rng.uniform(0.1, 0.8), rng.uniform(0.35, 0.98));
  constexpr std::array<Pattern, 4> kPatterns = {Pattern::stripes, Pattern::checker, Pattern::noise,
                                                Pattern::wood};
  m.pattern = kPatterns[rng.index(kPatterns.size())];
  m.pattern_size_m = rng.uniform(0.012, 0.03);
  m.roughness = rng.uniform(0.35, 0.9);
  return m;
}

ArmLook draw_arm_look(std::uint64_t seed) {
  Rng rng(seed, 0, "film_arm_look");
  ArmLook look;
  // From light to deep skin along one line in log reflectance.
  const double depth = rng.uniform(0.0, 1.0);
  const Vec3 light = {0.66, 0.42, 0.31};
  const Vec3 deep = {0.17, 0.085, 0.05};
  const auto mix = [depth](double a, double b) { return a * std::pow(b / a, depth); };
  look.skin_rgb = {mix(light.x, deep.x), mix(light.y, deep.y), mix(light.z, deep.z)};
  look.sleeve.color_rgb = rgb_from_hsv(rng.uniform(), rng.uniform(0.1, 0.7), rng.uniform(0.2, 0.9));
  look.sleeve.second_color_rgb = 0.7 * look.sleeve.color_rgb;
  look.sleeve.pattern = Pattern::stripes;
  look.sleeve.pattern_size_m = rng.uniform(0.006, 0.02);
  look.sleeve_end = rng.uniform(0.25, 0.75);
  return look;
}

}  // namespace hearth::film_internal
