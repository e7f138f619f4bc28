// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/rng.h>
#include <hearth/data/image.h>
#include <hearth/video/mp4.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace hearth::test {

/// A picture of coloured noise tiles; another seed, another picture.
inline ImageRgb8 tiles(int width_px, int height_px, std::uint64_t seed) {
  std::vector<std::uint8_t> colours;
  Rng rng(seed, 0, "tiles");
  for (int i = 0; i < 16 * 16 * 3; ++i) {
    colours.push_back(static_cast<std::uint8_t>(40 + rng.index(160)));
  }
  ImageRgb8 image{width_px, height_px, {}};
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      const int tile = (16 * y / height_px) * 16 + 16 * x / width_px;
      for (int c = 0; c < 3; ++c) {
        image.values.push_back(colours[static_cast<std::size_t>(3 * tile + c)]);
      }
    }
  }
  return image;
}

/// An mp4 whose frame i shows picture seeds[i] for ticks[i] (512 where that is missing).
inline std::string movie(int width_px, int height_px, const std::vector<std::uint64_t>& seeds,
                         const Mp4Options& options = {},
                         const std::vector<std::int64_t>& ticks = {}) {
  Mp4Writer writer = make_mp4_writer(width_px, height_px, options).value();
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    const std::int64_t shown = i < ticks.size() ? ticks[i] : kMp4TicksPerFrame;
    (void)writer.add(tiles(width_px, height_px, seeds[i]), shown).value();
  }
  return writer.finish().value();
}

inline std::filesystem::path put(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

}  // namespace hearth::test
