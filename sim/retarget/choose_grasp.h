// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: which faces to take, from where, and where to stand for it.

#include <hearth/data/home.h>

#include <vector>

#include "sim/retarget/adapt_grasp.h"
#include "sim/retarget/place_base.h"
#include "sim/retarget/plan_clip.h"

namespace hearth {

struct ChosenGrasp {
  AdaptedGrasp grasp{};
  PlacedBase base{};
  double turned_rad = 0.0;  ///< Between the recorded and the chosen wrist at the grasp.
};

/// Key poses of the wrist for a grasp, in the order of time; share of the motion is keys_share().
[[nodiscard]] std::vector<Pose> key_wrists(const RecordedChore& chore, const CarryPath& carry,
                                           const AdaptedGrasp& grasp, double approach_m);

/// @return infeasible "too_wide" or "unreachable" with the best candidate's numbers.
[[nodiscard]] Result<ChosenGrasp> choose_grasp(HandModel& hand, Kinematics& kinematics,
                                               const JointChain& base, const JointChain& arm,
                                               const RecordedChore& chore, const CarryPath& carry,
                                               const RecordedHand& recorded, const BasePrior& prior,
                                               const Home& home, const Surroundings& surroundings,
                                               const RetargetOptions& options);

}  // namespace hearth
