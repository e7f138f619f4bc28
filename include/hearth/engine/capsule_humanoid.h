// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// hearth's own humanoid: a base that moves in the plane, turns and lifts, waist, neck, two arms of
/// seven joints and two hands of twenty. Capsules and boxes only: nothing to license.

#include <hearth/core/result.h>
#include <hearth/data/humanoid.h>

#include <string>

namespace hearth {

/// Returns the capsule humanoid: 63 joints, about 61 kg, 1.7 m. It faces +x with y to its left when
/// its joints are zero, arms hanging, palms inward. Velocity gains are critical damping at the
/// nominal posture, computed once with the engine and stored as numbers.
/// @return unsupported if the engine is not the pinned one.
[[nodiscard]] Result<Humanoid> capsule_humanoid();

/// Returns the humanoid of that name ("capsule").
/// @return not_found, listing the names there are.
[[nodiscard]] Result<Humanoid> humanoid_named(const std::string& name);

}  // namespace hearth
