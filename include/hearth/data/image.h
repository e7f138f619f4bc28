// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Pixels in memory, row-major from the top left, channels interleaved.

#include <hearth/core/result.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace hearth {

/// 8-bit sRGB colour, 3 bytes per pixel.
struct ImageRgb8 {
  int width_px = 0;
  int height_px = 0;
  std::vector<std::uint8_t> values{};  ///< width * height * 3 bytes.
  bool operator==(const ImageRgb8&) const = default;
};

/// Depth along the optical axis (camera z), metres; 0 where nothing was hit.
struct ImageDepth {
  int width_px = 0;
  int height_px = 0;
  std::vector<float> values_m{};  ///< width * height values.
  bool operator==(const ImageDepth&) const = default;
};

/// Index of the body seen in a pixel; -1 where nothing was hit.
struct ImageMask {
  int width_px = 0;
  int height_px = 0;
  std::vector<std::int32_t> body_index{};  ///< width * height values.
  bool operator==(const ImageMask&) const = default;
};

/// Returns the upright picture of one frame. Fast for ascending frames; any order works. Not
/// thread-safe. Stages that look at pixels get one as an argument and so know no container.
using FrameSource = std::function<Result<ImageRgb8>(int frame)>;

}  // namespace hearth
