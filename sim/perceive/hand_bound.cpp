// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/geometry.h>
#include <hearth/core/result.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "sim/perceive/hand_fit.h"

namespace hearth::hands {
namespace {

constexpr int kMedianHalfWidth = 5;

// Distances between knuckles as shares of the bone 0-9: means of one measured adult hand and of
// knuckle breadths in anthropometric tables.
constexpr std::array<double, kPalmPairs.size()> kPalmShare = {0.26, 0.27, 0.23, 0.69, 0.49, 0.49};

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// A length across the palm, by joints: bone from the wrist or palm pair.
double palm_length(const HandShape& shape, int a, int b) {
  for (std::size_t i = 0; i < kPalmPairs.size(); ++i) {
    if (kPalmPairs[i][0] == a && kPalmPairs[i][1] == b) {
      return shape.palm_m[i];
    }
  }
  return shape.bone_m[static_cast<std::size_t>(b - 1)];
}

/// The largest depth at which no palm length looks longer than it is.
double depth_bound(const FitFrame& frame, const HandShape& shape) {
  static constexpr std::array<std::array<int, 2>, 7> kUsed = {
      {{5, 17}, {5, 13}, {9, 17}, {0, 5}, {0, 9}, {0, 17}, {0, 13}}};
  double bound = 1e300;
  for (const auto& [a, b] : kUsed) {
    const double seen =
        norm(frame.ray[static_cast<std::size_t>(a)] - frame.ray[static_cast<std::size_t>(b)]);
    bound = std::min(bound, palm_length(shape, a, b) / std::max(seen, 1e-6));
  }
  return bound;
}

Vec3 at_depth(Vec2 ray, double depth_m) { return {depth_m * ray.x, depth_m * ray.y, depth_m}; }

/// Where the ray of `ray` comes nearest to, or first enters, the sphere.
Vec3 near_point(Vec2 ray, Vec3 center, double radius) {
  const Vec3 r = {ray.x, ray.y, 1.0};
  const double rr = dot(r, r);
  const double along = dot(r, center) / rr;
  const double discriminant = along * along - (dot(center, center) - radius * radius) / rr;
  const double s = along - std::sqrt(std::max(0.0, discriminant));
  return std::max(s, 0.05) * r;
}

HandJoints hand_at(const FitFrame& frame, const HandShape& shape, double depth_m) {
  HandJoints joints;
  const Vec3 knuckle = at_depth(frame.ray[9], depth_m);
  const Vec3 wrist = near_point(frame.ray[0], knuckle, shape.bone_m[8]);
  joints[0] = wrist;
  // The network's shape, turned so that its bone 0-9 lies as found.
  const Vec3 net = normalized(frame.shape_m[9] - frame.shape_m[0]);
  const Quat turn = quat_between(net, normalized(knuckle - wrist));
  for (std::size_t b = 0; b < kHandBones; ++b) {
    const auto parent = static_cast<std::size_t>(kBoneParent[b]);
    Vec3 direction = normalized(frame.shape_m[b + 1] - frame.shape_m[parent]);
    if (norm(direction) < 0.5) {
      direction = net;
    }
    joints[b + 1] = joints[parent] + shape.bone_m[b] * (turn * direction);
  }
  return joints;
}

}  // namespace

std::vector<HandJoints> bound_hand(const std::vector<FitFrame>& frames, const HandShape& shape) {
  require(!frames.empty() && frames.front().observed && frames.back().observed,
          "a stretch begins and ends with an observed frame");
  const int count = static_cast<int>(frames.size());
  std::vector<double> bound(frames.size(), 0.0);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    bound[i] = frames[i].observed ? depth_bound(frames[i], shape) : 0.0;
  }
  std::vector<HandJoints> hands(frames.size());
  int last_observed = 0;
  for (int i = 0; i < count; ++i) {
    const auto here = static_cast<std::size_t>(i);
    if (!frames[here].observed) {
      continue;
    }
    std::vector<double> near;
    for (int k = std::max(0, i - kMedianHalfWidth); k <= std::min(count - 1, i + kMedianHalfWidth);
         ++k) {
      if (frames[static_cast<std::size_t>(k)].observed) {
        near.push_back(bound[static_cast<std::size_t>(k)]);
      }
    }
    hands[here] = hand_at(frames[here], shape, median(near));
    // Holes before it are filled in straight lines, joint by joint.
    for (int k = last_observed + 1; k < i; ++k) {
      const double u = static_cast<double>(k - last_observed) / (i - last_observed);
      const HandJoints& before = hands[static_cast<std::size_t>(last_observed)];
      for (std::size_t j = 0; j < kHandJoints; ++j) {
        hands[static_cast<std::size_t>(k)][j] = (1.0 - u) * before[j] + u * hands[here][j];
      }
    }
    last_observed = i;
  }
  return hands;
}

HandShape shape_from(const std::vector<FitFrame>& frames, double hand_length_m) {
  const std::array<double, kHandBones> usual = population_bone_lengths_m(hand_length_m);
  std::vector<const FitFrame*> seen;
  for (const FitFrame& frame : frames) {
    if (frame.observed) {
      seen.push_back(&frame);
    }
  }
  const auto median_length = [&](std::size_t a, std::size_t b) {
    std::vector<double> lengths;
    for (const FitFrame* frame : seen) {
      lengths.push_back(norm(frame->shape_m[a] - frame->shape_m[b]));
    }
    return median(lengths);
  };
  HandShape shape;
  std::array<double, kHandBones> net = usual;
  std::array<double, kPalmPairs.size()> net_palm{};
  double net_middle = usual[8];
  double scale = 1.0;
  if (!seen.empty()) {
    for (std::size_t b = 0; b < kHandBones; ++b) {
      net[b] = median_length(static_cast<std::size_t>(kBoneParent[b]), b + 1);
    }
    scale = hand_length_m / (net[8] + net[9] + net[10] + net[11]);
    net_middle = net[8];
  }
  for (std::size_t i = 0; i < kPalmPairs.size(); ++i) {
    net_palm[i] = seen.empty() ? kPalmShare[i] * net_middle
                               : median_length(static_cast<std::size_t>(kPalmPairs[i][0]),
                                               static_cast<std::size_t>(kPalmPairs[i][1]));
  }
  double chain = 0.0;
  for (std::size_t b = 0; b < kHandBones; ++b) {
    shape.bone_m[b] = std::sqrt(std::max(1e-6, scale * net[b]) * usual[b]);
    chain += b >= 8 && b < 12 ? shape.bone_m[b] : 0.0;
  }
  for (double& length : shape.bone_m) {
    length *= hand_length_m / chain;
  }
  for (std::size_t i = 0; i < kPalmPairs.size(); ++i) {
    shape.palm_m[i] =
        std::sqrt(std::max(1e-6, net_palm[i] / net_middle) * kPalmShare[i]) * shape.bone_m[8];
  }
  return shape;
}

}  // namespace hearth::hands
