// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// hearth's own open format for tracks: one JSON file and .npy arrays beside it, which any method
/// can write. Format: docs/formats/hearth_tracks.md.

#include <hearth/ingest/import.h>

#include <filesystem>

namespace hearth {

/// Reads a folder with hearth_tracks.json (or that file itself).
///
/// Read and checked: frames, camera model and path, hands, objects, boxes, depth maps, IMU. Checked
/// and kept as they are, below `kept/`: masks, gloves, commands. Of the options: `episode`,
/// `camera` and `up_in_map` go before what the file says, `metric` too.
///
/// @return not_found without the file or one that it names; corrupt with `file:/json/pointer` for
/// anything that does not follow the format, also unknown keys, values that are not finite, frames
/// that do not exist or ascend, matrices that are no rotation, joints that make no hand;
/// unsupported for another version and for pickles; invalid_argument where frames of file, clip and
/// episode differ. Diagnostics: `hand_behind_camera`, `hand_without_camera`,
/// `object_without_camera`.
[[nodiscard]] Result<Imported> import_hearth_tracks(const std::filesystem::path& path,
                                                    const ImportOptions& options,
                                                    Diagnostics& diagnostics);

}  // namespace hearth
