// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Aria Digital Twin: an apartment with exact poses of every object. Layout, frames and traps:
/// docs/formats/adt.md.

#include <hearth/ingest/import.h>

namespace hearth {

/// Reads the folder of one recording: camera path, objects with their boxes, boxes in pictures,
/// gaze; where a `.vrs` lies in it, also its calibration.
///
/// The map is the apartment turned from Y-up to Z-up, in metres; frames are those of the colour
/// camera, upright. An object at rest has one observation, on the first frame. No finger joints
/// exist in this dataset: hands are missing.
///
/// Diagnostics: `skeleton_ignored`, `depth_ignored`, `object_without_box`, and those of the
/// readers.
///
/// @return not_found or corrupt naming file, line and column; unsupported without a calibration.
[[nodiscard]] Result<Imported> import_adt(const std::filesystem::path& folder,
                                          const ImportOptions& options, Diagnostics& diagnostics);

}  // namespace hearth
