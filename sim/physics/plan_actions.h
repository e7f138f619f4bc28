// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: servo targets that make the humanoid follow a motion and hold what it grasps.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/home.h>
#include <hearth/data/motion.h>
#include <hearth/physics/replay.h>

namespace hearth {

/// One row per motion row after the first, then the last one held for options.after_s.
///
/// target = q + (kv dq + inverse dynamics + load in the hand + squeeze) / kp, at the end of its
/// interval.
[[nodiscard]] Result<TableF32> plan_actions(const Home& home, const Motion& motion,
                                            const Humanoid& humanoid, const ReplayOptions& options,
                                            Diagnostics& diagnostics);

}  // namespace hearth
