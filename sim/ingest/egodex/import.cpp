// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/egodex.h>
#include <hearth/io/files.h>
#include <hearth/video/probe.h>

#include <algorithm>

#include "sim/ingest/foreign/origin.h"
#include "sim/ingest/foreign/world_recording.h"
#include "take.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

using egodex::Take;

constexpr double kRateHz = 30.0;
constexpr double kHandSigmaM = 0.015;  // Headset tracking without markers.

foreign::WorldHand hand_of(const Take& take, HandSide side, const std::vector<TimeNs>& times) {
  foreign::WorldHand hand;
  hand.side = side;
  hand.sigma_m = kHandSigmaM;
  const auto& from = side == HandSide::left ? take.left : take.right;
  for (std::size_t t = 0; t < from.size(); ++t) {
    if (from[t]) {
      hand.hands.push_back({times[t], from[t]->joints_in_world_m, from[t]->confidence});
    }
  }
  return hand;
}

/// Frame times: those of the video beside the file, else even ones.
Result<std::vector<TimeNs>> frame_times(const fs::path& file, const std::optional<VideoInfo>& video,
                                        const Take& take, const ImportOptions& options,
                                        Diagnostics& diagnostics) {
  const std::size_t frames = take.world_from_camera.size();
  if (video) {
    if (video->frame_time_ns.size() != frames) {
      return Error{ErrorCode::corrupt,
                   "the video has " + std::to_string(video->frame_time_ns.size()) +
                       " frames, the skeleton " + std::to_string(frames),
                   file.string()};
    }
    return video->frame_time_ns;
  }
  const double rate_hz = options.rate_hz.value_or(kRateHz);
  if (!options.rate_hz) {
    diagnostics.add(Severity::guess, "rate_assumed",
                    "no video lies beside the file: 30 frames per second are assumed",
                    file.string());
  }
  std::vector<TimeNs> times;
  for (std::size_t t = 0; t < frames; ++t) {
    times.push_back(ns_from_seconds(static_cast<double>(t) / rate_hz));
  }
  return times;
}

Segments description_of(const Take& take, const fs::path& file, const std::vector<TimeNs>& times) {
  Segments segments;
  if (take.description.empty() || times.size() < 2) return segments;
  Segment segment;
  segment.id = file.stem().string();
  segment.recording = file.stem().string();
  segment.stop_ns = times.back();
  segment.narration = take.description;
  segment.verb = take.task;
  segments.source = "egodex";
  segments.segments.push_back(std::move(segment));
  return segments;
}

}  // namespace

Result<Imported> import_egodex(const fs::path& file, const ImportOptions& options,
                               Diagnostics& diagnostics) {
  if (options.rate_hz && !(*options.rate_hz > 0.0 && *options.rate_hz <= 1000.0)) {
    return Error{ErrorCode::invalid_argument, "must lie in (0, 1000]", "rate_hz"};
  }
  const Result<Take> take = egodex::read_take(file, diagnostics);
  if (!take) return take.error();
  fs::path clip = file;
  clip.replace_extension(".mp4");
  std::optional<VideoInfo> video;
  std::error_code ignored;
  if (fs::is_regular_file(clip, ignored)) {
    Result<VideoInfo> read = probe(clip);
    if (!read) return read.error();
    video = std::move(read).value();
  }
  foreign::WorldRecording recording;
  recording.source = "egodex";
  recording.file = file.string();
  Result<std::vector<TimeNs>> times = frame_times(file, video, *take, options, diagnostics);
  if (!times) return times.error();
  recording.frame_time_ns = std::move(times).value();
  recording.camera.width_px = video ? video->width_px : 1920;
  recording.camera.height_px = video ? video->height_px : 1080;
  recording.camera.fx_px = take->fx_px;
  recording.camera.fy_px = take->fy_px;
  recording.camera.cx_px = take->cx_px;
  recording.camera.cy_px = take->cy_px;
  recording.camera.source = IntrinsicsSource::file;
  if (const Result<CameraModel> valid = validated(recording.camera); !valid) {
    return Error{ErrorCode::corrupt,
                 "the camera matrix is for another picture size: " + valid.error().message,
                 file.string() + ":/camera/intrinsic"};
  }
  recording.z_up_from_world = quat_between({0.0, 1.0, 0.0}, {0.0, 0.0, 1.0});
  for (std::size_t t = 0; t < take->world_from_camera.size(); ++t) {
    recording.world_from_camera.push_back(
        {recording.frame_time_ns[t], take->world_from_camera[t], 0});
  }
  for (const HandSide side : {HandSide::left, HandSide::right}) {
    recording.hands.push_back(hand_of(*take, side, recording.frame_time_ns));
  }
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  for (const char* what : {"camera", "hands"}) {
    recording.origins.push_back(foreign::origin_of(what, "egodex", file, *bytes));
  }
  Result<foreign::RecordingTracks> tracks =
      foreign::tracks_from_recording(recording, options, diagnostics);
  if (!tracks) return tracks.error();
  Imported imported;
  imported.tracks = std::move(tracks).value().tracks;
  imported.segments = description_of(*take, file, recording.frame_time_ns);
  if (video && !options.episode) {
    imported.clip.emplace();
    imported.clip->file = clip;
    imported.clip->camera = imported.tracks->camera_model;
  }
  return imported;
}

}  // namespace hearth
