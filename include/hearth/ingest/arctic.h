// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// ARCTIC: motion capture of two hands with articulated objects, as plain arrays (.npz). Layout,
/// frames and traps: docs/formats/arctic.md.

#include <hearth/ingest/import.h>

namespace hearth {

/// Reads one sequence: both hands, the two parts of the object as two things, and who touches what
/// when as segments (verb "touch").
///
/// The recording has no camera of its own here: a resting one is placed behind the hands, at the
/// height of a head (`camera_invented`), so that the tracks have a camera frame. The map is the
/// file's world, Z-up, in metres. Part sizes come from `models/<object>/` beside the file, else
/// from the touched points (`object_size_guessed`).
///
/// @return not_found or corrupt naming file and array; unsupported for pickled files.
[[nodiscard]] Result<Imported> import_arctic(const std::filesystem::path& npz,
                                             const ImportOptions& options,
                                             Diagnostics& diagnostics);

}  // namespace hearth
