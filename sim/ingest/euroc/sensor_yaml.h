// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/result.h>
#include <hearth/data/camera.h>

#include <optional>
#include <string>
#include <string_view>

namespace hearth::euroc {

/// What a sensor.yaml of the data set says.
struct Sensor {
  Pose body_from_sensor{};
  std::optional<CameraModel> camera{};  ///< Where the sensor is a camera.
};

/// Reads the few keys of these files (T_BS data, resolution, intrinsics, distortion); it is no
/// reader of YAML at large.
///
/// @return corrupt naming file and key; unsupported for another camera or distortion model.
[[nodiscard]] Result<Sensor> read_sensor_yaml(std::string_view text, const std::string& file);

}  // namespace hearth::euroc
