// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hands found in single frames become segments followed through time. Private to the module.

#include <hearth/perceive/track_hands.h>

#include <map>
#include <vector>

#include "sim/perceive/hand_nets.h"

namespace hearth::hands {

/// One hand as long as it could be followed; all pixels are those of the frame.
struct Segment {
  std::map<int, Reading> readings{};  ///< By frame.
  std::vector<int> checked{};         ///< Frames in which the palm network was asked about it,
  std::vector<int> confirmed{};       ///< and those in which it agreed.
  bool by_shape = false;  ///< Found by the landmark network alone, which may confirm it too.

  [[nodiscard]] int first() const { return readings.begin()->first; }
  [[nodiscard]] int last() const { return readings.rbegin()->first; }
};

/// What the search found, before sides are known.
struct Sightings {
  std::vector<Segment> segments{};  ///< By first frame.
  int refused = 0;                  ///< New palms that did not stand the verification.
  int dropped = 0;                  ///< Segments that were too short or too doubtful.
};

/// True where two readings show one and the same hand.
[[nodiscard]] bool same_hand(const Reading& a, const Reading& b);

[[nodiscard]] Result<Sightings> follow_hands(const Episode& episode, const FrameSource& frames,
                                             const TrackHandsOptions& options,
                                             const Progress& progress);

}  // namespace hearth::hands
