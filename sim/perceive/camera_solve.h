// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// From tracked rays to a camera path: static, rotation only, or one or more maps. Knows no pixels.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/perceive/track_camera.h>

#include <optional>
#include <vector>

#include "sim/perceive/camera_lens.h"
#include "sim/perceive/camera_map.h"

namespace hearth {

/// The camera in one frame of the problem; chunk -1 where nothing is known.
struct SolvedCamera {
  int chunk = -1;
  bool observed = false;
  Pose map_from_camera{};
  double position_sigma = 0.0;
  double rotation_sigma_rad = 0.0;
};

struct SolvedPoint {
  int track = 0;
  int chunk = 0;
  Vec3 p_in_map{};
  int observations = 0;
  double rms_px = 0.0;
  double angle_rad = 0.0;
};

struct CameraSolution {
  bool is_static = false;
  bool rotation_only = false;
  std::vector<SolvedCamera> cameras{};  ///< One per frame.
  std::vector<SolvedPoint> points{};    ///< By track.
  int chunks = 0;
  int keyframes = 0;
  double rms_px = 0.0;
  double parallax_rad = 0.0;
  double bridged_s = 0.0;
  std::optional<LensEstimate> lens{};  ///< Where the problem's lens was a guess and motion told it.
};

/// Returns the path and points of a problem; see track_camera() for what is promised of them.
[[nodiscard]] CameraSolution solve_camera(const CameraProblem& problem,
                                          const TrackCameraOptions& options,
                                          Diagnostics& diagnostics);

/// True where, in nearly every frame, tracks all over the view lie exactly where they began a
/// second or more ago: no moving camera leaves any of them there.
[[nodiscard]] bool camera_is_static(const CameraProblem& problem,
                                    const std::vector<std::vector<FrameSighting>>& by_frame,
                                    double static_px);

/// Returns a path of turns about one centre, chained over frames that share enough tracks.
[[nodiscard]] CameraSolution solve_rotation(const CameraProblem& problem,
                                            const std::vector<std::vector<FrameSighting>>& by_frame,
                                            const TrackCameraOptions& options);

/// Gives frames between solved ones of the same chunk an interpolated pose where the gap is at
/// most max_bridge_s. Returns the time bridged.
double bridge_cameras(const CameraProblem& problem, double max_bridge_s,
                      std::vector<SolvedCamera>& cameras);

}  // namespace hearth
