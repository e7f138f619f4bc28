// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// One EgoDex take as its HDF5 file has it.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/hand.h>

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hearth::egodex {

/// One hand in one frame; absent where the headset does not trust it.
struct TakeHand {
  HandJoints joints_in_world_m{};
  double confidence = 1.0;  ///< Of its worst joint.
};

struct Take {
  double fx_px = 0.0;
  double fy_px = 0.0;
  double cx_px = 0.0;
  double cy_px = 0.0;
  std::vector<Pose> world_from_camera{};  ///< Per frame; world Y-up, camera as hearth's.
  std::vector<std::optional<TakeHand>> left{};
  std::vector<std::optional<TakeHand>> right{};
  std::string description{};
  std::string task{};
};

/// Names of the 21 joints behind "left" or "right", in hearth's order.
[[nodiscard]] const std::array<const char*, kHandJoints>& joint_names();

/// @return not_found; corrupt with file:/dataset for damage, other shapes, values that are not
///         finite, rotations that are none, positions beyond 100 m.
[[nodiscard]] Result<Take> read_take(const std::filesystem::path& file, Diagnostics& diagnostics);

}  // namespace hearth::egodex
