// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// HOT3D: head-mounted recordings of hands with objects, tracked by motion capture. Layout, frames
/// and traps: docs/formats/hot3d.md.

#include <hearth/ingest/import.h>

namespace hearth {

/// Reads the folder of one recording (Aria or Quest 3): headset path, objects, boxes, and hands
/// posed with the rigged hand of the user profile.
///
/// The map is the recording's world turned Z-up, in metres; frames are those of the colour camera
/// (Aria) or the left camera (Quest), upright. Object sizes come from `object_library/` in the
/// recording's folder or beside it, else from the boxes (`object_size_guessed`).
///
/// Diagnostics: `hand_profile_missing`, `mano_ignored`, `object_size_guessed`, `masked_out`,
/// `calibration_time_unknown`, `up_assumed`, `gaze_clock_unknown`, and those of the frames.
///
/// @return not_found or corrupt naming the file; unsupported for another headset, without a
///         calibration, or where the only hands are MANO parameters under the UmeTrack name.
[[nodiscard]] Result<Imported> import_hot3d(const std::filesystem::path& folder,
                                            const ImportOptions& options, Diagnostics& diagnostics);

}  // namespace hearth
