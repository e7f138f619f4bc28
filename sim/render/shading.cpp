// SPDX-License-Identifier: Apache-2.0
#include "sim/render/shading.h"

#include <hearth/render/color.h>

#include <algorithm>
#include <cmath>

#include "sim/render/vector.h"

namespace hearth {
namespace {

constexpr double kReferenceDistanceM = 2.0;
constexpr double kNearestM = 0.2;
constexpr double kShoulder = 0.6;
constexpr double kDielectricF0 = 0.04;

// Points on the unit disc: a spiral by the golden angle, whose sine and cosine are written out
// because library sines differ in the last bit between machines.
template <std::size_t N>
std::array<Vec2, N> make_disc() {
  constexpr double kCos = -0.73736887807831990;
  constexpr double kSin = 0.67549029426152362;
  std::array<Vec2, N> out{};
  Vec2 arm{1.0, 0.0};
  for (std::size_t i = 0; i < N; ++i) {
    out[i] = std::sqrt((static_cast<double>(i) + 0.5) / static_cast<double>(N)) * arm;
    arm = {kCos * arm.x - kSin * arm.y, kSin * arm.x + kCos * arm.y};
  }
  return out;
}

const std::array<Vec2, kSlots>& light_disc() {
  static const std::array<Vec2, kSlots> disc = make_disc<kSlots>();
  return disc;
}

const std::array<Vec2, kSlots * kOcclusionRays>& occlusion_disc() {
  static const auto disc = make_disc<static_cast<std::size_t>(kSlots) * kOcclusionRays>();
  return disc;
}

struct Frame {
  Vec3 x{};
  Vec3 y{};
};

// Axes across n without a branch that flips inside a surface (Duff et al., JCGT 6(1), 2017).
Frame frame_across(Vec3 n) {
  const double sign = n.z < 0.0 ? -1.0 : 1.0;
  const double a = -1.0 / (sign + n.z);
  const double b = n.x * n.y * a;
  return {{1.0 + sign * n.x * n.x * a, sign * b, -sign * n.x}, {b, sign + n.y * n.y * a, -n.y}};
}

// Blinn-Phong lobe scaled to conserve energy, with Schlick's rational power.
double highlight(Vec3 n, Vec3 to_light, Vec3 to_camera, double roughness) {
  const Vec3 sum = to_light + to_camera;
  const double length2 = dot(sum, sum);
  if (length2 < 1e-12) return 0.0;
  const double cosine = dot(n, sum) / std::sqrt(length2);
  if (cosine <= 0.0) return 0.0;
  const double r2 = std::max(0.01, roughness * roughness);
  const double exponent = 2.0 / (r2 * r2) - 1.0 + 1e-3;
  const double power = cosine / (exponent - exponent * cosine + cosine);
  return kDielectricF0 * (exponent + 8.0) / 8.0 * power;
}

double shoulder(double v) {
  if (v <= kShoulder) return std::max(0.0, v);
  const double z = (v - kShoulder) / (1.0 - kShoulder);
  return kShoulder + (1.0 - kShoulder) * z / (1.0 + z);
}

}  // namespace

ReadyLighting make_ready(const Lighting& lighting) {
  ReadyLighting out;
  out.exposure = lighting.exposure;
  out.background = lighting.background_rgb;
  Vec3 total{};
  for (const Light& light : lighting.lights) {
    const Vec3 color = rgb_from_color_temperature(light.color_temperature_k);
    total = total + light.intensity * color;
    out.lights.push_back({light.p_in_world_m, light.radius_m,
                          light.intensity * kReferenceDistanceM * kReferenceDistanceM * color});
  }
  if (lighting.lights.empty()) {
    out.ambient = {1.0, 1.0, 1.0};
    return out;
  }
  out.ambient = lighting.ambient_light * total;
  out.direct_share = 1.0 - lighting.ambient_light;
  return out;
}

Vec3 radiance(const SurfacePoint& point, const ReadyLighting& lighting,
              std::span<const float> light_share, float open_share) {
  // The ceiling of a room is its largest reflector: what faces up gets more of the even light.
  const double sky = 0.75 + 0.25 * point.normal.z;
  Vec3 diffuse = (sky * static_cast<double>(open_share)) * lighting.ambient;
  Vec3 gloss{};
  for (std::size_t i = 0; i < lighting.lights.size(); ++i) {
    if (light_share[i] <= 0.0F) continue;
    const ReadyLight& light = lighting.lights[i];
    const Vec3 offset = light.p - point.p;
    const double d2 = std::max(kNearestM * kNearestM, dot(offset, offset));
    const Vec3 to_light = unit(offset);
    const double cosine = dot(point.normal, to_light);
    if (cosine <= 0.0) continue;
    const double arriving =
        lighting.direct_share * static_cast<double>(light_share[i]) * cosine / d2;
    diffuse = diffuse + arriving * light.power;
    const double lobe = highlight(point.normal, to_light, point.to_camera, point.roughness);
    gloss = gloss + (arriving * lobe) * light.power;
  }
  return multiply(point.albedo, diffuse) + gloss;
}

Vec3 displayed(Vec3 radiance_rgb, double exposure) {
  return {shoulder(exposure * radiance_rgb.x), shoulder(exposure * radiance_rgb.y),
          shoulder(exposure * radiance_rgb.z)};
}

int slot_of_pixel(int x, int y) {
  // A 4 x 4 ordered-dither matrix: neighbours get distant numbers.
  static constexpr std::array<int, kSlots> kOrder = {0, 8,  2, 10, 12, 4, 14, 6,
                                                     3, 11, 1, 9,  15, 7, 13, 5};
  return kOrder[static_cast<std::size_t>((y % kBlock) * kBlock + x % kBlock)];
}

Vec3 light_sample(const ReadyLight& light, Vec3 p, int slot, std::size_t light_index) {
  if (light.radius <= 0.0) return light.p;
  const Vec3 toward = unit(light.p - p);
  const Frame frame = frame_across(toward);
  const std::size_t index = (static_cast<std::size_t>(slot) + 5 * light_index) % kSlots;
  const Vec2 spot = light.radius * light_disc()[index];
  return light.p + spot.x * frame.x + spot.y * frame.y;
}

Vec3 occlusion_direction(Vec3 normal, int slot, int ray) {
  const Frame frame = frame_across(normal);
  const Vec2 spot = occlusion_disc()[static_cast<std::size_t>(slot + ray * kSlots)];
  const double up = std::sqrt(std::max(0.0, 1.0 - dot(spot, spot)));
  return spot.x * frame.x + spot.y * frame.y + up * normal;
}

Vec2 subpixel_offset(int i) {
  // Roberts' R2 sequence: steps by powers of the plastic number's inverse.
  const double x = 0.5 + 0.75487766624669276 * i;
  const double y = 0.5 + 0.56984029099805327 * i;
  return {x - std::floor(x) - 0.5, y - std::floor(y) - 0.5};
}

}  // namespace hearth
