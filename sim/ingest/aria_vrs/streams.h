// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Pictures and inertial samples of an open VRS recording.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/image.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vrs_file.h"

namespace hearth::vrs {

/// One inertial record, raw.
struct ImuSample {
  TimeNs time_ns = 0;  ///< Device clock.
  std::optional<Vec3> accel_m_s2{};
  std::optional<Vec3> gyro_rad_s{};
};

/// All data records of an inertial stream, times ascending. @return corrupt, unsupported.
[[nodiscard]] Result<std::vector<ImuSample>> read_imu(VrsFile& file, const StreamId& stream);

/// Calls `take(time_ns, jpeg)` for each picture of a stream, in the order of the file. Stops with
/// the first failure of `take`.
/// @return unsupported for pictures other than JPEG, corrupt.
[[nodiscard]] Result<Done> for_each_jpeg(
    VrsFile& file, const StreamId& stream,
    const std::function<Result<Done>(TimeNs time_ns, std::string_view jpeg)>& take);

/// A JPEG turned clockwise by 90 degrees, grey pictures as colour. @return corrupt.
[[nodiscard]] Result<ImageRgb8> upright_picture(std::string_view jpeg, const std::string& where);

}  // namespace hearth::vrs
