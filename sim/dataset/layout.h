// SPDX-License-Identifier: Apache-2.0
#pragma once

// Names and places of LeRobot v3.0, and the metadata files that describe a dataset.

#include <hearth/dataset/lerobot.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hearth {

using Json = nlohmann::ordered_json;

inline constexpr std::int64_t kFilesPerChunk = 1000;
inline constexpr const char* kDataPath =
    "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet";
inline constexpr const char* kVideoPath =
    "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4";
inline constexpr const char* kEpisodesFile = "meta/episodes/chunk-000/file-000.parquet";

// A running file number as (chunk, file).
struct FilePlace {
  std::int64_t chunk = 0;
  std::int64_t file = 0;
};
FilePlace place_of(std::int64_t number);
std::string data_file_name(std::int64_t number);
std::string video_file_name(const std::string& key, std::int64_t number);
std::string extras_folder(std::int64_t episode);

enum class FeatureKind { video, picture, numbers, float_scalar, int_scalar, bool_scalar };

// One feature in info.json order.
struct Feature {
  std::string key{};
  FeatureKind kind = FeatureKind::numbers;
  std::vector<std::string> names{};  // numbers: one per dimension
  int width_px = 0;                  // video, picture
  int height_px = 0;
  std::string unit{};  // picture: "mm" for depth
};

std::string camera_key(const DatasetCamera& camera);
std::string depth_key(const DatasetCamera& camera);
std::string bodies_key(const DatasetCamera& camera);

std::vector<Feature> features_of(const DatasetSpec& spec);

std::string info_json(const DatasetSpec& spec, const std::vector<Feature>& features,
                      std::int64_t episodes, std::int64_t frames, std::int64_t tasks,
                      const WriteLerobotOptions& options);
// The key-value pair by which `datasets` knows column types without info.json.
std::string huggingface_metadata(const std::vector<Feature>& features);
// The key-value pair by which pandas makes `task` the index.
std::string pandas_task_metadata();
std::string stats_json(const std::vector<Feature>& features,
                       const std::map<std::string, ColumnStatistics>& statistics);
std::string card_text(const DatasetSpec& spec, std::int64_t episodes, std::int64_t frames,
                      std::int64_t successes, const std::vector<std::string>& tasks);

}  // namespace hearth
