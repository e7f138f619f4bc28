// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Two measurements of one recording, out of its even and its odd frames: their difference is the
/// noise floor of a score.

#include <hearth/data/tracks.h>

namespace hearth {

/// Returns the tracks as if only every other frame had been looked at.
///
/// Hand, object and point observations of the other frames are left out, and moving points that
/// lose all their samples. The camera keeps all frames: it is a joint estimate of the whole clip,
/// so its own error is not in the floor. Frame numbers and times stay, so both halves share one
/// clock and one map.
///
/// @param parity  0: even frames stay; 1: odd frames stay. Anything else throws std::logic_error.
[[nodiscard]] Tracks every_other_frame(const Tracks& tracks, int parity);

}  // namespace hearth
