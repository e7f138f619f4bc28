// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/hash.h>
#include <hearth/dataset/lerobot.h>
#include <hearth/video/png.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <system_error>

namespace hearth {
namespace {

constexpr double kLargest16 = 65535.0;

Result<Done> add_still(StillTrack& track, int width_px, int height_px,
                       const std::vector<std::uint16_t>& values) {
  auto png = png16_bytes(width_px, height_px, values);
  if (!png.ok()) return png.error();
  track.png.push_back(std::move(png).value());
  add(track.histogram, values);
  return Done{};
}

}  // namespace

Result<Done> add_depth(StillTrack& track, const ImageDepth& depth) {
  std::vector<std::uint16_t> values_mm;
  values_mm.reserve(depth.values_m.size());
  for (const float v : depth.values_m) {
    const double mm =
        std::clamp(std::floor(1000.0 * static_cast<double>(v) + 0.5), 0.0, kLargest16);
    values_mm.push_back(static_cast<std::uint16_t>(mm));
  }
  return add_still(track, depth.width_px, depth.height_px, values_mm);
}

Result<Done> add_bodies(StillTrack& track, const ImageMask& bodies) {
  std::vector<std::uint16_t> numbers;
  numbers.reserve(bodies.body_index.size());
  for (const std::int32_t body : bodies.body_index) {
    numbers.push_back(static_cast<std::uint16_t>(std::clamp(body + 1, 0, 65535)));
  }
  return add_still(track, bodies.width_px, bodies.height_px, numbers);
}

Result<std::string> content_sha256(const std::filesystem::path& folder) {
  std::error_code failed;
  if (!std::filesystem::is_directory(folder, failed)) {
    return Error{ErrorCode::not_found, "no such folder", folder.string()};
  }
  std::vector<std::string> paths;
  auto walk = std::filesystem::recursive_directory_iterator(folder, failed);
  for (const auto end = std::filesystem::recursive_directory_iterator(); !failed && walk != end;
       walk.increment(failed)) {
    if (walk->is_regular_file()) {
      paths.push_back(walk->path().lexically_relative(folder).generic_string());
    }
  }
  if (failed) return Error{ErrorCode::not_found, failed.message(), folder.string()};
  std::sort(paths.begin(), paths.end());
  Sha256 hash;
  for (const std::string& path : paths) {
    const auto file = sha256_of_file(folder / path);
    if (!file.ok()) return file.error();
    hash.update(*file + "  " + path + "\n");
  }
  return hash.hex();
}

}  // namespace hearth
