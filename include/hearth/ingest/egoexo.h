// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Ego-Exo4D EgoPose: triangulated hand joints and the cameras of a take. Layout, frames and traps:
/// docs/formats/egoexo.md.

#include <hearth/ingest/import.h>

namespace hearth {

/// Reads the hand annotation of one take (`.../annotation/<take>.json`) with its cameras
/// (`camera_pose/<take>.json` beside that folder, one above it, or in it).
///
/// The map is the take's world, taken for Z-up, in metres. Frames are those for which the glasses
/// have a pose, at 30 frames per second or `rate_hz`; frame numbers are those of the take's video.
/// A hand needs all 21 joints, each seen by two cameras or more: others are missing.
///
/// Diagnostics: `up_assumed`, `frame_size_inferred`, `rate_assumed`, `hand_incomplete`,
/// `annotations_ignored`.
///
/// @return not_found or corrupt naming file and pointer; unsupported without a camera file.
[[nodiscard]] Result<Imported> import_egoexo(const std::filesystem::path& annotation,
                                             const ImportOptions& options,
                                             Diagnostics& diagnostics);

}  // namespace hearth
