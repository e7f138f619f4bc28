// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Truth in the place of a stage's output: a diagnosis, never a result.

#include <hearth/core/result.h>
#include <hearth/data/home.h>
#include <hearth/data/tracks.h>
#include <hearth/data/truth.h>

#include <cstdint>
#include <string>

namespace hearth {

/// Options of tracks_from_truth(). By default nothing is lost or blurred.
struct TracksFromTruthOptions {
  double hand_noise_px = 0.0;       ///< One standard deviation of each joint in the image.
  double hand_depth_noise_m = 0.0;  ///< Of a whole hand along its viewing ray.
  double dropout_share = 0.0;       ///< Share of hand observations that are lost, 0..1.
  double point_noise_px = 0.0;      ///< Of moving points in the image.
  int map_points = 600;             ///< Static points sampled on what the first frame sees.
  int moving_points = 40;           ///< Points sampled on the manipulated object.
  std::uint64_t seed = 0;           ///< Of noise and sampling.
};

/// Returns the tracks that perfect eyes would have had (source "truth").
///
/// The map is the first true camera frame (map_from_camera of frame 0 is the identity), metric,
/// with up_in_map given. Hands: one track per side, ids "left" and "right", frames in which at
/// least 12 joints are inside the picture. Map points lie on supports, room and clutter. Moving
/// points lie on the manipulated object, in the frames in which it moves. One ObjectSighting: the
/// manipulated object, exact pose in every frame. No occlusion is computed except a point's own
/// surface facing away. Same input, same result; no files.
///
/// @return invalid_argument naming the option, or the truth's field if it is not valid.
[[nodiscard]] Result<Tracks> tracks_from_truth(const Truth& truth,
                                               const TracksFromTruthOptions& options = {});

/// Returns the home as filmed: what a perfect reconstruct() would have claimed.
/// @param clip_sha256  Of the clip, or empty where there is none: then the hash of seed and chore
///                     stands in, so that different takes differ.
[[nodiscard]] Home home_from_truth(const Truth& truth, const std::string& clip_sha256 = {});

}  // namespace hearth
