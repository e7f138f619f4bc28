// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Success as a pure function of an object's path. It does not know whether the path was simulated,
/// reconstructed from a recording or is the truth of a film: all three are judged alike.
/// Definitions and limits: docs/task.md.

#include <hearth/data/object_tracks.h>
#include <hearth/data/rollout.h>
#include <hearth/data/scene.h>
#include <hearth/data/task.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

/// Vertical tolerance of "resting on the support", metres. Reconstructed heights and the few
/// millimetres that a contact solver lets bodies sink both fit in.
inline constexpr double kRestHeightToleranceM = 0.02;

/// Speeds are displacements over this time, so that a reconstruction's jitter is not motion.
inline constexpr double kSpeedWindowS = 0.1;

/// Margin of a predicate that cannot be computed (a pose that is not finite, an unknown id).
inline constexpr double kNoMargin = -1000.0;

/// Returns each predicate's outcome and the success of the whole.
///
/// - lifted: the lowest point of the object is more than threshold_m above both the top of its
///   start support and its own first height, for hold_s in one piece. Slack: height in metres.
/// - placed: horizontally within threshold_m of the goal, lowest point within
///   kRestHeightToleranceM of the goal support's top, slower than max_speed_m_s, no hand on it, for
///   hold_s in one piece. Slack: the least of these, the speed counted over one second; a touched
///   sample has at best -kRestHeightToleranceM.
/// - upright: tilt against the pose in the goal (heading is free) below threshold_rad, for hold_s.
///   A sphere is always upright. Slack: radians.
///
/// `once` holds if some stretch of hold_s fulfils the predicate, `at_end` if the last one does;
/// `margin` is the best slack over all stretches. success_at_end: lifted once, all others at the
/// end. success_once: lifted once, and all others fulfilled at one time after that lift.
/// Samples later than time_limit_s after the first are not looked at. A pose that is not finite,
/// an unknown object or support and an empty track fail; nothing is ever NaN.
///
/// @param track                Times ascending, object centre in the world.
/// @param hand_touches_object  One entry per sample of the track; anything else throws
///                             std::logic_error.
[[nodiscard]] Outcome judge(const Task& task, const Scene& scene, const ObjectTrack& track,
                            const std::vector<std::uint8_t>& hand_touches_object);

/// Returns the first predicate's name that keeps success_at_end from holding, as a ledger's reason:
/// "not_lifted", "not_placed", "tipped" or "not_<name>"; empty for a success.
[[nodiscard]] std::string failure_reason(const Task& task, const Outcome& outcome);

}  // namespace hearth
