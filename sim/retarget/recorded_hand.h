// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: one recorded hand on an even grid, holes bridged and noise smoothed, for style and
/// timing.

#include <hearth/data/hand.h>

#include <vector>

#include "sim/retarget/hand_model.h"

namespace hearth {

/// Row k is at k / rate_hz of the clip.
struct RecordedHand {
  double rate_hz = 30.0;
  std::vector<Pose> world_from_wrist{};
  std::vector<FingerPosture> fingers{};

  /// The row at a clip time, the ends held.
  [[nodiscard]] Pose wrist_at(double clip_s) const;
  [[nodiscard]] FingerPosture fingers_at(double clip_s) const;
};

/// Joint angles that bend a hearth hand like the recorded one, within its limits.
[[nodiscard]] FingerPosture fingers_from_joints(const HandSample& sample, HandSide side,
                                                const FingerPosture& low,
                                                const FingerPosture& high);

/// @param trajectory  Has at least one sample.
[[nodiscard]] RecordedHand resample_hand(const HandTrajectory& trajectory, double duration_s,
                                         double rate_hz, const FingerPosture& low,
                                         const FingerPosture& high);

/// Weighted mean over a Gaussian window of `sigma_rows`; the first and last row keep their place.
void smooth(std::vector<Vec3>& points, double sigma_rows);
void smooth(std::vector<Quat>& rotations, double sigma_rows);

}  // namespace hearth
