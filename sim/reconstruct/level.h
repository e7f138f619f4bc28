// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Which way is up, and at which heights level surfaces lie.

#include <hearth/core/diagnostics.h>

#include <optional>
#include <vector>

#include "sim/reconstruct/map_model.h"

namespace hearth::recon {

/// A ray in the map along which a hand was seen to hold something that stood on a surface.
struct TouchRay {
  Vec3 origin_in_map{};
  Vec3 direction_in_map{};  ///< Unit.
};

struct Up {
  Vec3 in_map{0, 0, 1};
  double sigma_rad = 0.0;
  Source source = Source::unknown;
};

/// Returns the vertical: as measured; else the normal of the plane near the touches that a head
/// camera could look down at (roll within 15 degrees), steadied by posture where it has few points;
/// else the usual posture of a head camera.
[[nodiscard]] Up find_up(const Tracks& tracks, const Map& map, const std::vector<TouchRay>& touches,
                         std::uint64_t seed, Diagnostics& diagnostics);

/// A level surface: up * p = height, in map units.
struct Level {
  double height = 0.0;
  double sigma = 0.0;
  std::vector<Vec3> inliers{};
  double near_touch = 0.0;  ///< Weighted share of its points around the touches.
};

/// Returns the level surfaces among the points, the one that the touches lie on first. Empty where
/// no height gathers enough points.
[[nodiscard]] std::vector<Level> find_levels(const Map& map, const Up& up,
                                             const std::vector<TouchRay>& touches);

}  // namespace hearth::recon
