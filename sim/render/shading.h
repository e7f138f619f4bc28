// SPDX-License-Identifier: Apache-2.0
#pragma once

// What light leaves a point toward the camera, and the sample patterns for shadows and creases.

#include <hearth/render/renderer.h>

#include <array>
#include <span>
#include <vector>

namespace hearth {

// A point on a surface as the camera sees it.
struct SurfacePoint {
  Vec3 p{};          // world
  Vec3 normal{};     // unit, world
  Vec3 to_camera{};  // unit, world
  Vec3 albedo{};     // linear RGB
  double roughness = 0.8;
};

struct ReadyLight {
  Vec3 p{};
  double radius = 0.0;
  Vec3 power{};  // linear RGB irradiance at 1 m
};

struct ReadyLighting {
  std::vector<ReadyLight> lights{};
  Vec3 ambient{};  // from every side, before occlusion
  double direct_share = 1.0;
  double exposure = 0.5;
  Vec3 background{};
};

ReadyLighting make_ready(const Lighting& lighting);

// light_share[i] in 0..1: how much of light i arrives; open_share: how little creases take away.
Vec3 radiance(const SurfacePoint& point, const ReadyLighting& lighting,
              std::span<const float> light_share, float open_share);

// Exposure and shoulder: radiance to display-linear 0..1.
Vec3 displayed(Vec3 radiance_rgb, double exposure);

// Sixteen sample numbers are spread over each 4 x 4 block of pixels, so that the mean of any 4 x 4
// window holds each once (Keller, Heidrich, "Interleaved Sampling", 2001).
inline constexpr int kBlock = 4;
inline constexpr int kSlots = kBlock * kBlock;
inline constexpr int kOcclusionRays = 2;  // per pixel
int slot_of_pixel(int x, int y);

// The ray target on the sphere of a light for a slot.
Vec3 light_sample(const ReadyLight& light, Vec3 p, int slot, std::size_t light_index);
// The direction of occlusion ray `ray` (0 .. kOcclusionRays - 1): cosine-weighted about the normal.
Vec3 occlusion_direction(Vec3 normal, int slot, int ray);

// Offset of sub-pixel sample i of n from the pixel's centre, in pixels (R2 sequence).
Vec2 subpixel_offset(int i);

}  // namespace hearth
