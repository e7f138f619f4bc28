// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The two JSON files of an EgoPose take.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/camera.h>
#include <hearth/data/hand.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::egoexo {

/// Hands of one frame, world; a hand that is not complete is absent.
struct FrameHands {
  std::optional<HandJoints> left{};
  std::optional<HandJoints> right{};
};

/// By frame number. @return corrupt with file:/json/pointer.
[[nodiscard]] Result<std::map<int, FrameHands>> read_annotation(std::string_view json,
                                                                const std::string& file,
                                                                Diagnostics& diagnostics);

/// The glasses' camera.
struct Glasses {
  CameraModel model{};
  std::map<int, Pose> world_from_camera{};  ///< By frame number.
};

/// @return corrupt with file:/json/pointer: no entry that begins with "aria", matrices that are not
/// rigid, an intrinsic matrix that is none.
[[nodiscard]] Result<Glasses> read_cameras(std::string_view json, const std::string& file,
                                           Diagnostics& diagnostics);

}  // namespace hearth::egoexo
