// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which segments are the wearer's left and right hand. Private to the module.

#include <hearth/data/hand.h>

#include <vector>

#include "sim/perceive/hand_follow.h"

namespace hearth::hands {

/// Wrist to middle knuckle of a usual hand over the breadth of its knuckles.
inline constexpr double kPalmLengthOverWidth = 1.45;

/// All readings of one hand over the clip.
struct SidedHand {
  HandSide side = HandSide::right;
  double side_confidence = 0.5;
  bool wearer = true;
  Segment hand{};
};

/// How strongly a segment looks like a right hand by itself: log-odds. Three witnesses: where its
/// forearm enters the picture, the order from thumb to little finger if the back of the hand is
/// seen (the usual view of one's own hand), and the network's opinion, averaged over the segment.
[[nodiscard]] double right_log_odds(const Segment& segment, int width_px, int height_px);

/// True where the forearm comes from above, as that of a person opposite.
[[nodiscard]] bool enters_from_above(const Segment& segment);

/// True where the hand is so small in the picture that no arm of the wearer reaches there.
[[nodiscard]] bool is_out_of_reach(const Segment& segment, int height_px, double focal_px);

/// Joins segments that lie on one and the same hand wherever both were read: the surer one's
/// readings stay.
[[nodiscard]] std::vector<Segment> without_twins(std::vector<Segment> segments);

/// Gives every segment a side so that segments seen at the same time differ, joins those of one
/// side, wearer's left and right hand first; what fits nowhere becomes a hand of somebody else.
/// focal_px 0: sizes say nothing.
[[nodiscard]] std::vector<SidedHand> decide_sides(std::vector<Segment> segments, int width_px,
                                                  int height_px, double focal_px = 0.0);

}  // namespace hearth::hands
