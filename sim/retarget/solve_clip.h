// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: one chain over a whole clip. All rows at once by Levenberg-Marquardt with a banded
/// Cholesky factorisation: wrist targets, posture, speed and acceleration; joint box by an active
/// set.

#include <Eigen/Core>
#include <vector>

#include "sim/retarget/arm_chain.h"

namespace hearth {

/// @param targets    One per row.
/// @param start      rows x chain, within the limits: where the search begins.
/// @param positions  Full posture with everything but the chain in place.
/// @return rows x chain, within the joint limits; speeds are discouraged, not yet bounded.
[[nodiscard]] Eigen::MatrixXd solve_clip(Kinematics& kinematics, const JointChain& chain,
                                         const std::vector<PoseTarget>& targets,
                                         Eigen::MatrixXd start, std::vector<double> positions,
                                         double rate_hz);

}  // namespace hearth
