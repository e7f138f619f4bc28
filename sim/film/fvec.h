// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Single-precision vectors of the tracer.

#include <hearth/core/geometry.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace hearth::film_internal {

struct F3 {
  float x = 0.0F;
  float y = 0.0F;
  float z = 0.0F;
};

constexpr F3 operator+(F3 a, F3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
constexpr F3 operator-(F3 a, F3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
constexpr F3 operator-(F3 a) { return {-a.x, -a.y, -a.z}; }
constexpr F3 operator*(float s, F3 a) { return {s * a.x, s * a.y, s * a.z}; }
constexpr F3 operator*(F3 a, F3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
constexpr float dot(F3 a, F3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
constexpr F3 cross(F3 a, F3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline float norm(F3 a) { return std::sqrt(dot(a, a)); }
inline F3 normalized(F3 a) {
  const float n = norm(a);
  return n > 0.0F ? (1.0F / n) * a : a;
}
constexpr F3 mix(F3 a, F3 b, float u) { return (1.0F - u) * a + u * b; }
constexpr float mix(float a, float b, float u) { return (1.0F - u) * a + u * b; }
inline float clamp01(float v) { return std::clamp(v, 0.0F, 1.0F); }
inline float smoothstep(float low, float high, float v) {
  const float u = clamp01((v - low) / (high - low));
  return u * u * (3.0F - 2.0F * u);
}
inline F3 f3(Vec3 v) {
  return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)};
}

/// A rigid transform as three rows; to_local() is its inverse.
struct FPose {
  F3 row_x{1, 0, 0};
  F3 row_y{0, 1, 0};
  F3 row_z{0, 0, 1};
  F3 origin{};

  [[nodiscard]] F3 turn(F3 v) const { return {dot(row_x, v), dot(row_y, v), dot(row_z, v)}; }
  [[nodiscard]] F3 turn_back(F3 v) const { return v.x * row_x + v.y * row_y + v.z * row_z; }
  [[nodiscard]] F3 apply(F3 p) const { return turn(p) + origin; }
  [[nodiscard]] F3 to_local(F3 p) const { return turn_back(p - origin); }
};
inline FPose fpose(const Pose& pose) {
  const Mat3 m = matrix_from_quat(pose.rotation);
  const auto row = [&m](std::size_t i) { return f3({m[i][0], m[i][1], m[i][2]}); };
  return {row(0), row(1), row(2), f3(pose.position_m)};
}

/// A well-mixed 32-bit hash (the finaliser of MurmurHash3, A. Appleby, public domain design).
constexpr std::uint32_t mixed(std::uint32_t h) {
  h ^= h >> 16;
  h *= 0x85ebca6bU;
  h ^= h >> 13;
  h *= 0xc2b2ae35U;
  h ^= h >> 16;
  return h;
}
constexpr std::uint32_t hashed(std::uint32_t a, std::uint32_t b, std::uint32_t c = 0) {
  return mixed(a * 0x9e3779b1U + mixed(b * 0x85ebca77U + mixed(c + 0x165667b1U)));
}
/// Uniform in [0, 1).
constexpr float unit_float(std::uint32_t h) { return static_cast<float>(h >> 8) * 0x1p-24F; }

}  // namespace hearth::film_internal
