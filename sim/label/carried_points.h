// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A hold seen by the points that go with the hand: for hands that never come to rest at one end.

#include <hearth/label/find_contacts.h>

#include <optional>
#include <vector>

#include "sim/label/hand_path.h"
#include "sim/label/held.h"

namespace hearth::label {

/// Returns the longest stretch in which points ahead of the wrist (a sleeve lies behind it) go the
/// hand's way: they rest before, and the hand goes on without them after. Nothing where fewer than
/// three points say so, and where another of `paths` makes the same way: two hands carry that.
/// `release_seen` is false where they were lost from sight on the way.
[[nodiscard]] std::optional<HeldCandidate> candidate_from_points(
    const Tracks& tracks, const HandPath& path, const std::vector<HandPath>& paths,
    const FrameCameras& cameras, double scale_m, const FindContactsOptions& options);

}  // namespace hearth::label
