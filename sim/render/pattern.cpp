// SPDX-License-Identifier: Apache-2.0
#include "sim/render/pattern.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "sim/render/vector.h"

namespace hearth {
namespace {

// Integer hash of a lattice point (Wellons, "Prospecting for hash functions", 2018), to 0..1.
double lattice(std::int64_t x, std::int64_t y, std::int64_t z) {
  auto v = static_cast<std::uint32_t>(x) * 0x9e3779b1U ^
           static_cast<std::uint32_t>(y) * 0x85ebca77U ^
           static_cast<std::uint32_t>(z) * 0xc2b2ae3dU;
  v ^= v >> 16U;
  v *= 0x7feb352dU;
  v ^= v >> 15U;
  v *= 0x846ca68bU;
  v ^= v >> 16U;
  return static_cast<double>(v) * (1.0 / 4294967296.0);
}

double smooth(double u) { return u * u * (3.0 - 2.0 * u); }
double lerp(double a, double b, double u) { return a + u * (b - a); }

// Value noise, 0..1, cell size 1.
double noise(Vec3 p) {
  const double fx = std::floor(p.x);
  const double fy = std::floor(p.y);
  const double fz = std::floor(p.z);
  const auto x = static_cast<std::int64_t>(fx);
  const auto y = static_cast<std::int64_t>(fy);
  const auto z = static_cast<std::int64_t>(fz);
  const double u = smooth(p.x - fx);
  const double v = smooth(p.y - fy);
  const double w = smooth(p.z - fz);
  const double near_z = lerp(lerp(lattice(x, y, z), lattice(x + 1, y, z), u),
                             lerp(lattice(x, y + 1, z), lattice(x + 1, y + 1, z), u), v);
  const double far_z = lerp(lerp(lattice(x, y, z + 1), lattice(x + 1, y, z + 1), u),
                            lerp(lattice(x, y + 1, z + 1), lattice(x + 1, y + 1, z + 1), u), v);
  return lerp(near_z, far_z, w);
}

// How much of a detail of this period survives a footprint.
double visible(double period, double footprint) { return clamp01(2.0 - 2.0 * footprint / period); }

// Octaves of noise around 0.5; each fades before the footprint swallows it.
double octaves(Vec3 p_m, double period_m, double footprint_m, int count) {
  double sum = 0.5;
  double weight = 0.5;
  for (int i = 0; i < count; ++i, weight *= 0.5, period_m *= 0.5) {
    const double share = weight * visible(period_m, footprint_m);
    if (share <= 0.0) break;
    sum += share * (noise((1.0 / period_m) * p_m) - 0.5) * 2.0;
  }
  return clamp01(sum);
}

// Integral of the square wave of period 2 that is +1 on [0, 1) and -1 on [1, 2).
double square_integral(double x) {
  const double phase = x - 2.0 * std::floor(0.5 * x);
  return phase < 1.0 ? phase : 2.0 - phase;
}

// Mean of that wave over a window of width w around x.
double square_mean(double x, double w) {
  if (w < 1e-6) return x - 2.0 * std::floor(0.5 * x) < 1.0 ? 1.0 : -1.0;
  return (square_integral(x + 0.5 * w) - square_integral(x - 0.5 * w)) / w;
}

// Width of the window along one axis: a face has no extent along its own normal.
double window(double footprint, double normal_component, double size) {
  return footprint * std::sqrt(std::max(0.0, 1.0 - normal_component * normal_component)) / size;
}

// Boards of wood along x with long grain.
double wood(Vec3 p, double size, double footprint) {
  const double board = std::floor(p.y / size);
  const double shade = lattice(static_cast<std::int64_t>(board), 17, 3);
  const double shift = 7.3 * shade;
  const Vec3 stretched{p.x * 0.16 + shift, p.y, p.z};
  const double bend = octaves(stretched, 0.5 * size, footprint, 2);
  const double ring = (p.y + 0.35 * size * bend) / (0.23 * size);
  const double wave = ring - std::floor(ring);
  const double saw = smooth(wave < 0.75 ? wave / 0.75 : (1.0 - wave) / 0.25);
  const double fine = octaves({p.x * 0.05 + shift, p.y, p.z}, 0.06 * size, footprint, 1);
  const double rings = lerp(0.5, saw, visible(0.23 * size, footprint));
  const double gap =
      std::abs(p.y / size - board - 0.5) > 0.485 ? visible(0.06 * size, footprint) : 0.0;
  return clamp01(0.25 * shade + 0.4 * rings + 0.35 * fine + 0.45 * gap);
}

}  // namespace

Vec3 pattern_color(const Material& material, Vec3 p_in_body, Vec3 normal_in_body,
                   double footprint_m) {
  const Vec3 a = material.color_rgb;
  const Vec3 b = material.second_color_rgb;
  const double size = std::max(1e-4, material.pattern_size_m);
  // A face often lies on a cell border of its own pattern: look a little below it.
  const Vec3 p = p_in_body - 1e-4 * normal_in_body;
  switch (material.pattern) {
    case Pattern::plain:
      return a;
    case Pattern::checker: {
      const double x = square_mean(p.x / size, window(footprint_m, normal_in_body.x, size));
      const double y = square_mean(p.y / size, window(footprint_m, normal_in_body.y, size));
      const double z = square_mean(p.z / size, window(footprint_m, normal_in_body.z, size));
      return mix(a, b, 0.5 - 0.5 * x * y * z);
    }
    case Pattern::stripes: {
      const double x = square_mean(p.x / size, window(footprint_m, normal_in_body.x, size));
      return mix(a, b, 0.5 - 0.5 * x);
    }
    case Pattern::wood:
      return mix(a, b, wood(p, size, footprint_m));
    case Pattern::noise:
      return mix(a, b, octaves(p, size, footprint_m, 3));
  }
  return a;
}

}  // namespace hearth
