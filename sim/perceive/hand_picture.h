// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pictures as the hand networks want them: upright colour, cut into squares. Private to the module.

#include <hearth/core/geometry.h>
#include <hearth/data/image.h>

#include <opencv2/core.hpp>
#include <vector>

namespace hearth::hands {

/// A frame at working size, with halved copies for sampling without aliasing.
struct Picture {
  std::vector<cv::Mat> levels{};  ///< 8-bit RGB; level i is 1 / 2^i of the working size.
  double frame_px_per_px = 1.0;   ///< Frame pixels per working pixel, 1 or more.

  [[nodiscard]] int width_px() const { return levels.front().cols; }
  [[nodiscard]] int height_px() const { return levels.front().rows; }
};

/// Shrinks a frame by halves until its longer side is at most `max_side_px`.
[[nodiscard]] Picture make_picture(const ImageRgb8& frame, int max_side_px);

/// A turned square in a picture: side along x is (cos angle, sin angle). Pixel centres are whole.
struct Square {
  Vec2 center_px{};
  double side_px = 0.0;
  double angle_rad = 0.0;
};

/// Maps a place in the square, (0, 0) to (1, 1), to the picture.
[[nodiscard]] Vec2 point_in_square(const Square& square, Vec2 share);

/// Share of the union of two squares that both cover, turns left out.
[[nodiscard]] double overlap(const Square& a, const Square& b);

/// Samples a square into size x size x 3 floats of 0..1, zero outside the picture.
[[nodiscard]] std::vector<float> sample(const Picture& picture, const Square& square, int size_px);

/// The upright whole-pixel square nearest to `square`: it can be shrunk by exact area averages.
[[nodiscard]] Square on_pixels(const Square& square);

}  // namespace hearth::hands
