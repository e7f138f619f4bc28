// SPDX-License-Identifier: Apache-2.0
#include <hearth/dataset/lerobot.h>
#include <hearth/io/files.h>
#include <hearth/io/npy.h>
#include <hearth/video/frames.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <system_error>
#include <utility>

#include "sim/dataset/episode_check.h"
#include "sim/dataset/episode_table.h"
#include "sim/dataset/layout.h"
#include "sim/dataset/parquet_file.h"
#include "sim/dataset/zip.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

constexpr double kMegabyte = 1e6;

// Videos of one camera that wait for their common file.
struct VideoQueue {
  std::vector<std::string> parts{};
  std::vector<std::size_t> episodes{};
  std::vector<std::int64_t> lengths{};
  std::size_t bytes = 0;
  std::int64_t frames = 0;
  std::int64_t next_file = 0;
};

// All rows of a feature, for the statistics of the whole set.
struct Totals {
  std::map<std::string, std::vector<float>> vectors{};
  std::map<std::string, std::vector<double>> scalars{};
  std::map<std::string, PixelHistogram> pixels{};
  std::map<std::string, ValueHistogram> stills{};
};

std::string shortest(const Json& json) { return json.dump(); }

class LerobotWriter {
 public:
  LerobotWriter(fs::path folder, const DatasetSpec& spec, const WriteLerobotOptions& options)
      : folder_(std::move(folder)),
        spec_(spec),
        options_(options),
        features_(features_of(spec)),
        queues_(spec.cameras.size()) {}

  Result<Done> add_episode(const DatasetEpisode& episode) {
    const auto index = static_cast<std::int64_t>(rows_.size());
    if (index == 0) {
      for (const auto& quantity : episode.quantities) quantity_keys_.insert(quantity.first);
    }
    if (auto e = check_episode(spec_, episode, index, quantity_keys_)) return *e;
    EpisodeRow row;
    row.length = static_cast<std::int64_t>(episode.action.rows);
    row.from_index = frames_;
    row.task = episode.task;
    row.success = episode.success;
    row.seed = static_cast<std::int64_t>(episode.seed);
    row.variant_id = episode.variant_id;
    row.layout_id = episode.layout_id;
    row.source_episode = episode.source_episode;
    row.recipe = shortest(Json::parse(episode.recipe_json));
    row.quantities = episode.quantities;
    row.videos.resize(spec_.cameras.size());
    rows_.push_back(std::move(row));
    if (auto r = add_data(episode); !r.ok()) return r;
    for (std::size_t c = 0; c < spec_.cameras.size(); ++c) {
      if (auto r = add_video(c, episode.cameras[c]); !r.ok()) return r;
    }
    frames_ += rows_.back().length;
    return write_extras(episode, index);
  }

  // Videos, data, episodes, tasks, statistics, and info.json last: a reader that finds it finds
  // all.
  Result<Done> finish() {
    for (std::size_t c = 0; c < queues_.size(); ++c) {
      if (auto r = flush_videos(c); !r.ok()) return r;
    }
    if (auto r = close_data_file(); !r.ok()) return r;
    if (auto r = write_table(kEpisodesFile, episode_columns(spec_, features_, rows_), {});
        !r.ok()) {
      return r;
    }
    if (auto r = write_tasks(); !r.ok()) return r;
    if (auto r = write("meta/stats.json", stats_json(features_, total_statistics())); !r.ok()) {
      return r;
    }
    if (auto r = write("extras/dataset_meta.json", dataset_meta()); !r.ok()) return r;
    const auto episodes = static_cast<std::int64_t>(rows_.size());
    const auto successes =
        std::count_if(rows_.begin(), rows_.end(), [](const EpisodeRow& r) { return r.success; });
    if (auto r = write("README.md", card_text(spec_, episodes, frames_, successes, tasks_));
        !r.ok()) {
      return r;
    }
    return write("meta/info.json", info_json(spec_, features_, episodes, frames_,
                                             static_cast<std::int64_t>(tasks_.size()), options_));
  }

 private:
  Result<Done> write(const std::string& name, std::string_view bytes) const {
    const fs::path file = folder_ / name;
    if (auto r = make_folder(file.parent_path()); !r.ok()) return r;
    return write_file(file, bytes);
  }

  std::int64_t task_index(const std::string& task) {
    const auto at = std::find(tasks_.begin(), tasks_.end(), task);
    if (at != tasks_.end()) return at - tasks_.begin();
    tasks_.push_back(task);
    return static_cast<std::int64_t>(tasks_.size()) - 1;
  }

  Column numbers_column(const std::string& key, const TableF32& table) {
    EpisodeRow& row = rows_.back();
    row.statistics[key] = column_statistics(std::span<const float>(table.values), table.columns);
    auto& all = totals_.vectors[key];
    all.insert(all.end(), table.values.begin(), table.values.end());
    if (table.columns == 1) return float_column(key, table.values);
    return float_list_column(key, table.values, table.columns);
  }

  void note_scalars(const std::string& key, const std::vector<double>& values) {
    rows_.back().statistics[key] = column_statistics(std::span<const double>(values), 1);
    auto& all = totals_.scalars[key];
    all.insert(all.end(), values.begin(), values.end());
  }

  Column flag_column(const std::string& key, bool last, std::size_t n) {
    std::vector<bool> flags(n, false);
    flags.back() = last;
    std::vector<double> values(n, 0.0);
    values.back() = last ? 1.0 : 0.0;
    note_scalars(key, values);
    return bool_column(key, flags);
  }

  Column counter_column(const std::string& key, std::int64_t first, std::int64_t step,
                        std::size_t n) {
    std::vector<std::int64_t> values(n);
    for (std::size_t i = 0; i < n; ++i) values[i] = first + step * static_cast<std::int64_t>(i);
    note_scalars(key, std::vector<double>(values.begin(), values.end()));
    return int64_column(key, values);
  }

  Column time_column(std::size_t n) {
    std::vector<float> values(n);
    for (std::size_t i = 0; i < n; ++i) {
      values[i] = static_cast<float>(static_cast<double>(i) / spec_.rate_hz);
    }
    note_scalars("timestamp", std::vector<double>(values.begin(), values.end()));
    return float_column("timestamp", values);
  }

  Column stills_column(const std::string& key, const StillTrack& stills) {
    rows_.back().statistics[key] = value_statistics(stills.histogram);
    add(totals_.stills[key], stills.histogram);
    return picture_column(key, stills.png);
  }

  // One row group; columns in the order of info.json.
  Result<Done> add_data(const DatasetEpisode& episode) {
    const std::size_t n = episode.action.rows;
    const auto index = static_cast<std::int64_t>(rows_.size()) - 1;
    std::vector<Column> columns;
    columns.push_back(numbers_column("observation.state", episode.state));
    columns.push_back(numbers_column("action", episode.action));
    for (std::size_t c = 0; c < spec_.cameras.size(); ++c) {
      const DatasetCamera& camera = spec_.cameras[c];
      if (camera.has_depth) {
        columns.push_back(stills_column(depth_key(camera), episode.cameras[c].depth));
      }
      if (camera.has_bodies) {
        columns.push_back(stills_column(bodies_key(camera), episode.cameras[c].bodies));
      }
    }
    columns.push_back(flag_column("next.done", true, n));
    columns.push_back(flag_column("next.success", episode.success, n));
    columns.push_back(time_column(n));
    columns.push_back(counter_column("frame_index", 0, 1, n));
    columns.push_back(counter_column("episode_index", index, 0, n));
    columns.push_back(counter_column("index", frames_, 1, n));
    columns.push_back(counter_column("task_index", task_index(episode.task), 0, n));
    if (!data_) data_ = std::make_unique<ParquetFile>();
    rows_.back().data_file = data_number_;
    if (auto r = data_->add_row_group(columns); !r.ok()) return r;
    if (static_cast<double>(data_->size()) >= options_.data_file_mb * kMegabyte) {
      return close_data_file();
    }
    return Done{};
  }

  Result<Done> close_data_file() {
    if (!data_) return Done{};
    auto bytes = data_->finish({{"huggingface", huggingface_metadata(features_)}});
    data_.reset();
    if (!bytes.ok()) return bytes.error();
    return write(data_file_name(data_number_++), *bytes);
  }

  Result<PixelHistogram> counted_pixels(const EpisodeCamera& camera) const {
    if (camera.pixels) return *camera.pixels;
    PixelHistogram out;
    const auto frames = open_frames(camera.video_file, 0);
    if (!frames.ok()) return frames.error();
    for (std::int64_t k = 0; k < rows_.back().length; ++k) {
      const auto image = (*frames)(static_cast<int>(k));
      if (!image.ok()) return image.error();
      add(out, *image);
    }
    return out;
  }

  Result<Done> add_video(std::size_t c, const EpisodeCamera& camera) {
    const std::string key = camera_key(spec_.cameras[c]);
    const auto pixels = counted_pixels(camera);
    if (!pixels.ok()) return pixels.error();
    rows_.back().statistics[key] = pixel_statistics(*pixels);
    add(totals_.pixels[key], *pixels);
    auto bytes = read_file(camera.video_file);
    if (!bytes.ok()) return bytes.error();
    VideoQueue& queue = queues_[c];
    const std::int64_t length = rows_.back().length;
    const double size_after = static_cast<double>(queue.bytes + bytes->size());
    const double length_after = static_cast<double>(queue.frames + length);
    if (!queue.parts.empty() && (size_after > options_.video_file_mb * kMegabyte ||
                                 length_after > options_.video_file_s * spec_.rate_hz)) {
      if (auto r = flush_videos(c); !r.ok()) return r;
    }
    queue.bytes += bytes->size();
    queue.frames += length;
    queue.parts.push_back(std::move(bytes).value());
    queue.episodes.push_back(rows_.size() - 1);
    queue.lengths.push_back(length);
    return Done{};
  }

  // Joins what waits. Parts of another codec set-up cannot share a file: such runs get their own.
  Result<Done> flush_videos(std::size_t c) {
    VideoQueue& queue = queues_[c];
    const std::span<const std::string> parts(queue.parts);
    for (std::size_t first = 0; first < parts.size();) {
      std::size_t count = parts.size() - first;
      auto joined = join_mp4(parts.subspan(first, count), spec_.rate_hz);
      if (!joined.ok() && joined.error().code == ErrorCode::invalid_argument && count > 1) {
        count = 1;
        while (first + count < parts.size() && joinable(parts[first], parts[first + count]))
          ++count;
        joined = join_mp4(parts.subspan(first, count), spec_.rate_hz);
      }
      if (!joined.ok()) return joined.error();
      std::int64_t frame = 0;
      for (std::size_t i = first; i < first + count; ++i) {
        rows_[queue.episodes[i]].videos[c] = {queue.next_file, frame};
        frame += queue.lengths[i];
      }
      const std::string name = video_file_name(camera_key(spec_.cameras[c]), queue.next_file++);
      if (auto r = write(name, *joined); !r.ok()) return r;
      first += count;
    }
    const std::int64_t next_file = queue.next_file;
    queue = {};
    queue.next_file = next_file;
    return Done{};
  }

  bool joinable(const std::string& a, const std::string& b) const {
    const std::vector<std::string> pair = {a, b};
    return join_mp4(pair, spec_.rate_hz).ok();
  }

  Result<Done> write_extras(const DatasetEpisode& episode, std::int64_t index) const {
    const EpisodeRow& row = rows_.back();
    Json meta = {{"hearth", "episode"},
                 {"version", 1},
                 {"episode_index", index},
                 {"length", row.length},
                 {"task", row.task},
                 {"success", row.success},
                 {"seed", row.seed},
                 {"variant_id", row.variant_id},
                 {"layout", row.layout_id},
                 {"source_episode", row.source_episode},
                 {"recipe", Json::parse(row.recipe)},
                 {"quantities", Json(row.quantities)},
                 {"notes", Json::object()}};
    for (const auto& [key, text] : episode.notes_json) meta["notes"][key] = Json::parse(text);
    const std::string folder = extras_folder(index) + "/";
    if (auto r = write(folder + "ep_meta.json", meta.dump(1) + "\n"); !r.ok()) return r;
    if (!episode.model_xml.empty()) {
      auto packed = gzip_bytes(episode.model_xml);
      if (!packed.ok()) return packed.error();
      if (auto r = write(folder + "model.xml.gz", *packed); !r.ok()) return r;
    }
    if (episode.replay_state.values.empty()) return Done{};
    const std::pair<std::string, std::string> members[] = {
        {"states.npy", npy_from_table(episode.replay_state)}};
    return write(folder + "states.npz", zip_bytes(members));
  }

  std::map<std::string, ColumnStatistics> total_statistics() const {
    std::map<std::string, ColumnStatistics> out;
    for (const auto& [key, values] : totals_.vectors) {
      const std::size_t n = key == "action" ? spec_.action_names.size() : spec_.state_names.size();
      out[key] = column_statistics(std::span<const float>(values), n);
    }
    for (const auto& [key, values] : totals_.scalars) {
      out[key] = column_statistics(std::span<const double>(values), 1);
    }
    for (const auto& [key, histogram] : totals_.pixels) out[key] = pixel_statistics(histogram);
    for (const auto& [key, histogram] : totals_.stills) out[key] = value_statistics(histogram);
    return out;
  }

  Result<Done> write_tasks() const {
    std::vector<std::int64_t> numbers(tasks_.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::int64_t>(i);
    // Rerun looks for the text under pandas' default name of an index.
    return write_table("meta/tasks.parquet",
                       {int64_column("task_index", numbers),
                        text_column("__index_level_0__", tasks_), text_column("task", tasks_)},
                       {{"pandas", pandas_task_metadata()}});
  }

  Result<Done> write_table(const std::string& name, const std::vector<Column>& columns,
                           const std::map<std::string, std::string>& metadata) const {
    ParquetFile file;
    if (auto r = file.add_row_group(columns); !r.ok()) return r;
    const auto bytes = file.finish(metadata);
    if (!bytes.ok()) return bytes.error();
    return write(name, *bytes);
  }

  std::string dataset_meta() const {
    Json meta = {{"hearth", "dataset"},
                 {"version", 1},
                 {"rate_hz", spec_.rate_hz},
                 {"robot_type", spec_.robot_type},
                 {"footage", spec_.holds_footage ? spec_.footage_permit : "none"},
                 {"provenance", Json::parse(spec_.provenance_json)}};
    return meta.dump(1) + "\n";
  }

  fs::path folder_;
  const DatasetSpec& spec_;
  const WriteLerobotOptions& options_;
  std::vector<Feature> features_;
  std::vector<VideoQueue> queues_;
  std::set<std::string> quantity_keys_;
  std::vector<EpisodeRow> rows_;
  std::vector<std::string> tasks_;
  Totals totals_;
  std::unique_ptr<ParquetFile> data_;
  std::int64_t data_number_ = 0;
  std::int64_t frames_ = 0;
};

// Removes the unfinished folder unless the work was completed.
class Partial {
 public:
  explicit Partial(fs::path folder) : folder_(std::move(folder)) { remove(); }
  ~Partial() { remove(); }
  Partial(const Partial&) = delete;
  Partial& operator=(const Partial&) = delete;
  const fs::path& folder() const { return folder_; }

 private:
  void remove() const {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  fs::path folder_;
};

fs::path sibling(const fs::path& folder, const std::string& suffix) {
  fs::path out = folder.lexically_normal();
  if (out.filename().empty()) out = out.parent_path();
  return out += suffix;
}

Result<Done> put_in_place(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  const Partial old(sibling(to, ".old"));
  if (fs::exists(to, failed)) fs::rename(to, old.folder(), failed);
  if (!failed) fs::rename(from, to, failed);
  if (failed) return error_from_errno(failed.value(), to);
  return Done{};
}

}  // namespace

Result<DatasetSummary> write_lerobot(const fs::path& folder, const DatasetSpec& spec,
                                     std::int64_t count, const EpisodeSource& episodes,
                                     const WriteLerobotOptions& options, const Progress& progress) {
  if (auto e = check_options(options)) return *e;
  if (auto e = check_spec(spec)) return *e;
  if (count < 1) {
    return Error{ErrorCode::invalid_argument, "a dataset needs at least one episode", "count"};
  }
  std::error_code failed;
  if (fs::exists(folder, failed) && !fs::is_empty(folder, failed)) {
    const bool dataset = fs::exists(folder / "meta" / "info.json", failed);
    if (!options.replace || !dataset) {
      return Error{ErrorCode::invalid_argument,
                   dataset
                       ? "holds a dataset already; remove it or ask to replace it"
                       : "exists and holds something else than a dataset; choose another folder",
                   folder.string()};
    }
  }
  const Partial partial(sibling(folder, ".partial"));
  if (auto r = make_folder(partial.folder()); !r.ok()) return r.error();
  LerobotWriter writer(partial.folder(), spec, options);
  for (std::int64_t i = 0; i < count; ++i) {
    if (!report(progress, "dataset", i, count)) {
      return Error{ErrorCode::try_again, "stopped on request", "dataset"};
    }
    const auto episode = episodes(i);
    if (!episode.ok()) return episode.error();
    if (auto r = writer.add_episode(*episode); !r.ok()) return r.error();
  }
  if (auto r = writer.finish(); !r.ok()) return r.error();
  auto summary = verify_lerobot(partial.folder());
  if (!summary.ok()) return summary.error();
  if (auto r = put_in_place(partial.folder(), folder); !r.ok()) return r.error();
  (void)report(progress, "dataset", count, count);
  return summary;
}

}  // namespace hearth
