// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Where a carried thing must have stood, and in which frames that place can be seen.

#include <hearth/data/contacts.h>
#include <hearth/data/episode.h>
#include <hearth/reconstruct/reconstruct.h>

#include <optional>
#include <string>
#include <vector>

#include "sim/reconstruct/map_model.h"
#include "sim/reconstruct/silhouette.h"

namespace hearth::recon {

/// What the search for an object knows; the map is in the level frame.
struct Scout {
  const Episode& episode;
  const Tracks& tracks;
  const Map& map;
  const ContactSpan& span;
  double scale_m = 1.0;  ///< Rough metres per map unit.
  const ReconstructOptions& options;
};

/// Where a ray through the grasp meets the height at which hands grasp; from the nearest sights of
/// the hand where it is not seen at that time.
struct Expected {
  Vec2 base{};
  double sigma_m = 0.05;
};
[[nodiscard]] std::optional<Expected> expected_base(const Scout& scout, bool at_start,
                                                    double level);

struct FramePair {
  int with = 0;     ///< Holds the thing.
  int without = 0;  ///< Shows the same place without it.
  bool refine_by_color = false;
};

/// Which frames to compare for one end of the carry; no pairs, and the reason, where none serve.
struct FramePlan {
  std::vector<FramePair> pairs{};
  Vec3 place{};
  SilhouettePrior prior{};
  bool partly_hidden = false;  ///< A hand is on the thing in every frame that shows it.
  std::string why_empty{};
};
[[nodiscard]] FramePlan plan_frames(const Scout& scout, bool at_start, double level);

}  // namespace hearth::recon
