// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The recording as it is: what the container says, exact times, camera intrinsics. Measured facts
/// only.

#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/camera.h>

#include <string>
#include <vector>

namespace hearth {

/// One stream of the container.
struct StreamInfo {
  int index = 0;
  std::string kind{};   ///< "video", "audio", "data", "subtitle", "other".
  std::string codec{};  ///< For example "h264".
  bool operator==(const StreamInfo&) const = default;
};

/// One clip. Sizes are those of the upright picture, after `rotation_deg` was applied.
struct Episode {
  std::string clip_file{};  ///< File name inside the episode's folder.
  std::string clip_sha256{};
  std::string container{};  ///< For example "mov,mp4,m4a,3gp,3g2,mj2".
  std::string codec{};
  int width_px = 0;
  int height_px = 0;
  int rotation_deg = 0;  ///< Clockwise turn that makes the stored picture upright: 0, 90, 180, 270.
  double nominal_rate_hz = 0.0;
  bool constant_rate = true;            ///< All frame intervals within 1 % of their median.
  std::vector<TimeNs> frame_time_ns{};  ///< Presentation time per frame, first frame 0, ascending.
  std::vector<int> repeated_frames{};   ///< Frames with the same pixels as the one before.
  std::vector<StreamInfo> streams{};
  CameraModel camera{};
  bool operator==(const Episode&) const = default;
};

/// Returns the time from the first frame to the last, plus one median frame interval.
[[nodiscard]] double duration_s(const Episode& episode);

/// @return invalid_argument or corrupt naming the field.
[[nodiscard]] Result<Episode> validated(Episode episode);

}  // namespace hearth
