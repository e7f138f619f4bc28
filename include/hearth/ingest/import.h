// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Recordings and tracks that others made become hearth's own nouns. Every format is one function
/// and one row of import_formats(). Formats and their traps: docs/formats/.

#include <hearth/core/diagnostics.h>
#include <hearth/core/progress.h>
#include <hearth/core/result.h>
#include <hearth/data/camera.h>
#include <hearth/data/episode.h>
#include <hearth/data/segments.h>
#include <hearth/data/sensors.h>
#include <hearth/data/tracks.h>

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// What the user knows and the files do not say. A format that cannot use an option ignores it.
struct ImportOptions {
  std::optional<Episode> episode{};     ///< The clip onto whose frames tracks are put.
  std::optional<CameraModel> camera{};  ///< Calibration; goes before the format's own.
  /// Time of the episode minus time of the file, seconds. Absent: the first sample belongs to the
  /// first frame, which is a guess (diagnostic `clock_guessed`) unless the format has one clock.
  std::optional<double> clock_offset_s{};
  std::optional<double> rate_hz{};    ///< Frame rate of files without times, where no episode is.
  std::optional<bool> metric{};       ///< Positions are metres; absent: what the format says.
  std::optional<Vec3> up_in_map{};    ///< Unit vector; absent: what the format says.
  std::string recording{};            ///< The one to take of files that hold several.
  double position_sigma_m = 0.01;     ///< Taken for camera poses that come without one.
  double rotation_sigma_rad = 0.005;  ///< As above.
  double longest_gap_s = 0.1;         ///< Poses farther apart are not interpolated.
};

/// The video of a recording: a file, or an mp4 in memory that the importer made from pictures.
struct ImportedClip {
  std::filesystem::path file{};  ///< Empty: `mp4` is used.
  std::string mp4{};
  std::optional<CameraModel> camera{};  ///< For the upright picture, where the format has it.
};

/// A file that goes along unread or by reference, to `name` below the folder of the tracks.
struct ImportedFile {
  std::string name{};  ///< For example "depth/000012.png"; never leaves the folder.
  std::filesystem::path from{};
};

/// What one import found. Tracks of a recording with a clip have the clip's frames and times.
struct Imported {
  std::optional<ImportedClip> clip{};
  std::optional<Tracks> tracks{};
  SensorStreams sensors{};
  Segments segments{};
  std::vector<ImportedFile> files{};
};

/// Reads one format. Nothing is written; what is lost or assumed is in the diagnostics.
/// @return corrupt with `file:line 7:column` or `file: byte 12` where bytes break their format;
/// unsupported, with what to do instead, for variants that hearth does not read.
using ImportFunction = Result<Imported> (*)(const std::filesystem::path& path,
                                            const ImportOptions& options, Diagnostics& diagnostics);

/// One row of the table.
struct ImportFormat {
  std::string_view name;     ///< As typed: `hearth import <name> PATH`.
  std::string_view summary;  ///< What PATH is and what comes of it, one line.
  ImportFunction function;
};

/// All formats, by name.
[[nodiscard]] std::span<const ImportFormat> import_formats();

/// What write_import() left in a folder.
struct ImportReport {
  std::optional<Episode> episode{};
  std::optional<Tracks> tracks{};
  bool has_sensors = false;
  bool has_segments = false;
};

/// Writes an import as stages read it: `episode/` (episode.json and the clip), `tracks/`
/// (tracks.json and the imported files), `sensors/sensors.json`, `segments/segments.json`; only
/// those that there are.
///
/// @return as ingest() for the clip; corrupt where tracks and clip differ in their frames;
/// invalid_argument where a noun is not validated(); as write_file().
[[nodiscard]] Result<ImportReport> write_import(const Imported& imported,
                                                const std::filesystem::path& folder,
                                                const Progress& progress, Diagnostics& diagnostics);

/// Returns `own` with everything that `imported` has in its place: the camera (with map points,
/// objects, scale and up, which live in its map), the hands, the boxes, the depth maps. What `own`
/// loses by that is in the diagnostics (`tracks_replaced`).
///
/// @return invalid_argument if the two do not have the same frames.
[[nodiscard]] Result<Tracks> replaced_by(Tracks own, const Tracks& imported,
                                         Diagnostics& diagnostics);

}  // namespace hearth
