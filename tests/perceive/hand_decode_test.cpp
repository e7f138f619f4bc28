// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "sim/perceive/hand_nets.h"

using namespace hearth;
using namespace hearth::hands;

namespace {

constexpr double kPi = std::numbers::pi;

struct RawPalms {
  std::vector<float> boxes = std::vector<float>(std::size_t{kPalmAnchors} * kPalmValues, 0.0F);
  std::vector<float> logits = std::vector<float>(kPalmAnchors, -50.0F);

  /// Writes a palm of width and height `side_px` centred on an anchor, wrist below, knuckle above.
  void put(std::size_t anchor, float logit, float side_px) {
    logits[anchor] = logit;
    float* row = &boxes[anchor * kPalmValues];
    row[2] = row[3] = side_px;
    row[5] = 0.5F * side_px;       // Keypoint 0 at the bottom of the box.
    row[4 + 5] = -0.5F * side_px;  // Keypoint 2 at its top.
  }
};

std::array<Vec2, kHandJoints> upright_hand() {
  std::array<Vec2, kHandJoints> joints{};
  for (int finger = 0; finger < 5; ++finger) {
    for (int bone = 0; bone < 4; ++bone) {
      joints[static_cast<std::size_t>(4 * finger + bone + 1)] = {15.0 * (finger - 2),
                                                                 -40.0 - 15.0 * bone};
    }
  }
  return joints;
}

}  // namespace

TEST_CASE("anchors cover two grids, row by row") {
  const std::vector<Vec2>& anchors = palm_anchors();
  REQUIRE(anchors.size() == 2016);
  CHECK(anchors[0] == Vec2{0.5 / 24, 0.5 / 24});
  CHECK(anchors[1] == anchors[0]);
  CHECK(anchors[2] == Vec2{1.5 / 24, 0.5 / 24});
  CHECK(anchors[48] == Vec2{0.5 / 24, 1.5 / 24});
  CHECK(anchors[1152] == Vec2{0.5 / 12, 0.5 / 12});
  CHECK(anchors[2015] == Vec2{11.5 / 12, 11.5 / 12});
}

TEST_CASE("a palm is decoded where its anchor lies") {
  RawPalms raw;
  raw.put(1300, 2.0F, 48.0F);
  const std::vector<Palm> palms = decode_palms(raw.boxes, raw.logits, 0.5);
  REQUIRE(palms.size() == 1);
  CHECK(palms[0].score == Approx(1.0 / (1.0 + std::exp(-2.0))));
  CHECK(palms[0].center == palm_anchors()[1300]);
  CHECK(palms[0].size.x == Approx(0.25));
  CHECK(palms[0].keypoints[0].y - palms[0].center.y == Approx(0.125));
  CHECK(decode_palms(raw.boxes, raw.logits, 0.9).empty());
}

TEST_CASE("boxes of one hand are averaged by score, those of two hands stay apart") {
  RawPalms raw;
  const std::size_t here = 24 * 10 * 2 + 10 * 2;  // Row 10, column 10 of the fine grid.
  raw.put(here, 3.0F, 48.0F);
  raw.put(here + 2, 0.0F, 48.0F);   // One cell to the right.
  raw.put(here + 24, 2.0F, 48.0F);  // Twelve cells to the right: another hand.
  const std::vector<Palm> merged = merge_palms(decode_palms(raw.boxes, raw.logits, 0.4), 0.3);
  REQUIRE(merged.size() == 2);
  const double strong = 1.0 / (1.0 + std::exp(-3.0));
  const double weak = 0.5;
  CHECK(merged[0].score == Approx(strong));
  CHECK(merged[0].center.x == Approx((10.5 + weak / (strong + weak)) / 24.0));
  CHECK(merged[1].center.x == Approx(22.5 / 24.0));
}

TEST_CASE("boxes that are not numbers end the merging") {
  Palm broken;
  broken.score = 0.9;
  broken.size = {std::nan(""), 1.0};
  CHECK(merge_palms({broken, broken}, 0.3).empty());
}

TEST_CASE("the square of an upright palm is upright and lies above it") {
  RawPalms raw;
  raw.put(1300, 2.0F, 48.0F);
  const Palm palm = decode_palms(raw.boxes, raw.logits, 0.5)[0];
  const Square square = square_from_palm(palm);
  CHECK(square.angle_rad == Approx(0.0).margin(1e-9));
  CHECK(square.side_px == Approx(2.6 * 0.25));
  CHECK(square.center_px.x == Approx(palm.center.x));
  CHECK(square.center_px.y == Approx(palm.center.y - 0.125));
}

TEST_CASE("the square of joints turns, moves and grows with them") {
  const std::array<Vec2, kHandJoints> upright = upright_hand();
  const Square base = square_from_joints(upright);
  CHECK(base.angle_rad == Approx(0.0).margin(1e-9));
  const double turn = GENERATE(-2.5, -1.0, 0.3, 1.57, 3.0);
  const double grow = 1.7;
  const Vec2 shift = {12.0, -7.0};
  const double c = grow * std::cos(turn);
  const double s = grow * std::sin(turn);
  const auto moved = [&](Vec2 p) {
    return Vec2{c * p.x - s * p.y + shift.x, s * p.x + c * p.y + shift.y};
  };
  std::array<Vec2, kHandJoints> joints = upright;
  std::transform(joints.begin(), joints.end(), joints.begin(), moved);
  const Square square = square_from_joints(joints);
  const Vec2 expected = moved(base.center_px);
  CHECK(square.side_px == Approx(grow * base.side_px));
  CHECK(std::remainder(square.angle_rad - turn, 2.0 * kPi) == Approx(0.0).margin(1e-9));
  CHECK(square.center_px.x == Approx(expected.x));
  CHECK(square.center_px.y == Approx(expected.y));
}

TEST_CASE("landmarks of a turned square land where they were sampled") {
  std::vector<float> landmarks(63, 0.0F);
  std::vector<float> world(63, 0.0F);
  landmarks[3 * 5] = 224.0F;  // Joint 5 in the upper right corner of the square.
  world[3 * 5] = 0.1F;        // To the right in the square.
  const Square square = {{100.0, 50.0}, 40.0, 0.5 * kPi};
  const Reading reading = decode_reading(landmarks, 0.8, 0.3, world, square);
  // A quarter turn clockwise in the picture takes the upper right corner to the lower right.
  CHECK(reading.joints_px[5].x == Approx(120.0));
  CHECK(reading.joints_px[5].y == Approx(70.0));
  CHECK(reading.shape_m[5].x == Approx(0.0).margin(1e-9));
  CHECK(reading.shape_m[5].y == Approx(0.1));
}

TEST_CASE("a square is sampled where it lies, zero outside the picture") {
  ImageRgb8 frame{64, 48, std::vector<std::uint8_t>(64 * 48 * 3, 0)};
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 64; ++x) {
      frame.values[static_cast<std::size_t>(3 * (64 * y + x))] = static_cast<std::uint8_t>(3 * x);
      frame.values[static_cast<std::size_t>(3 * (64 * y + x)) + 1] =
          static_cast<std::uint8_t>(4 * y);
    }
  }
  const Picture picture = make_picture(frame, 1280);
  CHECK(picture.frame_px_per_px == 1.0);
  const auto value = [&](const Square& square, int u, int v, int channel) {
    return 255.0 *
           sample(picture, square, 16)[static_cast<std::size_t>(3 * (16 * v + u) + channel)];
  };
  // Side 16, size 16: samples are pixels. Upright and quarter-turned about the same centre.
  const Square upright = {{23.5, 19.5}, 16.0, 0.0};
  CHECK(value(upright, 0, 0, 0) == Approx(3.0 * 16).margin(0.6));
  CHECK(value(upright, 15, 2, 1) == Approx(4.0 * 14).margin(0.6));
  const Square turned = {{23.5, 19.5}, 16.0, 0.5 * kPi};
  CHECK(value(turned, 0, 0, 0) == Approx(3.0 * 31).margin(1.1));
  CHECK(value(turned, 0, 0, 1) == Approx(4.0 * 12).margin(1.1));
  const Square outside = {{-100.0, 0.0}, 16.0, 0.0};
  CHECK(value(outside, 8, 8, 0) == 0.0);
  CHECK(make_picture(frame, 40).frame_px_per_px == 1.0);  // Too small to be halved.
}

TEST_CASE("overlap of squares") {
  const Square a = {{0.0, 0.0}, 10.0, 0.0};
  CHECK(overlap(a, a) == Approx(1.0));
  CHECK(overlap(a, {{5.0, 0.0}, 10.0, 1.0}) == Approx(50.0 / 150.0));
  CHECK(overlap(a, {{11.0, 0.0}, 10.0, 0.0}) == 0.0);
}
