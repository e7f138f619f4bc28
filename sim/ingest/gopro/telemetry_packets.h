// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/result.h>
#include <hearth/core/time.h>

#include <filesystem>
#include <string>
#include <vector>

namespace hearth::gopro {

/// One payload of the telemetry track; times count from the first frame of the video.
struct Packet {
  TimeNs start_ns = 0;
  TimeNs duration_ns = 0;
  std::string bytes{};
};

/// The packets of the first `gpmd` track, by the container's sample table.
/// @return corrupt where the file cannot be read to its end; unsupported without such a track or
/// without video.
[[nodiscard]] Result<std::vector<Packet>> telemetry_packets(const std::filesystem::path& file);

}  // namespace hearth::gopro
