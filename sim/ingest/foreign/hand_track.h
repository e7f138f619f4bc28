// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Joints in the camera frame become a HandTrack: pixels, lengths, and a check of the order.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/camera.h>
#include <hearth/data/tracks.h>

#include <string>
#include <vector>

namespace hearth::foreign {

/// One hand in one frame, in hearth's joint order.
struct CameraHand {
  int frame = 0;
  HandJoints joints_in_camera_m{};
  double presence = 1.0;
};

/// What is known of the whole track.
struct CameraHandTrack {
  std::string id{};
  HandSide side = HandSide::right;
  bool wearer = true;
  double sigma_m = 0.01;            ///< One standard deviation of a joint in each direction.
  std::vector<CameraHand> hands{};  ///< Frames ascending.
};

/// Lengths are medians over the track. Frames in which a joint lies behind the camera or beyond the
/// lens are left out and counted in `hand_behind_camera`.
///
/// @param where  File and place, for messages.
/// @return corrupt where the median bones are none of a hand in this order: a bone over .12 m or
/// under 1 mm, a hand length outside .10-.26 m, or finger bones that grow toward the tip.
[[nodiscard]] Result<HandTrack> hand_track(const CameraHandTrack& track,
                                           const std::vector<TimeNs>& frame_time_ns,
                                           const CameraModel& camera, const std::string& where,
                                           Diagnostics& diagnostics);

}  // namespace hearth::foreign
