// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Aria calibrations: the lines of online_calibration.jsonl and the factory calibration, which is
/// one such object without times.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/camera.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::aria {

/// One camera as the sensor delivers its pictures (Aria's are stored turned by 90 degrees).
struct CameraCalibration {
  std::string label{};
  std::string serial{};
  CameraModel model{};
  Pose device_from_camera{};
};

/// rectified = matrix * (raw - bias), at raw time minus time_offset_s on the device clock.
struct SensorCalibration {
  Mat3 rectification{};
  Vec3 bias{};
  double time_offset_s = 0.0;
};

struct ImuCalibration {
  std::string label{};
  SensorCalibration accelerometer{};
  SensorCalibration gyroscope{};
  Pose device_from_imu{};
};

struct Calibration {
  std::optional<TimeNs> device_time_ns{};  ///< Absent in the factory calibration.
  std::vector<CameraCalibration> cameras{};
  std::vector<ImuCalibration> imus{};
};

/// One JSON object. Cameras of a projection that hearth does not know are left out with
/// `camera_model_unknown`. The picture size is the file's, where it says one (`ImageSizes`), else
/// that of the label and principal point.
/// @return corrupt with name:/json/pointer.
[[nodiscard]] Result<Calibration> read_calibration(std::string_view json, const std::string& name,
                                                   Diagnostics& diagnostics);

/// All lines, times ascending. @return as read_calibration().
[[nodiscard]] Result<std::vector<Calibration>> read_online_calibration(std::string_view jsonl,
                                                                       const std::string& file,
                                                                       Diagnostics& diagnostics);

/// The camera with this label, or null.
[[nodiscard]] const CameraCalibration* find_camera(const Calibration& calibration,
                                                   std::string_view label);

/// The last calibration at or before a device time, or the first. Lines are in the order of time.
[[nodiscard]] const Calibration& calibration_at(const std::vector<Calibration>& lines,
                                                TimeNs device_time_ns);

/// Fills a model from a projection's name and parameters; nothing for an unknown name.
/// FisheyeRadTanThinPrism (15), FISHEYE624 (16), KannalaBrandtK3 (8), Linear (4).
[[nodiscard]] std::optional<CameraModel> camera_model_from(std::string_view projection,
                                                           const std::vector<double>& parameters);

/// The factory's colour camera is for 2880 x 2880 pixels; recordings are halved and lose 16 pixels
/// on each side: 1408 x 1408. Returns that camera; other sizes come back unchanged.
[[nodiscard]] CameraModel recorded_model(const CameraModel& factory);

/// The camera of the picture turned clockwise by 90 degrees: upright for Aria.
[[nodiscard]] CameraModel turned_clockwise(const CameraModel& stored);

/// turned_from_stored: x is the old -y, y the old x.
[[nodiscard]] Pose turned_from_stored();

}  // namespace hearth::aria
