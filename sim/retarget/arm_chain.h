// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: the joints that move one wrist, with limits, and the residual that pulls it to a pose.

#include <hearth/data/humanoid.h>
#include <hearth/engine/kinematics.h>

#include <Eigen/Core>
#include <string>
#include <vector>

#include "sim/retarget/least_squares.h"

namespace hearth {

/// A selection of joints and one body that they move.
struct JointChain {
  std::vector<int> joints{};  ///< Indices into the humanoid's joints.
  Eigen::VectorXd low{};
  Eigen::VectorXd high{};
  Eigen::VectorXd nominal{};
  Eigen::VectorXd max_speed{};
  int body = -1;

  [[nodiscard]] Eigen::Index size() const { return static_cast<Eigen::Index>(joints.size()); }
};

/// @return invalid_argument naming a joint the humanoid lacks.
[[nodiscard]] Result<JointChain> make_chain(const Humanoid& humanoid, const Kinematics& kinematics,
                                            const std::vector<std::string>& joints,
                                            const std::string& body);

/// A wanted pose of the chain's body with the tolerance of one standard deviation.
struct PoseTarget {
  Pose world_from_body{};
  double position_sigma_m = 0.005;
  double rotation_sigma_rad = 0.05;
};

/// Error of the chain's body against a target and its Jacobian over the chain's joints, unweighted:
/// rows 0-2 position (m), rows 3-5 rotation (rad, world axes).
struct PoseError {
  Eigen::Matrix<double, 6, 1> error;
  Eigen::Matrix<double, 6, Eigen::Dynamic> jacobian;
};

/// Evaluates at the kinematics' current posture.
[[nodiscard]] PoseError pose_error(const Kinematics& kinematics, const JointChain& chain,
                                   const Pose& world_from_target, bool with_jacobian);

/// Writes chain values into a full posture.
void scatter(const JointChain& chain, const Eigen::Ref<const Eigen::VectorXd>& values,
             std::vector<double>& positions);

}  // namespace hearth
