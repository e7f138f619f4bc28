// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Light on a point: lamps with soft shadows, sky light with nearness, skin.

#include <array>
#include <span>

#include "sim/film/arms.h"
#include "sim/film/looks.h"
#include "sim/film/stage_set.h"

namespace hearth::film_internal {

/// The world at one moment, as the tracer needs it.
struct Instant {
  std::array<Arm, 2> arm{};
  Body moved{};
  FPose world_from_camera{};
};

/// Light that arrives at a point, per lamp and from all around.
struct Incoming {
  std::array<float, 3> lamp{};  ///< Unshadowed share, 0..1, per lamp.
  float around = 1.0F;          ///< Unoccluded share of ambient light.
};

/// @param own_arm  Arm on whose skin the point lies, or -1.
/// @param own      Body on which the point lies, or null.
[[nodiscard]] Incoming incoming(const StageSet& set, const Instant& now, F3 p, F3 normal,
                                int own_arm, const Body* own, std::uint32_t dither);

/// Light that leaves toward `to_eye`.
[[nodiscard]] F3 shade(const StageSet& set, const Incoming& in, F3 p, F3 normal, F3 to_eye,
                       F3 albedo, float gloss);
/// The same for skin: softer, redder at the edge of light.
[[nodiscard]] F3 shade_skin(const StageSet& set, const Incoming& in, F3 p, F3 normal, F3 to_eye,
                            F3 albedo, float gloss);

/// Albedo of skin or sleeve.
[[nodiscard]] F3 skin_color(const ArmLook& look, const SkinSpot& spot, F3 p, float footprint);

}  // namespace hearth::film_internal
