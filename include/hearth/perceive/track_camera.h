// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The path of the camera, static scene points and points that move with a hand, from the pixels of
/// one clip: tracked corners, two-view start, robust resection, bundle adjustment (Hartley and
/// Zisserman 2004; Triggs et al. 2000). Method and limits: docs/perceive.md.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/episode.h>
#include <hearth/data/image.h>
#include <hearth/data/tracks.h>

#include <vector>

namespace hearth {

/// Options of track_camera(). Pixels are those of the tracking size.
struct TrackCameraOptions {
  int tracking_long_side_px = 640;  ///< Frames are shrunk to this; smaller ones stay. 160..4096.
  int max_points = 600;             ///< Corners followed at a time. 50..5000.
  double max_round_trip_px = 1.0;   ///< A corner must come back this close when followed back.
  double static_px = 0.5;           ///< Median shift below which a frame counts as unmoved.
  double min_parallax_rad = 0.012;  ///< Median angle between rays that a map needs (0.7 deg);
                                    ///< below twice that the diagnostic weak_parallax is given.
  int min_start_points = 60;        ///< Corners that must agree on those two views.
  double huber_px = 1.5;            ///< Where residuals stop counting quadratically.
  double max_residual_px = 3.0;     ///< Observations beyond it are dropped; 1.7 times as much is
                                    ///< let pass where the focal length is a guess.
  int min_registered_points = 20;   ///< A frame with fewer agreeing points is lost.
  int min_observed_points = 30;     ///< A frame is `observed` where that many points ...
  double observed_px = 2.0;         ///< ... lie this close; with fewer its pose is a weak one.
  double max_bridge_s = 1.0;        ///< Longer losses stay without a pose.
  bool find_moving_points = true;   ///< Look for points that move with a hand.
  int jobs = 0;                     ///< Threads for image work; 0 = all cores. Never in results.
};

/// What track_camera() found. The map is the frame of the first registered camera of a chunk; its
/// unit is the median depth of the map points in that camera.
struct CameraEstimate {
  bool is_static = false;      ///< The camera never moves: all poses are the identity.
  bool rotation_only = false;  ///< Too little parallax for depth: positions are zero, no points.
  std::vector<MapCamera> camera{};  ///< Frames ascending; lost frames are absent. Chunk 0 is the
                                    ///< longest; poses of different chunks share no frame or unit.
  std::vector<MapPoint> map_points{};
  std::vector<MovingPoint> moving_points{};
  CameraModel camera_model{};  ///< The episode's, or refined from its motion (`estimated`).
  int chunks = 0;
  int keyframes = 0;
  double registered_share = 0.0;     ///< Frames with an observed pose, of all frames.
  double bridged_s = 0.0;            ///< Time covered by interpolated poses.
  double reprojection_rms_px = 0.0;  ///< Over agreeing observations, at the tracking size.
  double parallax_rad = 0.0;         ///< Median over map points of their widest pair of rays.
  bool operator==(const CameraEstimate&) const = default;
};

/// Returns the camera path in map units, with points, for an episode and its frames.
///
/// Same input, same bytes, for any number of threads. The first registered camera of each chunk is
/// the identity. Poses between registered frames are interpolated with observed == false and a
/// larger sigma; where the two sides share no point they become separate chunks instead. Frames
/// listed as repeated take the pose of the frame before. Where no two views have the parallax, the
/// estimate says rotation_only and claims no depth (diagnostic `rotation_only`). Position sigmas of
/// such a path are the parallax that was left unexplained, in units of the unknown scene depth.
///
/// Intrinsics that are a guess are refined by the bundle adjustment where the camera's motion tells
/// them: focal length and one radial term, with source `estimated` and focal_sigma_share. A camera
/// that stands still, turns only, or moves too little keeps the guess (`focal_not_estimated`).
///
/// @param episode      validated(); intrinsics with any other source are used as they are.
/// @param frames       Upright pictures of episode.width_px x height_px.
/// @param hands        Masked out, forearms too; may be empty. Missed frames are masked by the
///                     neighbouring ones, growing with time.
/// @param diagnostics  Codes camera_static, rotation_only, camera_bridged, camera_chunks,
///                     camera_lost, few_points, weak_parallax, tracking_shrunk, focal_estimated,
///                     focal_not_estimated, picture_cuts.
/// @return invalid_argument for an option out of range or a frame of another size, infeasible when
///         no frame has trackable corners, and whatever error `frames` gives.
[[nodiscard]] Result<CameraEstimate> track_camera(const Episode& episode, const FrameSource& frames,
                                                  const std::vector<HandTrack>& hands,
                                                  const TrackCameraOptions& options,
                                                  Diagnostics& diagnostics);

}  // namespace hearth
