// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/egoexo.h>
#include <hearth/io/files.h>

#include "ego_pose.h"
#include "sim/ingest/foreign/origin.h"
#include "sim/ingest/foreign/world_recording.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

constexpr double kRateHz = 30.0;
constexpr double kHandSigmaM = 0.01;  // Triangulated from annotated pictures.

std::optional<fs::path> camera_file(const fs::path& annotation) {
  const fs::path name = annotation.filename();
  const fs::path folder = fs::absolute(annotation).lexically_normal().parent_path();
  std::error_code ignored;
  for (const fs::path& candidate :
       {folder.parent_path().parent_path() / "camera_pose" / name,
        folder.parent_path() / "camera_pose" / name, folder / "camera_pose" / name}) {
    if (fs::is_regular_file(candidate, ignored)) return candidate;
  }
  return std::nullopt;
}

}  // namespace

Result<Imported> import_egoexo(const fs::path& annotation, const ImportOptions& options,
                               Diagnostics& diagnostics) {
  if (options.rate_hz && !(*options.rate_hz > 0.0 && *options.rate_hz <= 1000.0)) {
    return Error{ErrorCode::invalid_argument, "must lie in (0, 1000]", "rate_hz"};
  }
  const Result<std::string> bytes = read_file(annotation);
  if (!bytes) return bytes.error();
  const auto frames = egoexo::read_annotation(*bytes, annotation.string(), diagnostics);
  if (!frames) return frames.error();
  const std::optional<fs::path> cameras = camera_file(annotation);
  if (!cameras) {
    return Error{ErrorCode::unsupported,
                 "there is no camera_pose file of this take; without it nothing says where the "
                 "glasses were; download camera_pose with the annotation",
                 annotation.string()};
  }
  const Result<std::string> camera_bytes = read_file(*cameras);
  if (!camera_bytes) return camera_bytes.error();
  const auto glasses = egoexo::read_cameras(*camera_bytes, cameras->string(), diagnostics);
  if (!glasses) return glasses.error();

  const double rate_hz = options.rate_hz.value_or(kRateHz);
  if (!options.rate_hz) {
    diagnostics.add(Severity::guess, "rate_assumed",
                    "frame numbers are taken for 30 frames per second", annotation.string());
  }
  const auto time_of = [&](int frame) {
    return ns_from_seconds(static_cast<double>(frame) / rate_hz);
  };
  foreign::WorldRecording recording;
  recording.source = "egoexo";
  recording.file = annotation.string();
  recording.camera = glasses->model;
  diagnostics.add(Severity::guess, "up_assumed", "the take's world is taken for Z-up",
                  annotation.string());
  for (const auto& [frame, pose] : glasses->world_from_camera) {
    recording.frame_time_ns.push_back(time_of(frame));
    recording.world_from_camera.push_back({time_of(frame), pose, 0});
  }
  for (const HandSide side : {HandSide::left, HandSide::right}) {
    foreign::WorldHand hand;
    hand.side = side;
    hand.sigma_m = kHandSigmaM;
    for (const auto& [frame, hands] : *frames) {
      const auto& joints = side == HandSide::left ? hands.left : hands.right;
      if (joints) hand.hands.push_back({time_of(frame), *joints, 1.0});
    }
    if (!hand.hands.empty()) recording.hands.push_back(std::move(hand));
  }
  recording.origins = {foreign::origin_of("camera", "egoexo", *cameras, *camera_bytes),
                       foreign::origin_of("hands", "egoexo", annotation, *bytes)};
  // Frame numbers count from the start of the take's video: one clock, unless the user says more.
  ImportOptions placed = options;
  if (options.episode && !options.clock_offset_s) placed.clock_offset_s = 0.0;
  Result<foreign::RecordingTracks> tracks =
      foreign::tracks_from_recording(recording, placed, diagnostics);
  if (!tracks) return tracks.error();
  Imported imported;
  imported.tracks = std::move(tracks).value().tracks;
  return imported;
}

}  // namespace hearth
