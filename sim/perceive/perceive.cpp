// SPDX-License-Identifier: Apache-2.0
#include <hearth/perceive/perceive.h>

#include <utility>

namespace hearth {
namespace {

// Joints that were fitted through one lens, as another sees the same pixels: the hand keeps its
// shape and its size in the picture, so its depth goes with the focal length.
void look_through(const CameraModel& before, const CameraModel& after, HandTrack& hand) {
  const double by = after.fx_px / before.fx_px;
  for (HandObservation& o : hand.observations) {
    const Vec3 wrist = o.joints_in_camera_m[0];
    const std::optional<Vec2> pixel = project(before, wrist);
    if (!pixel) continue;
    const Vec3 ray = ray_in_camera(after, *pixel);
    const Vec3 moved = (by * wrist.z) * ray;
    const Quat turn = quat_between(normalized(wrist), normalized(ray));
    for (Vec3& joint : o.joints_in_camera_m) joint = moved + turn * (joint - wrist);
    o.depth_sigma_m *= by;
  }
}

}  // namespace

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
    if (found.camera_model.source == IntrinsicsSource::estimated) {
      for (HandTrack& hand : tracks.hands) look_through(episode.camera, found.camera_model, hand);
    }
    tracks.camera_model = found.camera_model;
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
