// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// How a head camera moves: it looks after the hand with delay, the trunk leans along, and a living
/// head is never quite still.

#include <hearth/core/geometry.h>

#include <cstdint>
#include <vector>

#include "sim/film/choreography.h"
#include "sim/film/home_draw.h"

namespace hearth::film_internal {

/// world_from_camera at an even, fine rate from t = 0.
struct CameraMotion {
  double rate_hz = 240.0;
  std::vector<Pose> poses{};
};

/// Travel is drawn between 55 and 140 mm.
[[nodiscard]] CameraMotion make_camera_motion(const HomeDraw& home, const Choreography& play,
                                              std::uint64_t seed);

/// Interpolated; held beyond the ends.
[[nodiscard]] Pose camera_at(const CameraMotion& motion, double time_s);

}  // namespace hearth::film_internal
