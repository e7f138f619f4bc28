// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The thing that was manipulated, in the level frame and map units.

#include <hearth/core/diagnostics.h>
#include <hearth/data/image.h>
#include <hearth/reconstruct/reconstruct.h>

#include <optional>
#include <string>
#include <vector>

#include "sim/reconstruct/map_model.h"

namespace hearth::recon {

struct FoundObject {
  std::string id = "object";
  std::string category = "unknown";
  Shape shape{};  ///< Map units.
  Vec3 size_sigma{};
  Pose start{};              ///< level_from_object before it was taken.
  Pose goal{};               ///< level_from_object after it was put down.
  double start_sigma = 0.0;  ///< Map units.
  double goal_sigma = 0.0;
  double yaw_sigma_rad = 0.0;
  Vec3 color_rgb{0.5, 0.5, 0.5};
  Source source = Source::measured;
  double score = 1.0;
  std::vector<ObjectObservation> seen{};  ///< level_from_object per frame; empty from pixels.
};

/// Returns the sighted object that the span names, else the one that travelled farthest.
[[nodiscard]] std::optional<FoundObject> object_from_sightings(const Tracks& tracks,
                                                               const Pose& level_from_map,
                                                               const ContactSpan& span);

/// Finds the object by what changed in the pictures: frames in which the place is clear before the
/// grasp and after, compared through the support plane; upright outlines fitted to the difference.
/// Nothing, and a diagnostic `object_not_found` with the reason, where the best outline does not
/// fit well enough.
///
/// @param map      In the level frame.
/// @param scale_m  Rough metres per map unit: bounds sizes, nothing else.
[[nodiscard]] std::optional<FoundObject> object_from_pixels(
    const Episode& episode, const Tracks& tracks, const Map& map, const ContactSpan& span,
    double scale_m, double goal_level, const FrameSource& frames, const ReconstructOptions& options,
    Diagnostics& diagnostics);

}  // namespace hearth::recon
