// SPDX-License-Identifier: Apache-2.0
#include <hearth/perceive/perceive.h>

#include <utility>

namespace hearth {

Result<Tracks> perceive(const Episode& episode, const FrameSource& frames,
                        const PerceiveOptions& options, const Progress& progress,
                        Diagnostics& diagnostics) {
  TrackHandsOptions hands_options = options.hands;
  hands_options.model_dir = options.model_dir;
  hands_options.jobs = options.jobs;
  Result<std::vector<HandTrack>> hands =
      track_hands(episode, frames, hands_options, progress, diagnostics);
  if (!hands) {
    return hands.error();
  }
  Tracks tracks;
  tracks.source = "perceive";
  tracks.frames = static_cast<int>(episode.frame_time_ns.size());
  tracks.frame_time_ns = episode.frame_time_ns;
  tracks.camera_model = episode.camera;
  tracks.hands = std::move(hands).value();

  if (!report(progress, "following the camera", 0, 1)) {
    return Error{ErrorCode::try_again, "stopped on request", "perceive"};
  }
  TrackCameraOptions camera_options = options.camera;
  camera_options.jobs = options.jobs;
  Result<CameraEstimate> camera =
      track_camera(episode, frames, tracks.hands, camera_options, diagnostics);
  if (!camera && camera.error().code != ErrorCode::infeasible) {
    return camera.error();
  }
  if (camera) {
    CameraEstimate found = std::move(camera).value();
    tracks.camera_is_static = found.is_static;
    tracks.camera = std::move(found.camera);
    tracks.map_points = std::move(found.map_points);
    tracks.moving_points = std::move(found.moving_points);
  } else {
    diagnostics.add(Severity::warning, "camera_not_tracked", camera.error().message,
                    camera.error().where);
  }
  (void)report(progress, "following the camera", 1, 1);
  return validated(std::move(tracks));
}

}  // namespace hearth
