// SPDX-License-Identifier: Apache-2.0
#include "draw_canvas.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace hearth {
namespace {

void blend(ImageRgb8& image, int x, int y, InkColor color, double share) {
  const auto at = 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width_px) +
                       static_cast<std::size_t>(x));
  const double ink[3] = {static_cast<double>(color.r), static_cast<double>(color.g),
                         static_cast<double>(color.b)};
  for (std::size_t k = 0; k < 3; ++k) {
    const double old = image.values[at + k];
    image.values[at + k] = static_cast<std::uint8_t>(std::lround(old + share * (ink[k] - old)));
  }
}

// Pixels of a bounding box, clipped; empty if the box lies outside or is not finite.
struct PixelBox {
  int x0 = 0;
  int x1 = -1;
  int y0 = 0;
  int y1 = -1;
};

PixelBox box_around(const ImageRgb8& image, Vec2 low, Vec2 high) {
  const double w = image.width_px;
  const double h = image.height_px;
  if (!is_finite(low) || !is_finite(high)) return {};
  if (high.x < 0.0 || high.y < 0.0 || low.x > w || low.y > h) return {};
  return {static_cast<int>(std::max(0.0, std::floor(low.x))),
          static_cast<int>(std::min(w - 1.0, std::ceil(high.x))),
          static_cast<int>(std::max(0.0, std::floor(low.y))),
          static_cast<int>(std::min(h - 1.0, std::ceil(high.y)))};
}

// Liang and Barsky, 1984: the part of a segment inside a rectangle grown by `margin`.
bool clip(const ImageRgb8& image, double margin, Vec2& from, Vec2& to) {
  const Vec2 d = to - from;
  double enter = 0.0;
  double leave = 1.0;
  const double walls[4][2] = {{-d.x, from.x + margin},
                              {d.x, image.width_px + margin - from.x},
                              {-d.y, from.y + margin},
                              {d.y, image.height_px + margin - from.y}};
  for (const auto& wall : walls) {
    if (wall[0] == 0.0) {
      if (wall[1] < 0.0) return false;
      continue;
    }
    const double u = wall[1] / wall[0];
    if (wall[0] < 0.0) enter = std::max(enter, u);
    if (wall[0] > 0.0) leave = std::min(leave, u);
  }
  if (enter > leave) return false;
  const Vec2 start = from;
  from = start + enter * d;
  to = start + leave * d;
  return true;
}

void draw_solid(ImageRgb8& image, Vec2 from, Vec2 to, const Stroke& stroke) {
  const double reach = 0.5 * stroke.width_px + 0.5;
  const Vec2 low{std::min(from.x, to.x) - reach, std::min(from.y, to.y) - reach};
  const Vec2 high{std::max(from.x, to.x) + reach, std::max(from.y, to.y) + reach};
  const PixelBox box = box_around(image, low, high);
  const Vec2 along = to - from;
  const double square = dot(along, along);
  for (int y = box.y0; y <= box.y1; ++y) {
    for (int x = box.x0; x <= box.x1; ++x) {
      const Vec2 p{static_cast<double>(x), static_cast<double>(y)};
      const double u = square > 0.0 ? std::clamp(dot(p - from, along) / square, 0.0, 1.0) : 0.0;
      const double cover = reach - norm(p - from - u * along);
      if (cover > 0.0) blend(image, x, y, stroke.color, stroke.opacity * std::min(1.0, cover));
    }
  }
}

}  // namespace

void draw_line(ImageRgb8& image, Vec2 from_px, Vec2 to_px, const Stroke& stroke) {
  if (!is_finite(from_px) || !is_finite(to_px)) return;
  if (!clip(image, stroke.width_px + 1.0, from_px, to_px)) return;
  const double length = norm(to_px - from_px);
  if (stroke.dash_px <= 0.0 || length <= stroke.dash_px) {
    draw_solid(image, from_px, to_px, stroke);
    return;
  }
  const Vec2 unit = (1.0 / length) * (to_px - from_px);
  for (double at = 0.0; at < length; at += 2.0 * stroke.dash_px) {
    const double end = std::min(length, at + stroke.dash_px);
    draw_solid(image, from_px + at * unit, from_px + end * unit, stroke);
  }
}

void draw_disc(ImageRgb8& image, Vec2 center_px, double radius_px, InkColor color, double opacity) {
  draw_solid(image, center_px, center_px, {color, 2.0 * radius_px, opacity, 0.0});
}

void fill_rectangle(ImageRgb8& image, int left_px, int top_px, int width_px, int height_px,
                    InkColor color) {
  for (int y = std::max(0, top_px); y < std::min(image.height_px, top_px + height_px); ++y) {
    for (int x = std::max(0, left_px); x < std::min(image.width_px, left_px + width_px); ++x) {
      blend(image, x, y, color, 1.0);
    }
  }
}

namespace {

// The input pixels that one output pixel covers, with their shares.
struct Cover {
  int first = 0;
  std::vector<float> shares{};
};

std::vector<Cover> covers(int from_px, int to_px) {
  std::vector<Cover> all(static_cast<std::size_t>(to_px));
  const double step = static_cast<double>(from_px) / to_px;
  for (int i = 0; i < to_px; ++i) {
    const double low = i * step;
    const double high = (i + 1) * step;
    Cover& cover = all[static_cast<std::size_t>(i)];
    cover.first = static_cast<int>(std::floor(low));
    const int last = std::min(from_px - 1, static_cast<int>(std::ceil(high)) - 1);
    for (int k = cover.first; k <= last; ++k) {
      const double part = std::min(high, k + 1.0) - std::max(low, static_cast<double>(k));
      cover.shares.push_back(static_cast<float>(part / step));
    }
  }
  return all;
}

}  // namespace

ImageRgb8 resized(const ImageRgb8& image, int width_px, int height_px) {
  if (image.width_px == width_px && image.height_px == height_px) return image;
  const std::vector<Cover> columns = covers(image.width_px, width_px);
  const std::vector<Cover> rows = covers(image.height_px, height_px);
  ImageRgb8 out{width_px, height_px, {}};
  out.values.resize(3 * static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px));
  std::size_t at = 0;
  for (const Cover& row : rows) {
    for (const Cover& column : columns) {
      float sum[3] = {0.5F, 0.5F, 0.5F};
      for (std::size_t j = 0; j < row.shares.size(); ++j) {
        const auto y = static_cast<std::size_t>(row.first) + j;
        const std::uint8_t* pixel =
            &image.values[3 * (y * static_cast<std::size_t>(image.width_px) +
                               static_cast<std::size_t>(column.first))];
        for (const float share : column.shares) {
          const float weight = share * row.shares[j];
          for (int k = 0; k < 3; ++k) sum[k] += weight * static_cast<float>(*pixel++);
        }
      }
      for (const float value : sum) {
        out.values[at++] = static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F));
      }
    }
  }
  return out;
}

double resized_pixel(double pixel, int from_px, int to_px) {
  return (pixel + 0.5) * to_px / from_px - 0.5;  // Pixel 0 is the centre of the first pixel.
}

CameraModel resized(const CameraModel& camera, int width_px, int height_px) {
  CameraModel out = camera;
  out.fx_px = camera.fx_px * width_px / camera.width_px;
  out.fy_px = camera.fy_px * height_px / camera.height_px;
  out.cx_px = resized_pixel(camera.cx_px, camera.width_px, width_px);
  out.cy_px = resized_pixel(camera.cy_px, camera.height_px, height_px);
  out.width_px = width_px;
  out.height_px = height_px;
  return out;
}

}  // namespace hearth
