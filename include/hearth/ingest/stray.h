// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Recordings of the iOS app Stray Scanner. Format: docs/formats/stray.md.

#include <hearth/ingest/import.h>

#include <filesystem>

namespace hearth {

/// Reads a folder with rgb.mp4, camera_matrix.csv, odometry.csv and, where they are there, imu.csv
/// and depth/: episode with intrinsics, camera path (Y-up world), IMU on the clock of the clip,
/// references to the depth pictures. Confidence pictures are not read.
///
/// @return not_found without rgb.mp4, odometry.csv or the intrinsics; corrupt with
/// `file:line:column`; unsupported for a turned video. Diagnostics: `focal_varies`,
/// `frames_without_camera`, `frames_beyond_video`, `clock_differs`, `camera_sigma_assumed`,
/// `accel_unit_unknown`, `gravity_disagrees`, `column_ignored`.
[[nodiscard]] Result<Imported> import_stray(const std::filesystem::path& path,
                                            const ImportOptions& options, Diagnostics& diagnostics);

}  // namespace hearth
