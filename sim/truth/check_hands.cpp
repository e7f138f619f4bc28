// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "check_parts.h"

namespace hearth {
namespace {

using Pixels = std::array<Vec2, kHandJoints>;

struct Box {
  Vec2 low{1e9, 1e9};
  Vec2 high{-1e9, -1e9};
};

Box box_of(const Pixels& joints) {
  Box box;
  for (const Vec2 p : joints) {
    box.low = {std::min(box.low.x, p.x), std::min(box.low.y, p.y)};
    box.high = {std::max(box.high.x, p.x), std::max(box.high.y, p.y)};
  }
  return box;
}

double overlap_share(const Box& a, const Box& b) {
  const double w = std::min(a.high.x, b.high.x) - std::max(a.low.x, b.low.x);
  const double h = std::min(a.high.y, b.high.y) - std::max(a.low.y, b.low.y);
  if (w <= 0.0 || h <= 0.0) return 0.0;
  const auto area = [](const Box& c) { return (c.high.x - c.low.x) * (c.high.y - c.low.y); };
  return w * h / (area(a) + area(b) - w * h);
}

const HandTrajectory* active_hand(const Truth& truth) {
  for (const HandTrajectory& hand : truth.home.hands) {
    if (hand.side == truth.active_hand) return &hand;
  }
  return nullptr;
}

// The truth of one frame: joints in the camera, and their pixels.
struct TrueHand {
  HandJoints joints_in_camera{};
  Pixels joints_px{};
  bool in_front = false;
};

TrueHand true_hand(const Truth& truth, const HandTrajectory& hand, std::size_t frame) {
  TrueHand result;
  HandSample sample;
  if (!sample_at(hand, truth.frame_time_ns[frame], sample)) return result;
  const Pose camera_from_world = inverse(truth.home.camera_path.samples[frame].world_from_camera);
  result.in_front = true;
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    result.joints_in_camera[j] = camera_from_world * sample.joints_in_world_m[j];
    const std::optional<Vec2> px = project(truth.camera_model, result.joints_in_camera[j]);
    if (!px) return {};
    result.joints_px[j] = *px;
  }
  return result;
}

// The observation that overlaps the true hand most, at box IoU >= .3; null if there is none.
const HandObservation* found_hand(const Tracks& tracks, int frame, const TrueHand& truth,
                                  const HandTrack*& track) {
  const HandObservation* best = nullptr;
  double best_overlap = 0.3;
  for (const HandTrack& candidate : tracks.hands) {
    for (const HandObservation& o : candidate.observations) {
      if (o.frame != frame || !o.observed) continue;
      const double overlap = overlap_share(box_of(o.joints_px), box_of(truth.joints_px));
      if (overlap < best_overlap) continue;
      best_overlap = overlap;
      best = &o;
      track = &candidate;
    }
  }
  return best;
}

bool in_contact(const Truth& truth, TimeNs time_ns) {
  return std::any_of(truth.home.contacts.spans.begin(), truth.home.contacts.spans.end(),
                     [&](const ContactSpan& span) {
                       return span.onset_ns <= time_ns && time_ns <= span.release_ns;
                     });
}

// Metres per metre of the track's own hand: what the home knows about the hand's size.
double hand_scale(const CheckedRun& run, const HandTrack& track) {
  if (run.home == nullptr) return 1.0;
  for (const HandTrajectory& hand : run.home->hands) {
    if (hand.side == track.side) return hand.hand_length_m.value / track.hand_length_m;
  }
  return 1.0;
}

struct HandErrors {
  Errors missed_outside;
  Errors missed_during;
  Errors joint_px;
  Errors wrist;
  Errors side_wrong;
};

void add_frame(const Truth& truth, const CheckedRun& run, const CheckPriors& priors,
               const TrueHand& hand, std::size_t frame, HandErrors& errors) {
  const HandTrack* track = nullptr;
  const HandObservation* found = found_hand(*run.tracks, static_cast<int>(frame), hand, track);
  Errors& missed =
      in_contact(truth, truth.frame_time_ns[frame]) ? errors.missed_during : errors.missed_outside;
  missed.values.push_back(found == nullptr ? 1.0 : 0.0);
  missed.baseline.push_back(1.0);
  if (found == nullptr) return;
  std::vector<double> px;
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    px.push_back(norm(found->joints_px[j] - hand.joints_px[j]));
  }
  std::sort(px.begin(), px.end());
  errors.joint_px.values.push_back(px[px.size() / 2]);
  errors.side_wrong.values.push_back(track->side == truth.active_hand ? 0.0 : 1.0);
  const Vec3 wrist = hand_scale(run, *track) * found->joints_in_camera_m[0];
  errors.wrist.values.push_back(norm(wrist - hand.joints_in_camera[0]));
  const Vec3 ray = ray_in_camera(truth.camera_model, found->joints_px[0]);
  errors.wrist.baseline.push_back(norm(priors.wrist_depth_m * ray - hand.joints_in_camera[0]));
}

double mean(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

// A share is the mean of its zeros and ones; the row carries it as its median.
CheckRow share_row(const std::string& quantity, const Errors& errors) {
  Errors one;
  if (!errors.values.empty()) one.values = {mean(errors.values)};
  if (!errors.baseline.empty()) one.baseline = {mean(errors.baseline)};
  CheckRow row = row_from("perceive", quantity, "share", one);
  row.n = static_cast<std::int64_t>(errors.values.size());
  return row;
}

}  // namespace

void check_hands(const Truth& truth, const CheckedRun& run, const CheckPriors& priors,
                 int min_hand_px, std::vector<CheckRow>& rows) {
  HandErrors errors;
  const HandTrajectory* hand = active_hand(truth);
  const std::vector<int>& visible_px =
      truth.active_hand == HandSide::left ? truth.left_hand_px : truth.right_hand_px;
  for (std::size_t frame = 0;
       run.tracks != nullptr && hand != nullptr && frame < truth.frame_time_ns.size(); ++frame) {
    // Without pixels (a truth-only take) every hand in front of the camera counts as visible.
    if (!visible_px.empty() && visible_px[frame] < min_hand_px) continue;
    const TrueHand there = true_hand(truth, *hand, frame);
    if (there.in_front) add_frame(truth, run, priors, there, frame, errors);
  }
  Errors all = errors.missed_outside;
  all.values.insert(all.values.end(), errors.missed_during.values.begin(),
                    errors.missed_during.values.end());
  all.baseline.insert(all.baseline.end(), errors.missed_during.baseline.begin(),
                      errors.missed_during.baseline.end());
  rows.push_back(share_row("active_hand_missed_share", all));
  rows.push_back(share_row("active_hand_missed_share_outside_contact", errors.missed_outside));
  rows.push_back(share_row("active_hand_missed_share_during_contact", errors.missed_during));
  rows.push_back(share_row("active_hand_side_wrong_share", errors.side_wrong));
  rows.push_back(row_from("perceive", "joint_2d", "px", errors.joint_px));
  rows.push_back(row_from("perceive", "wrist_in_camera", "m", errors.wrist));
}

}  // namespace hearth
