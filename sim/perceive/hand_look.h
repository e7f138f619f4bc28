// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the two networks say about one hand in one picture. Private to the module.

#include <hearth/perceive/track_hands.h>

#include <cstddef>
#include <optional>
#include <vector>

#include "sim/perceive/hand_nets.h"

namespace hearth::hands {

/// Mean of the joints.
[[nodiscard]] Vec2 middle_of(const Reading& reading);

/// The shape of `last` where the palm network sees the palm now.
[[nodiscard]] Reading carried_to(const Reading& last, const Palm& palm);

class HandLook {
 public:
  HandLook(const TrackHandsOptions& options, HandNets nets);

  /// Reads the hand where `last` saw it; where it is gone, also where it was heading and wider.
  [[nodiscard]] Result<std::optional<Reading>> follow(const Picture& picture, const Reading& last,
                                                      const Reading* before);

  /// Moves the shape of `last` onto the palm that at least two of three crops show in its place.
  [[nodiscard]] Result<std::optional<Reading>> carry(const Picture& picture, const Reading& last);

  /// Palms in three crops round a square that belong to its hand, best of each crop; stops as soon
  /// as there are `enough`.
  [[nodiscard]] Result<std::vector<Palm>> palms_at(const Picture& picture, const Square& square,
                                                   std::size_t enough);

  /// Reads a square, and again from the joints found there if that makes the network surer.
  [[nodiscard]] Result<Reading> look_twice(const Picture& picture, const Square& square);

  /// True where the landmark network finds the same joints from a smaller, a larger and a turned
  /// square, surely each time: a hand attracts them, a thing that resembles one does not.
  [[nodiscard]] Result<bool> stands(const Picture& picture, const Reading& reading);

  [[nodiscard]] HandNets& nets() { return nets_; }

 private:
  const TrackHandsOptions& options_;
  HandNets nets_;
};

}  // namespace hearth::hands
