// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// EgoDex: headset recordings with both hands' skeletons (HDF5 beside an mp4). Layout, frames and
/// traps: docs/formats/egodex.md.

#include <hearth/ingest/import.h>

namespace hearth {

/// Reads `<n>.hdf5` and, where it lies beside it, `<n>.mp4`, whose frames become the frames; else
/// they are 1/30 s apart, or 1 / `rate_hz`.
///
/// The map is the headset's world turned from Y-up to Z-up, in metres. A hand is missing in a frame
/// where one of its joints has a confidence of .1 or less. The description becomes one segment.
///
/// Diagnostics: `confidence_missing`, `hand_not_trusted`, `rate_assumed`.
///
/// @return not_found or corrupt naming file and dataset; corrupt where video and skeleton differ
///         in their frames, or where the camera matrix is for another picture size.
[[nodiscard]] Result<Imported> import_egodex(const std::filesystem::path& hdf5,
                                             const ImportOptions& options,
                                             Diagnostics& diagnostics);

}  // namespace hearth
