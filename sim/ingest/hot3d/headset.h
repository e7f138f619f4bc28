// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Which headset made a HOT3D recording, and its main camera.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/camera.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace hearth::hot3d {

/// The camera whose pictures are the frames, turned upright.
struct Headset {
  std::string stream{};        ///< "214-1" (Aria, colour) or "1201-1" (Quest 3, left).
  CameraModel stored_model{};  ///< Of the picture as it is stored, before the turn.
  CameraModel model{};         ///< Of the upright picture.
  Pose device_from_camera{};   ///< Upright camera.
  Vec3 up_in_world{0, 0, 1};
};

/// Reads metadata.json, then online_calibration.jsonl (Aria) or camera_models.json (Quest 3), and
/// the vertical from the closed loop trajectory where there is one.
[[nodiscard]] Result<Headset> read_headset(const std::filesystem::path& folder,
                                           Diagnostics& diagnostics);

/// The upright-turned 1201-1 camera of camera_models.json. @return corrupt, unsupported.
[[nodiscard]] Result<Headset> read_quest_cameras(std::string_view json, const std::string& file);

}  // namespace hearth::hot3d
