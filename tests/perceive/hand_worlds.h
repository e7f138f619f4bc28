// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hands with known truth, and what a network would say about them.

#include <hearth/core/rng.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "sim/perceive/hand_fit.h"

namespace hearth::test {

struct HandWorld {
  hands::HandShape shape{};
  std::vector<HandJoints> truth{};
  std::vector<hands::FitFrame> frames{};
};

struct HandNoise {
  double pixel_px = 0.0;
  double focal_px = 500.0;
  double flatten = 1.0;  ///< Depth differences in the network's shape, as a share of the true.
  double direction_rad = 0.0;  ///< Random turn of the shape in each frame.
};

/// An open right hand, palm away from the camera, in its own frame: metres for a length of 1.
inline HandJoints open_hand(double hand_length_m, double curl_rad) {
  const auto bones = population_bone_lengths_m(hand_length_m);
  HandJoints joints{};
  for (std::size_t finger = 0; finger < 5; ++finger) {
    const double spread = finger == 0 ? -0.85 : -0.30 + 0.2 * (static_cast<double>(finger) - 1.0);
    Vec3 p{};
    double bend = 0.0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t b = 4 * finger + k;
      bend += k == 0 ? 0.0 : (finger == 0 ? 0.4 : 1.0) * curl_rad;
      p = p + bones[b] * Vec3{std::sin(spread) * std::cos(bend), -std::cos(spread) * std::cos(bend),
                              std::sin(bend)};
      joints[b + 1] = p;
    }
  }
  return joints;
}

/// A hand that reaches away from the camera and turns, seen for `count` frames at 30 Hz.
inline HandWorld make_reach(std::uint64_t seed, int count, double hand_length_m,
                            const HandNoise& noise) {
  Rng rng(seed, 0, "hand_world");
  Rng pixels(seed, 1, "hand_noise");
  HandWorld world;
  const double tilt = rng.uniform(0.5, 1.0);
  const double turn = rng.uniform(-0.5, 0.5);
  const Vec3 start = {rng.uniform(-0.15, 0.15), rng.uniform(0.05, 0.2), rng.uniform(0.4, 0.5)};
  const Vec3 travel = {rng.uniform(-0.1, 0.1), rng.uniform(-0.15, -0.05), rng.uniform(0.08, 0.2)};
  for (int t = 0; t < count; ++t) {
    const double u = static_cast<double>(t) / std::max(1, count - 1);
    const double s = u * u * (3.0 - 2.0 * u);
    const Quat camera_from_hand = quat_from_rotation_vector({0.0, 0.0, turn * (1.0 - s)}) *
                                  quat_from_rotation_vector({-tilt + 0.3 * s, 0.0, 0.0});
    const HandJoints hand = open_hand(hand_length_m, 0.35 + 0.4 * s);
    HandJoints joints;
    hands::FitFrame frame;
    frame.time_ns = ns_from_seconds(t / 30.0);
    frame.observed = true;
    frame.weight = 1.0;
    const Quat wobble = quat_from_rotation_vector({noise.direction_rad * pixels.normal(),
                                                   noise.direction_rad * pixels.normal(),
                                                   noise.direction_rad * pixels.normal()});
    for (std::size_t j = 0; j < kHandJoints; ++j) {
      joints[j] = start + s * travel + camera_from_hand * hand[j];
      frame.ray[j] = {
          joints[j].x / joints[j].z + noise.pixel_px / noise.focal_px * pixels.normal(),
          joints[j].y / joints[j].z + noise.pixel_px / noise.focal_px * pixels.normal()};
      Vec3 shape = camera_from_hand * hand[j];
      shape.z *= noise.flatten;
      frame.shape_m[j] = wobble * shape;
    }
    world.truth.push_back(joints);
    world.frames.push_back(frame);
  }
  world.shape.bone_m = population_bone_lengths_m(hand_length_m);
  for (std::size_t i = 0; i < hands::kPalmPairs.size(); ++i) {
    world.shape.palm_m[i] = norm(world.truth[0][static_cast<std::size_t>(hands::kPalmPairs[i][0])] -
                                 world.truth[0][static_cast<std::size_t>(hands::kPalmPairs[i][1])]);
  }
  return world;
}

}  // namespace hearth::test
