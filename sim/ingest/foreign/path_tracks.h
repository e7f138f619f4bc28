// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A camera path that a file gave becomes Tracks: on the frames of an episode where the user named
/// one, else every sample is a frame of its own.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/tracks.h>
#include <hearth/ingest/import.h>

#include <optional>
#include <string>
#include <vector>

namespace hearth::foreign {

/// One pose of the file; `time_ns` is on the file's own clock.
struct PathSample {
  TimeNs time_ns = 0;
  Pose map_from_camera{};
};

/// A camera path as a file has it, already with hearth's camera axes (x right, y down, z forward).
struct ForeignPath {
  std::string source{};               ///< Importer's name.
  std::string file{};                 ///< For messages.
  std::vector<PathSample> samples{};  ///< Times strictly ascending, where there are times.
  bool has_times = true;
  bool metric = true;
  std::optional<Vec3> up_in_map{};
  std::optional<CameraModel> camera{};
};

/// Interval of the scale (95 %) that imported metric positions get: inertial odometry drifts by
/// one or two per cent.
inline constexpr double kImportedScaleLow = 0.97;
inline constexpr double kImportedScaleHigh = 1.03;

/// Diagnostics: `clock_guessed`, `camera_sigma_assumed`, `frames_without_camera`.
///
/// @return corrupt without samples or for times that do not ascend; invalid_argument (`rate_hz`)
/// without times, rate and episode, or an option out of range; invalid_argument where the counts
/// of frames and of poses without times differ, or where no pose falls into the episode.
[[nodiscard]] Result<Tracks> tracks_from_path(const ForeignPath& path, const ImportOptions& options,
                                              Diagnostics& diagnostics);

/// The pose at a time of the file's clock: interpolated between neighbours at most
/// `longest_gap_ns` apart, nothing elsewhere.
[[nodiscard]] std::optional<Pose> pose_at(const std::vector<PathSample>& samples, TimeNs time_ns,
                                          TimeNs longest_gap_ns);

/// Fills scale and up of tracks whose map is that of a foreign path.
void set_map_facts(bool metric, const std::optional<Vec3>& up_in_map, const ImportOptions& options,
                   Tracks& tracks);

}  // namespace hearth::foreign
