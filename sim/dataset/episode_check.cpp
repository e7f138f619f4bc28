// SPDX-License-Identifier: Apache-2.0
#include "sim/dataset/episode_check.h"

#include <hearth/video/probe.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace hearth {
namespace {

using Json = nlohmann::ordered_json;

Error bad(std::string where, std::string message) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(where)};
}

// Keys become column and folder names.
bool plain_name(const std::string& name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), plain);
}

bool valid_utf8(const std::string& text) {
  try {
    return !Json(text).dump().empty();
  } catch (const Json::exception&) {
    return false;
  }
}

bool unique_and_filled(const std::vector<std::string>& names) {
  const std::set<std::string> seen(names.begin(), names.end());
  return seen.size() == names.size() && seen.count("") == 0;
}

bool is_json_object(const std::string& text) {
  return Json::parse(text, nullptr, false).is_object();
}

std::optional<Error> check_table(const TableF32& table, std::size_t rows, std::size_t columns,
                                 const std::string& where) {
  if (table.rows != rows || table.columns != columns || table.values.size() != rows * columns) {
    return bad(where, "must be " + std::to_string(rows) + " x " + std::to_string(columns) +
                          " numbers, not " + std::to_string(table.rows) + " x " +
                          std::to_string(table.columns));
  }
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    if (!std::isfinite(table.values[i])) {
      return bad(where + "/" + std::to_string(i / columns) + "/" + std::to_string(i % columns),
                 "must be finite");
    }
  }
  return std::nullopt;
}

std::optional<Error> check_stills(const StillTrack& stills, bool wanted, std::size_t rows,
                                  const std::string& where) {
  const std::size_t expected = wanted ? rows : 0;
  if (stills.png.size() != expected ||
      stills.histogram.frames != static_cast<std::int64_t>(expected)) {
    return bad(where, "must hold " + std::to_string(expected) + " pictures, not " +
                          std::to_string(stills.png.size()));
  }
  return std::nullopt;
}

std::optional<Error> check_video(const std::filesystem::path& file, const DatasetCamera& camera,
                                 std::size_t rows, const std::string& where) {
  const auto info = probe(file);
  if (!info.ok()) return Error{info.error().code, to_string(info.error()), where};
  if (info->width_px != camera.width_px || info->height_px != camera.height_px) {
    return bad(where, "must be " + std::to_string(camera.width_px) + " x " +
                          std::to_string(camera.height_px) + " pixels, not " +
                          std::to_string(info->width_px) + " x " + std::to_string(info->height_px));
  }
  if (info->codec != "h264") return bad(where, "must be h264, not " + info->codec);
  if (info->frame_time_ns.size() != rows) {
    return bad(where, "must have " + std::to_string(rows) + " frames, not " +
                          std::to_string(info->frame_time_ns.size()));
  }
  return std::nullopt;
}

std::optional<Error> check_cameras(const DatasetSpec& spec, const DatasetEpisode& episode,
                                   std::size_t rows, const std::string& at) {
  if (episode.cameras.size() != spec.cameras.size()) {
    return bad(at + "cameras", "must be " + std::to_string(spec.cameras.size()) + ", not " +
                                   std::to_string(episode.cameras.size()));
  }
  for (std::size_t c = 0; c < spec.cameras.size(); ++c) {
    const EpisodeCamera& camera = episode.cameras[c];
    const std::string where = at + "cameras/" + std::to_string(c) + "/";
    if (auto e = check_video(camera.video_file, spec.cameras[c], rows, where + "video_file")) {
      return e;
    }
    if (camera.pixels && camera.pixels->frames != static_cast<std::int64_t>(rows)) {
      return bad(where + "pixels", "must count " + std::to_string(rows) + " frames, not " +
                                       std::to_string(camera.pixels->frames));
    }
    if (auto e = check_stills(camera.depth, spec.cameras[c].has_depth, rows, where + "depth")) {
      return e;
    }
    if (auto e = check_stills(camera.bodies, spec.cameras[c].has_bodies, rows, where + "bodies")) {
      return e;
    }
  }
  return std::nullopt;
}

std::optional<Error> check_texts(const DatasetEpisode& episode, const std::string& at) {
  if (episode.task.empty() || !valid_utf8(episode.task)) {
    return bad(at + "task", "must be a non-empty UTF-8 text");
  }
  const std::pair<const char*, const std::string*> texts[] = {
      {"variant_id", &episode.variant_id},
      {"layout_id", &episode.layout_id},
      {"source_episode", &episode.source_episode},
      {"model_xml", &episode.model_xml}};
  for (const auto& [field, text] : texts) {
    if (!valid_utf8(*text)) return bad(at + field, "must be UTF-8");
  }
  if (!is_json_object(episode.recipe_json)) return bad(at + "recipe_json", "must be a JSON object");
  for (const auto& [key, text] : episode.notes_json) {
    if (!plain_name(key))
      return bad(at + "notes_json/" + key, "must be named by letters, digits, _");
    if (Json::parse(text, nullptr, false).is_discarded()) {
      return bad(at + "notes_json/" + key, "must be JSON");
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> check_spec(const DatasetSpec& spec) {
  if (spec.rate_hz < 1 || spec.rate_hz > 1000) return bad("rate_hz", "must be within 1..1000");
  if (spec.state_names.empty() || !unique_and_filled(spec.state_names)) {
    return bad("state_names", "must be unique, non-empty texts, at least one");
  }
  if (spec.action_names.empty() || !unique_and_filled(spec.action_names)) {
    return bad("action_names", "must be unique, non-empty texts, at least one");
  }
  std::vector<std::string> keys;
  for (std::size_t c = 0; c < spec.cameras.size(); ++c) {
    const DatasetCamera& camera = spec.cameras[c];
    const std::string where = "cameras/" + std::to_string(c) + "/";
    if (!plain_name(camera.name))
      return bad(where + "name", "must be letters, digits, underscores");
    const auto even = [](int v) { return v > 0 && v % 2 == 0; };
    if (!even(camera.width_px)) return bad(where + "width_px", "must be positive and even");
    if (!even(camera.height_px)) return bad(where + "height_px", "must be positive and even");
    keys.push_back(camera.name);
    if (camera.has_depth) keys.push_back(camera.name + "_depth");
    if (camera.has_bodies) keys.push_back(camera.name + "_bodies");
  }
  if (!unique_and_filled(keys)) return bad("cameras", "must have different names");
  if (!is_json_object(spec.provenance_json)) return bad("provenance_json", "must be a JSON object");
  if (!valid_utf8(spec.description)) return bad("description", "must be UTF-8");
  if (!valid_utf8(spec.robot_type)) return bad("robot_type", "must be UTF-8");
  for (const auto* names : {&spec.state_names, &spec.action_names}) {
    if (!std::all_of(names->begin(), names->end(), valid_utf8)) {
      return bad(names == &spec.state_names ? "state_names" : "action_names", "must be UTF-8");
    }
  }
  return std::nullopt;
}

std::optional<Error> check_options(const WriteLerobotOptions& options) {
  const auto positive = [](double v) { return std::isfinite(v) && v > 0.0; };
  if (!positive(options.data_file_mb)) return bad("data_file_mb", "must be positive");
  if (!positive(options.video_file_mb)) return bad("video_file_mb", "must be positive");
  if (!positive(options.video_file_s) || options.video_file_s > 1000.0) {
    return bad("video_file_s", "must be positive and at most 1000");
  }
  return std::nullopt;
}

std::optional<Error> check_episode(const DatasetSpec& spec, const DatasetEpisode& episode,
                                   std::int64_t index, const std::set<std::string>& quantities) {
  const std::string at = "episodes/" + std::to_string(index) + "/";
  const std::size_t rows = episode.action.rows;
  if (rows == 0) return bad(at + "action", "must have at least one row");
  if (auto e = check_table(episode.action, rows, spec.action_names.size(), at + "action")) return e;
  if (auto e = check_table(episode.state, rows, spec.state_names.size(), at + "state")) return e;
  if (auto e = check_texts(episode, at)) return e;
  if (episode.seed > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return bad(at + "seed", "must fit into a signed 64-bit column");
  }
  std::set<std::string> own;
  for (const auto& [key, value] : episode.quantities) {
    if (!plain_name(key))
      return bad(at + "quantities/" + key, "must be named by letters, digits, _");
    if (!std::isfinite(value)) return bad(at + "quantities/" + key, "must be finite");
    own.insert(key);
  }
  if (own != quantities) return bad(at + "quantities", "must have the keys of episode 0");
  const Table& replay = episode.replay_state;
  if (!replay.values.empty() &&
      (replay.rows != rows + 1 || replay.values.size() != replay.rows * replay.columns)) {
    return bad(at + "replay_state", "must have " + std::to_string(rows + 1) + " rows, not " +
                                        std::to_string(replay.rows));
  }
  return check_cameras(spec, episode, rows, at);
}

}  // namespace hearth
