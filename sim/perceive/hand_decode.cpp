// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/result.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/perceive/hand_nets.h"

namespace hearth::hands {
namespace {

constexpr double kPi = std::numbers::pi;

double turned_into_half_circle(double angle_rad) {
  return angle_rad - 2.0 * kPi * std::floor((angle_rad + kPi) / (2.0 * kPi));
}

/// Turn that brings the direction from `wrist` to `fingers` upright.
double upright_turn(Vec2 wrist, Vec2 fingers) {
  return turned_into_half_circle(0.5 * kPi -
                                 std::atan2(-(fingers.y - wrist.y), fingers.x - wrist.x));
}

double iou(const Palm& a, const Palm& b) {
  const double w = std::min(a.center.x + 0.5 * a.size.x, b.center.x + 0.5 * b.size.x) -
                   std::max(a.center.x - 0.5 * a.size.x, b.center.x - 0.5 * b.size.x);
  const double h = std::min(a.center.y + 0.5 * a.size.y, b.center.y + 0.5 * b.size.y) -
                   std::max(a.center.y - 0.5 * a.size.y, b.center.y - 0.5 * b.size.y);
  if (w <= 0.0 || h <= 0.0) {
    return 0.0;
  }
  return w * h / (a.size.x * a.size.y + b.size.x * b.size.y - w * h);
}

/// Average of palms, weighted by score, with the score of the first.
Palm average(const std::vector<Palm>& palms) {
  Palm mean;
  mean.score = palms.front().score;
  double total = 0.0;
  for (const Palm& palm : palms) {
    total += palm.score;
  }
  for (const Palm& palm : palms) {
    const double share = palm.score / total;
    mean.center = mean.center + share * palm.center;
    mean.size = mean.size + share * palm.size;
    for (int k = 0; k < kPalmKeypoints; ++k) {
      const auto i = static_cast<std::size_t>(k);
      mean.keypoints[i] = mean.keypoints[i] + share * palm.keypoints[i];
    }
  }
  return mean;
}

}  // namespace

const std::vector<Vec2>& palm_anchors() {
  static const std::vector<Vec2> anchors = [] {
    std::vector<Vec2> made;
    const auto add_grid = [&](int cells, int per_cell) {
      for (int y = 0; y < cells; ++y) {
        for (int x = 0; x < cells; ++x) {
          made.insert(made.end(), static_cast<std::size_t>(per_cell),
                      Vec2{(x + 0.5) / cells, (y + 0.5) / cells});
        }
      }
    };
    add_grid(24, 2);
    add_grid(12, 6);
    return made;
  }();
  return anchors;
}

std::vector<Palm> decode_palms(std::span<const float> boxes, std::span<const float> logits,
                               double min_score) {
  require(boxes.size() == static_cast<std::size_t>(kPalmAnchors * kPalmValues) &&
              logits.size() == static_cast<std::size_t>(kPalmAnchors),
          "the palm network has 2016 anchors");
  std::vector<Palm> palms;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double logit = std::clamp(static_cast<double>(logits[i]), -100.0, 100.0);
    const double score = 1.0 / (1.0 + std::exp(-logit));
    if (!(score >= min_score)) {
      continue;
    }
    const float* row = &boxes[i * kPalmValues];
    const Vec2 anchor = palm_anchors()[i];
    const auto place = [&](int column) {
      return Vec2{row[column] / kPalmInputPx + anchor.x, row[column + 1] / kPalmInputPx + anchor.y};
    };
    Palm palm;
    palm.score = score;
    palm.center = place(0);
    palm.size = {row[2] / kPalmInputPx, row[3] / kPalmInputPx};
    for (int k = 0; k < kPalmKeypoints; ++k) {
      palm.keypoints[static_cast<std::size_t>(k)] = place(4 + 2 * k);
    }
    if (palm.size.x > 0.0 && palm.size.y > 0.0) {
      palms.push_back(palm);
    }
  }
  return palms;
}

std::vector<Palm> merge_palms(std::vector<Palm> palms, double min_iou) {
  std::stable_sort(palms.begin(), palms.end(),
                   [](const Palm& a, const Palm& b) { return a.score > b.score; });
  std::vector<Palm> merged;
  while (!palms.empty()) {
    std::vector<Palm> same;
    std::vector<Palm> others;
    for (const Palm& palm : palms) {
      (iou(palms.front(), palm) > min_iou ? same : others).push_back(palm);
    }
    if (same.empty()) {  // A box that does not even overlap itself: not finite.
      others.erase(others.begin());
    } else {
      merged.push_back(average(same));
    }
    palms = std::move(others);
  }
  return merged;
}

Square square_from_palm(const Palm& palm) {
  const double turn = upright_turn(palm.keypoints[0], palm.keypoints[2]);
  const Vec2 shift = {0.5 * palm.size.y * std::sin(turn), -0.5 * palm.size.y * std::cos(turn)};
  return {palm.center + shift, 2.6 * std::max(palm.size.x, palm.size.y), turn};
}

Square square_from_joints(const std::array<Vec2, kHandJoints>& joints_px) {
  static constexpr std::array<std::size_t, 12> kUsed = {0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18};
  const Vec2 fingers = 0.25 * joints_px[5] + 0.25 * joints_px[13] + 0.5 * joints_px[9];
  const double turn = upright_turn(joints_px[0], fingers);
  const double c = std::cos(turn);
  const double s = std::sin(turn);
  Vec2 low = {1e300, 1e300};
  Vec2 high = {-1e300, -1e300};
  for (const std::size_t i : kUsed) {  // Box in the axes of the hand.
    const Vec2 p = {c * joints_px[i].x + s * joints_px[i].y,
                    -s * joints_px[i].x + c * joints_px[i].y};
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  const Vec2 size = high - low;
  const Vec2 middle = {0.5 * (low.x + high.x), 0.5 * (low.y + high.y) - 0.1 * size.y};
  return {{c * middle.x - s * middle.y, s * middle.x + c * middle.y},
          2.0 * std::max(size.x, size.y),
          turn};
}

Reading decode_reading(std::span<const float> landmarks, double presence, double right,
                       std::span<const float> world, const Square& square) {
  require(landmarks.size() == 3 * kHandJoints && world.size() == 3 * kHandJoints,
          "the landmark network has 21 joints");
  Reading reading;
  reading.square = square;
  reading.presence = presence;
  reading.right = right;
  const double c = std::cos(square.angle_rad);
  const double s = std::sin(square.angle_rad);
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    reading.joints_px[j] =
        point_in_square(square, {landmarks[3 * j] / static_cast<double>(kLandmarkInputPx),
                                 landmarks[3 * j + 1] / static_cast<double>(kLandmarkInputPx)});
    const double x = world[3 * j];
    const double y = world[3 * j + 1];
    reading.shape_m[j] = {c * x - s * y, s * x + c * y, world[3 * j + 2]};
  }
  return reading;
}

}  // namespace hearth::hands
