// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// From linear light to 8-bit pictures: exposure, tone, sensor noise, darker corners.

#include <hearth/data/image.h>

#include <cstdint>
#include <vector>

#include "sim/film/tracer.h"

namespace hearth::film_internal {

/// How this camera develops; fixed for a take.
struct Darkroom {
  float gain = 1.0F;
  float noise = 2.0F;    ///< Standard deviation in 8-bit codes at mid grey.
  float corner = 0.15F;  ///< Light lost in the corners.
  F3 balance{1, 1, 1};
  std::uint32_t seed = 0;
};

/// Exposure and white balance as an automatic camera finds them on the first frame.
[[nodiscard]] Darkroom make_darkroom(const LightImage& first, std::uint64_t seed);

[[nodiscard]] ImageRgb8 develop(const LightImage& light, const Darkroom& room, int width_px,
                                int height_px, int frame);

}  // namespace hearth::film_internal
