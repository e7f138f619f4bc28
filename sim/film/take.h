// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// One drawn take: what stands still, who moves how, how the camera moves. Truth and pixels are
/// both made from it.

#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/truth.h>
#include <hearth/film/make_truth.h>

#include <vector>

#include "sim/film/camera_motion.h"
#include "sim/film/choreography.h"
#include "sim/film/home_draw.h"

namespace hearth::film_internal {

inline constexpr double kFrameRateHz = 30.0;

struct Take {
  FilmOptions options{};
  HomeDraw home{};
  Choreography play{};
  CameraMotion camera{};
  std::vector<TimeNs> frame_time_ns{};
};

[[nodiscard]] Result<Take> draw_take(const FilmOptions& options);
[[nodiscard]] Result<Truth> truth_of(const Take& take);

}  // namespace hearth::film_internal
