// SPDX-License-Identifier: Apache-2.0
#include "sim/render/frame_pass.h"

#include <hearth/core/parallel.h>
#include <hearth/render/color.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "sim/render/pattern.h"
#include "sim/render/vector.h"

namespace hearth {
namespace {

constexpr int kBandRows = 8;
constexpr double kLiftM = 1e-4;          // shadow rays start this far above the surface
constexpr double kSameFaceCosine = 0.9;  // normals closer than this belong to one smooth face
constexpr int kEnoughNeighbors = 14;     // of the 16 in a window
constexpr double kSteepestCosine = 0.2;  // bounds the footprint of a grazing pixel

class FramePass {
 public:
  explicit FramePass(const FrameInput& input)
      : in_(input),
        width_(input.camera.width_px),
        height_(input.camera.height_px),
        channels_(input.lighting.lights.size() + 1),
        world_from_camera_(matrix_from_quat(input.world_from_camera.rotation)) {
    const auto pixels = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
    hits_.resize(pixels);
    normals_.resize(pixels);
    raw_.assign(pixels * channels_, 1.0F);
    shares_.assign(pixels * channels_, 1.0F);
    colors_.resize(pixels);
  }

  RenderedFrame draw() {
    each_band([this](int y) { trace_rows(y); });
    each_band([this](int y) { shade_rows(y); });
    if (in_.options.samples_per_pixel > 1) {
      std::vector<Vec3> fine = colors_;
      each_band([&](int y) { refine_rows(y, fine); });
      colors_ = std::move(fine);
    }
    return developed();
  }

 private:
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
           static_cast<std::size_t>(x);
  }

  void each_band(const std::function<void(int)>& body) const {
    const int bands = (height_ + kBandRows - 1) / kBandRows;
    parallel_for(static_cast<std::size_t>(bands), in_.options.jobs,
                 [&](std::size_t band) { body(static_cast<int>(band) * kBandRows); });
  }

  int last_row(int y0) const { return std::min(height_, y0 + kBandRows); }

  Ray camera_ray(Vec3 direction_in_camera) const {
    return {in_.world_from_camera.position_m, rotate(world_from_camera_, direction_in_camera), 0.0,
            1e30};
  }

  // Two by two pixels at a time: neighbours walk the same boxes.
  void trace_rows(int y0) {
    for (int y = y0; y < last_row(y0); y += 2) {
      for (int x = 0; x < width_; x += 2) trace_quad(x, y);
    }
  }

  void trace_quad(int x0, int y0) {
    std::array<int, kPacket> px{};
    std::array<int, kPacket> py{};
    std::array<Ray, kPacket> rays{};
    std::array<Hit, kPacket> hits{};
    std::size_t count = 0;
    for (int k = 0; k < static_cast<int>(kPacket); ++k) {
      const int x = x0 + k % 2;
      const int y = y0 + k / 2;
      if (x >= width_ || y >= height_) continue;
      const Vec3 direction = in_.rays[index(x, y)];
      if (direction.z == 0.0) continue;
      px[count] = x;
      py[count] = y;
      rays[count++] = camera_ray(direction);
    }
    if (count == 0) return;
    in_.scene.closest({rays.data(), count}, {hits.data(), count}, in_.options.packets);

    std::array<Vec3, kPacket> points{};
    std::array<int, kPacket> slots{};
    std::array<std::size_t, kPacket> pixels{};
    std::size_t solid = 0;
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t pixel = index(px[k], py[k]);
      hits_[pixel] = hits[k];
      if (hits[k].primitive < 0) continue;
      const Vec3 p = rays[k].origin + hits[k].t * rays[k].direction;
      normals_[pixel] = normal_at(hits[k].primitive, p);
      points[solid] = p + kLiftM * normals_[pixel];
      slots[solid] = slot_of_pixel(px[k], py[k]);
      pixels[solid++] = pixel;
    }
    trace_shares({points.data(), solid}, {slots.data(), solid}, {pixels.data(), solid});
  }

  Vec3 normal_at(int primitive, Vec3 p) const {
    return surface_normal(in_.scene.primitives()[static_cast<std::size_t>(primitive)], p);
  }

  void trace_shares(std::span<const Vec3> points, std::span<const int> slots,
                    std::span<const std::size_t> pixels) {
    const auto normal = [&](std::size_t k) { return normals_[pixels[k]]; };
    const auto share = [&](std::size_t k, std::size_t channel) -> float& {
      return raw_[pixels[k] * channels_ + channel];
    };
    share_rays(points, slots, normal, share);
  }

  // Fills share(k, light) with 0 or 1 and share(k, last) with the open fraction.
  template <class Normal, class Share>
  void share_rays(std::span<const Vec3> points, std::span<const int> slots, const Normal& normal,
                  const Share& share) const {
    const auto& lights = in_.lighting.lights;
    std::array<Ray, kPacket> rays{};
    std::array<std::size_t, kPacket> owner{};
    std::array<bool, kPacket> blocked{};
    for (std::size_t light = 0; in_.options.shadows && light < lights.size(); ++light) {
      std::size_t count = 0;
      for (std::size_t k = 0; k < points.size(); ++k) {
        if (dot(normal(k), lights[light].p - points[k]) <= 0.0) continue;
        const Vec3 target = light_sample(lights[light], points[k], slots[k], light);
        owner[count] = k;
        rays[count++] = {points[k], target - points[k], 0.0, 1.0};
      }
      if (count == 0) continue;
      in_.scene.blocked({rays.data(), count}, {blocked.data(), count}, in_.options.packets);
      for (std::size_t i = 0; i < count; ++i) share(owner[i], light) = blocked[i] ? 0.0F : 1.0F;
    }
    if (!in_.options.occlusion || points.empty()) return;
    std::array<int, kPacket> open{};
    for (int ray = 0; ray < kOcclusionRays; ++ray) {
      for (std::size_t k = 0; k < points.size(); ++k) {
        rays[k] = {points[k], occlusion_direction(normal(k), slots[k], ray), 0.0,
                   in_.options.occlusion_m};
      }
      in_.scene.blocked({rays.data(), points.size()}, {blocked.data(), points.size()},
                        in_.options.packets);
      for (std::size_t k = 0; k < points.size(); ++k) open[k] += blocked[k] ? 0 : 1;
    }
    for (std::size_t k = 0; k < points.size(); ++k) {
      share(k, lights.size()) = static_cast<float>(open[k]) / static_cast<float>(kOcclusionRays);
    }
  }

  bool same_face(std::size_t a, std::size_t b) const {
    return hits_[a].primitive == hits_[b].primitive &&
           dot(normals_[a], normals_[b]) > kSameFaceCosine;
  }

  void shade_rows(int y0) {
    for (int y = y0; y < last_row(y0); ++y) {
      for (int x = 0; x < width_; ++x) {
        const std::size_t pixel = index(x, y);
        if (hits_[pixel].primitive < 0) {
          colors_[pixel] = displayed(in_.lighting.background, 1.0);
          continue;
        }
        if (in_.options.shadows || in_.options.occlusion) smooth_pixel(x, y, pixel);
        const Ray ray = camera_ray(in_.rays[pixel]);
        colors_[pixel] = shaded(ray, hits_[pixel], normals_[pixel], shares_of(pixel));
      }
    }
  }

  // Mean of the raw shares over a 4 x 4 window, neighbours on the same face only.
  // Near the rim of a face the window loses samples, and the dither would show: widen it there.
  void smooth_pixel(int x, int y, std::size_t pixel) {
    if (gather(x, y, pixel, kBlock / 2 - 1, kBlock / 2) >= kEnoughNeighbors) return;
    (void)gather(x, y, pixel, kBlock, kBlock);
  }

  // Mean of the raw shares over [-before, after] in both directions; returns how many took part.
  int gather(int x, int y, std::size_t pixel, int before, int after) {
    const int x1 = std::min(width_ - 1, x + after);
    const int y1 = std::min(height_ - 1, y + after);
    float* out = &shares_[pixel * channels_];
    std::fill(out, out + channels_, 0.0F);
    int count = 0;
    for (int v = std::max(0, y - before); v <= y1; ++v) {
      for (int u = std::max(0, x - before); u <= x1; ++u) {
        const std::size_t other = index(u, v);
        if (!same_face(pixel, other)) continue;
        const float* in = &raw_[other * channels_];
        for (std::size_t c = 0; c < channels_; ++c) out[c] += in[c];
        ++count;
      }
    }
    for (std::size_t c = 0; c < channels_; ++c) out[c] /= static_cast<float>(count);
    return count;
  }

  std::span<const float> shares_of(std::size_t pixel) const {
    return {&shares_[pixel * channels_], channels_};
  }

  Vec3 shaded(const Ray& ray, const Hit& hit, Vec3 normal, std::span<const float> shares) const {
    const VisualGeom& geom = in_.geoms[static_cast<std::size_t>(hit.primitive)];
    const Pose& body = in_.world_from_body[static_cast<std::size_t>(geom.body_index)];
    const Vec3 toward = -unit(ray.direction);
    SurfacePoint point;
    point.p = ray.origin + hit.t * ray.direction;
    point.normal = normal;
    point.to_camera = toward;
    point.roughness = geom.material.roughness;
    if (geom.material.pattern == Pattern::plain) {
      point.albedo = geom.material.color_rgb;
    } else {
      const Mat3 world_from_body = matrix_from_quat(body.rotation);
      const double cosine = std::max(kSteepestCosine, dot(normal, toward));
      const double footprint = hit.t / (in_.camera.fx_px * cosine);
      point.albedo =
          pattern_color(geom.material, rotate_back(world_from_body, point.p - body.position_m),
                        rotate_back(world_from_body, normal), footprint);
    }
    const std::size_t lights = channels_ - 1;
    return displayed(radiance(point, in_.lighting, shares.first(lights), shares[lights]),
                     in_.lighting.exposure);
  }

  bool on_edge(int x, int y, std::size_t pixel) const {
    const auto differs = [&](int u, int v) {
      if (u < 0 || v < 0 || u >= width_ || v >= height_) return false;
      return !same_face(pixel, index(u, v));
    };
    return differs(x - 1, y) || differs(x + 1, y) || differs(x, y - 1) || differs(x, y + 1);
  }

  void refine_rows(int y0, std::vector<Vec3>& fine) const {
    for (int y = y0; y < last_row(y0); ++y) {
      for (int x = 0; x < width_; ++x) {
        const std::size_t pixel = index(x, y);
        if (in_.rays[pixel].z != 0.0 && on_edge(x, y, pixel)) fine[pixel] = refined(x, y, pixel);
      }
    }
  }

  // Change of the ray per pixel of x or y.
  Vec3 ray_slope(int x, int y, int dx, int dy) const {
    const int x0 = std::max(0, x - dx);
    const int y0 = std::max(0, y - dy);
    const int x1 = std::min(width_ - 1, x + dx);
    const int y1 = std::min(height_ - 1, y + dy);
    const Vec3 a = in_.rays[index(x0, y0)];
    const Vec3 b = in_.rays[index(x1, y1)];
    const int steps = (x1 - x0) + (y1 - y0);
    if (steps == 0 || a.z == 0.0 || b.z == 0.0) return {};
    return (1.0 / steps) * (b - a);
  }

  // The pixel's mean over its sub-pixel samples; sample 0 is the centre, already shaded.
  Vec3 refined(int x, int y, std::size_t pixel) const {
    const int samples = in_.options.samples_per_pixel;
    const Vec3 along_x = ray_slope(x, y, 1, 0);
    const Vec3 along_y = ray_slope(x, y, 0, 1);
    Vec3 sum = colors_[pixel];
    std::array<Ray, kPacket> rays{};
    std::array<Hit, kPacket> hits{};
    for (int first = 1; first < samples; first += static_cast<int>(kPacket)) {
      const auto count =
          static_cast<std::size_t>(std::min(samples - first, static_cast<int>(kPacket)));
      for (std::size_t k = 0; k < count; ++k) {
        const Vec2 offset = subpixel_offset(first + static_cast<int>(k));
        rays[k] = camera_ray(in_.rays[pixel] + offset.x * along_x + offset.y * along_y);
      }
      in_.scene.closest({rays.data(), count}, {hits.data(), count}, in_.options.packets);
      for (std::size_t k = 0; k < count; ++k) sum = sum + sample_color(x, y, rays[k], hits[k]);
    }
    return (1.0 / samples) * sum;
  }

  Vec3 sample_color(int x, int y, const Ray& ray, const Hit& hit) const {
    if (hit.primitive < 0) return displayed(in_.lighting.background, 1.0);
    const Vec3 p = ray.origin + hit.t * ray.direction;
    const Vec3 normal = normal_at(hit.primitive, p);
    // A pixel nearby that sees the same face knows its shadows already.
    for (int v = std::max(0, y - 1); v <= std::min(height_ - 1, y + 1); ++v) {
      for (int u = std::max(0, x - 1); u <= std::min(width_ - 1, x + 1); ++u) {
        const std::size_t donor = index(u, v);
        if (hits_[donor].primitive != hit.primitive) continue;
        if (dot(normals_[donor], normal) <= kSameFaceCosine) continue;
        return shaded(ray, hit, normal, shares_of(donor));
      }
    }
    std::vector<float> shares(channels_, 1.0F);
    const Vec3 start = p + kLiftM * normal;
    const int slot = slot_of_pixel(x, y);
    share_rays(
        {&start, 1}, {&slot, 1}, [&](std::size_t) { return normal; },
        [&](std::size_t, std::size_t channel) -> float& { return shares[channel]; });
    return shaded(ray, hit, normal, shares);
  }

  RenderedFrame developed() const {
    RenderedFrame out;
    const std::size_t pixels = hits_.size();
    out.color = {width_, height_, std::vector<std::uint8_t>(3 * pixels)};
    out.depth = {width_, height_, std::vector<float>(pixels, 0.0F)};
    out.bodies = {width_, height_, std::vector<std::int32_t>(pixels, -1)};
    for (std::size_t i = 0; i < pixels; ++i) {
      out.color.values[3 * i] = srgb8_from_linear(colors_[i].x);
      out.color.values[3 * i + 1] = srgb8_from_linear(colors_[i].y);
      out.color.values[3 * i + 2] = srgb8_from_linear(colors_[i].z);
      if (hits_[i].primitive < 0) continue;
      out.depth.values_m[i] = static_cast<float>(hits_[i].t);
      out.bodies.body_index[i] = in_.geoms[static_cast<std::size_t>(hits_[i].primitive)].body_index;
    }
    return out;
  }

  const FrameInput& in_;
  int width_;
  int height_;
  std::size_t channels_;  // one share per light, then the open share
  Mat3 world_from_camera_;
  std::vector<Hit> hits_;
  std::vector<Vec3> normals_;
  std::vector<float> raw_;
  std::vector<float> shares_;
  std::vector<Vec3> colors_;
};

}  // namespace

RayTable make_ray_table(const CameraModel& camera) {
  RayTable out;
  out.reserve(static_cast<std::size_t>(camera.width_px) *
              static_cast<std::size_t>(camera.height_px));
  for (int y = 0; y < camera.height_px; ++y) {
    for (int x = 0; x < camera.width_px; ++x) {
      const Vec2 pixel{static_cast<double>(x), static_cast<double>(y)};
      const Vec3 ray = ray_in_camera(camera, pixel);
      // Strong distortion folds over at the rim: such pixels have no ray that leads back to them.
      const auto back = project(camera, ray);
      const bool good = back.has_value() && is_finite(*back) && norm(*back - pixel) < 0.5;
      out.push_back(good ? ray : Vec3{0.0, 0.0, 0.0});
    }
  }
  return out;
}

RenderedFrame draw_frame(const FrameInput& input) { return FramePass(input).draw(); }

}  // namespace hearth
