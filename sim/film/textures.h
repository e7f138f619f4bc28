// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Patterns of a Material with the small things that make surfaces real: grain, seams, speckles,
/// prints. Detail finer than two pixels fades, so nothing flickers.

#include <hearth/data/shape.h>

#include <cstdint>

#include "sim/film/fvec.h"

namespace hearth::film_internal {

/// What a surface is, beyond its Material.
enum class Finish { bare, tabletop, wall, floor, printed, fruit, cloth };

struct Surface {
  F3 color{0.5F, 0.5F, 0.5F};
  F3 second{0.5F, 0.5F, 0.5F};
  Pattern pattern = Pattern::plain;
  float size = 0.1F;
  float gloss = 0.1F;
  Finish finish = Finish::bare;
  std::uint32_t seed = 0;
};

[[nodiscard]] Surface surface_of(const Material& material, Finish finish, std::uint32_t seed);

/// Smooth noise in 0..1 with features of one unit.
[[nodiscard]] float value_noise(float u, float v, std::uint32_t seed);
/// Sum of octaves around zero, |value| below about 1; octaves finer than `footprint` fade out.
[[nodiscard]] float fractal_noise(float u, float v, float footprint, int octaves,
                                  std::uint32_t seed);

/// Albedo at texture coordinates in metres. `footprint` is the size of a pixel there, metres.
/// `height` in 0..1 runs from the bottom to the top of a printed thing.
[[nodiscard]] F3 albedo(const Surface& surface, float u, float v, float height, float footprint);

/// A print: a patch of paper, poster or towel. u, v in 0..1 inside it.
[[nodiscard]] F3 print_color(std::uint32_t seed, float u, float v, float footprint);

}  // namespace hearth::film_internal
