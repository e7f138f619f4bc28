// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// States and inertial data as the EuRoC MAV data set writes them. Format:
/// docs/formats/trajectories.md.

#include <hearth/ingest/import.h>

#include <filesystem>

namespace hearth {

/// Reads a `mav0` folder: state_groundtruth_estimate0/data.csv, cam0/sensor.yaml (mounting and
/// intrinsics of the left camera) and, where it is there, imu0/data.csv. A CSV file alone does for
/// one whose folder lies inside mav0: its poses are those of the body, so the mounting is needed.
/// The pictures are not read.
///
/// @return not_found; corrupt with `file:line:column` for missing columns, what is no number, a
/// quaternion off unit length by over 1e-3, times that do not ascend, a cut last row, a mounting
/// that is no rigid transform; unsupported without the mounting. Diagnostics as import_tum().
[[nodiscard]] Result<Imported> import_euroc(const std::filesystem::path& path,
                                            const ImportOptions& options, Diagnostics& diagnostics);

}  // namespace hearth
