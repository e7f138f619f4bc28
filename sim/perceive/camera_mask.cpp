// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/camera_mask.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace hearth {
namespace {

constexpr double kHullGrowShare = 0.25;  // Of the hand's length in the picture.
constexpr double kGrowSharePerS = 2.0;   // A reaching hand moves its own length in half a second.

cv::Point to_pixel(Vec2 p) {
  // Far outside points would overflow the rasteriser's fixed point.
  const double x = std::clamp(p.x, -4000.0, 8000.0), y = std::clamp(p.y, -4000.0, 8000.0);
  return {static_cast<int>(std::lround(x)), static_cast<int>(std::lround(y))};
}

double hand_length_in_picture(const std::array<Vec2, kHandJoints>& joints) {
  double longest = 0.0;
  for (const Vec2& p : joints) longest = std::max(longest, norm(p - joints[0]));
  return longest;
}

HandInImage hand_in_image(const GreyStack& stack, std::size_t hand, const HandObservation& o) {
  HandInImage h;
  h.hand = hand;
  for (std::size_t j = 0; j < h.joints_px.size(); ++j) {
    h.joints_px[j] = tracking_from_picture(stack, o.joints_px[j]);
  }
  h.length_px = hand_length_in_picture(h.joints_px);
  return h;
}

// From the wrist away from the knuckles, widening, until well past the border.
void draw_forearm(cv::Mat& mask, const HandInImage& h, double start_half, double end_half,
                  double length_px) {
  const Vec2 knuckle = 0.5 * (h.joints_px[5] + h.joints_px[17]);
  const Vec2 away = h.joints_px[0] - knuckle;
  const double n = norm(away);
  if (!(n > 1e-6)) return;
  const Vec2 along = (1.0 / n) * away;
  const Vec2 across{-along.y, along.x};
  const Vec2 start = h.joints_px[0] - (0.1 * h.length_px) * along;
  const Vec2 end = h.joints_px[0] + length_px * along;
  const std::vector<cv::Point> wedge = {
      to_pixel(start + start_half * across), to_pixel(end + end_half * across),
      to_pixel(end - end_half * across), to_pixel(start - start_half * across)};
  cv::fillConvexPoly(mask, wedge, cv::Scalar(255));
}

}  // namespace

std::vector<std::vector<HandInImage>> hands_by_image(const GreyStack& stack,
                                                     const std::vector<TimeNs>& frame_time_ns,
                                                     const std::vector<HandTrack>& hands,
                                                     double max_age_s) {
  std::vector<std::vector<HandInImage>> out(stack.images.size());
  for (std::size_t k = 0; k < hands.size(); ++k) {
    const std::vector<HandObservation>& seen = hands[k].observations;
    if (seen.empty()) continue;
    for (std::size_t i = 0; i < stack.frame.size(); ++i) {
      const int frame = stack.frame[i];
      const auto after =
          std::lower_bound(seen.begin(), seen.end(), frame,
                           [](const HandObservation& o, int f) { return o.frame < f; });
      const HandObservation* best = nullptr;
      double best_age = 0.0;
      for (const auto& it : {after, after == seen.begin() ? seen.end() : after - 1}) {
        if (it == seen.end()) continue;
        const double age =
            std::abs(seconds_from_ns(it->time_ns - frame_time_ns[static_cast<std::size_t>(frame)]));
        if (best == nullptr || age < best_age) {
          best = &*it;
          best_age = age;
        }
      }
      if (best == nullptr || best_age > max_age_s) continue;
      HandInImage h = hand_in_image(stack, k, *best);
      h.age_s = best->frame == frame ? 0.0 : best_age;
      h.grow_px = std::min(1.0, kGrowSharePerS * h.age_s) * h.length_px;
      out[i].push_back(h);
    }
  }
  return out;
}

cv::Mat background_mask(const cv::Size& size, const std::vector<HandInImage>& hands) {
  if (hands.empty()) return {};
  cv::Mat mask = cv::Mat::zeros(size, CV_8U);
  const double diagonal = std::hypot(size.width, size.height);
  for (const HandInImage& h : hands) {
    std::vector<cv::Point> points, hull;
    for (const Vec2& p : h.joints_px) points.push_back(to_pixel(p));
    cv::convexHull(points, hull);
    const double grow = kHullGrowShare * h.length_px + h.grow_px;
    cv::fillConvexPoly(mask, hull, cv::Scalar(255));
    const int thickness = std::clamp(static_cast<int>(2.0 * grow), 1, 2000);
    cv::polylines(mask, hull, true, cv::Scalar(255), thickness);
    // The wrist bends: the forearm lies within some 12 degrees of the palm's line.
    draw_forearm(mask, h, 0.3 * h.length_px + h.grow_px,
                 0.3 * h.length_px + h.grow_px + 0.21 * diagonal, diagonal);
  }
  return mask;
}

cv::Mat skin_mask(const cv::Size& size, const std::vector<HandInImage>& hands) {
  cv::Mat mask = cv::Mat::zeros(size, CV_8U);
  for (const HandInImage& h : hands) {
    const std::vector<cv::Point> palm = {to_pixel(h.joints_px[0]),  to_pixel(h.joints_px[1]),
                                         to_pixel(h.joints_px[5]),  to_pixel(h.joints_px[9]),
                                         to_pixel(h.joints_px[13]), to_pixel(h.joints_px[17])};
    std::vector<cv::Point> hull;
    cv::convexHull(palm, hull);
    const int finger = std::clamp(static_cast<int>(0.17 * h.length_px), 2, 400);
    cv::fillConvexPoly(mask, hull, cv::Scalar(255));
    cv::polylines(mask, hull, true, cv::Scalar(255), finger);
    for (std::size_t b = 0; b < kHandBones; ++b) {
      cv::line(mask, to_pixel(h.joints_px[static_cast<std::size_t>(kBoneParent[b])]),
               to_pixel(h.joints_px[b + 1]), cv::Scalar(255), finger);
    }
    draw_forearm(mask, h, 0.25 * h.length_px, 0.35 * h.length_px, 3.0 * h.length_px);
  }
  return mask;
}

}  // namespace hearth
