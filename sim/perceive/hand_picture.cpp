// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/hand_picture.h"

#include <hearth/core/result.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace hearth::hands {
namespace {

constexpr int kLevels = 4;

std::vector<float> tensor_from(const cv::Mat& rgb) {
  cv::Mat floats;
  rgb.convertTo(floats, CV_32FC3, 1.0 / 255.0);
  const auto* begin = floats.ptr<float>();
  return {begin, begin + floats.total() * 3};
}

/// An upright square on whole pixels: copy what lies inside, then average areas.
std::vector<float> sample_upright(const cv::Mat& image, const Square& square, int size_px) {
  const int side = static_cast<int>(std::lround(square.side_px));
  const int x0 = static_cast<int>(std::lround(square.center_px.x - 0.5 * (square.side_px - 1.0)));
  const int y0 = static_cast<int>(std::lround(square.center_px.y - 0.5 * (square.side_px - 1.0)));
  cv::Mat cut = cv::Mat::zeros(side, side, CV_8UC3);
  const cv::Rect inside = cv::Rect(x0, y0, side, side) & cv::Rect(0, 0, image.cols, image.rows);
  if (inside.area() > 0) {
    image(inside).copyTo(cut(inside - cv::Point(x0, y0)));
  }
  cv::Mat out;
  cv::resize(cut, out, cv::Size(size_px, size_px), 0, 0,
             side > size_px ? cv::INTER_AREA : cv::INTER_LINEAR);
  return tensor_from(out);
}

}  // namespace

Picture make_picture(const ImageRgb8& frame, int max_side_px) {
  require(frame.width_px > 0 && frame.height_px > 0, "the frame has pixels");
  // OpenCV only reads it here.
  const cv::Mat whole(frame.height_px, frame.width_px, CV_8UC3,
                      const_cast<std::uint8_t*>(frame.values.data()));
  Picture picture;
  cv::Mat base = whole.clone();
  while (std::max(base.cols, base.rows) > max_side_px && std::min(base.cols, base.rows) >= 64) {
    cv::Mat half;
    cv::resize(base, half, cv::Size(base.cols / 2, base.rows / 2), 0, 0, cv::INTER_AREA);
    base = half;
    picture.frame_px_per_px *= 2.0;
  }
  picture.levels.push_back(base);
  for (int i = 1; i < kLevels && std::min(base.cols, base.rows) >= 32; ++i) {
    cv::Mat half;
    cv::resize(base, half, cv::Size(base.cols / 2, base.rows / 2), 0, 0, cv::INTER_AREA);
    picture.levels.push_back(half);
    base = half;
  }
  return picture;
}

Vec2 point_in_square(const Square& square, Vec2 share) {
  const double x = (share.x - 0.5) * square.side_px;
  const double y = (share.y - 0.5) * square.side_px;
  const double c = std::cos(square.angle_rad);
  const double s = std::sin(square.angle_rad);
  return {square.center_px.x + c * x - s * y, square.center_px.y + s * x + c * y};
}

double overlap(const Square& a, const Square& b) {
  const auto common = [](double ca, double sa, double cb, double sb) {
    return std::max(
        0.0, std::min(ca + 0.5 * sa, cb + 0.5 * sb) - std::max(ca - 0.5 * sa, cb - 0.5 * sb));
  };
  const double both = common(a.center_px.x, a.side_px, b.center_px.x, b.side_px) *
                      common(a.center_px.y, a.side_px, b.center_px.y, b.side_px);
  const double either = a.side_px * a.side_px + b.side_px * b.side_px - both;
  return either > 0.0 ? both / either : 0.0;
}

Square on_pixels(const Square& square) {
  const double side = std::max(1.0, std::round(square.side_px));
  const double x0 = std::round(square.center_px.x - 0.5 * (side - 1.0));
  const double y0 = std::round(square.center_px.y - 0.5 * (side - 1.0));
  return {{x0 + 0.5 * (side - 1.0), y0 + 0.5 * (side - 1.0)}, side, 0.0};
}

std::vector<float> sample(const Picture& picture, const Square& square, int size_px) {
  if (square.angle_rad == 0.0 && square.side_px == std::round(square.side_px)) {
    return sample_upright(picture.levels.front(), square, size_px);
  }
  double px_per_px = square.side_px / size_px;  // Picture pixels per sample.
  std::size_t level = 0;
  double shrink = 1.0;
  while (px_per_px >= 2.0 && level + 1 < picture.levels.size()) {
    px_per_px *= 0.5;
    shrink *= 2.0;
    ++level;
  }
  // Sample (u, v) lies at center + R ((u + .5) / size - .5) side; level pixels are (p + .5) /
  // shrink - .5.
  const double c = std::cos(square.angle_rad) * px_per_px;
  const double s = std::sin(square.angle_rad) * px_per_px;
  const double middle = 0.5 * (size_px - 1);
  const double cx = (square.center_px.x + 0.5) / shrink - 0.5;
  const double cy = (square.center_px.y + 0.5) / shrink - 0.5;
  const cv::Matx23d level_from_sample(c, -s, cx - (c - s) * middle, s, c, cy - (s + c) * middle);
  cv::Mat out;
  cv::warpAffine(picture.levels[level], out, level_from_sample, cv::Size(size_px, size_px),
                 cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT);
  return tensor_from(out);
}

}  // namespace hearth::hands
