// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Everything that is seen in one clip: hands, camera path, static and moving points. Method and
/// limits: docs/perceive.md.

#include <hearth/core/diagnostics.h>
#include <hearth/core/progress.h>
#include <hearth/core/result.h>
#include <hearth/data/episode.h>
#include <hearth/data/image.h>
#include <hearth/data/tracks.h>
#include <hearth/perceive/track_camera.h>
#include <hearth/perceive/track_hands.h>

#include <filesystem>

namespace hearth {

/// Options of perceive(). `model_dir` and `jobs` take the place of those of the parts.
struct PerceiveOptions {
  std::filesystem::path model_dir{};  ///< Folder with the pinned hand networks.
  int jobs = 0;                       ///< Threads, 0 = all cores; never seen in the result.
  TrackHandsOptions hands{};
  TrackCameraOptions camera{};
};

/// Returns the tracks of an episode: track_hands(), then track_camera() with the hands masked out.
///
/// What cannot be seen is left out with a diagnostic: no hands is no error, and where no camera
/// path can be found (`camera_not_tracked`) the tracks hold hands alone. Same input, same bytes for
/// any number of jobs on one machine.
///
/// @param episode  validated().
/// @param frames   The episode's pictures; asked in any order, from this thread alone.
/// @return as track_hands(), and as track_camera() except infeasible.
[[nodiscard]] Result<Tracks> perceive(const Episode& episode, const FrameSource& frames,
                                      const PerceiveOptions& options, const Progress& progress,
                                      Diagnostics& diagnostics);

}  // namespace hearth
