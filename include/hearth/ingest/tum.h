// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Trajectories as the TUM RGB-D benchmark writes them. Format: docs/formats/trajectories.md.

#include <hearth/ingest/import.h>

#include <filesystem>

namespace hearth {

/// Reads rows `t tx ty tz qx qy qz qw` (seconds, metres, world from camera); `#` starts a comment.
///
/// @return not_found; corrupt with `file:line:word` for another number of words, what is no finite
/// number, a quaternion off unit length by over 1e-3, times that do not ascend, a cut last row.
/// Diagnostics: `clock_guessed`, `camera_sigma_assumed`, `frames_without_camera`.
[[nodiscard]] Result<Imported> import_tum(const std::filesystem::path& path,
                                          const ImportOptions& options, Diagnostics& diagnostics);

}  // namespace hearth
