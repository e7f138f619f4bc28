// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/geometry.h>

#include <optional>
#include <span>

namespace hearth::foreign {

/// A rigid transform from the upper three rows of a 4x4 matrix, row-major. Nothing where a number
/// is not finite or the 3x3 part is no rotation: an entry of R^T R off by more than 1e-3, or a
/// mirror.
[[nodiscard]] std::optional<Pose> pose_from_rows(std::span<const double, 12> m);

}  // namespace hearth::foreign
