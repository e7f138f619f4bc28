// SPDX-License-Identifier: Apache-2.0
#include "sim/dataset/layout.h"

#include <cmath>

namespace hearth {
namespace {

std::string padded(std::int64_t number, std::size_t width) {
  std::string text = std::to_string(number);
  return text.size() >= width ? text : std::string(width - text.size(), '0') + text;
}

Json visual_info(const Feature& feature, const DatasetSpec& spec) {
  return {{"video.height", feature.height_px},
          {"video.width", feature.width_px},
          {"video.codec", "h264"},
          {"video.pix_fmt", "yuv420p"},
          {"video.fps", spec.rate_hz},
          {"video.channels", 3},
          {"has_audio", false},
          {"video.g", spec.encoding.keyframe_interval},
          {"video.crf", spec.encoding.crf},
          {"video.preset", spec.encoding.preset},
          {"video.fast_decode", 0},
          {"video.video_backend", "pyav"},
          {"video.extra_options", Json::object()},
          {"is_depth_map", false}};
}

std::string type_name(FeatureKind kind) {
  switch (kind) {
    case FeatureKind::video:
      return "video";
    case FeatureKind::picture:
      return "image";
    case FeatureKind::numbers:
    case FeatureKind::float_scalar:
      return "float32";
    case FeatureKind::int_scalar:
      return "int64";
    case FeatureKind::bool_scalar:
      return "bool";
  }
  return {};
}

Json feature_json(const Feature& feature, const DatasetSpec& spec) {
  Json out = Json::object();
  out["dtype"] = type_name(feature.kind);
  switch (feature.kind) {
    case FeatureKind::video:
    case FeatureKind::picture:
      out["shape"] = Json::array(
          {feature.height_px, feature.width_px, feature.kind == FeatureKind::video ? 3 : 1});
      out["names"] = Json::array({"height", "width", "channels"});
      break;
    case FeatureKind::numbers:
      out["shape"] = Json::array({feature.names.size()});
      out["names"] = feature.names;
      break;
    default:
      out["shape"] = Json::array({1});
      out["names"] = nullptr;
  }
  if (feature.kind == FeatureKind::video) out["info"] = visual_info(feature, spec);
  if (feature.unit == "mm") out["info"] = {{"is_depth_map", true}, {"depth_unit", "mm"}};
  return out;
}

// Pictures are (channels, 1, 1), everything else a list with one entry per dimension.
Json shaped(const std::vector<double>& values, bool visual) {
  Json out = Json::array();
  for (const double v : values) {
    if (visual) {
      out.push_back(Json::array({Json::array({v})}));
    } else {
      out.push_back(v);
    }
  }
  return out;
}

}  // namespace

FilePlace place_of(std::int64_t number) {
  return {number / kFilesPerChunk, number % kFilesPerChunk};
}

std::string data_file_name(std::int64_t number) {
  const FilePlace place = place_of(number);
  return "data/chunk-" + padded(place.chunk, 3) + "/file-" + padded(place.file, 3) + ".parquet";
}

std::string video_file_name(const std::string& key, std::int64_t number) {
  const FilePlace place = place_of(number);
  return "videos/" + key + "/chunk-" + padded(place.chunk, 3) + "/file-" + padded(place.file, 3) +
         ".mp4";
}

std::string extras_folder(std::int64_t episode) { return "extras/episode_" + padded(episode, 6); }

std::string camera_key(const DatasetCamera& camera) { return "observation.images." + camera.name; }
std::string depth_key(const DatasetCamera& camera) { return camera_key(camera) + "_depth"; }
std::string bodies_key(const DatasetCamera& camera) { return camera_key(camera) + "_bodies"; }

std::vector<Feature> features_of(const DatasetSpec& spec) {
  std::vector<Feature> out;
  out.push_back({"observation.state", FeatureKind::numbers, spec.state_names});
  out.push_back({"action", FeatureKind::numbers, spec.action_names});
  for (const DatasetCamera& camera : spec.cameras) {
    const int w = camera.width_px;
    const int h = camera.height_px;
    out.push_back({camera_key(camera), FeatureKind::video, {}, w, h});
    if (camera.has_depth) out.push_back({depth_key(camera), FeatureKind::picture, {}, w, h, "mm"});
    if (camera.has_bodies) out.push_back({bodies_key(camera), FeatureKind::picture, {}, w, h});
  }
  out.push_back({"next.done", FeatureKind::bool_scalar});
  out.push_back({"next.success", FeatureKind::bool_scalar});
  out.push_back({"timestamp", FeatureKind::float_scalar});
  for (const char* key : {"frame_index", "episode_index", "index", "task_index"}) {
    out.push_back({key, FeatureKind::int_scalar});
  }
  return out;
}

std::string info_json(const DatasetSpec& spec, const std::vector<Feature>& features,
                      std::int64_t episodes, std::int64_t frames, std::int64_t tasks,
                      const WriteLerobotOptions& options) {
  Json described = Json::object();
  for (const Feature& feature : features) described[feature.key] = feature_json(feature, spec);
  Json info = {{"codebase_version", "v3.0"},
               {"fps", spec.rate_hz},
               {"features", described},
               {"total_episodes", episodes},
               {"total_frames", frames},
               {"total_tasks", tasks},
               {"chunks_size", kFilesPerChunk},
               {"data_files_size_in_mb", std::llround(std::ceil(options.data_file_mb))},
               {"video_files_size_in_mb", std::llround(std::ceil(options.video_file_mb))},
               {"data_path", kDataPath},
               {"video_path", nullptr},
               {"robot_type", spec.robot_type},
               {"splits", Json::object()}};
  info["splits"]["train"] = "0:" + std::to_string(episodes);
  if (!spec.cameras.empty()) info["video_path"] = kVideoPath;
  return info.dump(4) + "\n";
}

std::string huggingface_metadata(const std::vector<Feature>& features) {
  Json described = Json::object();
  for (const Feature& feature : features) {
    const Json value = {{"dtype", type_name(feature.kind)}, {"_type", "Value"}};
    if (feature.kind == FeatureKind::video) continue;
    if (feature.kind == FeatureKind::picture) {
      described[feature.key]["_type"] = "Image";
    } else if (feature.kind == FeatureKind::numbers && feature.names.size() > 1) {
      described[feature.key] = {
          {"feature", value}, {"length", feature.names.size()}, {"_type", "List"}};
    } else {
      described[feature.key] = value;
    }
  }
  Json out = Json::object();
  out["info"]["features"] = described;
  return out.dump();
}

std::string pandas_task_metadata() {
  const auto column = [](const char* name, const char* pandas_type, const char* numpy_type) {
    return Json{{"name", name},
                {"field_name", name},
                {"pandas_type", pandas_type},
                {"numpy_type", numpy_type},
                {"metadata", nullptr}};
  };
  const Json unnamed = {{"name", nullptr},
                        {"field_name", nullptr},
                        {"pandas_type", "unicode"},
                        {"numpy_type", "object"},
                        {"metadata", {{"encoding", "UTF-8"}}}};
  const Json out = {{"index_columns", Json::array({"task"})},
                    {"column_indexes", Json::array({unnamed})},
                    {"columns", Json::array({column("task_index", "int64", "int64"),
                                             column("__index_level_0__", "unicode", "object"),
                                             column("task", "unicode", "object")})},
                    {"creator", {{"library", "pyarrow"}, {"version", "26.0.1"}}},
                    {"pandas_version", "2.2.3"}};
  return out.dump();
}

std::string stats_json(const std::vector<Feature>& features,
                       const std::map<std::string, ColumnStatistics>& statistics) {
  Json out = Json::object();
  for (const Feature& feature : features) {
    const ColumnStatistics& s = statistics.at(feature.key);
    const bool visual = feature.kind == FeatureKind::video || feature.kind == FeatureKind::picture;
    out[feature.key] = {{"min", shaped(s.min, visual)},    {"max", shaped(s.max, visual)},
                        {"mean", shaped(s.mean, visual)},  {"std", shaped(s.std, visual)},
                        {"count", Json::array({s.count})}, {"q01", shaped(s.q01, visual)},
                        {"q10", shaped(s.q10, visual)},    {"q50", shaped(s.q50, visual)},
                        {"q90", shaped(s.q90, visual)},    {"q99", shaped(s.q99, visual)}};
  }
  return out.dump(4) + "\n";
}

std::string card_text(const DatasetSpec& spec, std::int64_t episodes, std::int64_t frames,
                      std::int64_t successes, const std::vector<std::string>& tasks) {
  std::string out =
      "---\ntask_categories:\n- robotics\ntags:\n- LeRobot\n- hearth\n"
      "configs:\n- config_name: default\n  data_files: data/*/*.parquet\n---\n\n"
      "# Demonstrations made with hearth\n\n";
  if (spec.holds_footage) {
    out += "**" + spec.footage_permit +
           " footage**: recorded pictures of people and homes are inside"
           " and nobody has checked what they show.\n\n";
  } else {
    out += "All pictures are rendered; no recorded footage is inside.\n\n";
  }
  if (!spec.description.empty()) out += spec.description + "\n\n";
  out += "| | |\n|---|---|\n| robot | " + spec.robot_type + " |\n| episodes | " +
         std::to_string(episodes) + ", of which " + std::to_string(successes) +
         " succeed |\n| frames | " + std::to_string(frames) + " at " +
         std::to_string(spec.rate_hz) + " Hz |\n| state, action | " +
         std::to_string(spec.state_names.size()) + ", " + std::to_string(spec.action_names.size()) +
         " numbers |\n| cameras | ";
  for (std::size_t i = 0; i < spec.cameras.size(); ++i) {
    out += (i == 0 ? "" : ", ") + spec.cameras[i].name;
  }
  out += " |\n\nTasks:\n";
  for (const std::string& task : tasks) out += "- " + task + "\n";
  out +=
      "\nFormat: LeRobot v3.0. Action row k is what the replay executed between frame k and k + 1;"
      " together with\n`extras/episode_*/model.xml.gz` and row 0 of `states.npz` it reproduces all"
      " further rows of `states.npz`.\nSeed, variant and drawn quantities are columns of"
      " `meta/episodes` and stand in `extras/episode_*/ep_meta.json`.\n";
  return out;
}

}  // namespace hearth
