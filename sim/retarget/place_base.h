// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: where the humanoid stands for one clip. The base is static; it and the arm's postures
/// at a few key poses are solved together, from several headings.

#include <hearth/data/scene.h>

#include <Eigen/Core>
#include <vector>

#include "sim/retarget/arm_chain.h"

namespace hearth {

/// Where the recorded person seems to have stood.
struct BasePrior {
  Eigen::Vector4d base = Eigen::Vector4d::Zero();  ///< x, y (m), yaw (rad), lift (m).
  Eigen::Vector4d sigma{0.25, 0.25, 0.5, 0.12};
};

struct PlacedBase {
  Eigen::Vector4d base = Eigen::Vector4d::Zero();
  std::vector<Eigen::VectorXd> arm{};  ///< Chain values per key pose.
  double cost = 0.0;
  double worst_position_m = 0.0;
  double worst_rotation_rad = 0.0;
};

/// @param base   Chain of base_x, base_y, base_yaw, base_lift, with the arm's body.
/// @param arm    Waist and arm.
/// @param keys   Wrist poses to reach, most important first.
[[nodiscard]] PlacedBase place_base(Kinematics& kinematics, const JointChain& base,
                                    const JointChain& arm, const std::vector<Pose>& keys,
                                    const BasePrior& prior, const std::vector<Support>& supports);

/// Spread of a joint about its nominal value that costs as much as one sigma of a wrist target.
[[nodiscard]] double posture_sigma(const JointChain& chain, Eigen::Index i);

}  // namespace hearth
