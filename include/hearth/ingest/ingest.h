// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A clip becomes an Episode: exact frame times, upright size, intrinsics with their origin.
/// Method and limits: docs/ingest.md.

#include <hearth/core/diagnostics.h>
#include <hearth/core/progress.h>
#include <hearth/core/result.h>
#include <hearth/data/episode.h>

#include <filesystem>

namespace hearth {

/// Options of ingest().
struct IngestOptions {
  /// CameraModel as JSON for the upright picture; empty: the container's word, else a guess.
  std::filesystem::path camera_file{};
  double guessed_long_side_fov_rad = 1.45;  ///< Field of view along the longer side, (0, 2.8).
  double guessed_focal_sigma_share = 0.20;  ///< What that guess is worth.
  int min_short_side_px = 64;  ///< Smaller pictures show no hand that the networks know.
  int min_frames = 2;          ///< Fewer frames are a photograph, not a recording.
};

/// Reads a clip, decodes every frame once, and copies the clip into the episode's folder.
///
/// The folder then holds `Episode::clip_file` and needs nothing beside it; the caller writes the
/// Episode itself. Nothing but the clip and the camera file is read, and nothing is written unless
/// everything could be read. Frames whose pixels repeat the frame before are listed. Same clip,
/// same Episode. An Episode whose intrinsics are a guess says so, with a diagnostic
/// `focal_length_guessed`; other diagnostics: `frames_repeated`, `rate_uneven`.
///
/// @return as probe() and open_frames(); corrupt where a frame does not decode; unsupported for a
/// picture or a frame count below the options; as read_noun() for the camera file, and
/// invalid_argument, naming both sizes, if it was made for another picture size; as write_file()
/// for the folder; try_again if `progress` asks to stop.
[[nodiscard]] Result<Episode> ingest(const std::filesystem::path& clip,
                                     const IngestOptions& options,
                                     const std::filesystem::path& episode_folder,
                                     const Progress& progress, Diagnostics& diagnostics);

}  // namespace hearth
