// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Eye gaze of Aria's machine perception services, three layouts: one direction with the depth in
/// the fourth column or at the end, and one direction per eye (vergence).

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/sensors.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::aria {

/// One instant, central pupil frame (x left, y up, z forward). A direction with yaw and pitch is
/// along (tan yaw, tan pitch, 1).
struct Gaze {
  TimeNs device_time_ns = 0;
  double yaw_rad = 0.0;  ///< Of both eyes together; for vergence the middle of the two tangents.
  double pitch_rad = 0.0;
  std::optional<double> left_yaw_rad{};
  std::optional<double> right_yaw_rad{};
  std::optional<double> depth_m{};  ///< Missing where the file leaves it empty or writes 0.
};

/// @return corrupt naming file:line:column; also for times that do not ascend, angles beyond a
/// quarter turn, a negative depth.
[[nodiscard]] Result<std::vector<Gaze>> read_gaze(std::string_view csv, const std::string& file,
                                                  Diagnostics& diagnostics);

/// One stream of unit directions; times count from `zero_ns` of the device clock.
[[nodiscard]] SensorStreams gaze_sensors(const std::string& source, const std::vector<Gaze>& gazes,
                                         TimeNs zero_ns);

}  // namespace hearth::aria
