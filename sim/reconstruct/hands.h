// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Hand tracks in the camera -> hands in the world at an even rate.

#include <hearth/core/diagnostics.h>
#include <hearth/data/hand.h>
#include <hearth/reconstruct/reconstruct.h>

#include <optional>
#include <vector>

#include "sim/reconstruct/map_model.h"
#include "sim/reconstruct/scale.h"

namespace hearth::recon {

/// Pulls a hand along its viewing rays to where the thing it holds is known to be.
struct DepthAnchor {
  TimeNs time_ns = 0;
  Vec3 p_in_world_m{};
  double sigma_m = 0.0;
};

/// Returns at most one trajectory per side: the wearer's tracks of a side, the longest first, each
/// frame taken from the first that has it. Gaps up to max_gap_s are bridged and marked.
///
/// @param anchors  For the track `anchored_track`; by time. Between them the shift is
///                 interpolated, beyond them held.
[[nodiscard]] std::vector<HandTrajectory> make_hands(const Tracks& tracks, const Map& map,
                                                     const WorldFromMap& world_from_map,
                                                     const ScaleSolution& scale,
                                                     const std::string& anchored_track,
                                                     const std::vector<DepthAnchor>& anchors,
                                                     const ReconstructOptions& options,
                                                     Diagnostics& diagnostics);

}  // namespace hearth::recon
