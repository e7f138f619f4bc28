// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Films a chore: pixels with their truth. What makes hand networks see such hands, and what it
/// costs: docs/film.md.

#include <hearth/core/progress.h>
#include <hearth/core/result.h>
#include <hearth/data/camera.h>
#include <hearth/data/image.h>
#include <hearth/data/truth.h>
#include <hearth/film/make_truth.h>

#include <filesystem>
#include <vector>

namespace hearth {

/// Films a take into a folder: clip.mp4 (H.264, 30 frames per second, 640x480), clip.camera.json
/// (the calibration that a careful user would have) and, apart from them, truth/truth.json with its
/// home. The folder is made if needed; existing files are replaced, each one atomically.
///
/// Returns the truth with counts of visible hand pixels. Same options, same bytes for any number of
/// jobs. About half a CPU second per frame with two samples per pixel.
///
/// @return what make_truth() returns; invalid_argument if the folder cannot be written; try_again
/// if the disk is full or `progress` asked to stop, then without a clip.
[[nodiscard]] Result<Truth> film(const FilmOptions& options, const std::filesystem::path& take_dir,
                                 const Progress& progress = {});

/// Writes truth/ alone: what `hearth film --truth-only` does.
[[nodiscard]] Result<Truth> film_truth_only(const FilmOptions& options,
                                            const std::filesystem::path& take_dir);

/// Returns single frames without a clip, before compression: for looking and for tests.
/// @param frames  Indices in the take.
/// @return as make_truth(); invalid_argument for a frame that the take does not have.
[[nodiscard]] Result<std::vector<ImageRgb8>> film_frames(const FilmOptions& options,
                                                         const std::vector<int>& frames);

/// Returns the camera that calibration would give: the true one with the small errors of a careful
/// user (focal length about .3 %, principal point about a pixel), source `file`.
[[nodiscard]] CameraModel calibrated_camera(const CameraModel& true_camera, std::uint64_t seed);

}  // namespace hearth
