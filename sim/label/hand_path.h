// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The path of a hand with the camera's motion taken out, and how far its fingers are apart.

#include <hearth/data/tracks.h>

#include <string>
#include <vector>

namespace hearth::label {

/// One stretch of one hand without long holes; entry k belongs to frame first_frame + k.
struct HandPath {
  std::string track_id{};
  HandSide side = HandSide::right;
  int first_frame = 0;
  std::vector<double> time_s{};
  std::vector<Vec2> p_m{};          ///< In the image plane, scaled to metres at the hand's depth.
  std::vector<double> speed_m_s{};  ///< Smoothed over about 3 frames.
  std::vector<double> aperture{};   ///< Thumb tip to the nearer fingertips, in hand lengths.
  std::vector<HandJoints> joints_in_camera_m{};
  double hand_length_m = 0.0;
  double depth_m = 0.0;      ///< Median depth of the palm in the camera.
  bool camera_known = true;  ///< False: some camera motion could not be removed.
  [[nodiscard]] int size() const { return static_cast<int>(time_s.size()); }
};

/// Returns the camera pose of each frame; frames without one are interpolated inside a chunk and
/// otherwise absent (index -1 in `chunk`).
struct FrameCameras {
  std::vector<Pose> map_from_camera{};
  std::vector<int> chunk{};
};
[[nodiscard]] FrameCameras frame_cameras(const Tracks& tracks);

/// Returns metres per map unit: given, or from the depth of hands over the depth of map points
/// near them (good to a fifth; 1 where there is neither).
[[nodiscard]] double rough_scale_m(const Tracks& tracks, const FrameCameras& cameras);

[[nodiscard]] std::vector<HandPath> hand_paths(const Tracks& tracks, const HandTrack& track,
                                               const FrameCameras& cameras, double scale_m,
                                               double max_gap_s);

/// A place in a picture.
struct PixelInFrame {
  int frame = 0;
  Vec2 pixel_px{};
};

/// Returns how far something `depth_m` in front of the camera went from a to b beyond what the
/// camera's motion explains, in metres across the view. Sets `camera_known` to false where that
/// motion is not known and was left in.
[[nodiscard]] Vec2 own_step_m(const Tracks& tracks, const FrameCameras& cameras,
                              const PixelInFrame& a, const PixelInFrame& b, double depth_m,
                              double scale_m, bool& camera_known);

/// Returns how far the palm moved between two frames of two paths of a track, camera motion taken
/// out: metres at the hand's depth.
[[nodiscard]] double travel_between_m(const Tracks& tracks, const HandTrack& track, int from_frame,
                                      int to_frame, const FrameCameras& cameras, double scale_m);

/// Gaussian smoothing, edges renormalised.
[[nodiscard]] std::vector<double> smoothed(const std::vector<double>& values, double sigma);

}  // namespace hearth::label
