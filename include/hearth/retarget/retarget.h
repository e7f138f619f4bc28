// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// From what a person did to what a humanoid does. The grasp is anchored on the object; the
/// recorded hand gives approach direction, timing and style. Method, limits and sources:
/// docs/retarget.md.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/home.h>
#include <hearth/data/humanoid.h>
#include <hearth/data/motion.h>

namespace hearth {

/// Options of retarget().
struct RetargetOptions {
  double rate_hz = 30.0;  ///< Rows per second; 20-120.
  double finger_force_n =
      6.0;                   ///< Squeeze per finger at least; grows to 8 for heavy objects; 1-10.
  double approach_m = 0.10;  ///< Straight way before contact and after release; .04-.2.
  double max_carry_speed_m_s = 1.2;  ///< Faster carries are slowed down, with a diagnostic; > 0.
  double min_lift_m = 0.05;          ///< A carry rises at least this far; >= 0.
};

/// Returns joint references of the whole humanoid for the home's task: reach, grasp, carry, place,
/// retreat, for one hand and one box or upright cylinder.
///
/// Every position lies within its joint's range and every row-to-row change within its speed limit,
/// exactly. Row 0 is the clip's first frame unless a lead-in was needed (diagnostic lead_in_added;
/// the time is Motion::lead_in_s). Contact times are kept where physics allows; what was moved is
/// said. Same input, same bytes. Thread-safe; no files, no output.
///
/// @param home         validated().
/// @param humanoid     validated(), with the names of capsule_humanoid().
/// @param diagnostics  grasp_differs_from_recording, lead_in_added, carry_slowed, lift_raised,
///                     object_snapped_to_support, object_track_missing, motion_extended,
///                     speed_limited.
/// @return invalid_argument for an option out of range or a humanoid that lacks a joint;
/// unsupported for a shape that is neither box nor cylinder; infeasible with a message that begins
/// with "no_grasp_recorded", "too_wide" or "unreachable".
[[nodiscard]] Result<Motion> retarget(const Home& home, const Humanoid& humanoid,
                                      const RetargetOptions& options, Diagnostics& diagnostics);

}  // namespace hearth
