// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Reads what a video file says about itself: streams, size, turn, and the exact time of each
/// frame.

#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/episode.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// What a video file says. Sizes are those of the upright picture.
struct VideoInfo {
  std::string container{};  ///< For example "mov,mp4,m4a,3gp,3g2,mj2".
  std::string codec{};      ///< Of the first video stream, for example "h264".
  int width_px = 0;
  int height_px = 0;
  int rotation_deg = 0;                 ///< Clockwise turn that makes the stored picture upright.
  double nominal_rate_hz = 0;           ///< Frames over duration; 0 for a single frame.
  bool constant_rate = true;            ///< All frame intervals within 1 % of their median.
  std::vector<TimeNs> frame_time_ns{};  ///< Presentation times of the packets, first 0, ascending.
  std::vector<StreamInfo> streams{};
  /// Focal length in 35 mm terms (43.27 mm diagonal) where a phone wrote one.
  std::optional<double> focal_length_35mm_equivalent_mm{};
};

/// Reads the container and all packet headers; decodes nothing.
///
/// @return not_found without the file; corrupt if it is empty, no media file, cut off, or has
/// frames without or with equal times; unsupported without a video stream, for a turn that is not
/// a multiple of 90 degrees, or a mirrored picture.
[[nodiscard]] Result<VideoInfo> probe(const std::filesystem::path& path);

}  // namespace hearth
