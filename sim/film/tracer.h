// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Linear light of one frame: rays through a lens, eight moments of an open shutter.

#include <array>
#include <cstdint>
#include <vector>

#include "sim/film/arms.h"
#include "sim/film/looks.h"
#include "sim/film/stage_set.h"

namespace hearth::film_internal {

inline constexpr int kMoments = 8;  ///< Sub-frame states; every sample takes one of them.

/// What a whole take shares.
struct Studio {
  StageSet set{};
  ArmLook look{};
  std::vector<F3> rays{};  ///< Ray (x, y, 1) at pixel corners, (width + 1) x (height + 1).
  int width_px = 640;
  int height_px = 480;
  double shutter_s = 0.012;
  float focal_px = 430.0F;
};
[[nodiscard]] Studio make_studio(const Take& take);

/// One developed-to-be frame.
struct LightImage {
  std::vector<F3> light{};       ///< Row-major, linear.
  std::array<int, 2> hand_px{};  ///< Pixels that show the hand, left and right.
};

/// Pure: the same for any thread. `time_s` is the middle of the exposure.
[[nodiscard]] LightImage trace_frame(const Take& take, const Studio& studio, int frame,
                                     double time_s);

}  // namespace hearth::film_internal
