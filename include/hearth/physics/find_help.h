// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// An audit: did anything but hands, supports and gravity move the object?

#include <hearth/core/result.h>
#include <hearth/data/home.h>
#include <hearth/data/humanoid.h>
#include <hearth/data/rollout.h>

#include <string>
#include <vector>

namespace hearth {

/// Returns one sentence per help that was found; an empty list means that the object was on its
/// own.
///
/// Looks at the compiled model for equality constraints, mocap bodies, actuators, tendons or
/// gravity compensation on objects, objects without a free joint, and at the rollout for another
/// model, assistance and object states that do not follow from the stored actions.
/// @return what compile() and first_difference() return.
[[nodiscard]] Result<std::vector<std::string>> find_help(const Home& home, const Humanoid& humanoid,
                                                         const Rollout& rollout);

}  // namespace hearth
