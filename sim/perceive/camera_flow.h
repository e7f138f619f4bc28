// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Corners followed through a clip: Shi-Tomasi on a grid, pyramidal Lucas-Kanade there and back,
/// and a second look at the patch where the corner was first seen, so that it does not creep (Shi
/// and Tomasi 1994; Bouguet 2000).

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/image.h>
#include <hearth/data/tracks.h>
#include <hearth/perceive/track_camera.h>

#include <functional>
#include <opencv2/core.hpp>
#include <vector>

namespace hearth {

/// Grey frames at the tracking size, repeated ones left out.
struct GreyStack {
  std::vector<cv::Mat> images{};  ///< 8-bit.
  std::vector<int> frame{};       ///< The episode's frame of each image.
  double scale = 1.0;             ///< Tracking pixels per picture pixel.
};

/// Between pixel centres of the picture and of the tracking size.
[[nodiscard]] inline Vec2 tracking_from_picture(const GreyStack& stack, Vec2 p) {
  return {(p.x + 0.5) * stack.scale - 0.5, (p.y + 0.5) * stack.scale - 0.5};
}
[[nodiscard]] inline Vec2 picture_from_tracking(const GreyStack& stack, Vec2 p) {
  return {(p.x + 0.5) / stack.scale - 0.5, (p.y + 0.5) / stack.scale - 0.5};
}

/// Returns the 8-bit mask of an image of the stack (255 = look elsewhere); empty for none.
using MaskSource = std::function<cv::Mat(int image)>;

struct FollowOptions {
  int columns = 16;
  int rows = 12;
  int max_points = 600;
  int window_px = 21;
  int levels = 4;
  double max_round_trip_px = 1.0;
  double max_anchor_shift_px = 1.0;  ///< A second look that disagrees more starts a new anchor.
  int detect_every = 4;              ///< Images between searches for new corners.
};

/// Returns followed corners in tracking pixels; `frame` of a sample is the index in the stack.
/// Tracks of fewer than three samples are left out. Order: by birth, then top to bottom.
[[nodiscard]] std::vector<std::vector<PointSample>> follow_corners(const GreyStack& stack,
                                                                   const MaskSource& mask,
                                                                   const FollowOptions& options);

/// Follows points from one image to another, there and back; status 0 where lost.
void follow_once(const std::vector<cv::Mat>& from, const std::vector<cv::Mat>& to,
                 const std::vector<cv::Point2f>& points, int window_px, int levels,
                 double max_round_trip_px, std::vector<cv::Point2f>& found,
                 std::vector<unsigned char>& status);

/// Returns a pyramid that follow_once() takes on either side.
[[nodiscard]] std::vector<cv::Mat> flow_pyramid(const cv::Mat& image, int window_px, int levels);

}  // namespace hearth
