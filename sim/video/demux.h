// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/video/probe.h>

#include <cstdint>
#include <filesystem>
#include <vector>

#include "sim/video/media.h"

namespace hearth::media {

/// One frame as the container announces it, in the stream's time base.
struct PacketTime {
  std::int64_t pts = 0;
  std::int64_t dts = 0;
  bool key = false;
};

/// An opened file whose packets were all counted; the reading position is at the end.
struct Demuxed {
  Input format{};
  int stream = 0;
  VideoInfo info{};
  std::vector<PacketTime> frames{};  ///< Shown frames, presentation times ascending.
};

/// As probe().
[[nodiscard]] Result<Demuxed> demux(const std::filesystem::path& path);

}  // namespace hearth::media
