// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Ground truth of a filmed take. Only film writes it; only truth and tests read it.

#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/camera.h>
#include <hearth/data/home.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

struct Truth {
  std::string chore{};
  std::uint64_t seed = 0;
  std::vector<TimeNs> frame_time_ns{};
  CameraModel camera_model{};  ///< The true camera; the calibration file may differ slightly.
  Home home{};  ///< Everything exact; hands span all frames, camera one sample a frame.
  HandSide active_hand = HandSide::right;
  std::vector<int> left_hand_px{};  ///< Visible pixels of the hand (without forearm), per frame;
                                    ///< empty without pixels.
  std::vector<int> right_hand_px{};
  bool success = false;  ///< The filmed person did the chore.
  bool operator==(const Truth&) const = default;
};

[[nodiscard]] Result<Truth> validated(Truth truth);

}  // namespace hearth
