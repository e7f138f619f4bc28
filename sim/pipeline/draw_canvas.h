// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lines and discs on 8-bit pictures, with soft edges.

#include <hearth/core/geometry.h>
#include <hearth/data/camera.h>
#include <hearth/data/image.h>

#include <cstdint>

namespace hearth {

struct InkColor {
  std::uint8_t r = 0;
  std::uint8_t g = 0;
  std::uint8_t b = 0;
};

/// How a stroke is laid down.
struct Stroke {
  InkColor color{};
  double width_px = 1.5;
  double opacity = 1.0;
  double dash_px = 0.0;  ///< Length of dashes and gaps; 0: unbroken.
};

/// Draws a straight stroke; what lies outside the picture is left out.
void draw_line(ImageRgb8& image, Vec2 from_px, Vec2 to_px, const Stroke& stroke);

/// Draws a filled disc.
void draw_disc(ImageRgb8& image, Vec2 center_px, double radius_px, InkColor color, double opacity);

/// Fills a rectangle of whole pixels, clipped to the picture.
void fill_rectangle(ImageRgb8& image, int left_px, int top_px, int width_px, int height_px,
                    InkColor color);

/// Returns the picture at another size: each pixel is the mean over the area that it covers.
[[nodiscard]] ImageRgb8 resized(const ImageRgb8& image, int width_px, int height_px);

/// Returns the camera for a picture of another size that shows the same view.
[[nodiscard]] CameraModel resized(const CameraModel& camera, int width_px, int height_px);

/// Returns where a pixel of a picture of width from_px lies in one of width to_px.
[[nodiscard]] double resized_pixel(double pixel, int from_px, int to_px);

}  // namespace hearth
