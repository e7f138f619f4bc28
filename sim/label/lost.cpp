// SPDX-License-Identifier: Apache-2.0
#include "sim/label/lost.h"

#include <algorithm>
#include <cmath>

namespace hearth::label {
namespace {

// From arrival to touch, and from letting go to leaving: hands take .1 to .8 s to close or open.
constexpr double kCloseS = 0.3;
constexpr double kCloseEarlyS = 0.07;
constexpr double kCloseLateS = 0.8;
constexpr double kConfidence = 0.4;  // one cue only, and an indirect one

struct Edge {
  bool good = false;
  double time_s = 0.0;  // the hand comes to rest (or leaves rest)
};

// The hand slows down toward the end of a path (speeds given in that order) after a real movement.
Edge slows_down(const std::vector<double>& speed, const std::vector<double>& time_s, double sign,
                const FindContactsOptions& options) {
  Edge edge;
  const int n = static_cast<int>(speed.size());
  const double step = n > 1 ? std::abs(time_s.back() - time_s.front()) / (n - 1) : 0.0333;
  const int reach = std::max(4, static_cast<int>(std::lround(1.2 / step)));
  int peak = n - 1;
  for (int i = std::max(0, n - reach); i < n; ++i) {
    if (speed[static_cast<std::size_t>(i)] > speed[static_cast<std::size_t>(peak)]) peak = i;
  }
  const double top = speed[static_cast<std::size_t>(peak)];
  if (top < 2.0 * options.min_speed_m_s || speed.back() > 0.6 * top) return edge;
  edge.good = true;
  const double limit = std::max(options.dwell_share * top, 0.02);
  for (int i = peak; i < n; ++i) {
    if (speed[static_cast<std::size_t>(i)] > limit) continue;
    edge.time_s = time_s[static_cast<std::size_t>(i)];
    return edge;
  }
  // Not yet at rest when it was lost: it goes on slowing down as it did.
  const int back = std::max(peak, n - 4);
  const double fall =
      (speed[static_cast<std::size_t>(back)] - speed.back()) / std::max(1, n - 1 - back);
  const double more = fall > 0.0 ? std::min(8.0, speed.back() / fall) : 8.0;
  edge.time_s = time_s.back() + sign * more * step;
  return edge;
}

bool well_inside(const Tracks& tracks, const HandTrack& track, int frame) {
  const CameraModel& camera = tracks.camera_model;
  for (const HandObservation& o : track.observations) {
    if (o.frame != frame) continue;
    const Vec2 p = 0.5 * (o.joints_px[0] + o.joints_px[9]);
    return p.x > 0.06 * camera.width_px && p.x < 0.94 * camera.width_px &&
           p.y > 0.06 * camera.height_px && p.y < 0.94 * camera.height_px;
  }
  return false;
}

}  // namespace

std::vector<ContactSpan> lost_spans(const Tracks& tracks, const HandTrack& track,
                                    const std::vector<HandPath>& paths, const FrameCameras& cameras,
                                    double scale_m, const FindContactsOptions& options) {
  std::vector<ContactSpan> spans;
  for (std::size_t i = 0; i + 1 < paths.size(); ++i) {
    const HandPath& before = paths[i];
    const HandPath& after = paths[i + 1];
    const int last = before.first_frame + before.size() - 1;
    const int next = after.first_frame;
    const double lost_s = after.time_s.front() - before.time_s.back();
    if (lost_s > options.max_lost_s || !well_inside(tracks, track, last) ||
        !well_inside(tracks, track, next)) {
      continue;
    }
    const Edge in = slows_down(before.speed_m_s, before.time_s, 1.0, options);
    const Edge out = slows_down({after.speed_m_s.rbegin(), after.speed_m_s.rend()},
                                {after.time_s.rbegin(), after.time_s.rend()}, -1.0, options);
    const double between = out.time_s - in.time_s;
    if (!in.good || !out.good || between < 2.0 * kCloseS ||
        travel_between_m(tracks, track, last, next, cameras, scale_m) < options.min_travel_m) {
      continue;
    }
    // Touch and release never cross, however short the time between arrival and leaving is.
    const double close = std::min(kCloseS, 0.3 * between);
    const double late = std::min(kCloseLateS, 0.45 * between);
    const double lift = std::min(0.1, 0.1 * between);
    ContactSpan span;
    span.hand_track = track.id;
    span.side = track.side;
    span.onset_ns = ns_from_seconds(in.time_s + close);
    span.onset_low_ns = ns_from_seconds(in.time_s - kCloseEarlyS);
    span.onset_high_ns = ns_from_seconds(in.time_s + late);
    span.release_ns = ns_from_seconds(out.time_s - close);
    span.release_low_ns = ns_from_seconds(out.time_s - late);
    span.release_high_ns = ns_from_seconds(out.time_s + kCloseEarlyS);
    span.move_start_ns = ns_from_seconds(in.time_s + close + lift);
    span.move_stop_ns = ns_from_seconds(out.time_s - close - lift);
    span.confidence = kConfidence;
    span.evidence = "dwell,lost";
    spans.push_back(span);
  }
  return spans;
}

}  // namespace hearth::label
