// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/hand_search.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "sim/perceive/hand_look.h"

using namespace hearth;
using namespace hearth::hands;

namespace {

Picture plain_picture(int width_px, int height_px) {
  Picture picture;
  picture.levels.emplace_back(height_px, width_px, CV_8UC3);
  return picture;
}

bool holds(const Square& square, Vec2 p, double margin_px) {
  const double reach = 0.5 * square.side_px - margin_px;
  return std::abs(p.x - square.center_px.x) <= reach && std::abs(p.y - square.center_px.y) <= reach;
}

}  // namespace

TEST_CASE("three searches in a row see every low place whole in a crop") {
  for (const auto& [width, height] :
       {std::pair{640, 480}, std::pair{456, 256}, std::pair{360, 360}}) {
    const Picture picture = plain_picture(width, height);
    const double hand_px = 0.12 * std::max(width, height);
    for (double y = 0.5 * height; y < height - 0.5 * hand_px; y += 8.0) {
      for (double x = 0.5 * hand_px; x < width - 0.5 * hand_px; x += 8.0) {
        int seen = 0;
        for (int turn = 0; turn < 3; ++turn) {
          const auto squares = search_squares(picture, turn);
          for (std::size_t i = 1; i < squares.size(); ++i) {
            seen += holds(squares[i], {x, y}, 0.5 * hand_px - 2.0) ? 1 : 0;
          }
        }
        CAPTURE(width, height, x, y);
        CHECK(seen >= 1);
      }
    }
  }
}

TEST_CASE(
    "crops lie in the picture, the whole frame comes first, and the fourth search is the first") {
  const Picture picture = plain_picture(464, 256);
  for (int turn = 0; turn < 3; ++turn) {
    const auto squares = search_squares(picture, turn);
    CHECK(squares[0].side_px == 464.0);
    for (std::size_t i = 1; i < squares.size(); ++i) {
      const double half = 0.5 * squares[i].side_px;
      CHECK(squares[i].center_px.x - half >= -0.51);
      CHECK(squares[i].center_px.y - half >= -0.51);
      CHECK(squares[i].center_px.x + half <= 464.0 - 0.49);
      CHECK(squares[i].center_px.y + half <= 256.0 - 0.49);
    }
    CHECK(search_squares(picture, turn + 3)[1].center_px.x == squares[1].center_px.x);
  }
}

TEST_CASE("squares along the border leave no gap and stay few") {
  const Picture picture = plain_picture(640, 480);
  for (const double side : {30.0, 90.0, 400.0}) {
    const auto squares = border_squares(picture, side);
    CHECK(squares.size() >= 2);
    CHECK(squares.size() <= 12);
    for (const Square& square : squares) {
      CHECK(square.side_px == side);
      CHECK(square.center_px.y < 480.0);
    }
    if (side == 90.0) {
      for (std::size_t i = 1; i < squares.size(); ++i) {
        CHECK(squares[i].center_px.x - squares[i - 1].center_px.x < 0.65 * side);
      }
    }
  }
}

TEST_CASE("a carried hand keeps its shape and goes where the palm is") {
  Reading last;
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    last.joints_px[j] = {100.0 + 3.0 * static_cast<double>(j),
                         200.0 - 2.0 * static_cast<double>(j)};
  }
  last.presence = 0.9;
  Palm palm;
  palm.score = 0.8;
  const std::array<std::size_t, 5> joints = {0, 5, 9, 13, 17};
  for (std::size_t k = 0; k < joints.size(); ++k) {
    palm.keypoints[k] = last.joints_px[joints[k]] + Vec2{7.0, -4.0};
  }
  const Reading moved = carried_to(last, palm);
  CHECK(moved.carried);
  CHECK(moved.presence < 0.5);
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    CHECK(moved.joints_px[j].x == Approx(last.joints_px[j].x + 7.0));
    CHECK(moved.joints_px[j].y == Approx(last.joints_px[j].y - 4.0));
  }
}
