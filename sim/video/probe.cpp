// SPDX-License-Identifier: Apache-2.0
#include <hearth/video/probe.h>

#include <utility>

#include "sim/video/demux.h"

namespace hearth {

Result<VideoInfo> probe(const std::filesystem::path& path) {
  Result<media::Demuxed> file = media::demux(path);
  if (!file) {
    return file.error();
  }
  return std::move(file).value().info;
}

}  // namespace hearth
