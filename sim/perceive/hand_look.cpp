// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/hand_look.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "sim/perceive/hand_follow.h"

namespace hearth::hands {
namespace {

constexpr double kMaxJumpShare = 0.6;          // Of the square's side, from frame to frame.
constexpr double kCarriedPresenceShare = 0.5;  // Presence of such a reading over the palm's score.
constexpr std::array<double, 3> kPalmCrops = {2.2, 1.5, 3.2};  // Sizes over the hand's square.
constexpr double kStandsPresence = 0.8;

}  // namespace

Vec2 middle_of(const Reading& reading) {
  Vec2 sum{};
  for (const Vec2 p : reading.joints_px) {
    sum = sum + p;
  }
  return (1.0 / kHandJoints) * sum;
}

Reading carried_to(const Reading& last, const Palm& palm) {
  static constexpr std::array<std::size_t, 5> kPalmJoints = {0, 5, 9, 13, 17};
  Vec2 was{};
  Vec2 is{};
  for (std::size_t k = 0; k < kPalmJoints.size(); ++k) {
    was = was + 0.2 * last.joints_px[kPalmJoints[k]];
    is = is + 0.2 * palm.keypoints[k];
  }
  Reading moved = last;
  for (Vec2& p : moved.joints_px) {
    p = p + (is - was);
  }
  moved.square.center_px = moved.square.center_px + (is - was);
  moved.presence = kCarriedPresenceShare * palm.score;
  moved.carried = true;
  return moved;
}

HandLook::HandLook(const TrackHandsOptions& options, HandNets nets)
    : options_(options), nets_(std::move(nets)) {}

Result<std::optional<Reading>> HandLook::follow(const Picture& picture, const Reading& last,
                                                const Reading* before) {
  const Square here = square_from_joints(last.joints_px);
  std::vector<Square> places = {here};
  if (before != nullptr) {
    Square ahead = here;
    ahead.center_px = ahead.center_px + (middle_of(last) - middle_of(*before));
    places.push_back(ahead);
  }
  Square wide = here;
  wide.side_px *= 1.3;
  places.push_back(wide);
  for (const Square& place : places) {
    const Result<std::vector<Reading>> read = nets_.read_hands(picture, {place});
    if (!read) {
      return read.error();
    }
    const Reading& reading = read.value()[0];
    const double jump = norm(middle_of(reading) - middle_of(last));
    const double now = square_from_joints(reading.joints_px).side_px;
    // A hand that shrinks or grows at once is a reading that slipped onto something else.
    const bool plausible =
        jump < kMaxJumpShare * here.side_px && now > 0.7 * here.side_px && now < 1.4 * here.side_px;
    if (reading.presence >= options_.min_presence && plausible) {
      return std::optional<Reading>(reading);
    }
  }
  return std::optional<Reading>();
}

Result<std::optional<Reading>> HandLook::carry(const Picture& picture, const Reading& last) {
  const Square here = square_from_joints(last.joints_px);
  const Result<std::vector<Palm>> found = palms_at(picture, here, 2);
  if (!found) {
    return found.error();
  }
  if (found.value().size() < 2) {
    return std::optional<Reading>();
  }
  const Reading moved = carried_to(last, merge_palms(found.value(), 0.0).front());
  const double jump = norm(middle_of(moved) - middle_of(last));
  return jump < 0.5 * kMaxJumpShare * here.side_px ? std::optional<Reading>(moved)
                                                   : std::optional<Reading>();
}

Result<std::vector<Palm>> HandLook::palms_at(const Picture& picture, const Square& square,
                                             std::size_t enough) {
  std::vector<Palm> mine;
  for (std::size_t i = 0; i < kPalmCrops.size() && mine.size() < enough; ++i) {
    const Square crop = {square.center_px, kPalmCrops[i] * square.side_px, 0.0};
    const Result<std::vector<std::vector<Palm>>> found =
        nets_.find_palms(picture, {crop}, options_.min_palm_score);
    if (!found) {
      return found.error();
    }
    const std::vector<Palm>& palms = found.value()[0];
    const auto best = std::find_if(palms.begin(), palms.end(), [&](const Palm& palm) {
      return overlap(square_from_palm(palm), square) >= 0.4;
    });
    if (best != palms.end()) {
      mine.push_back(*best);
    }
  }
  return mine;
}

Result<Reading> HandLook::look_twice(const Picture& picture, const Square& square) {
  Result<std::vector<Reading>> read = nets_.read_hands(picture, {square});
  if (!read) {
    return read.error();
  }
  // A second look from the joints themselves is steadier than one from the palm.
  if (read.value()[0].presence >= options_.min_presence) {
    Result<std::vector<Reading>> again =
        nets_.read_hands(picture, {square_from_joints(read.value()[0].joints_px)});
    if (!again) {
      return again.error();
    }
    if (again.value()[0].presence >= read.value()[0].presence) {
      read = std::move(again);
    }
  }
  return read.value()[0];
}

Result<bool> HandLook::stands(const Picture& picture, const Reading& reading) {
  const Square here = square_from_joints(reading.joints_px);
  const double step = 0.12 * here.side_px;
  const std::vector<Square> others = {
      {here.center_px, 0.8 * here.side_px, here.angle_rad},
      {here.center_px, 1.3 * here.side_px, here.angle_rad},
      {here.center_px + Vec2{step, 0.0}, here.side_px, here.angle_rad + 0.35},
      {here.center_px - Vec2{step, 0.0}, here.side_px, here.angle_rad - 0.35},
  };
  const Result<std::vector<Reading>> read = nets_.read_hands(picture, others);
  if (!read) {
    return read.error();
  }
  const auto agree =
      std::count_if(read.value().begin(), read.value().end(), [&](const Reading& other) {
        return other.presence >= kStandsPresence && same_hand(other, reading);
      });
  return agree + 1 >= static_cast<std::ptrdiff_t>(others.size());
}

}  // namespace hearth::hands
