// SPDX-License-Identifier: Apache-2.0
#include "sim/film/textures.h"

#include <cmath>

namespace hearth::film_internal {
namespace {

std::uint32_t cell(float f) { return static_cast<std::uint32_t>(static_cast<std::int32_t>(f)); }

/// 0..1..0 with the given period, softened by the footprint: an edge that never aliases.
float soft_square(float x, float period, float footprint) {
  const float phase = x / period - std::floor(x / period);
  const float soft = std::clamp(footprint / period, 0.004F, 0.25F);
  return smoothstep(-soft, soft, 0.25F - std::abs(phase - 0.5F));
}

F3 tinted(F3 color, float amount) { return (1.0F + amount) * color; }

F3 hue_color(std::uint32_t h) {
  // Saturated to pale prints.
  const float pale = 0.15F + 0.6F * unit_float(mixed(h + 11));
  const F3 base = {unit_float(mixed(h + 1)), unit_float(mixed(h + 2)), unit_float(mixed(h + 3))};
  return 0.85F * mix(base * base, {0.8F, 0.8F, 0.78F}, pale * unit_float(mixed(h + 5)));
}

F3 wood(const Surface& s, float u, float v, float footprint) {
  // Planks run along u; every plank has its own grain.
  const float width = 3.2F * s.size;
  const float row = std::floor(v / width);
  const std::uint32_t plank = hashed(s.seed, cell(row), 77);
  const float shift = 7.0F * unit_float(plank);
  const float length = 0.6F + 0.5F * unit_float(mixed(plank));
  const float joint = std::floor((u + shift) / length);
  const std::uint32_t board = hashed(plank, cell(joint), 5);
  const float warp = fractal_noise((u + shift) * 4.0F, v * 9.0F, footprint * 6.0F, 2, board);
  const float rings =
      0.5F + 0.5F * std::sin(6.2831853F * (v / s.size * 1.6F + 1.7F * warp + unit_float(board)));
  const float grain = fractal_noise(u * 22.0F, v * 420.0F, footprint * 210.0F, 3, board + 1);
  F3 c = mix(s.color, s.second, 0.65F * rings * rings);
  c = tinted(c, 0.28F * grain + 0.22F * (unit_float(board + 9) - 0.5F));
  const float spots = value_noise(u * 45.0F, v * 60.0F, board + 3);
  c = tinted(c, -0.35F * smoothstep(0.86F, 0.93F, spots));
  const float in_row = v / width - row;
  const float in_board = (u + shift) / length - joint;
  const float seam_v = std::min(in_row, 1.0F - in_row) * width;
  const float seam_u = std::min(in_board, 1.0F - in_board) * length;
  const float line = std::max(0.0012F, 0.7F * footprint);
  const float seam = 1.0F - smoothstep(0.5F * line, 1.5F * line, std::min(seam_u, seam_v));
  return tinted(c, -0.55F * seam * std::min(1.0F, 0.0012F / line + 0.3F));
}

F3 stone(const Surface& s, float u, float v, float footprint) {
  const float k = 1.0F / s.size;
  const float broad = fractal_noise(u * k * 0.25F, v * k * 0.25F, footprint * k * 0.25F, 3, s.seed);
  const float fine = fractal_noise(u * k, v * k, footprint * k, 3, s.seed + 1);
  F3 c = mix(s.color, s.second, clamp01(0.5F + 0.5F * broad + 0.8F * fine));
  const float speck = value_noise(u * 260.0F, v * 260.0F, s.seed + 2);
  const float faint = clamp01(1.5F - 300.0F * footprint);
  c = tinted(
      c, faint * (0.5F * smoothstep(0.80F, 0.9F, speck) - 0.5F * smoothstep(0.2F, 0.1F, speck)));
  const float chips = value_noise(u * 95.0F, v * 95.0F, s.seed + 4);
  return tinted(c, -0.45F * smoothstep(0.84F, 0.92F, chips));
}

F3 tiles(const Surface& s, float u, float v, float footprint) {
  const float iu = std::floor(u / s.size);
  const float iv = std::floor(v / s.size);
  const std::uint32_t tile = hashed(s.seed, cell(iu), cell(iv));
  F3 c = mix(s.color, s.second, unit_float(tile) * 0.6F);
  if (unit_float(mixed(tile + 4)) < 0.22F) {  // a tile with a motif
    const float a = u / s.size - iu - 0.5F;
    const float b = v / s.size - iv - 0.5F;
    const float ring = std::abs(std::abs(a) + std::abs(b) - 0.28F);
    c = mix(c, hue_color(s.seed + 3), 0.7F * (1.0F - smoothstep(0.05F, 0.09F, ring)));
  }
  c = tinted(c, 0.10F * fractal_noise(u * 30.0F, v * 30.0F, footprint * 30.0F, 2, tile));
  const float fu = u / s.size - iu;
  const float fv = v / s.size - iv;
  const float edge = std::min({fu, 1.0F - fu, fv, 1.0F - fv}) * s.size;
  const float grout = 1.0F - smoothstep(0.0012F, 0.0022F + footprint, edge);
  return mix(c, {0.35F, 0.34F, 0.32F}, 0.8F * grout);
}

F3 woven(const Surface& s, F3 c, float u, float v, float footprint) {
  const float fade = clamp01(1.2F - 500.0F * footprint);
  const float weave = std::sin(u * 2600.0F) * std::sin(v * 2600.0F);
  const float fluff = fractal_noise(u * 150.0F, v * 150.0F, footprint * 150.0F, 3, s.seed + 8);
  return tinted(c, 0.12F * fade * weave + 0.25F * fluff);
}

F3 patterned(const Surface& s, float u, float v, float footprint) {
  switch (s.pattern) {
    case Pattern::wood:
      return wood(s, u, v, footprint);
    case Pattern::noise:
      return stone(s, u, v, footprint);
    case Pattern::checker: {
      const float a = soft_square(u, 2.0F * s.size, footprint);
      const float b = soft_square(v, 2.0F * s.size, footprint);
      return woven(s, mix(s.color, s.second, a + b - 2.0F * a * b), u, v, footprint);
    }
    case Pattern::stripes: {
      const float a = soft_square(v, 2.0F * s.size, footprint);
      const float thin = soft_square(u, 0.7F * s.size, footprint);
      return woven(s, mix(s.color, s.second, 0.75F * a + 0.25F * a * thin), u, v, footprint);
    }
    case Pattern::plain:
      break;
  }
  const float stain = fractal_noise(u * 25.0F, v * 25.0F, footprint * 25.0F, 4, s.seed);
  return tinted(s.color, 0.12F * stain);
}

/// A label round the middle of a box or can.
F3 printed(const Surface& s, float u, float v, float height, float footprint) {
  const F3 base =
      tinted(s.color, 0.06F * fractal_noise(u * 60.0F, v * 60.0F, footprint * 60.0F, 3, s.seed));
  if (unit_float(mixed(s.seed + 21)) < 0.2F) return base;  // one in five things is plain
  const float low = 0.10F + 0.12F * unit_float(mixed(s.seed + 22));
  const float high = 0.80F + 0.12F * unit_float(mixed(s.seed + 23));
  const float soft = std::max(0.004F, 6.0F * footprint);
  const float label =
      smoothstep(low - soft, low + soft, height) * smoothstep(high + soft, high - soft, height);
  if (label <= 0.0F) return base;
  Surface paper = s;
  paper.color = s.second;
  paper.second = hue_color(s.seed + 31);
  F3 c = patterned(paper, u, v, footprint);
  // Blocks of a logo and lines of writing.
  const float block = 0.011F;
  const std::uint32_t at =
      hashed(s.seed + 40, cell(std::floor(u / block)), cell(std::floor(v / block)));
  const float chance = unit_float(at);
  if (chance < 0.30F) c = mix(c, hue_color(at + 3), 0.85F);
  const float line = 0.0042F;
  const std::uint32_t word =
      hashed(s.seed + 50, cell(std::floor(u / 0.0065F)), cell(std::floor(v / line)));
  const float in_line = v / line - std::floor(v / line);
  const bool writing = unit_float(mixed(s.seed + cell(std::floor(v / 0.02F)))) < 0.4F;
  if (writing && in_line < 0.55F && unit_float(word) < 0.7F) {
    c = clamp01(1.3F - 250.0F * footprint) > 0.0F ? mix(c, {0.03F, 0.03F, 0.04F}, 0.7F) : c;
  }
  return mix(base, c, label);
}

}  // namespace

Surface surface_of(const Material& material, Finish finish, std::uint32_t seed) {
  Surface s;
  s.color = f3(material.color_rgb);
  s.second = f3(material.second_color_rgb);
  s.pattern = material.pattern;
  s.size = static_cast<float>(material.pattern_size_m);
  s.gloss = 0.35F * (1.0F - static_cast<float>(material.roughness));
  s.finish = finish;
  s.seed = seed;
  return s;
}

float value_noise(float u, float v, std::uint32_t seed) {
  const float fu = std::floor(u);
  const float fv = std::floor(v);
  const float a = u - fu;
  const float b = v - fv;
  const float wa = a * a * (3.0F - 2.0F * a);
  const float wb = b * b * (3.0F - 2.0F * b);
  const std::uint32_t x = cell(fu);
  const std::uint32_t y = cell(fv);
  const auto corner = [&](std::uint32_t i, std::uint32_t k) {
    return unit_float(mixed((x + i) * 0x9e3779b1U + mixed((y + k) * 0x85ebca77U + seed)));
  };
  return mix(mix(corner(0, 0), corner(1, 0), wa), mix(corner(0, 1), corner(1, 1), wa), wb);
}

float fractal_noise(float u, float v, float footprint, int octaves, std::uint32_t seed) {
  float sum = 0.0F;
  float amplitude = 0.6F;
  for (int i = 0; i < octaves; ++i) {
    const float fade = clamp01(1.6F - 2.0F * footprint);
    if (fade <= 0.0F) break;
    sum +=
        fade * amplitude * (2.0F * value_noise(u, v, seed + static_cast<std::uint32_t>(i)) - 1.0F);
    u *= 2.03F;
    v *= 2.03F;
    footprint *= 2.03F;
    amplitude *= 0.6F;
  }
  return sum;
}

F3 albedo(const Surface& s, float u, float v, float height, float footprint) {
  switch (s.finish) {
    case Finish::printed:
      return printed(s, u, v, height, footprint);
    case Finish::wall:
    case Finish::floor:
      if (s.pattern == Pattern::checker) return tiles(s, u, v, footprint);
      break;
    case Finish::fruit: {
      const float mottle = fractal_noise(u * 80.0F, v * 80.0F, footprint * 80.0F, 4, s.seed);
      return mix(s.color, 0.7F * s.second, clamp01(0.25F + 0.5F * mottle));
    }
    case Finish::bare:
    case Finish::tabletop:
    case Finish::cloth:
      break;
  }
  return patterned(s, u, v, footprint);
}

F3 print_color(std::uint32_t seed, float u, float v, float footprint) {
  const std::uint32_t kind = mixed(seed) % 3;
  const F3 paper = kind == 2 ? hue_color(seed + 1) : F3{0.78F, 0.77F, 0.72F};
  F3 c = paper;
  if (kind == 0) {  // a page: heading, picture, lines
    const float row = v * 24.0F;
    const float in_row = row - std::floor(row);
    const std::uint32_t word = hashed(seed, cell(std::floor(u * 15.0F)), cell(std::floor(row)));
    const bool margin = u < 0.08F || u > 0.92F || v < 0.05F || v > 0.95F;
    const bool picture = u > 0.52F && v > 0.50F && v < 0.85F;
    if (!margin && picture) {
      c = hue_color(hashed(seed, cell(std::floor(u * 9.0F)), cell(std::floor(v * 7.0F))));
    } else if (!margin && in_row < 0.5F && unit_float(word) < 0.75F) {
      c = {0.05F, 0.05F, 0.06F};
    }
  } else if (kind == 1) {  // a poster of blocks
    const float k = 3.0F + 4.0F * unit_float(mixed(seed + 7));
    const std::uint32_t block =
        hashed(seed, cell(std::floor(u * k)), cell(std::floor(v * k * 1.3F)));
    c = hue_color(block);
    const float du = u * k - std::floor(u * k) - 0.5F;
    const float dv = v * k * 1.3F - std::floor(v * k * 1.3F) - 0.5F;
    if (du * du + dv * dv < 0.09F) c = hue_color(block + 17);
  } else {  // a towel
    const float a = soft_square(u, 0.25F, 0.02F);
    const float b = soft_square(v, 0.5F, 0.02F);
    c = mix(c, hue_color(seed + 2), 0.6F * a + 0.3F * b);
    c = tinted(c, 0.3F * fractal_noise(u * 60.0F, v * 60.0F, footprint * 200.0F, 3, seed));
  }
  const float border = std::min({u, 1.0F - u, v, 1.0F - v});
  return border < 0.012F ? 0.6F * c : c;
}

}  // namespace hearth::film_internal
