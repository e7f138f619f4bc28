// SPDX-License-Identifier: Apache-2.0
#include "sim/film/develop.h"

#include <hearth/core/rng.h>
#include <hearth/render/color.h>

#include <array>

namespace hearth::film_internal {
namespace {

constexpr std::size_t kSteps = 4096;

/// Code value (0..255, not rounded) of tone-mapped light in steps of 1 / kSteps.
std::array<float, kSteps + 1> tone_table() {
  std::array<float, kSteps + 1> table{};
  for (std::size_t i = 0; i <= kSteps; ++i) {
    const double v = static_cast<double>(i) / kSteps;
    // Finer than 8 bit: the sRGB curve itself.
    const double s = v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1.0 / 2.4) - 0.055;
    table[i] = static_cast<float>(255.0 * s);
  }
  return table;
}

/// Near-normal noise from one hash: four bytes summed have standard deviation 147.8.
float bell(std::uint32_t h) {
  const std::uint32_t sum = (h & 255U) + ((h >> 8) & 255U) + ((h >> 16) & 255U) + (h >> 24);
  return (static_cast<float>(sum) - 510.0F) / 147.8F;
}

float luminance(F3 c) { return 0.2126F * c.x + 0.7152F * c.y + 0.0722F * c.z; }

}  // namespace

Darkroom make_darkroom(const LightImage& first, std::uint64_t seed) {
  Rng rng(seed, 0, "film_darkroom");
  Darkroom room;
  F3 mean{};
  for (const F3& c : first.light) mean = mean + (1.0F / static_cast<float>(first.light.size())) * c;
  const auto target = static_cast<float>(rng.uniform(0.17, 0.26));
  room.gain = target / std::max(luminance(mean), 1e-5F);
  // A third of the scene's tint is taken out.
  const float grey = luminance(mean);
  const auto third = [&](float v) { return std::pow(grey / std::max(v, 1e-5F), 0.33F); };
  room.balance = {third(mean.x), third(mean.y), third(mean.z)};
  room.noise = static_cast<float>(rng.uniform(0.8, 3.0));
  room.corner = static_cast<float>(rng.uniform(0.05, 0.25));
  room.seed = rng.next_u32();
  return room;
}

ImageRgb8 develop(const LightImage& light, const Darkroom& room, int width_px, int height_px,
                  int frame) {
  static const std::array<float, kSteps + 1> kTone = tone_table();
  ImageRgb8 image;
  image.width_px = width_px;
  image.height_px = height_px;
  image.values.resize(light.light.size() * 3);
  const float cx = 0.5F * static_cast<float>(width_px - 1);
  const float cy = 0.5F * static_cast<float>(height_px - 1);
  std::size_t i = 0;
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x, ++i) {
      const float dx = (static_cast<float>(x) - cx) / cx;
      const float dy = (static_cast<float>(y) - cy) / cx;
      const float gain = room.gain * (1.0F - room.corner * (dx * dx + dy * dy));
      const F3 c = gain * (room.balance * light.light[i]);
      const std::uint32_t h =
          hashed(static_cast<std::uint32_t>(i), room.seed + static_cast<std::uint32_t>(frame), 9);
      const float shared = 0.7F * bell(h);
      const std::array<float, 3> rgb = {c.x, c.y, c.z};
      for (std::size_t k = 0; k < 3; ++k) {
        // A soft shoulder instead of clipped lights.
        const float v = rgb[k];
        const float toned = v < 0.6F ? v : 1.0F - 0.4F * 0.4F / (v - 0.2F);
        const auto step = static_cast<std::size_t>(clamp01(toned) * kSteps);
        const float noise =
            room.noise * (shared + 0.6F * bell(mixed(h + 1U + static_cast<std::uint32_t>(k))));
        const float code = kTone[step] + noise;
        image.values[3 * i + k] = static_cast<std::uint8_t>(
            std::clamp(code, 0.0F, 255.0F) + 0.5F > 255.0F ? 255.0F
                                                           : std::clamp(code, 0.0F, 255.0F) + 0.5F);
      }
    }
  }
  return image;
}

}  // namespace hearth::film_internal
