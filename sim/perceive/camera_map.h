// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// One connected map: keyframes and points from tracked rays, grown from a two-view start.

#include <hearth/core/geometry.h>
#include <hearth/perceive/track_camera.h>

#include <optional>
#include <vector>

#include "sim/perceive/camera_bundle.h"
#include "sim/perceive/camera_pose.h"

namespace hearth {

/// The undistorted ray (x/z, y/z) of one track in one frame.
struct RayObservation {
  int frame = 0;
  Vec2 ray{};
};

/// One followed point, frames ascending.
struct RayTrack {
  std::vector<RayObservation> observations{};
};

/// What the solver is given: tracks without pixels.
struct CameraProblem {
  int frames = 0;
  double focal_px = 500.0;             ///< Of the tracking size; residual limits are in its pixels.
  double guess_sigma_share = 0.0;      ///< Not 0: focal_px is a guess that may be so wrong, and the
                                       ///< rays are those of a pinhole.
  std::vector<double> frame_time_s{};  ///< One per frame, ascending.
  std::vector<RayTrack> tracks{};
};

/// Where a frame sees a track: index of the track and of its observation.
struct FrameSighting {
  int track = 0;
  int observation = 0;
};

/// Returns per frame the tracks that it sees, ascending by track.
[[nodiscard]] std::vector<std::vector<FrameSighting>> sightings_by_frame(
    const CameraProblem& problem);

/// Returns the ray pairs of tracks seen in both frames.
[[nodiscard]] std::vector<RayPair> shared_rays(
    const CameraProblem& problem, const std::vector<std::vector<FrameSighting>>& by_frame, int a,
    int b);

/// Returns keyframes among `frames` (ascending): where points moved 20 px, 40 % of them were lost,
/// or 0.2 s passed.
[[nodiscard]] std::vector<int> choose_keyframes(
    const CameraProblem& problem, const std::vector<std::vector<FrameSighting>>& by_frame,
    const std::vector<int>& frames);

/// A map in an arbitrary gauge; indices as in the problem.
struct CameraMap {
  std::vector<std::optional<Pose>> camera_from_map{};     ///< Per frame.
  std::vector<std::optional<HomogeneousPoint>> points{};  ///< Per track.
  std::vector<double> angle_rad{};                        ///< Per track: widest pair of rays.
  std::vector<std::vector<char>> agrees{};                ///< Per track and observation.
  std::vector<int> keyframes{};                           ///< Registered ones, ascending.
};

/// A camera that is known before a map is built.
struct KnownCamera {
  int frame = 0;
  Pose camera_from_map{};
};

/// Returns the map grown over as many of the keyframes as possible, all other `frames` resected, or
/// nothing where no two views have the parallax.
///
/// @param known  Not empty: cameras, two at least, from which the map starts.
[[nodiscard]] std::optional<CameraMap> build_map(const CameraProblem& problem,
                                                 const std::vector<int>& frames,
                                                 const TrackCameraOptions& options,
                                                 const std::vector<KnownCamera>& known = {});

/// As build_map(), but stops at `most` keyframes and resects no other frame.
[[nodiscard]] std::optional<CameraMap> sketch_map(const CameraProblem& problem,
                                                  const std::vector<int>& frames,
                                                  const TrackCameraOptions& options,
                                                  std::size_t most,
                                                  const std::vector<KnownCamera>& known = {});

}  // namespace hearth
