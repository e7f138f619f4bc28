// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Recordings of the iOS app Record3D. Format: docs/formats/record3d.md.

#include <hearth/ingest/import.h>

#include <filesystem>

namespace hearth {

/// Reads a .r3d archive, or a folder with its contents: pictures become the clip, with intrinsics
/// and camera path (Y-up world). Depth and confidence are LZFSE packed and stay behind
/// (`depth_unsupported`).
///
/// @return not_found without metadata or a picture; corrupt with `file:/json/pointer`, for cut
/// archives and for pictures that do not decode or differ in size; unsupported for archives that
/// zip_members() does not read. Diagnostics: `focal_varies`, `frames_without_camera`,
/// `times_assumed`, `camera_sigma_assumed`, `depth_unsupported`.
[[nodiscard]] Result<Imported> import_record3d(const std::filesystem::path& path,
                                               const ImportOptions& options,
                                               Diagnostics& diagnostics);

}  // namespace hearth
