// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/hearth_tracks.h>
#include <hearth/io/files.h>
#include <hearth/video/probe.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <utility>

#include "read_parts.h"
#include "sim/ingest/foreign/origin.h"
#include "sim/ingest/foreign/path_tracks.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

using foreign::JsonPlace;
using foreign::JsonText;
using tracks_format::Arrays;
using tracks_format::only_keys;

constexpr const char* kName = "hearth_tracks";
constexpr int kVersion = 1;
constexpr std::int64_t kMostFrames = 10'000'000;
/// Frame times of a method and of the container may differ by what a coarse time base rounds.
constexpr TimeNs kTimeToleranceNs = 2'000'000;

/// Frame times that the file states, or nothing.
std::optional<std::vector<TimeNs>> stated_times(const JsonPlace& root, const Arrays& arrays) {
  if (!root.has("frames")) return std::nullopt;
  const JsonPlace place = root["frames"];
  if (place.has("time_ns")) {
    only_keys(place, {"time_ns"});
    std::vector<TimeNs> times = arrays.times(place["time_ns"]);
    if (!times.empty() && times.front() != 0) {
      place["time_ns"].fail(ErrorCode::corrupt, "the first frame must have time 0");
    }
    return times;
  }
  only_keys(place, {"count", "rate_hz"});
  const std::int64_t count = place["count"].integer();
  const double rate_hz = place["rate_hz"].number();
  if (count < 1 || count > kMostFrames) {
    place["count"].fail(ErrorCode::corrupt, "must lie in 1.." + std::to_string(kMostFrames));
    return std::vector<TimeNs>{};
  }
  if (!(rate_hz >= 1e-3 && rate_hz <= 1e6)) {
    place["rate_hz"].fail(ErrorCode::corrupt, "must lie in 0.001..1e6");
    return std::vector<TimeNs>{};
  }
  std::vector<TimeNs> times;
  for (std::int64_t i = 0; i < count; ++i) {
    times.push_back(ns_from_seconds(static_cast<double>(i) / rate_hz));
  }
  return times;
}

/// The frames of episode, clip or file, in this order; the file's own word must agree.
Result<std::vector<TimeNs>> frame_times(const JsonPlace& root, const Arrays& arrays,
                                        const ImportOptions& options, Imported& imported) {
  const std::optional<std::vector<TimeNs>> stated = stated_times(root, arrays);
  std::optional<std::vector<TimeNs>> known;
  if (options.episode) {
    known = options.episode->frame_time_ns;
  } else if (root.has("clip")) {
    const std::optional<fs::path> clip = arrays.file(root["clip"]);
    if (!clip) return std::vector<TimeNs>{};
    const Result<VideoInfo> info = probe(*clip);
    if (!info) return info.error();
    known = info->frame_time_ns;
    imported.clip = ImportedClip{*clip, {}, {}};
  }
  if (!known && !stated) {
    root.fail(ErrorCode::corrupt, "needs frames, a clip, or the episode that it belongs to");
    return std::vector<TimeNs>{};
  }
  if (!known) return *stated;
  if (!stated || stated->empty()) return *known;
  const std::string what = options.episode ? "episode" : "clip";
  if (stated->size() != known->size()) {
    return Error{ErrorCode::invalid_argument,
                 "the file has " + std::to_string(stated->size()) + " frames, the " + what + " " +
                     std::to_string(known->size()),
                 "/frames"};
  }
  for (std::size_t i = 0; i < known->size(); ++i) {
    if (std::llabs((*stated)[i] - (*known)[i]) > kTimeToleranceNs) {
      return Error{ErrorCode::invalid_argument,
                   "frame " + std::to_string(i) + " is at " + std::to_string((*stated)[i]) +
                       " ns in the file, at " + std::to_string((*known)[i]) + " ns in the " + what,
                   "/frames"};
    }
  }
  return *known;
}

void read_world(const JsonPlace& root, const ImportOptions& options, Tracks& tracks) {
  bool metric = true;
  std::optional<Vec3> up;
  if (root.has("world")) {
    const JsonPlace place = root["world"];
    only_keys(place, {"metric", "up"});
    if (place.has("metric")) metric = place["metric"].boolean();
    if (place.has("up") && !place["up"].is_null()) {
      up = place["up"].vec3();
      if (!(std::abs(norm(*up) - 1.0) <= 1e-3)) {
        place["up"].fail(ErrorCode::corrupt, "must be a unit vector");
      }
      up = normalized(*up);
    }
  }
  foreign::set_map_facts(metric, up, options, tracks);
}

void read_sensors(const JsonPlace& root, const Arrays& arrays, SensorStreams& sensors) {
  sensors.source = kName;
  if (root.has("clock")) sensors.clock = root["clock"].text();
  if (sensors.clock.empty()) root["clock"].fail(ErrorCode::corrupt, "must be a name");
  if (root.has("imu")) read_imus(root["imu"], arrays, sensors);
}

void read_head(const JsonPlace& root) {
  only_keys(root,
            {"format", "version", "writer", "clip", "frames", "clock", "camera_model", "world",
             "camera", "hands", "objects", "boxes", "depth", "imu", "masks", "gloves", "commands"});
  if (root["format"].text() != kName) {
    root["format"].fail(ErrorCode::corrupt, "must be hearth_tracks");
  }
  if (root["version"].integer() != kVersion) {
    root["version"].fail(ErrorCode::unsupported, "this hearth reads version 1");
  }
  (void)root["writer"].text();
}

void read_tracks(const JsonPlace& root, const Arrays& arrays, const ImportOptions& options,
                 Imported& imported, Diagnostics& diagnostics) {
  Tracks& tracks = *imported.tracks;
  if (root.has("camera_model"))
    tracks.camera_model = tracks_format::read_camera_model(root["camera_model"]);
  if (options.camera) {
    tracks.camera_model = *options.camera;
  } else if (tracks.camera_model == CameraModel{} && options.episode) {
    tracks.camera_model = options.episode->camera;
  }
  if (imported.clip && tracks.camera_model != CameraModel{}) {
    imported.clip->camera = tracks.camera_model;
  }
  read_world(root, options, tracks);
  if (root.has("camera")) read_camera(root["camera"], arrays, tracks);
  if (root.has("hands")) read_hands(root["hands"], arrays, tracks, diagnostics);
  if (root.has("objects")) read_objects(root["objects"], arrays, tracks, diagnostics);
  if (root.has("boxes")) read_boxes(root["boxes"], arrays, tracks);
  if (root.has("depth")) read_depth(root["depth"], arrays, tracks, imported.files);
  if (root.has("masks")) check_masks(root["masks"], arrays, tracks.frames, imported.files);
  if (root.has("gloves")) check_gloves(root["gloves"], arrays, imported.files);
  if (root.has("commands")) check_commands(root["commands"], arrays, imported.files);
}

/// One origin per part that is there.
void note_origins(const fs::path& file, std::string_view bytes, const std::string& writer,
                  Tracks& tracks) {
  const auto add = [&](const char* part, bool there) {
    if (!there) return;
    tracks.origins.push_back(foreign::origin_of(part, kName, file, bytes));
    tracks.origins.back().writer = writer;
  };
  add("camera", !tracks.camera.empty());
  add("hands", !tracks.hands.empty());
  add("objects", !tracks.objects.empty());
  add("boxes", !tracks.boxes.empty());
  add("depth_maps", !tracks.depth_maps.empty());
}

}  // namespace

Result<Imported> import_hearth_tracks(const fs::path& path, const ImportOptions& options,
                                      Diagnostics& diagnostics) {
  std::error_code ignored;
  const fs::path file = fs::is_directory(path, ignored) ? path / "hearth_tracks.json" : path;
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  JsonText text(*bytes, file.string());
  const JsonPlace root = text.root();
  const Arrays arrays(file.has_parent_path() ? file.parent_path() : ".");
  read_head(root);
  if (text.error()) return *text.error();
  Imported imported;
  Result<std::vector<TimeNs>> times = frame_times(root, arrays, options, imported);
  if (text.error()) return *text.error();
  if (!times) {
    Error error = times.error();
    if (error.where == "/frames") error.where = file.string() + ":/frames";
    return error;
  }
  imported.tracks.emplace();
  Tracks& tracks = *imported.tracks;
  tracks.source = kName;
  tracks.frame_time_ns = std::move(times).value();
  tracks.frames = static_cast<int>(tracks.frame_time_ns.size());
  Diagnostics found;
  read_tracks(root, arrays, options, imported, found);
  read_sensors(root, arrays, imported.sensors);
  if (text.error()) return *text.error();
  note_origins(file, *bytes, root["writer"].text(), tracks);
  bool keeps = false;
  for (const char* key : {"masks", "gloves", "commands"}) keeps = keeps || root.has(key);
  if (keeps) imported.files.push_back({"kept/hearth_tracks.json", file});
  Result<Tracks> checked = validated(std::move(tracks));
  if (!checked) {
    return Error{ErrorCode::corrupt, checked.error().where + " " + checked.error().message,
                 file.string()};
  }
  if (const Result<SensorStreams> good = validated(imported.sensors); !good) {
    return Error{ErrorCode::corrupt, good.error().where + " " + good.error().message,
                 file.string()};
  }
  imported.tracks = std::move(checked).value();
  diagnostics.append(found);
  return imported;
}

}  // namespace hearth
