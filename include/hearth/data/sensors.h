// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What other sensors than the camera measured during a recording: inertial units and gaze, each
/// sample with its own time.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>

#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// The name of the clock whose zero is the first frame of the clip.
inline constexpr const char* kEpisodeClock = "episode";

/// A three-axis sensor over time; one value per time.
struct VectorStream {
  std::vector<TimeNs> time_ns{};  ///< Ascending, on the clock of the SensorStreams.
  std::vector<Vec3> values{};
  bool operator==(const VectorStream&) const = default;
};

/// One inertial unit. Both sensors share axes but not their rates.
struct ImuStream {
  std::string id{};
  std::string axes{};         ///< What the file says about the axes; empty: nothing.
  VectorStream accel_m_s2{};  ///< Specific force: an axis that points up reads +9.8 at rest.
  VectorStream gyro_rad_s{};  ///< Angular velocity about the same axes.
  std::optional<Pose> camera_from_imu{};  ///< Where the mounting is known.
  bool operator==(const ImuStream&) const = default;
};

/// Where the wearer looked at one moment.
struct GazeSample {
  TimeNs time_ns = 0;
  Vec3 direction{0.0, 0.0, 1.0};    ///< Unit vector in the frame of the GazeStream.
  std::optional<double> depth_m{};  ///< Along the direction, where it was measured.
  bool operator==(const GazeSample&) const = default;
};

/// Gaze over time, z forward, x to the wearer's left as Aria's central pupil frame or as
/// camera_from_gaze says.
struct GazeStream {
  std::string id{};
  std::optional<Pose> camera_from_gaze{};  ///< Where the mounting is known.
  std::vector<GazeSample> samples{};       ///< Times ascending.
  bool operator==(const GazeStream&) const = default;
};

/// All other sensors of one recording.
struct SensorStreams {
  std::string source{};  ///< Importer's name; empty only where there is no stream at all.
  /// kEpisodeClock: times count from the first frame. Another name: they count from
  /// `clock_zero_ns` of that clock, and how it runs against the clip is not known yet.
  std::string clock{kEpisodeClock};
  TimeNs clock_zero_ns = 0;  ///< What the foreign clock showed at time 0.
  std::vector<ImuStream> imus{};
  std::vector<GazeStream> gazes{};
  bool operator==(const SensorStreams&) const = default;
};

/// Times lie within +-2^53 ns, which float64 tables hold exactly.
/// @return invalid_argument naming the field: sizes that differ, times that do not ascend, values
/// that are not finite, directions that are no unit vectors, ids used twice.
[[nodiscard]] Result<SensorStreams> validated(SensorStreams sensors);

}  // namespace hearth
