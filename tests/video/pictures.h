// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/data/image.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace hearth::test {

/// A smooth picture whose colour says which frame it is, with a dark corner at the top left.
inline ImageRgb8 numbered_picture(int width_px, int height_px, int index) {
  ImageRgb8 image{width_px, height_px, {}};
  image.values.reserve(static_cast<std::size_t>(3 * width_px * height_px));
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      const bool corner = 4 * x < width_px && 4 * y < height_px;
      image.values.push_back(static_cast<std::uint8_t>(corner ? 16 : 60 + 4 * (index % 40)));
      image.values.push_back(corner ? 16 : 120);
      image.values.push_back(corner ? 16 : 90);
    }
  }
  return image;
}

inline int mean_red(const ImageRgb8& image) {
  const int x = image.width_px / 2;
  const int y = image.height_px / 2;
  return image.values[3 * static_cast<std::size_t>(y * image.width_px + x)];
}

inline void put_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace hearth::test
