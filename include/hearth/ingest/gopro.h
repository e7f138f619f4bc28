// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// GoPro recordings: the video and the telemetry in it (GPMF). Format: docs/formats/gopro.md.

#include <hearth/ingest/import.h>

#include <filesystem>

namespace hearth {

/// Reads the accelerometers and gyroscopes of all devices in the telemetry track of an mp4; the
/// file itself becomes the clip. Times count from the first frame: payload times are those of the
/// container's sample table, and samples lie evenly on the line through the payloads' starts and
/// their counts (diagnostic `imu_times_fitted` with rate and largest distance), or evenly within
/// each payload where that line is off by more than 50 ms (`imu_times_uneven`).
///
/// @return as probe(); unsupported without a telemetry track or without a device that has both
/// sensors, and for other units than m/s^2 and rad/s; corrupt with `file: payload p: byte n`.
/// Diagnostics also: `imu_samples_missing`.
[[nodiscard]] Result<Imported> import_gopro(const std::filesystem::path& path,
                                            const ImportOptions& options, Diagnostics& diagnostics);

}  // namespace hearth
