// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where to look for hands that nobody follows yet. Private to the module.

#include <vector>

#include "sim/perceive/hand_picture.h"

namespace hearth::hands {

/// The whole frame and four crops of two sizes; three calls in a row look everywhere below the
/// middle twice. Hands of a head camera are small and near the lower border, and the palm network
/// was trained on large ones. `turn` counts the searches.
[[nodiscard]] std::vector<Square> search_squares(const Picture& picture, int turn);

/// Upright squares of one size side by side along the lower border, half a side apart.
[[nodiscard]] std::vector<Square> border_squares(const Picture& picture, double side_px);

}  // namespace hearth::hands
