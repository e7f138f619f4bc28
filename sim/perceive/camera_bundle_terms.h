// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What the bundle adjustments with and without a lens share.

#include <ceres/ceres.h>
#include <hearth/core/geometry.h>

#include <Eigen/Core>
#include <Eigen/Geometry>
#include <array>

#include "sim/perceive/camera_bundle.h"

namespace hearth {

/// Turns v by the quaternion q = (w, u).
[[nodiscard]] inline Eigen::Vector3d rotate(const Eigen::Vector4d& q, const Eigen::Vector3d& v) {
  const Eigen::Vector3d u = q.tail<3>();
  const Eigen::Vector3d c = u.cross(v);
  return v + 2.0 * q[0] * c + 2.0 * u.cross(c);
}

/// d(rotate(q, v))/dq, of v + 2 w (u x v) + 2 u x (u x v).
[[nodiscard]] inline Eigen::Matrix<double, 3, 4> rotation_by_quaternion(const Eigen::Vector4d& q,
                                                                        const Eigen::Vector3d& v) {
  const double w = q[0];
  const Eigen::Vector3d u = q.tail<3>();
  Eigen::Matrix<double, 3, 4> j;
  j.col(0) = 2.0 * u.cross(v);
  Eigen::Matrix3d v_cross;
  v_cross << 0, -v.z(), v.y(), v.z(), 0, -v.x(), -v.y(), v.x(), 0;
  j.rightCols<3>() = -2.0 * w * v_cross + 2.0 * (u.dot(v) * Eigen::Matrix3d::Identity() +
                                                 u * v.transpose() - 2.0 * v * u.transpose());
  return j;
}

/// Pose block (qw qx qy qz tx ty tz) of the solver.
using PoseBlock = std::array<double, 7>;

[[nodiscard]] inline PoseBlock block_from_pose(const Pose& pose) {
  return {pose.rotation.w,   pose.rotation.x,   pose.rotation.y,  pose.rotation.z,
          pose.position_m.x, pose.position_m.y, pose.position_m.z};
}

[[nodiscard]] inline Pose pose_from_block(const PoseBlock& b) {
  return {{b[4], b[5], b[6]}, normalized(Quat{b[0], b[1], b[2], b[3]})};
}

/// Jacobians of (x, y) / z, times `by_seen`, by a pose block and by a homogeneous point; either may
/// be null.
void ray_jacobians(const Eigen::Matrix2d& by_seen, const double* pose, const double* point,
                   const Eigen::Vector3d& p, double* by_pose, double* by_point);

/// ceres::Solve() without what it logs to stderr.
void solve_quietly(const ceres::Solver::Options& options, ceres::Problem& problem,
                   ceres::Solver::Summary& summary);

/// Unit 4-vectors again, w >= 0: a slightly negative w is noise of a far point.
void normalize_points(std::vector<HomogeneousPoint>& points);

}  // namespace hearth
