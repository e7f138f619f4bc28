// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Where hands, forearms and what they hold may be: no background there.

#include <hearth/data/hand.h>
#include <hearth/data/tracks.h>

#include <opencv2/core.hpp>
#include <vector>

#include "sim/perceive/camera_flow.h"

namespace hearth {

/// One hand in one image of a stack, tracking pixels.
struct HandInImage {
  std::size_t hand = 0;  ///< Index among the hand tracks.
  std::array<Vec2, kHandJoints> joints_px{};
  double length_px = 0.0;  ///< Longest wrist-to-joint distance, in the picture.
  double age_s = 0.0;      ///< Time to the observation that it is taken from.
  double grow_px = 0.0;    ///< How far it may have moved since.
};

/// Returns the hands of every image: observed or interpolated ones as they are; between
/// observations the nearer of the two neighbours, up to max_age_s old, growing with time.
[[nodiscard]] std::vector<std::vector<HandInImage>> hands_by_image(
    const GreyStack& stack, const std::vector<TimeNs>& frame_time_ns,
    const std::vector<HandTrack>& hands, double max_age_s);

/// Returns 255 where a hand (hull of its joints grown by a quarter hand), its forearm (wedge from
/// the wrist to the border) or what it may hold (discs round the fingertips) is; empty without
/// hands.
[[nodiscard]] cv::Mat background_mask(const cv::Size& size, const std::vector<HandInImage>& hands);

/// Returns 255 on skin: the palm, fingers as capsules, the forearm near the wrist.
[[nodiscard]] cv::Mat skin_mask(const cv::Size& size, const std::vector<HandInImage>& hands);

}  // namespace hearth
