// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/hand_side.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <utility>

namespace hearth::hands {
namespace {

constexpr int kTouchingFrames = 2;       // Segments may overlap by this much and still be one hand.
constexpr double kForearmLogOdds = 1.5;  // Of a forearm that enters at the side of the picture.
constexpr double kBackSeenLogOdds = 1.0;
constexpr double kNetShare = 0.7;     // Of the network's own log-odds, which hang together in time.
constexpr double kPairLogOdds = 1.5;  // Of two hands side by side, uncrossed.
constexpr double kTwinIou = 0.25;  // Of joint boxes; two hands at work on one thing stay below it.
constexpr double kPalmLengthM = 0.095;  // Wrist to middle knuckle of a usual hand.
constexpr double kReachM = 1.2;  // An arm's length from the eyes, and some doubt of focal length.
constexpr double kLowestShare = 0.8;  // Of the picture's height.

double weight_of(const Segment& segment) {
  double sum = 0.0;
  for (const auto& [frame, reading] : segment.readings) {
    sum += reading.presence;
  }
  return sum;
}

/// -1 where the forearm, drawn on from the wrist, leaves at the left, 1 at the right, 0 unclear.
double forearm_exit(const Reading& reading, int width_px, int height_px) {
  const Vec2 wrist = reading.joints_px[0];
  const Vec2 along = wrist - reading.joints_px[9];
  const double length = norm(along);
  if (length < 1.0 || along.y < -0.3 * length) {
    return 0.0;
  }
  const double to_bottom = along.y > 0.05 * length ? (height_px - wrist.y) / along.y : 1e9;
  const double to_side = along.x > 0.0   ? (width_px - wrist.x) / along.x
                         : along.x < 0.0 ? -wrist.x / along.x
                                         : 1e9;
  const double reach = std::max(0.0, std::min(to_bottom, to_side));
  const double exit_x = wrist.x + reach * along.x;
  return std::clamp(2.5 * (exit_x / width_px - 0.5), -1.0, 1.0);
}

/// 1 where the thumb's side of the knuckles lies as on the back of a right hand, -1 as on a left
/// one.
double back_order(const Reading& reading) {
  const Vec2 index = reading.joints_px[5] - reading.joints_px[0];
  const Vec2 little = reading.joints_px[17] - reading.joints_px[0];
  const double turn = index.x * little.y - index.y * little.x;
  const double size = norm(index) * norm(little);
  return size > 0.0 ? std::clamp(4.0 * turn / size, -1.0, 1.0) : 0.0;
}

/// True where the boxes of the joints cover each other so far that they must be one hand.
bool boxes_agree(const Reading& a, const Reading& b) {
  const auto box = [](const Reading& reading) {
    std::array<Vec2, 2> corners = {reading.joints_px[0], reading.joints_px[0]};
    for (const Vec2 p : reading.joints_px) {
      corners[0] = {std::min(corners[0].x, p.x), std::min(corners[0].y, p.y)};
      corners[1] = {std::max(corners[1].x, p.x), std::max(corners[1].y, p.y)};
    }
    return corners;
  };
  const auto p = box(a);
  const auto q = box(b);
  const double w = std::min(p[1].x, q[1].x) - std::max(p[0].x, q[0].x);
  const double h = std::min(p[1].y, q[1].y) - std::max(p[0].y, q[0].y);
  const auto area = [](const auto& c) { return (c[1].x - c[0].x) * (c[1].y - c[0].y); };
  return w > 0.0 && h > 0.0 && w * h >= kTwinIou * (area(p) + area(q) - w * h);
}

/// Frames in which both were seen.
std::vector<int> common_frames(const Segment& a, const Segment& b) {
  std::vector<int> common;
  for (const auto& [frame, reading] : a.readings) {
    if (b.readings.contains(frame)) {
      common.push_back(frame);
    }
  }
  return common;
}

/// How much speaks for a being the right and b the left hand when both are seen.
double pair_log_odds(const Segment& a, const Segment& b, const std::vector<int>& common) {
  double sum = 0.0;
  for (const int frame : common) {
    const Reading& ra = a.readings.at(frame);
    const Reading& rb = b.readings.at(frame);
    const double apart = ra.joints_px[0].x - rb.joints_px[0].x;
    const double size = 0.5 * (ra.square.side_px + rb.square.side_px);
    sum += std::clamp(2.0 * apart / size, -1.0, 1.0);
  }
  return kPairLogOdds * sum / static_cast<double>(common.size());
}

/// Sides by two-colouring what overlaps in time: of the two colourings of each connected group the
/// likelier one is taken. Heavy segments first; one that overlaps both colours gets none.
class Colouring {
 public:
  Colouring(const std::vector<Segment>& segments, int width_px, int height_px)
      : segments_(segments), colour_(segments.size(), 0), group_(segments.size(), -1) {
    for (const Segment& segment : segments) {
      own_.push_back(right_log_odds(segment, width_px, height_px));
    }
    std::vector<std::size_t> order(segments.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return weight_of(segments[a]) > weight_of(segments[b]);
    });
    for (const std::size_t seed : order) {
      if (group_[seed] < 0 && !blocked(seed)) {
        grow(seed, order);
      }
    }
    orient();
  }

  /// 1 right, -1 left, 0 neither.
  [[nodiscard]] int colour(std::size_t i) const { return colour_[i]; }
  [[nodiscard]] double log_odds(std::size_t i) const {
    return group_[i] < 0 ? own_[i] : std::abs(group_log_odds_[static_cast<std::size_t>(group_[i])]);
  }

 private:
  [[nodiscard]] bool overlap_in_time(std::size_t a, std::size_t b) const {
    return common_frames(segments_[a], segments_[b]).size() >
           static_cast<std::size_t>(kTouchingFrames);
  }

  [[nodiscard]] bool blocked(std::size_t i) const {
    bool left = false;
    bool right = false;
    for (std::size_t k = 0; k < segments_.size(); ++k) {
      if (k != i && colour_[k] != 0 && overlap_in_time(i, k)) {
        (colour_[k] > 0 ? right : left) = true;
      }
    }
    return left && right;
  }

  void grow(std::size_t seed, const std::vector<std::size_t>& order) {
    const int group = groups_++;
    group_[seed] = group;
    colour_[seed] = 1;
    for (bool grown = true; grown;) {
      grown = false;
      for (const std::size_t i : order) {
        if (group_[i] >= 0 || blocked(i)) {
          continue;
        }
        for (const std::size_t k : order) {
          if (group_[k] == group && overlap_in_time(i, k)) {
            group_[i] = group;
            colour_[i] = -colour_[k];
            grown = true;
            break;
          }
        }
      }
    }
  }

  void orient() {
    group_log_odds_.assign(static_cast<std::size_t>(groups_), 0.0);
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (group_[i] < 0) {
        continue;
      }
      double& odds = group_log_odds_[static_cast<std::size_t>(group_[i])];
      odds += colour_[i] * own_[i];
      for (std::size_t k = i + 1; k < segments_.size(); ++k) {
        if (group_[k] == group_[i] && colour_[k] != colour_[i] && overlap_in_time(i, k)) {
          odds += colour_[i] * pair_log_odds(segments_[i], segments_[k],
                                             common_frames(segments_[i], segments_[k]));
        }
      }
    }
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (group_[i] >= 0 && group_log_odds_[static_cast<std::size_t>(group_[i])] < 0.0) {
        colour_[i] = -colour_[i];
      }
    }
  }

  const std::vector<Segment>& segments_;
  std::vector<double> own_;
  std::vector<int> colour_;
  std::vector<int> group_;
  std::vector<double> group_log_odds_;
  int groups_ = 0;
};

/// Adds a later or touching segment of the same hand; the surer reading wins a common frame.
void join(Segment& to, const Segment& from) {
  for (const auto& [frame, reading] : from.readings) {
    const auto there = to.readings.find(frame);
    if (there == to.readings.end() || there->second.presence < reading.presence) {
      to.readings[frame] = reading;
    }
  }
  to.checked.insert(to.checked.end(), from.checked.begin(), from.checked.end());
  to.confirmed.insert(to.confirmed.end(), from.confirmed.begin(), from.confirmed.end());
}

double probability(double log_odds) { return 1.0 / (1.0 + std::exp(-std::abs(log_odds))); }

}  // namespace

double right_log_odds(const Segment& segment, int width_px, int height_px) {
  double forearm = 0.0;
  double back = 0.0;
  double net = 0.0;
  double weight = 0.0;
  for (const auto& [frame, reading] : segment.readings) {
    const double p = std::clamp(reading.right, 0.02, 0.98);
    forearm += reading.presence * forearm_exit(reading, width_px, height_px);
    back += reading.presence * back_order(reading);
    net += reading.presence * std::log(p / (1.0 - p));
    weight += reading.presence;
  }
  return (kForearmLogOdds * forearm + kBackSeenLogOdds * back + kNetShare * net) /
         std::max(weight, 1e-9);
}

bool enters_from_above(const Segment& segment) {
  std::size_t above = 0;
  for (const auto& [frame, reading] : segment.readings) {
    const Vec2 along = reading.joints_px[0] - reading.joints_px[9];
    above += along.y < -0.4 * norm(along) ? 1U : 0U;
  }
  return 10 * above > 6 * segment.readings.size();
}

std::vector<Segment> without_twins(std::vector<Segment> segments) {
  std::stable_sort(segments.begin(), segments.end(),
                   [](const Segment& a, const Segment& b) { return weight_of(a) > weight_of(b); });
  std::vector<Segment> kept;
  for (Segment& segment : segments) {
    const auto twin = std::find_if(kept.begin(), kept.end(), [&](const Segment& other) {
      const std::vector<int> common = common_frames(segment, other);
      const auto same = std::count_if(common.begin(), common.end(), [&](int frame) {
        return boxes_agree(segment.readings.at(frame), other.readings.at(frame));
      });
      return !common.empty() && 2 * same > static_cast<std::ptrdiff_t>(common.size());
    });
    if (twin == kept.end()) {
      kept.push_back(std::move(segment));
    } else {
      twin->readings.merge(segment.readings);  // Frames that are there already stay as they are.
      twin->checked.insert(twin->checked.end(), segment.checked.begin(), segment.checked.end());
      twin->confirmed.insert(twin->confirmed.end(), segment.confirmed.begin(),
                             segment.confirmed.end());
    }
  }
  std::stable_sort(kept.begin(), kept.end(),
                   [](const Segment& a, const Segment& b) { return a.first() < b.first(); });
  return kept;
}

bool is_out_of_reach(const Segment& segment, int height_px, double focal_px) {
  std::vector<double> depth_m;
  std::vector<double> height;
  for (const auto& [frame, reading] : segment.readings) {
    const auto& p = reading.joints_px;
    const double palm_px = std::max(norm(p[9] - p[0]), kPalmLengthOverWidth * norm(p[17] - p[5]));
    depth_m.push_back(focal_px * kPalmLengthM / std::max(palm_px, 1e-6));
    height.push_back(p[0].y / height_px);
  }
  const auto median = [](std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  };
  // What the lower border cuts off is read too small.
  return median(depth_m) > kReachM && median(height) < kLowestShare;
}

std::vector<SidedHand> decide_sides(std::vector<Segment> segments, int width_px, int height_px,
                                    double focal_px) {
  std::vector<SidedHand> others;
  std::vector<Segment> own;
  for (Segment& segment : segments) {
    if (enters_from_above(segment) || is_out_of_reach(segment, height_px, focal_px)) {
      const double odds = right_log_odds(segment, width_px, height_px);
      others.push_back({odds >= 0.0 ? HandSide::right : HandSide::left, probability(odds), false,
                        std::move(segment)});
    } else {
      own.push_back(std::move(segment));
    }
  }
  const Colouring colouring(own, width_px, height_px);
  SidedHand left{HandSide::left, 1.0, true, {}};
  SidedHand right{HandSide::right, 1.0, true, {}};
  for (std::size_t i = 0; i < own.size(); ++i) {
    const double sure = probability(colouring.log_odds(i));
    if (colouring.colour(i) == 0) {
      others.push_back({colouring.log_odds(i) >= 0.0 ? HandSide::right : HandSide::left, sure,
                        false, std::move(own[i])});
      continue;
    }
    SidedHand& hand = colouring.colour(i) > 0 ? right : left;
    join(hand.hand, own[i]);
    hand.side_confidence = std::min(hand.side_confidence, sure);
  }
  std::vector<SidedHand> hands;
  for (SidedHand* hand : {&left, &right}) {
    if (!hand->hand.readings.empty()) {
      hands.push_back(std::move(*hand));
    }
  }
  std::move(others.begin(), others.end(), std::back_inserter(hands));
  return hands;
}

}  // namespace hearth::hands
