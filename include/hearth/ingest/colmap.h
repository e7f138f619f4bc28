// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Sparse models of COLMAP (and of tools that write its files). Format: docs/formats/colmap.md.

#include <hearth/ingest/import.h>

#include <filesystem>

namespace hearth {

/// Reads a folder with cameras, images and points3D as .txt or .bin: camera path, camera model, map
/// points. The map has no scale unless `ImportOptions::metric` says so.
///
/// The last number in an image's name is its frame. On an episode, names that start at 0 count from
/// 0 and names that end at the number of frames count from 1; where both could be, 1 is taken with
/// the diagnostic `frame_numbers_guessed`.
///
/// @return not_found; corrupt with `file:line:word` or `file: byte n`; unsupported for camera
/// models without a counterpart in hearth, several cameras, and names without or with equal
/// numbers; invalid_argument (`rate_hz`) without episode and rate, or for frames that the episode
/// does not have. Diagnostics also: `camera_sigma_assumed`, `camera_ignored`.
[[nodiscard]] Result<Imported> import_colmap(const std::filesystem::path& path,
                                             const ImportOptions& options,
                                             Diagnostics& diagnostics);

}  // namespace hearth
