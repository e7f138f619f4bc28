// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Trajectories of Aria's machine perception services: closed loop (28 or 20 columns) and open
/// loop. Frames and traps: docs/formats/aria_mps.md.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::aria {

/// One row, in the file's own frame ("world" or "odometry"), device clock.
struct DevicePose {
  TimeNs device_time_ns = 0;
  Pose frame_from_device{};
  Vec3 gravity_in_frame{};                       ///< m/s^2, points down.
  double quality = 0.0;                          ///< 0..1.
  int graph = 0;                                 ///< Poses of different graphs share no frame.
  std::optional<Vec3> linear_velocity_m_s{};     ///< Missing where the file holds garbage.
  std::optional<Vec3> angular_velocity_rad_s{};  ///< In the device frame; missing as above.
};

struct Trajectory {
  bool closed_loop = true;            ///< False: drifts, the frame is odometry.
  std::vector<std::string> graphs{};  ///< Uids by first appearance.
  std::vector<DevicePose> poses{};    ///< Device times strictly ascending.
};

/// @return corrupt naming file:line:column for a cut row, a value that is no finite number, a
/// quaternion off unit length, times that do not ascend, gravity that is none, no rows at all.
/// Diagnostics: `column_ignored`, `velocity_implausible`.
[[nodiscard]] Result<Trajectory> read_trajectory(std::string_view csv, const std::string& file,
                                                 Diagnostics& diagnostics);

/// The rotation that makes a frame Z-up from its gravity; gravity is not zero.
[[nodiscard]] Quat z_up_from_frame(Vec3 gravity_in_frame);

/// The pose at a device time, interpolated; nothing outside the rows or across two graphs, or where
/// neighbours are more than `max_gap_ns` apart.
[[nodiscard]] std::optional<DevicePose> pose_at(const Trajectory& trajectory, TimeNs device_time_ns,
                                                TimeNs max_gap_ns);

}  // namespace hearth::aria
