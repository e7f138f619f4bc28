// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// One payload of GPMF: nested items of key, type, size and repeat, big-endian, padded to 4 bytes
/// (the format's public description).

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::gopro {

/// The three-axis samples of one sensor in one payload, in the channel order of the file.
struct SensorBlock {
  std::string device{};                          ///< DVNM, for example "Camera".
  std::string key{};                             ///< "ACCL" or "GYRO".
  std::string axes{};                            ///< Name and orientation, as the file says them.
  std::optional<std::uint32_t> total_samples{};  ///< TSMP: including this payload.
  std::vector<Vec3> values{};                    ///< m/s^2 or rad/s.
};

/// @return corrupt with `where: byte n` where an item does not fit into what holds it, has no scale
/// or another shape than three numbers; unsupported for another unit.
[[nodiscard]] Result<std::vector<SensorBlock>> read_payload(std::string_view bytes,
                                                            const std::string& where);

}  // namespace hearth::gopro
