// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: when things happen in a motion, and where wrist, fingers and object should be in each
/// row.

#include <hearth/core/diagnostics.h>
#include <hearth/data/home.h>
#include <hearth/retarget/retarget.h>

#include <vector>

#include "sim/retarget/adapt_grasp.h"
#include "sim/retarget/arm_chain.h"
#include "sim/retarget/obstacles.h"
#include "sim/retarget/recorded_hand.h"

namespace hearth {

/// What was recorded of the chore, in clip seconds, and where the object stands upright.
struct RecordedChore {
  HandSide side = HandSide::right;
  double duration_s = 0.0;
  double onset_s = 0.0;
  double release_s = 0.0;
  double move_start_s = 0.0;
  double move_stop_s = 0.0;
  Shape shape{};
  Pose world_from_start{};  ///< Upright, on its support.
  Pose world_from_goal{};
};

/// Times of the motion, in seconds from its first row.
struct MotionTimes {
  double lead_in_s = 0.0;
  double pre_s = 0.0;     ///< At the beginning of the straight approach.
  double arrive_s = 0.0;  ///< The wrist is where it grasps.
  Grasp grasp{};          ///< close_start_s .. release_end_s.
  double retreat_end_s = 0.0;
  double end_s = 0.0;
  /// Clip time shown at a motion time: shifted by the lead-in, slowed while carrying.
  [[nodiscard]] double clip_s(double motion_s, const RecordedChore& chore) const;
};

/// The path of the object while it is held, on a grid of its own from lift to land.
struct CarryPath {
  std::vector<Pose> world_from_object{};  ///< Even in time; first is the start, last the goal.
  double duration_s = 0.0;
  [[nodiscard]] Pose at(double share) const;
};

/// Follows the recorded track where there is one, from start to goal, lifted and within limits of
/// speed.
[[nodiscard]] CarryPath plan_carry(const RecordedChore& chore, const ObjectTrack* track,
                                   const Surroundings& surroundings, const RetargetOptions& options,
                                   Diagnostics& diagnostics);

[[nodiscard]] MotionTimes plan_times(const RecordedChore& chore, double carry_s,
                                     Diagnostics& diagnostics);

/// One row per motion row.
struct ClipPlan {
  std::vector<PoseTarget> wrist{};
  std::vector<FingerPosture> fingers{};
  std::vector<Pose> world_from_object{};
};

[[nodiscard]] ClipPlan plan_clip(HandModel& hand, const RecordedChore& chore,
                                 const MotionTimes& times, const CarryPath& carry,
                                 const AdaptedGrasp& grasp, const RecordedHand& recorded,
                                 const Surroundings& surroundings, const RetargetOptions& options);

/// 0 below `from`, 1 above `to`, smooth in value and slope.
[[nodiscard]] double smoothstep(double from, double to, double x);

}  // namespace hearth
