// SPDX-License-Identifier: Apache-2.0
#include <hearth/dataset/lerobot.h>
#include <hearth/io/files.h>
#include <hearth/video/probe.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "sim/dataset/layout.h"
#include "sim/dataset/parquet_file.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

constexpr double kTimeToleranceS = 1e-5;

Error corrupt(const std::string& where, const std::string& message) {
  return {ErrorCode::corrupt, message, where};
}

using Int64s = std::vector<std::int64_t>;

class LerobotVerifier {
 public:
  explicit LerobotVerifier(fs::path folder) : folder_(std::move(folder)) {}

  Result<DatasetSummary> verify() {
    if (auto r = read_info(); !r.ok()) return r.error();
    if (auto r = read_tasks(); !r.ok()) return r.error();
    if (auto r = read_episodes(); !r.ok()) return r.error();
    if (auto r = check_data(); !r.ok()) return r.error();
    if (auto r = check_statistics(); !r.ok()) return r.error();
    if (auto r = check_videos(); !r.ok()) return r.error();
    auto hash = content_sha256(folder_);
    if (!hash.ok()) return hash.error();
    return DatasetSummary{episodes_, frames_, tasks_, *hash};
  }

 private:
  Result<Json> read_json(const std::string& name) const {
    const auto text = read_file(folder_ / name);
    if (!text.ok()) return text.error();
    Json json = Json::parse(*text, nullptr, false);
    if (!json.is_object()) return corrupt(name, "must be a JSON object");
    return json;
  }

  Result<ParquetTable> read_table(const std::string& name) const {
    const auto bytes = read_file(folder_ / name);
    if (!bytes.ok()) return bytes.error();
    return ParquetTable::read(*bytes, name);
  }

  Result<Done> read_info() {
    auto info = read_json("meta/info.json");
    if (!info.ok()) return info.error();
    info_ = std::move(info).value();
    try {
      const auto version = info_.at("codebase_version").get<std::string>();
      if (version != "v3.0") {
        return Error{ErrorCode::unsupported, "version " + version + ", only v3.0 is known",
                     "meta/info.json:/codebase_version"};
      }
      rate_hz_ = info_.at("fps").get<int>();
      episodes_ = info_.at("total_episodes").get<std::int64_t>();
      frames_ = info_.at("total_frames").get<std::int64_t>();
      task_count_ = info_.at("total_tasks").get<std::int64_t>();
      for (const auto& [key, feature] : info_.at("features").items()) {
        types_[key] = feature.at("dtype").get<std::string>();
        shapes_[key] = feature.at("shape").get<Int64s>();
        if (shapes_[key].empty()) return corrupt("meta/info.json:/features/" + key, "has no shape");
      }
    } catch (const Json::exception& e) {
      return corrupt("meta/info.json", e.what());
    }
    if (rate_hz_ < 1) return corrupt("meta/info.json:/fps", "must be positive");
    return Done{};
  }

  Result<Done> read_tasks() {
    const std::string name = "meta/tasks.parquet";
    const auto table = read_table(name);
    if (!table.ok()) return table.error();
    const auto numbers = table->int64s("task_index");
    if (!numbers.ok()) return numbers.error();
    auto texts = table->texts("task");
    if (!texts.ok()) return texts.error();
    tasks_ = std::move(texts).value();
    if (static_cast<std::int64_t>(tasks_.size()) != task_count_) {
      return corrupt(name, "has " + std::to_string(tasks_.size()) + " tasks, info.json says " +
                               std::to_string(task_count_));
    }
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      if ((*numbers)[i] != static_cast<std::int64_t>(i)) {
        return corrupt(name, "row " + std::to_string(i) + " must have task_index equal to its row");
      }
    }
    const std::set<std::string> unique(tasks_.begin(), tasks_.end());
    if (unique.size() != tasks_.size()) return corrupt(name, "has the same task twice");
    if (table->metadata("pandas").empty()) return corrupt(name, "lacks the pandas metadata");
    return Done{};
  }

  Result<Done> read_episodes() {
    const auto table = read_table(kEpisodesFile);
    if (!table.ok()) return table.error();
    if (table->rows() != episodes_) {
      return corrupt(kEpisodesFile, "has " + std::to_string(table->rows()) +
                                        " episodes, info.json says " + std::to_string(episodes_));
    }
    std::map<std::string, Int64s*> columns = {{"length", &lengths_},
                                              {"dataset_from_index", &from_},
                                              {"data/chunk_index", &data_chunk_},
                                              {"data/file_index", &data_file_}};
    for (const auto& [key, type] : types_) {
      if (type != "video") continue;
      columns["videos/" + key + "/chunk_index"] = &video_chunk_[key];
      columns["videos/" + key + "/file_index"] = &video_file_[key];
      for (const char* end : {"from", "to"}) {
        auto times = table->doubles("videos/" + key + "/" + end + "_timestamp");
        if (!times.ok()) return times.error();
        (end[0] == 'f' ? video_from_[key] : video_to_[key]) = std::move(times).value();
      }
    }
    for (const auto& [name, target] : columns) {
      auto values = table->int64s(name);
      if (!values.ok()) return values.error();
      *target = std::move(values).value();
    }
    const auto to = table->int64s("dataset_to_index");
    if (!to.ok()) return to.error();
    std::int64_t next = 0;
    for (std::size_t i = 0; i < lengths_.size(); ++i) {
      if (lengths_[i] < 1 || from_[i] != next || (*to)[i] != next + lengths_[i]) {
        return corrupt(kEpisodesFile,
                       "episode " + std::to_string(i) + " does not follow the one before");
      }
      next += lengths_[i];
    }
    if (next != frames_) {
      return corrupt(kEpisodesFile, "episodes hold " + std::to_string(next) +
                                        " frames, info.json says " + std::to_string(frames_));
    }
    return Done{};
  }

  // Episodes in one file are consecutive; each is one row group.
  Result<Done> check_data() const {
    for (std::size_t first = 0; first < lengths_.size();) {
      std::size_t last = first + 1;
      while (last < lengths_.size() && data_file_[last] == data_file_[first] &&
             data_chunk_[last] == data_chunk_[first]) {
        ++last;
      }
      if (auto r = check_data_file(first, last); !r.ok()) return r;
      first = last;
    }
    return Done{};
  }

  Result<Done> check_data_file(std::size_t first, std::size_t last) const {
    const std::string name =
        data_file_name(data_chunk_[first] * kFilesPerChunk + data_file_[first]);
    const auto table = read_table(name);
    if (!table.ok()) return table.error();
    const std::int64_t end = from_[last - 1] + lengths_[last - 1];
    if (table->rows() != end - from_[first]) {
      return corrupt(name, "has " + std::to_string(table->rows()) +
                               " rows, the episodes in it have " +
                               std::to_string(end - from_[first]));
    }
    if (table->row_groups() != static_cast<int>(last - first)) {
      return corrupt(name, "must have one row group per episode");
    }
    std::set<std::string> expected;
    for (const auto& [key, type] : types_) {
      if (type == "video") continue;
      expected.insert(key);
      if (auto r = check_column_type(*table, name, key, type); !r.ok()) return r;
    }
    const auto names = table->column_names();
    if (std::set<std::string>(names.begin(), names.end()) != expected) {
      return corrupt(name, "columns are not the features of info.json");
    }
    return check_counters(*table, name, first, last);
  }

  Result<Done> check_column_type(const ParquetTable& table, const std::string& file,
                                 const std::string& key, const std::string& type) const {
    const Int64s& shape = shapes_.at(key);
    const std::string found = table.type(key);
    if (type == "float32" && shape.size() == 1 && shape[0] > 1) {
      const auto values = table.float_lists(key, static_cast<std::size_t>(shape[0]));
      if (!values.ok()) return values.error();
      if (!std::all_of(values->begin(), values->end(), [](float v) { return std::isfinite(v); })) {
        return corrupt(file, "column " + key + " holds a number that is not finite");
      }
      return Done{};
    }
    const std::map<std::string, std::string> scalars = {
        {"float32", "float"},
        {"int64", "int64"},
        {"bool", "bool"},
        {"image", "struct<bytes: binary, path: string>"}};
    const auto at = scalars.find(type);
    if (at == scalars.end() || at->second != found) {
      return corrupt(file, "column " + key + " is '" + found + "', info.json says " + type);
    }
    return Done{};
  }

  Result<Done> check_counters(const ParquetTable& table, const std::string& file, std::size_t first,
                              std::size_t last) const {
    const auto index = table.int64s("index");
    if (!index.ok()) return index.error();
    const auto frame = table.int64s("frame_index");
    if (!frame.ok()) return frame.error();
    const auto episode = table.int64s("episode_index");
    if (!episode.ok()) return episode.error();
    const auto task = table.int64s("task_index");
    if (!task.ok()) return task.error();
    const auto time_s = table.doubles("timestamp");
    if (!time_s.ok()) return time_s.error();
    std::size_t row = 0;
    for (std::size_t e = first; e < last; ++e) {
      for (std::int64_t k = 0; k < lengths_[e]; ++k, ++row) {
        const auto expected_s = static_cast<float>(static_cast<double>(k) / rate_hz_);
        const bool good = (*index)[row] == from_[e] + k && (*frame)[row] == k &&
                          (*episode)[row] == static_cast<std::int64_t>(e) && (*task)[row] >= 0 &&
                          (*task)[row] < task_count_ &&
                          (*time_s)[row] == static_cast<double>(expected_s);
        if (!good)
          return corrupt(file, "row " + std::to_string(row) + " is numbered or timed wrongly");
      }
    }
    return Done{};
  }

  Result<Done> check_statistics() const {
    const std::string name = "meta/stats.json";
    const auto stats = read_json(name);
    if (!stats.ok()) return stats.error();
    for (const auto& [key, type] : types_) {
      const bool visual = type == "video" || type == "image";
      const Int64s& shape = shapes_.at(key);
      const auto entries = static_cast<std::size_t>(visual ? shape.back() : shape.front());
      for (const char* field : {"min", "max", "mean", "std", "q01", "q10", "q50", "q90", "q99"}) {
        const std::string where = name + ":/" + key + "/" + field;
        if (!stats->contains(key) || !(*stats)[key].contains(field))
          return corrupt(where, "is missing");
        const Json& values = (*stats)[key][field];
        if (!values.is_array() || values.size() != entries) {
          return corrupt(where, "must have " + std::to_string(entries) + " entries");
        }
        for (const Json& v : values) {
          if (visual ? !(v.is_array() && v.size() == 1 && v[0].is_array()) : !v.is_number()) {
            return corrupt(where, "must hold numbers in the feature's shape");
          }
        }
      }
    }
    return Done{};
  }

  Result<Done> check_videos() const {
    for (const auto& [key, type] : types_) {
      if (type != "video") continue;
      const Int64s& chunk = video_chunk_.at(key);
      const Int64s& file = video_file_.at(key);
      for (std::size_t first = 0; first < lengths_.size();) {
        std::size_t last = first + 1;
        while (last < lengths_.size() && file[last] == file[first] && chunk[last] == chunk[first]) {
          ++last;
        }
        const std::string name = video_file_name(key, chunk[first] * kFilesPerChunk + file[first]);
        if (auto r = check_video(key, name, first, last); !r.ok()) return r;
        first = last;
      }
    }
    return Done{};
  }

  Result<Done> check_video(const std::string& key, const std::string& name, std::size_t first,
                           std::size_t last) const {
    const auto info = probe(folder_ / name);
    if (!info.ok()) return info.error();
    std::int64_t frames = 0;
    for (std::size_t e = first; e < last; ++e) {
      const double from_s = static_cast<double>(frames) / rate_hz_;
      const double to_s = static_cast<double>(frames + lengths_[e]) / rate_hz_;
      if (video_from_.at(key)[e] != from_s || video_to_.at(key)[e] != to_s) {
        return corrupt(kEpisodesFile,
                       "episode " + std::to_string(e) + " lies elsewhere in " + name);
      }
      frames += lengths_[e];
    }
    if (static_cast<std::int64_t>(info->frame_time_ns.size()) != frames) {
      return corrupt(name, "has " + std::to_string(info->frame_time_ns.size()) +
                               " frames, its episodes have " + std::to_string(frames));
    }
    const Int64s& shape = shapes_.at(key);
    if (shape.size() != 3 || info->height_px != shape[0] || info->width_px != shape[1]) {
      return corrupt(name, "has another picture size than info.json says");
    }
    for (std::size_t k = 0; k < info->frame_time_ns.size(); ++k) {
      const double expected_s = static_cast<double>(k) / rate_hz_;
      if (std::abs(seconds_from_ns(info->frame_time_ns[k]) - expected_s) > kTimeToleranceS) {
        return corrupt(name, "frame " + std::to_string(k) + " is not at k / fps");
      }
    }
    if (frames > 1 && std::abs(info->nominal_rate_hz - rate_hz_) > 1e-6 * rate_hz_) {
      return corrupt(name,
                     "average rate is " + std::to_string(info->nominal_rate_hz) + ", not fps");
    }
    return Done{};
  }

  fs::path folder_;
  Json info_;
  int rate_hz_ = 0;
  std::int64_t episodes_ = 0;
  std::int64_t frames_ = 0;
  std::int64_t task_count_ = 0;
  std::map<std::string, std::string> types_;
  std::map<std::string, Int64s> shapes_;
  std::vector<std::string> tasks_;
  Int64s lengths_;
  Int64s from_;
  Int64s data_chunk_;
  Int64s data_file_;
  std::map<std::string, Int64s> video_chunk_;
  std::map<std::string, Int64s> video_file_;
  std::map<std::string, std::vector<double>> video_from_;
  std::map<std::string, std::vector<double>> video_to_;
};

}  // namespace

Result<DatasetSummary> verify_lerobot(const fs::path& folder) {
  return LerobotVerifier(folder).verify();
}

}  // namespace hearth
