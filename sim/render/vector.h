// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small inline helpers for the inner loops of the renderer.

#include <hearth/core/geometry.h>

#include <cmath>

namespace hearth {

inline Vec3 unit(Vec3 v) { return (1.0 / std::sqrt(dot(v, v))) * v; }
inline Vec3 multiply(Vec3 a, Vec3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
inline Vec3 mix(Vec3 a, Vec3 b, double u) { return a + u * (b - a); }
inline double clamp01(double v) { return v < 0.0 ? 0.0 : (v > 1.0 ? 1.0 : v); }

inline Vec3 rotate(const Mat3& m, Vec3 v) {
  return {m[0][0] * v.x + m[0][1] * v.y + m[0][2] * v.z,
          m[1][0] * v.x + m[1][1] * v.y + m[1][2] * v.z,
          m[2][0] * v.x + m[2][1] * v.y + m[2][2] * v.z};
}
inline Vec3 rotate_back(const Mat3& m, Vec3 v) {
  return {m[0][0] * v.x + m[1][0] * v.y + m[2][0] * v.z,
          m[0][1] * v.x + m[1][1] * v.y + m[2][1] * v.z,
          m[0][2] * v.x + m[1][2] * v.y + m[2][2] * v.z};
}

}  // namespace hearth
