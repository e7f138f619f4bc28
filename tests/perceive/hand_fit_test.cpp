// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/rng.h>

#include <Eigen/Dense>
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "sim/perceive/block_band.h"
#include "tests/perceive/hand_worlds.h"

using namespace hearth;
using namespace hearth::hands;

namespace {

double median_error_m(const std::vector<HandJoints>& found, const std::vector<HandJoints>& truth,
                      std::size_t joint) {
  std::vector<double> errors;
  for (std::size_t t = 0; t < truth.size(); ++t) {
    errors.push_back(norm(found[t][joint] - truth[t][joint]));
  }
  std::sort(errors.begin(), errors.end());
  return errors[errors.size() / 2];
}

/// The wrist on its ray at the depth at which hands of a head camera usually are.
double constant_prior_error_m(const test::HandWorld& world) {
  std::vector<HandJoints> guess(world.truth.size());
  for (std::size_t t = 0; t < guess.size(); ++t) {
    guess[t][0] = 0.6 * Vec3{world.frames[t].ray[0].x, world.frames[t].ray[0].y, 1.0};
  }
  return median_error_m(guess, world.truth, 0);
}

}  // namespace

TEST_CASE("the band solver agrees with a dense one") {
  constexpr int kFrames = 5;
  constexpr int kSize = BlockBand::kSize;
  BlockBand band(kFrames);
  band.clear();
  Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(kFrames * kSize, kFrames * kSize);
  Eigen::VectorXd gradient(kFrames * kSize);
  Rng rng(3, 0, "band");
  const auto random_block = [&] {
    BlockBand::Block block;
    for (int i = 0; i < kSize * kSize; ++i) {
      block(i) = 0.05 * rng.normal();
    }
    return block;
  };
  for (std::size_t t = 0; t < kFrames; ++t) {
    const auto at = static_cast<Eigen::Index>(t) * kSize;
    const BlockBand::Block root = random_block();
    band.diagonal(t) = root * root.transpose() + 3.0 * BlockBand::Block::Identity();
    dense.block(at, at, kSize, kSize) = band.diagonal(t);
    for (std::size_t ahead = 1; ahead <= 2 && t + ahead < kFrames; ++ahead) {
      const BlockBand::Block block = random_block();
      const auto to = at + static_cast<Eigen::Index>(ahead) * kSize;
      band.block(t, ahead) = block;
      dense.block(at, to, kSize, kSize) = block;
      dense.block(to, at, kSize, kSize) = block.transpose();
    }
    for (int i = 0; i < kSize; ++i) {
      band.gradient(t)(i) = gradient(at + i) = rng.normal();
    }
  }
  const double damping = 0.01;
  dense.diagonal() += damping * (dense.diagonal().array() + 1e-9).matrix();
  const Eigen::VectorXd expected = dense.llt().solve(-gradient);
  const std::vector<Eigen::VectorXd> found = band.solve(damping);
  REQUIRE(found.size() == kFrames);
  for (std::size_t t = 0; t < kFrames; ++t) {
    const auto at = static_cast<Eigen::Index>(t) * kSize;
    CHECK((found[t] - expected.segment(at, kSize)).norm() < 1e-9);
  }
  band.diagonal(2)(0, 0) = -100.0;
  CHECK(band.solve(0.0).empty());
}

TEST_CASE("without noise the fit finds the hand") {
  const auto seed = GENERATE(range<std::uint64_t>(0, 6));
  CAPTURE(seed);
  const test::HandWorld world = test::make_reach(seed, 30, 0.185, {});
  const std::vector<HandJoints> fitted = fit_hand(world.frames, world.shape, {});
  // What remains is the pull of the acceleration prior on a reach with ends at rest.
  CHECK(median_error_m(fitted, world.truth, 0) < 0.004);
  CHECK(median_error_m(fitted, world.truth, 9) < 0.004);
  for (const HandJoints& joints : fitted) {
    for (std::size_t b = 0; b < kHandBones; ++b) {
      const Vec3 bone = joints[b + 1] - joints[static_cast<std::size_t>(kBoneParent[b])];
      CHECK(norm(bone) == Approx(world.shape.bone_m[b]).epsilon(1e-9));
    }
  }
}

TEST_CASE("noise and a flattened network shape cost centimetres, not decimetres") {
  double fit_sum = 0.0;
  double bound_sum = 0.0;
  double prior_sum = 0.0;
  constexpr int kSeeds = 12;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    // 2 px at 500 px focal length; depth differences halved: palm normals off by some 30 degrees.
    const test::HandWorld world = test::make_reach(
        seed, 45, 0.185,
        {.pixel_px = 2.0, .focal_px = 500.0, .flatten = 0.5, .direction_rad = 0.05});
    const double fit = median_error_m(fit_hand(world.frames, world.shape, {}), world.truth, 0);
    CHECK(fit < 0.06);
    fit_sum += fit;
    bound_sum += median_error_m(bound_hand(world.frames, world.shape), world.truth, 0);
    prior_sum += constant_prior_error_m(world);
  }
  CAPTURE(fit_sum / kSeeds, bound_sum / kSeeds, prior_sum / kSeeds);
  CHECK(fit_sum / kSeeds < 0.030);
  CHECK(fit_sum < bound_sum);
  CHECK(fit_sum < 0.5 * prior_sum);
}

TEST_CASE("more noise does not help") {
  double before = 0.0;
  for (const double noise_px : {0.0, 2.0, 6.0}) {
    double sum = 0.0;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
      const test::HandWorld world =
          test::make_reach(seed, 40, 0.185, {.pixel_px = noise_px, .focal_px = 500.0});
      sum += median_error_m(fit_hand(world.frames, world.shape, {}), world.truth, 0);
    }
    CAPTURE(noise_px, before, sum);
    CHECK(sum >= before);
    before = sum;
  }
}

TEST_CASE("a larger hand of the same pictures is farther away in proportion") {
  const test::HandWorld world = test::make_reach(4, 30, 0.185, {.pixel_px = 1.0});
  HandShape large = world.shape;
  for (double& length : large.bone_m) length *= 1.1;
  for (double& length : large.palm_m) length *= 1.1;
  const std::vector<HandJoints> usual = fit_hand(world.frames, world.shape, {});
  const std::vector<HandJoints> scaled = fit_hand(
      world.frames, large, {.wrist_acceleration_m_s2 = 4.4, .bone_acceleration_m_s2 = 3.3});
  for (std::size_t t = 0; t < usual.size(); ++t) {
    CHECK(norm(scaled[t][0] - 1.1 * usual[t][0]) < 2e-4);
  }
}

TEST_CASE("a hole is bridged along the motion") {
  test::HandWorld world = test::make_reach(2, 40, 0.185, {.pixel_px = 1.0});
  for (std::size_t t = 15; t < 21; ++t) {
    world.frames[t] = FitFrame{.time_ns = world.frames[t].time_ns};
  }
  const std::vector<HandJoints> fitted = fit_hand(world.frames, world.shape, {});
  for (std::size_t t = 15; t < 21; ++t) {
    CHECK(norm(fitted[t][0] - world.truth[t][0]) < 0.02);
    CHECK(norm(fitted[t][9] - world.truth[t][9]) < 0.02);
  }
}

TEST_CASE("bone lengths come from the shapes, scaled to the hand's length") {
  const test::HandWorld world = test::make_reach(1, 10, 0.21, {});
  const HandShape shape = shape_from(world.frames, 0.18);
  CHECK(shape.bone_m[8] + shape.bone_m[9] + shape.bone_m[10] + shape.bone_m[11] == Approx(0.18));
  const auto usual = population_bone_lengths_m(0.18);
  for (std::size_t b = 0; b < kHandBones; ++b) {
    CHECK(shape.bone_m[b] ==
          Approx(usual[b]).epsilon(1e-6));  // The world's hand is the population's.
  }
}

TEST_CASE("one frame is enough for a fit, an unobserved end is a broken precondition") {
  test::HandWorld world = test::make_reach(5, 3, 0.185, {});
  world.frames.resize(1);
  CHECK(fit_hand(world.frames, world.shape, {}).size() == 1);
  world.frames[0].observed = false;
  CHECK_THROWS_AS(fit_hand(world.frames, world.shape, {}), std::logic_error);
}
