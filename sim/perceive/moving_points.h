// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Corners beside a moving hand that move with it: what the hand holds. Found while it moves, then
/// traced back as well, since a firm grasp keeps visible points visible.

#include <hearth/data/camera.h>
#include <hearth/data/tracks.h>

#include <optional>
#include <vector>

#include "sim/perceive/camera_flow.h"
#include "sim/perceive/camera_mask.h"

namespace hearth {

/// What moves the background: the camera of each image, where known, in units of the scene's depth.
struct CameraByImage {
  CameraModel model{};  ///< Of the picture, not of the tracking size.
  std::vector<std::optional<Pose>> map_from_camera{};  ///< Per image.
  bool has_depth = false;  ///< False: turns only, positions mean nothing.
};

struct MovingOptions {
  int window_px = 15;
  int levels = 3;
  double max_round_trip_px = 1.0;
  int seed_every = 2;             ///< Images between searches.
  int max_live = 200;             ///< Points followed at a time.
  double reach_share = 0.7;       ///< Search this far round the hand's hull, of its length.
  double min_shift_px = 5.0;      ///< A point must leave its static prediction this far.
  double max_skin_share = 0.5;    ///< Of its samples, where the hand's own skin must be.
  double max_stray_share = 0.35;  ///< Of its ways, where it goes another way than the others.
  int rest_images = 20;           ///< Images kept before it moves and after it stops.
  double min_agreement = 0.85;    ///< Cosine of its path and the hand's, camera motion removed.
};

/// Returns points that move with a hand; samples in picture pixels and episode frames, ascending.
[[nodiscard]] std::vector<MovingPoint> find_moving_points(
    const GreyStack& stack, const CameraByImage& camera, const std::vector<HandTrack>& hands,
    const std::vector<std::vector<HandInImage>>& hands_in, const MovingOptions& options);

/// Returns where a point seen at `pixel` in image a lies in image b if it rests in the scene at
/// `inverse_depth` (per map unit), or nothing where a camera is unknown or it is behind.
[[nodiscard]] std::optional<Vec2> resting_pixel(const GreyStack& stack, const CameraByImage& camera,
                                                int a, Vec2 pixel, double inverse_depth, int b);

}  // namespace hearth
