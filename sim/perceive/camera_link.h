// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Finds corners again after they were lost: binary descriptors (Rublee et al. 2011) between images
/// that share no track, accepted only where many of them agree on one two-view geometry. Ties the
/// two sides of a blurred turn together, and closes loops.

#include <hearth/data/camera.h>

#include <vector>

#include "sim/perceive/camera_flow.h"

namespace hearth {

struct LinkOptions {
  double every_s = 0.5;            ///< Images looked at.
  int most_images = 40;            ///< Of a long clip, fewer.
  int max_distance = 60;           ///< Bits of 256 that may differ.
  double max_ratio = 0.85;         ///< Best over second best distance.
  int min_inliers = 30;            ///< Corners that must agree ...
  double min_inlier_share = 0.55;  ///< ... and their share of all matches.
  double max_epipolar_px = 1.5;
};

/// One place in time where nearly every corner was lost at once between two sharp images.
struct PictureCut {
  int image = 0;  ///< The first one after it.
};

/// Joins tracks that show the same corner; frames of a joined track ascend. Returns how many pairs
/// of images were tied.
int link_corners(const GreyStack& stack, const CameraModel& camera,
                 const std::vector<TimeNs>& frame_time_ns, const LinkOptions& options,
                 std::vector<std::vector<PointSample>>& corners);

/// Returns the cuts of a clip: the film was edited there.
[[nodiscard]] std::vector<PictureCut> find_cuts(
    const GreyStack& stack, const std::vector<std::vector<PointSample>>& corners);

}  // namespace hearth
