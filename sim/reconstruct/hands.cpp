// SPDX-License-Identifier: Apache-2.0
#include "sim/reconstruct/hands.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace hearth::recon {
namespace {

struct FrameHand {
  bool there = false;
  bool observed = false;
  TimeNs time_ns = 0;
  HandJoints joints{};  // world
  Mat3 covariance{};
};

Mat3 wrist_covariance(const Tracks& tracks, const HandObservation& o, Quat world_from_camera,
                      const ScaleSolution& scale) {
  const Vec3 wrist = o.joints_in_camera_m[0];
  const double focal = std::max(1.0, tracks.camera_model.fx_px);
  const double lateral = std::max(0.001, o.sigma_px * wrist.z / focal);
  const double along = std::hypot(o.depth_sigma_m, scale.hand_factor_log_sigma * wrist.z);
  const Vec3 ray = world_from_camera * normalized(wrist);
  Mat3 m{};
  const double r[3] = {ray.x, ray.y, ray.z};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) {
      m[i][k] =
          (i == k ? lateral * lateral : 0.0) + (along * along - lateral * lateral) * r[i] * r[k];
    }
  }
  return m;
}

// Depth shift along the ray that brings the grasp point level with an anchor, weighted by how sure
// the hand's own depth is.
struct Shift {
  TimeNs time_ns = 0;
  double along_m = 0.0;
};

std::vector<Shift> shifts_for(const Tracks& tracks, const HandTrack& track, const Map& map,
                              const WorldFromMap& world_from_map, const ScaleSolution& scale,
                              const std::vector<DepthAnchor>& anchors) {
  std::vector<Shift> shifts;
  for (const DepthAnchor& anchor : anchors) {
    const int middle = frame_at(tracks, anchor.time_ns);
    std::vector<double> along;
    std::vector<double> sigmas;
    for (int f = middle - 2; f <= middle + 2; ++f) {
      const HandObservation* o = observation_at(track, f);
      if (o == nullptr || map.known[static_cast<std::size_t>(f)] == 0) continue;
      const Pose camera = world_from_map.pose(map.map_from_camera[static_cast<std::size_t>(f)]);
      const Vec3 grasp = scale.hand_factor * grasp_point(o->joints_in_camera_m);
      const Vec3 ray = normalized(camera.rotation * grasp);
      const Vec3 to = anchor.p_in_world_m - (camera * grasp);
      // Level with the thing's axis: only the horizontal part of the ray can be told.
      const Vec3 flat{ray.x, ray.y, 0.0};
      if (dot(flat, flat) < 0.05) continue;
      along.push_back(dot(to, flat) / dot(flat, flat));
      sigmas.push_back(std::hypot(o->depth_sigma_m, scale.hand_factor_log_sigma * grasp.z));
    }
    if (along.empty()) continue;
    const double hand = median(sigmas);
    const double other = std::hypot(anchor.sigma_m, 0.01);
    const double share = hand * hand / (hand * hand + other * other);
    shifts.push_back({anchor.time_ns, share * std::clamp(median(along), -0.15, 0.15)});
  }
  return shifts;
}

double shift_at(const std::vector<Shift>& shifts, TimeNs time_ns) {
  if (shifts.empty()) return 0.0;
  if (time_ns <= shifts.front().time_ns) return shifts.front().along_m;
  for (std::size_t i = 1; i < shifts.size(); ++i) {
    if (time_ns > shifts[i].time_ns) continue;
    const double u = static_cast<double>(time_ns - shifts[i - 1].time_ns) /
                     static_cast<double>(shifts[i].time_ns - shifts[i - 1].time_ns);
    return (1 - u) * shifts[i - 1].along_m + u * shifts[i].along_m;
  }
  return shifts.back().along_m;
}

std::vector<FrameHand> frame_hands(const Tracks& tracks, const Map& map,
                                   const WorldFromMap& world_from_map, const ScaleSolution& scale,
                                   const std::vector<const HandTrack*>& same_side,
                                   const std::string& anchored_track,
                                   const std::vector<DepthAnchor>& anchors) {
  std::vector<FrameHand> frames(static_cast<std::size_t>(tracks.frames));
  for (const HandTrack* track : same_side) {
    const double factor = scale.hand_length_m.value / track->hand_length_m;
    const std::vector<Shift> shifts =
        track->id == anchored_track
            ? shifts_for(tracks, *track, map, world_from_map, scale, anchors)
            : std::vector<Shift>{};
    for (const HandObservation& o : track->observations) {
      const auto f = static_cast<std::size_t>(o.frame);
      if (frames[f].there || map.known[f] == 0) continue;
      const Pose camera = world_from_map.pose(map.map_from_camera[f]);
      FrameHand& hand = frames[f];
      hand.there = true;
      hand.observed = o.observed;
      hand.time_ns = tracks.frame_time_ns[f];
      const Vec3 grasp = factor * grasp_point(o.joints_in_camera_m);
      const Vec3 shift = shift_at(shifts, hand.time_ns) * normalized(grasp);
      for (std::size_t j = 0; j < kHandJoints; ++j) {
        hand.joints[j] = camera * (factor * o.joints_in_camera_m[j] + shift);
      }
      hand.covariance = wrist_covariance(tracks, o, camera.rotation, scale);
    }
  }
  return frames;
}

HandSample between(const FrameHand& a, const FrameHand& b, double u, HandSide side) {
  HandSample sample;
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    sample.joints_in_world_m[j] = (1.0 - u) * a.joints[j] + u * b.joints[j];
  }
  sample.world_from_wrist = wrist_pose(sample.joints_in_world_m, side);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) {
      sample.wrist_covariance_m2[i][k] = (1.0 - u) * a.covariance[i][k] + u * b.covariance[i][k];
    }
  }
  return sample;
}

// Adds spans for one run of frames without long holes.
void add_span(const std::vector<const FrameHand*>& run, double usual_step_ns, HandSide side,
              double rate_hz, std::vector<HandSpan>& spans) {
  const double period_ns = 1e9 / rate_hz;
  const auto begin = static_cast<double>(run.front()->time_ns);
  const auto end = static_cast<double>(run.back()->time_ns);
  // A microsecond of slack: frame times are rounded to nanoseconds.
  const auto first = static_cast<std::int64_t>(std::ceil((begin - 1e3) / period_ns));
  const auto last = static_cast<std::int64_t>(std::floor((end + 1e3) / period_ns));
  if (last <= first) return;
  HandSpan span;
  span.start_ns = static_cast<TimeNs>(std::llround(static_cast<double>(first) * period_ns));
  std::size_t at = 0;
  for (std::int64_t k = first; k <= last; ++k) {
    const double t = static_cast<double>(k) * period_ns;
    while (at + 2 < run.size() && static_cast<double>(run[at + 1]->time_ns) <= t) ++at;
    const FrameHand& a = *run[at];
    const FrameHand& b = *run[std::min(at + 1, run.size() - 1)];
    const double gap = static_cast<double>(b.time_ns - a.time_ns);
    const double u =
        gap > 0.0 ? std::clamp((t - static_cast<double>(a.time_ns)) / gap, 0.0, 1.0) : 0.0;
    HandSample sample = between(a, b, u, side);
    const bool close = gap <= 1.5 * usual_step_ns;
    sample.observed = u < 1e-3    ? a.observed
                      : u > 0.999 ? b.observed
                                  : close && a.observed && b.observed;
    span.samples.push_back(sample);
  }
  spans.push_back(std::move(span));
}

void say_gaps(const HandTrajectory& hand, int cuts, Diagnostics& diagnostics) {
  int bridged = 0;
  for (const HandSpan& span : hand.spans) {
    for (const HandSample& sample : span.samples) bridged += sample.observed ? 0 : 1;
  }
  const std::string which = hand.side == HandSide::left ? "left hand" : "right hand";
  if (bridged > 0) {
    diagnostics.add(Severity::note, "hand_bridged",
                    which + ": " + std::to_string(bridged) + " samples were not seen but bridged");
  }
  if (cuts > 0) {
    diagnostics.add(Severity::warning, "hand_gap",
                    which + ": out of sight for long " + std::to_string(cuts) +
                        " times; nothing is claimed there");
  }
}

}  // namespace

std::vector<HandTrajectory> make_hands(const Tracks& tracks, const Map& map,
                                       const WorldFromMap& world_from_map,
                                       const ScaleSolution& scale,
                                       const std::string& anchored_track,
                                       const std::vector<DepthAnchor>& anchors,
                                       const ReconstructOptions& options,
                                       Diagnostics& diagnostics) {
  std::vector<HandTrajectory> hands;
  for (const HandSide side : {HandSide::left, HandSide::right}) {
    std::vector<const HandTrack*> same_side;
    for (const HandTrack& track : tracks.hands) {
      if (track.wearer && track.side == side) same_side.push_back(&track);
    }
    std::stable_sort(same_side.begin(), same_side.end(),
                     [&](const HandTrack* a, const HandTrack* b) {
                       const bool a_first = a->id == anchored_track;
                       const bool b_first = b->id == anchored_track;
                       if (a_first != b_first) return a_first;
                       return a->observations.size() > b->observations.size();
                     });
    const std::vector<FrameHand> frames =
        frame_hands(tracks, map, world_from_map, scale, same_side, anchored_track, anchors);
    HandTrajectory hand;
    hand.side = side;
    hand.rate_hz = options.rate_hz;
    hand.hand_length_m = scale.hand_length_m;
    std::vector<double> steps;
    for (std::size_t f = 1; f < tracks.frame_time_ns.size(); ++f) {
      steps.push_back(static_cast<double>(tracks.frame_time_ns[f] - tracks.frame_time_ns[f - 1]));
    }
    const double step = steps.empty() ? 1e9 / options.rate_hz : median(steps);
    std::vector<const FrameHand*> run;
    int runs = 0;
    const auto flush = [&]() {
      if (run.size() >= 2) add_span(run, step, side, options.rate_hz, hand.spans);
      runs += run.size() >= 2 ? 1 : 0;
      run.clear();
    };
    for (const FrameHand& frame : frames) {
      if (!frame.there) continue;
      if (!run.empty() &&
          seconds_from_ns(frame.time_ns - run.back()->time_ns) > options.max_gap_s) {
        flush();
      }
      run.push_back(&frame);
    }
    flush();
    if (hand.spans.empty()) continue;
    say_gaps(hand, runs - 1, diagnostics);
    hands.push_back(std::move(hand));
  }
  return hands;
}

}  // namespace hearth::recon
