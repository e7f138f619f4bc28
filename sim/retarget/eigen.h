// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: Eigen in and out of hearth's geometry.

#include <hearth/core/geometry.h>

#include <Eigen/Core>

namespace hearth {

inline Eigen::Vector3d eigen(Vec3 v) { return {v.x, v.y, v.z}; }
inline Vec3 vec3(const Eigen::Vector3d& v) { return {v.x(), v.y(), v.z()}; }

inline Eigen::Matrix3d eigen(Quat q) {
  const Mat3 m = matrix_from_quat(q);
  Eigen::Matrix3d out;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) {
      out(r, c) = m[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)];
    }
  }
  return out;
}

inline Eigen::Matrix3d cross_matrix(const Eigen::Vector3d& v) {
  Eigen::Matrix3d m;
  m << 0, -v.z(), v.y(), v.z(), 0, -v.x(), -v.y(), v.x(), 0;
  return m;
}

}  // namespace hearth
