// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Recordings of Project Aria glasses as they are (.vrs, first generation: JPEG pictures). Layout,
/// streams and traps: docs/formats/aria_vrs.md.

#include <hearth/ingest/import.h>

namespace hearth {

/// Reads the colour pictures and the two inertial units of a recording.
///
/// The clip is an mp4 of the pictures, turned upright (quality 17), each frame at its capture time
/// up to 1 us. Its camera is the factory calibration, scaled to the recorded size where that is
/// the usual 1408. Inertial samples are rectified by that calibration and shifted by its time
/// offsets, on the clock of the clip. `options.recording` may name another picture stream, for
/// example "1201-1".
///
/// Diagnostics: `device_clock` (the offset that puts other files of the device onto the clip),
/// `camera_not_calibrated`, `imu_not_calibrated`, `imu_samples_invalid`.
///
/// @return not_found; corrupt with the byte offset; unsupported for pictures other than JPEG
///         (second generation: H.265) and for streams without a description.
[[nodiscard]] Result<Imported> import_aria_vrs(const std::filesystem::path& file,
                                               const ImportOptions& options,
                                               Diagnostics& diagnostics);

}  // namespace hearth
