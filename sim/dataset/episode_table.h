// SPDX-License-Identifier: Apache-2.0
#pragma once

// The table of episodes: what is kept of each until all are written, and its columns.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/dataset/layout.h"
#include "sim/dataset/parquet_file.h"

namespace hearth {

// Where one camera's pictures of one episode lie.
struct VideoSpan {
  std::int64_t file = 0;
  std::int64_t first_frame = 0;
};

// What is kept of an episode until the tables of all episodes are written.
struct EpisodeRow {
  std::int64_t length = 0;
  std::int64_t from_index = 0;
  std::int64_t data_file = 0;
  std::string task{};
  bool success = false;
  std::int64_t seed = 0;
  std::string variant_id{};
  std::string layout_id{};
  std::string source_episode{};
  std::string recipe{};
  std::map<std::string, double> quantities{};
  std::vector<VideoSpan> videos{};
  std::map<std::string, ColumnStatistics> statistics{};
};

// Columns of meta/episodes, one row per episode, at least one.
std::vector<Column> episode_columns(const DatasetSpec& spec, const std::vector<Feature>& features,
                                    const std::vector<EpisodeRow>& rows);

}  // namespace hearth
