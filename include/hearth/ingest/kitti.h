// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Trajectories as the KITTI odometry benchmark writes them. Format: docs/formats/trajectories.md.

#include <hearth/ingest/import.h>

#include <filesystem>

namespace hearth {

/// Reads rows of 12 numbers, the 3x4 transform from the camera to the first camera. `times.txt`
/// beside the file, one time in seconds per row, is read where it is; otherwise the rate or an
/// episode with as many frames is needed.
///
/// @return not_found; corrupt with `file:line:word` for another number of words, what is no finite
/// number, a 3x3 part that is no rotation, a cut last row, times that do not ascend or are not as
/// many; invalid_argument (`rate_hz`) without times. Diagnostics as import_tum().
[[nodiscard]] Result<Imported> import_kitti(const std::filesystem::path& path,
                                            const ImportOptions& options, Diagnostics& diagnostics);

}  // namespace hearth
