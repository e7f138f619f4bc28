// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/sensors.h>

#include <array>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/ingest/foreign/path_tracks.h"

namespace hearth::stray {

/// One row of odometry.csv; time on the phone's clock.
struct OdometryRow {
  int frame = 0;
  foreign::PathSample sample{};
};

struct Odometry {
  std::vector<OdometryRow> rows{};  ///< Frames and times ascending.
  std::optional<std::array<double, 4>>
      intrinsics{};  ///< Median fx, fy, cx, cy where rows have them.
};

[[nodiscard]] Result<Odometry> read_odometry(std::string_view text, const std::string& file,
                                             Diagnostics& diagnostics);

/// camera_matrix.csv: fx, fy, cx, cy out of nine numbers.
[[nodiscard]] Result<std::array<double, 4>> read_camera_matrix(std::string_view text,
                                                               const std::string& file);

/// imu.csv; times get `zero_ns` taken off. `path` serves to check gravity.
[[nodiscard]] Result<ImuStream> read_phone_imu(std::string_view text, const std::string& file,
                                               TimeNs zero_ns,
                                               const std::vector<foreign::PathSample>& path,
                                               Diagnostics& diagnostics);

}  // namespace hearth::stray
