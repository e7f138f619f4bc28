// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: one chain over a whole clip. All rows at once by Levenberg-Marquardt with a banded
/// Cholesky factorisation: wrist targets, posture, speed and acceleration; joint box by an active
/// set.

#include <hearth/data/array.h>

#include <Eigen/Core>
#include <vector>

#include "sim/retarget/arm_chain.h"

namespace hearth {

/// @param targets    One per row.
/// @param start      rows x chain, within the limits: where the search begins.
/// @param rows       Full postures, one per row, with everything but the chain in place.
/// @return rows x chain, within the joint limits; speeds are discouraged, not yet bounded.
[[nodiscard]] Eigen::MatrixXd solve_clip(Kinematics& kinematics, const JointChain& chain,
                                         const std::vector<PoseTarget>& targets,
                                         Eigen::MatrixXd start, const Table& rows, double rate_hz);

}  // namespace hearth
