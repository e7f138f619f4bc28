// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Writes training data as LeRobot v3.0: parquet tables, one mp4 per camera, statistics, and beside
/// them what makes each episode replayable. Layout and rules: docs/dataset.md.

#include <hearth/core/progress.h>
#include <hearth/core/result.h>
#include <hearth/data/array.h>
#include <hearth/dataset/statistics.h>
#include <hearth/video/mp4.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// A camera of all episodes: feature `observation.images.<name>`, and on request
/// `observation.images.<name>_depth` (uint16 millimetres, PNG) and `..._bodies` (uint16, 0 =
/// nothing, i + 1 = body i, PNG).
struct DatasetCamera {
  std::string name{};  ///< Letters, digits, underscores; for example "head".
  int width_px = 0;
  int height_px = 0;
  bool has_depth = false;
  bool has_bodies = false;
};

/// What all episodes have in common.
struct DatasetSpec {
  int rate_hz = 30;          ///< Frames and actions per second.
  std::string robot_type{};  ///< For example the humanoid's name.
  std::vector<std::string> state_names{};
  std::vector<std::string> action_names{};
  std::vector<DatasetCamera> cameras{};
  Mp4Options encoding{};                      ///< How the videos were encoded; told in info.json.
  bool holds_footage = false;                 ///< Recorded (not rendered) pictures are inside.
  std::string footage_permit = "unscreened";  ///< ExportPermit of such footage, shown on the card.
  std::string description{};           ///< Plain words for the card: where the data come from.
  std::string provenance_json = "{}";  ///< A JSON object; goes to extras/dataset_meta.json.
};

/// Still pictures of one camera, one PNG per frame, and their statistics.
struct StillTrack {
  std::vector<std::string> png{};
  ValueHistogram histogram{};
};

/// One camera's view of one episode.
struct EpisodeCamera {
  std::filesystem::path video_file{};  ///< mp4 as Mp4Writer makes it, one frame per row.
  /// Statistics of its pictures; without them the writer decodes the video.
  std::optional<PixelHistogram> pixels{};
  StillTrack depth{};   ///< Filled where the camera has_depth.
  StillTrack bodies{};  ///< Filled where the camera has_bodies.
};

/// One finished demonstration. Row k: the state in frame k, and the action that drives frame k to
/// frame k + 1. The state after the last action is not a frame; it is the last row of
/// replay_state.
struct DatasetEpisode {
  TableF32 state{};    ///< rows x state_names.
  TableF32 action{};   ///< rows x action_names: what the replay used, not what was wished for.
  std::string task{};  ///< Plain words; equal texts become one task.
  bool success = false;
  std::uint64_t seed = 0;
  std::string variant_id{};        ///< Empty for the source itself.
  std::string layout_id{};         ///< Which scene layout; equal ids mean the same home.
  std::string source_episode{};    ///< What it was made from, for example the clip's sha256.
  std::string recipe_json = "{}";  ///< The variant's recipe, a JSON object.
  std::map<std::string, double>
      quantities{};                      ///< For example object_mass_kg; same keys everywhere.
  std::vector<EpisodeCamera> cameras{};  ///< As in the spec.
  std::string model_xml{};               ///< The physics model as text; empty: none is stored.
  Table replay_state{};                  ///< (rows + 1) x any; empty: none is stored.
  std::map<std::string, std::string> notes_json{};  ///< Further JSON values for ep_meta.json.
};

/// Returns episode `index`; called once each, in ascending order, so that not all are in memory.
using EpisodeSource = std::function<Result<DatasetEpisode>(std::int64_t index)>;

/// Options of write_lerobot().
struct WriteLerobotOptions {
  double data_file_mb = 100.0;   ///< A data file is closed at this size.
  double video_file_mb = 200.0;  ///< A video file is closed before it exceeds this size ...
  double video_file_s = 1000.0;  ///< ... or this length: float32 time gets too coarse beyond.
  bool replace = false;          ///< An existing dataset in the folder is replaced as a whole.
};

/// What was written, or found by verify_lerobot().
struct DatasetSummary {
  std::int64_t episodes = 0;
  std::int64_t frames = 0;
  std::vector<std::string> tasks{};
  std::string content_sha256{};  ///< See content_sha256().
  bool operator==(const DatasetSummary&) const = default;
};

/// Writes `count` episodes to `folder`, which appears complete or not at all.
///
/// Same input, same bytes: no time, host, path or thread shows. The files are written beside the
/// folder (`<folder>.partial`), checked with verify_lerobot(), and renamed.
///
/// @param folder   Must not exist or be empty, unless options.replace.
/// @param episodes May fail; its error comes back.
/// @return invalid_argument naming the episode and field: sizes that disagree, non-finite numbers,
/// names out of order, JSON that does not parse, a video with another frame count or size; corrupt
/// for a video that does not decode; try_again if the disk is full or `progress` said stop. Nothing
/// is left behind.
[[nodiscard]] Result<DatasetSummary> write_lerobot(const std::filesystem::path& folder,
                                                   const DatasetSpec& spec, std::int64_t count,
                                                   const EpisodeSource& episodes,
                                                   const WriteLerobotOptions& options,
                                                   const Progress& progress);

/// Opens a dataset again and checks it against its own claims: every table's columns, types and row
/// counts, index and timestamp rules, tasks, statistics, frame count, times and average rate of
/// every mp4.
///
/// @return not_found without meta/info.json; corrupt with file and place for whatever disagrees;
/// unsupported for another version.
[[nodiscard]] Result<DatasetSummary> verify_lerobot(const std::filesystem::path& folder);

/// Returns the sha256 over the lines "<sha256 of file>  <path>" of all files below the folder,
/// sorted by path, '/' between the parts.
///
/// @return not_found if the folder does not exist.
[[nodiscard]] Result<std::string> content_sha256(const std::filesystem::path& folder);

/// Appends a frame to still pictures: the PNG and the statistics.
/// @return as png16_bytes().
[[nodiscard]] Result<Done> add_depth(StillTrack& track, const ImageDepth& depth);
[[nodiscard]] Result<Done> add_bodies(StillTrack& track, const ImageMask& bodies);

}  // namespace hearth
