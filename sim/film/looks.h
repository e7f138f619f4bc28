// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Draws colours and patterns: linear RGB.

#include <hearth/data/shape.h>

#include <cstdint>

namespace hearth::film_internal {

[[nodiscard]] Material draw_top_material(std::uint64_t seed);
[[nodiscard]] Material draw_wall_material(std::uint64_t seed);
[[nodiscard]] Material draw_floor_material(std::uint64_t seed);
/// @param index  0 for the manipulated object, then clutter.
[[nodiscard]] Material draw_object_material(std::uint64_t seed, std::uint64_t index);

/// Skin (mid reflectance), sleeve and whether the sleeve covers the forearm.
struct ArmLook {
  Vec3 skin_rgb{};
  Material sleeve{};
  double sleeve_end = 0.3;  ///< Where the sleeve ends, as a share of the forearm from the wrist.
};
[[nodiscard]] ArmLook draw_arm_look(std::uint64_t seed);

}  // namespace hearth::film_internal
