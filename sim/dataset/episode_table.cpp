// SPDX-License-Identifier: Apache-2.0
#include "sim/dataset/episode_table.h"

#include <utility>

namespace hearth {
namespace {

using Rows = std::vector<EpisodeRow>;
using Values = std::vector<double> ColumnStatistics::*;

constexpr std::pair<const char*, Values> kFields[] = {
    {"min", &ColumnStatistics::min},   {"max", &ColumnStatistics::max},
    {"mean", &ColumnStatistics::mean}, {"std", &ColumnStatistics::std},
    {"q01", &ColumnStatistics::q01},   {"q10", &ColumnStatistics::q10},
    {"q50", &ColumnStatistics::q50},   {"q90", &ColumnStatistics::q90},
    {"q99", &ColumnStatistics::q99}};

template <class T, class Get>
std::vector<T> gathered(const Rows& rows, const Get& get) {
  std::vector<T> out;
  out.reserve(rows.size());
  for (const EpisodeRow& row : rows) out.push_back(get(row));
  return out;
}

template <class Get>
Column row_int64(const std::string& name, const Rows& rows, const Get& get) {
  return int64_column(name, gathered<std::int64_t>(rows, get));
}

Column row_text(const std::string& name, const Rows& rows, std::string EpisodeRow::*field) {
  return text_column(name,
                     gathered<std::string>(rows, [&](const EpisodeRow& r) { return r.*field; }));
}

void push_video_columns(std::vector<Column>& out, const DatasetSpec& spec, const Rows& rows) {
  for (std::size_t c = 0; c < spec.cameras.size(); ++c) {
    const std::string base = "videos/" + camera_key(spec.cameras[c]) + "/";
    // Whole frames over the rate, never a running sum of durations.
    const auto time_s = [&](const EpisodeRow& r, std::int64_t more) {
      return static_cast<double>(r.videos[c].first_frame + more) / spec.rate_hz;
    };
    out.push_back(row_int64(base + "chunk_index", rows,
                            [&](const EpisodeRow& r) { return place_of(r.videos[c].file).chunk; }));
    out.push_back(row_int64(base + "file_index", rows,
                            [&](const EpisodeRow& r) { return place_of(r.videos[c].file).file; }));
    const auto from = [&](const EpisodeRow& r) { return time_s(r, 0); };
    const auto to = [&](const EpisodeRow& r) { return time_s(r, r.length); };
    out.push_back(double_column(base + "from_timestamp", gathered<double>(rows, from)));
    out.push_back(double_column(base + "to_timestamp", gathered<double>(rows, to)));
  }
}

void push_own_columns(std::vector<Column>& out, const Rows& rows) {
  out.push_back(
      bool_column("success", gathered<bool>(rows, [](const EpisodeRow& r) { return r.success; })));
  out.push_back(row_text("hearth/variant_id", rows, &EpisodeRow::variant_id));
  out.push_back(row_int64("hearth/seed", rows, [](const EpisodeRow& r) { return r.seed; }));
  out.push_back(row_text("hearth/layout", rows, &EpisodeRow::layout_id));
  out.push_back(row_text("hearth/source_episode", rows, &EpisodeRow::source_episode));
  out.push_back(row_text("hearth/recipe", rows, &EpisodeRow::recipe));
  for (const auto& quantity : rows.front().quantities) {
    const std::string& key = quantity.first;
    const auto value = [&](const EpisodeRow& r) { return r.quantities.at(key); };
    out.push_back(double_column("hearth/" + key, gathered<double>(rows, value)));
  }
}

void push_statistics_columns(std::vector<Column>& out, const std::vector<Feature>& features,
                             const Rows& rows) {
  for (const Feature& feature : features) {
    const std::string base = "stats/" + feature.key + "/";
    const bool visual = feature.kind == FeatureKind::video || feature.kind == FeatureKind::picture;
    for (const auto& [field, values] : kFields) {
      const Values member = values;
      const auto lists = gathered<std::vector<double>>(
          rows, [&](const EpisodeRow& r) { return r.statistics.at(feature.key).*member; });
      out.push_back(visual ? channel_column(base + field, lists)
                           : double_list_column(base + field, lists));
    }
    const auto count = [&](const EpisodeRow& r) {
      return std::vector<std::int64_t>{r.statistics.at(feature.key).count};
    };
    out.push_back(
        int64_list_column(base + "count", gathered<std::vector<std::int64_t>>(rows, count)));
  }
}

}  // namespace

std::vector<Column> episode_columns(const DatasetSpec& spec, const std::vector<Feature>& features,
                                    const std::vector<EpisodeRow>& rows) {
  std::vector<Column> out;
  std::int64_t next = 0;
  out.push_back(row_int64("episode_index", rows, [&](const EpisodeRow&) { return next++; }));
  const auto tasks = [](const EpisodeRow& r) { return std::vector<std::string>{r.task}; };
  out.push_back(text_list_column("tasks", gathered<std::vector<std::string>>(rows, tasks)));
  out.push_back(row_int64("length", rows, [](const EpisodeRow& r) { return r.length; }));
  out.push_back(row_int64("data/chunk_index", rows,
                          [](const EpisodeRow& r) { return place_of(r.data_file).chunk; }));
  out.push_back(row_int64("data/file_index", rows,
                          [](const EpisodeRow& r) { return place_of(r.data_file).file; }));
  out.push_back(
      row_int64("dataset_from_index", rows, [](const EpisodeRow& r) { return r.from_index; }));
  out.push_back(row_int64("dataset_to_index", rows,
                          [](const EpisodeRow& r) { return r.from_index + r.length; }));
  push_video_columns(out, spec, rows);
  push_own_columns(out, rows);
  out.push_back(row_int64("meta/episodes/chunk_index", rows, [](const EpisodeRow&) { return 0; }));
  out.push_back(row_int64("meta/episodes/file_index", rows, [](const EpisodeRow&) { return 0; }));
  push_statistics_columns(out, features, rows);
  return out;
}

}  // namespace hearth
