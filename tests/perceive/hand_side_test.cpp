// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/hand_side.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace hearth;
using namespace hearth::hands;

namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 480;

/// A flat hand whose wrist is at `wrist`, fingers along `angle_rad` from straight up (clockwise).
/// The thumb is on the left for a right hand seen from its back.
Reading hand_at(Vec2 wrist, double angle_rad, bool thumb_left, double right) {
  Reading reading;
  const double c = std::cos(angle_rad);
  const double s = std::sin(angle_rad);
  const double flip = thumb_left ? 1.0 : -1.0;
  for (std::size_t finger = 0; finger < 5; ++finger) {
    for (std::size_t k = 0; k < 4; ++k) {
      const double x = flip * 18.0 * (static_cast<double>(finger) - 2.0);
      const double y = -50.0 - 15.0 * static_cast<double>(k);
      reading.joints_px[4 * finger + k + 1] = {wrist.x + c * x - s * y, wrist.y + s * x + c * y};
    }
  }
  reading.joints_px[0] = wrist;
  reading.square = square_from_joints(reading.joints_px);
  reading.presence = 0.95;
  reading.right = right;
  return reading;
}

Segment seen(int first, int count, const Reading& reading) {
  Segment segment;
  for (int k = first; k < first + count; ++k) {
    segment.readings[k] = reading;
  }
  return segment;
}

}  // namespace

TEST_CASE("a hand from the right with its back up is a right hand, mirrored a left one") {
  const Segment right = seen(0, 10, hand_at({450, 330}, -0.4, true, 0.9));
  const Segment left = seen(0, 10, hand_at({190, 330}, 0.4, false, 0.1));
  const double odds = right_log_odds(right, kWidth, kHeight);
  CHECK(odds > 2.0);
  // Mirrored evidence, up to half a pixel of the picture's middle.
  CHECK(right_log_odds(left, kWidth, kHeight) == Approx(-odds).epsilon(0.02));
  const std::vector<SidedHand> sided = decide_sides({right, left}, kWidth, kHeight);
  REQUIRE(sided.size() == 2);
  CHECK(sided[0].side == HandSide::left);
  CHECK(sided[0].hand.first() == 0);
  CHECK(sided[0].hand.readings.at(0).joints_px[0].x == 190);
  CHECK(sided[1].side == HandSide::right);
  CHECK(sided[1].side_confidence > 0.95);
}

TEST_CASE("where the network calls both hands right, place and forearm decide") {
  const std::vector<SidedHand> sided =
      decide_sides({seen(0, 20, hand_at({230, 330}, 0.3, false, 0.95)),
                    seen(0, 20, hand_at({420, 330}, -0.3, true, 0.95))},
                   kWidth, kHeight);
  REQUIRE(sided.size() == 2);
  CHECK(sided[0].side == HandSide::left);
  CHECK(sided[0].hand.readings.at(3).joints_px[0].x == 230);
  CHECK(sided[1].hand.readings.at(3).joints_px[0].x == 420);
}

TEST_CASE("segments of one side become one hand, and the surer reading wins a common frame") {
  Reading early = hand_at({450, 330}, -0.4, true, 0.9);
  Reading late = hand_at({460, 320}, -0.4, true, 0.9);
  late.presence = 0.99;
  const std::vector<SidedHand> sided =
      decide_sides({seen(0, 12, early), seen(10, 20, late)}, kWidth, kHeight);
  REQUIRE(sided.size() == 1);
  CHECK(sided[0].side == HandSide::right);
  CHECK(sided[0].hand.readings.size() == 30);
  CHECK(sided[0].hand.readings.at(11).joints_px[0].x == 460);
}

TEST_CASE("a third hand at the same time and a hand from above belong to somebody else") {
  const std::vector<SidedHand> sided =
      decide_sides({seen(0, 30, hand_at({190, 330}, 0.4, false, 0.1)),
                    seen(0, 30, hand_at({450, 330}, -0.4, true, 0.9)),
                    seen(5, 10, hand_at({320, 300}, 0.0, true, 0.9)),
                    seen(0, 30, hand_at({300, 60}, 3.1, true, 0.9))},
                   kWidth, kHeight);
  REQUIRE(sided.size() == 4);
  CHECK(sided[0].wearer);
  CHECK(sided[1].wearer);
  CHECK_FALSE(sided[2].wearer);
  CHECK_FALSE(sided[3].wearer);
  CHECK(decide_sides({}, kWidth, kHeight).empty());
}

TEST_CASE("two segments on one hand become one, two hands at work on one thing stay two") {
  const Segment sure = seen(0, 30, hand_at({300, 330}, 0.0, true, 0.9));
  Reading doubtful = hand_at({306, 326}, 0.15, true, 0.9);
  doubtful.presence = 0.6;
  const std::vector<Segment> joined = without_twins({seen(20, 30, doubtful), sure});
  REQUIRE(joined.size() == 1);
  CHECK(joined[0].readings.size() == 50);
  CHECK(joined[0].readings.at(25).joints_px[0].x == 300);
  CHECK(joined[0].readings.at(40).joints_px[0].x == 306);
  const Segment beside = seen(0, 30, hand_at({380, 330}, 0.0, false, 0.1));
  CHECK(without_twins({sure, beside}).size() == 2);
  // One after the other is not at the same time.
  CHECK(without_twins({sure, seen(40, 10, doubtful)}).size() == 2);
}

TEST_CASE("a hand too small for the wearer's reach belongs to somebody else") {
  Reading small = hand_at({320, 200}, 0.0, true, 0.9);
  for (Vec2& p : small.joints_px) {
    p = Vec2{320, 200} + 0.25 * (p - Vec2{320, 200});
  }
  Reading low = small;  // The lower border may cut a near hand, which is then read too small.
  for (Vec2& p : low.joints_px) {
    p = p + Vec2{0, 250};
  }
  CHECK(is_out_of_reach(seen(0, 10, small), kHeight, 450.0));
  CHECK_FALSE(is_out_of_reach(seen(0, 10, low), kHeight, 450.0));
  CHECK_FALSE(is_out_of_reach(seen(0, 10, hand_at({320, 200}, 0.0, true, 0.9)), kHeight, 450.0));
  CHECK_FALSE(is_out_of_reach(seen(0, 10, small), kHeight, 0.0));  // No focal length, no say.
  const auto sided = decide_sides({seen(0, 10, small)}, kWidth, kHeight, 450.0);
  REQUIRE(sided.size() == 1);
  CHECK_FALSE(sided[0].wearer);
}
