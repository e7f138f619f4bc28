// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Colour of lights and the way from light to 8-bit sRGB. Basic arithmetic only (no pow, no exp),
/// so that every machine computes the same bytes.

#include <hearth/core/geometry.h>

#include <cstdint>

namespace hearth {

/// Returns the linear RGB colour of a black body as a camera balanced for 4,500 K sees it, scaled
/// to luminance 1 (Rec. 709 weights): 4,500 K is (1, 1, 1), lower is warmer, higher is cooler.
/// Clamped to 1,700..15,000 K. Planckian locus: Kim et al., US patent 7024034 (2006), cubic in 1 /
/// T.
[[nodiscard]] Vec3 rgb_from_color_temperature(double temperature_k);

/// Returns the 8-bit sRGB code (IEC 61966-2-1) nearest to a linear value; clamped to 0..1, NaN is
/// 0.
[[nodiscard]] std::uint8_t srgb8_from_linear(double linear);

/// Returns the linear value of an 8-bit sRGB code, 0..1.
[[nodiscard]] double linear_from_srgb8(std::uint8_t code);

}  // namespace hearth
