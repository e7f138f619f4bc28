// SPDX-License-Identifier: Apache-2.0
#include "sim/reconstruct/object_frames.h"

#include <algorithm>
#include <cmath>

namespace hearth::recon {
namespace {

constexpr double kGraspHeightM = 0.055;  // fingers over the surface, until the thing is known
constexpr double kHoldRadiusM = 0.10;    // the thing and the hand around the grasp point
constexpr double kClearM = 0.03;         // no hand nearer than this: the place is clear
constexpr double kTouchedM = -0.06;      // a hand on the thing still leaves a part of it in view

// A frame in which a place can be seen.
struct ClearFrame {
  int frame = 0;
  double clearance_m = 0.0;
};

// Distance of the nearest hand (and what it carries) from a place as seen in a frame, metres.
double clearance_m(const Scout& s, int frame, Vec3 place, bool carrying) {
  const Pose camera_from_level = inverse(s.map.map_from_camera[static_cast<std::size_t>(frame)]);
  const Vec3 p = camera_from_level * place;
  if (p.z <= 0.0) return -1.0;
  const Vec2 at{p.x / p.z, p.y / p.z};
  double nearest = 1.0;
  for (const HandTrack& track : s.tracks.hands) {
    const HandObservation* o = nullptr;
    double late = 0.0;
    for (int lag = 0; lag <= 10 && o == nullptr; ++lag) {
      o = observation_at(track, frame - lag);
      if (o == nullptr) o = observation_at(track, frame + lag);
      late = 0.008 * lag;
    }
    if (o == nullptr) {
      // In a hole of the carrying hand's track it may be anywhere, and so may the thing.
      const bool hole = track.id == s.span.hand_track && !track.observations.empty() &&
                        track.observations.front().frame < frame &&
                        track.observations.back().frame > frame;
      if (hole) return -1.0;
      continue;
    }
    const auto consider = [&](Vec3 q, double radius_m) {
      if (q.z <= 0.05) return;
      const Vec2 seen{q.x / q.z, q.y / q.z};
      nearest = std::min(nearest, norm(seen - at) * q.z - radius_m - late);
    };
    for (const Vec3& joint : o->joints_in_camera_m) consider(joint, 0.012);
    const Vec3 wrist = o->joints_in_camera_m[0];
    const Vec3 back = normalized(wrist - o->joints_in_camera_m[9]);
    for (const double along : {0.05, 0.1, 0.15, 0.2, 0.25, 0.3}) {
      consider(wrist + along * back, 0.055);
    }
    if (carrying && track.id == s.span.hand_track) {
      consider(grasp_point(o->joints_in_camera_m), kHoldRadiusM);
    }
  }
  return nearest;
}

bool in_view(const Scout& s, int frame, Vec3 place) {
  const Vec3 p = inverse(s.map.map_from_camera[static_cast<std::size_t>(frame)]) * place;
  const auto px = project(s.tracks.camera_model, p);
  return px && px->x > 0.02 * s.episode.width_px && px->x < 0.98 * s.episode.width_px &&
         px->y > 0.02 * s.episode.height_px && px->y < 0.98 * s.episode.height_px;
}

// Clear frames of a time range, the clearest first among those that are clear enough.
std::vector<ClearFrame> clear_frames(const Scout& s, TimeNs from, TimeNs to, Vec3 place,
                                     bool carrying, double least_clearance_m = kClearM) {
  std::vector<ClearFrame> result;
  const std::vector<int>& repeated = s.episode.repeated_frames;
  for (int f = 0; f < s.tracks.frames; ++f) {
    const TimeNs t = s.tracks.frame_time_ns[static_cast<std::size_t>(f)];
    if (t < from || t > to || s.map.known[static_cast<std::size_t>(f)] == 0) continue;
    if (std::find(repeated.begin(), repeated.end(), f) != repeated.end()) continue;
    if (!in_view(s, f, place)) continue;
    const double clear = clearance_m(s, f, place, carrying);
    if (clear > least_clearance_m) result.push_back({f, clear});
  }
  return result;
}

// Picks frames that are clear, apart from each other, and seen from near a given camera.
std::vector<int> pick(const Scout& s, std::vector<ClearFrame> all, int count, const Pose* near) {
  const auto cost = [&](const ClearFrame& c) {
    double value = 4.0 * std::max(0.0, 0.13 - c.clearance_m) / 0.13;
    if (near != nullptr) {
      const Pose& pose = s.map.map_from_camera[static_cast<std::size_t>(c.frame)];
      value += s.scale_m * norm(pose.position_m - near->position_m) / 0.03 +
               angle_between_rad(pose.rotation, near->rotation) / 0.2;
    }
    return value;
  };
  std::stable_sort(all.begin(), all.end(),
                   [&](const ClearFrame& a, const ClearFrame& b) { return cost(a) < cost(b); });
  std::vector<int> picked;
  for (int apart = 6; apart >= 1 && static_cast<int>(picked.size()) < count; apart -= 5) {
    for (const ClearFrame& c : all) {
      if (static_cast<int>(picked.size()) >= count) break;
      if (std::all_of(picked.begin(), picked.end(),
                      [&](int f) { return std::abs(f - c.frame) >= apart; })) {
        picked.push_back(c.frame);
      }
    }
  }
  return picked;
}

}  // namespace

std::optional<Expected> expected_base(const Scout& s, bool at_start, double level) {
  const HandTrack* hand = find_hand(s.tracks, s.span.hand_track);
  if (hand == nullptr) return std::nullopt;
  const int first = frame_at(s.tracks, at_start ? s.span.onset_ns : s.span.move_stop_ns);
  const int last =
      std::max(first, frame_at(s.tracks, at_start ? s.span.move_start_ns : s.span.release_ns));
  std::vector<double> x;
  std::vector<double> y;
  const auto look_at = [&](int f) {
    if (f < 0 || f >= s.tracks.frames) return false;
    const HandObservation* o = observation_at(*hand, f);
    if (o == nullptr || s.map.known[static_cast<std::size_t>(f)] == 0) return false;
    const Pose& camera = s.map.map_from_camera[static_cast<std::size_t>(f)];
    const Vec3 ray = camera.rotation * grasp_point(o->joints_in_camera_m);
    if (ray.z > -1e-3) return false;
    const double t = (level + kGraspHeightM / s.scale_m - camera.position_m.z) / ray.z;
    if (t <= 0.0) return false;
    x.push_back(camera.position_m.x + t * ray.x);
    y.push_back(camera.position_m.y + t * ray.y);
    return true;
  };
  for (int f = first - 1; f <= last + 1; ++f) (void)look_at(f);
  Expected expected;
  if (x.empty()) {
    // Before a grasp the hand comes from earlier frames, after a release it goes on in later ones.
    const int step = at_start ? -1 : 1;
    const int from = at_start ? first : last;
    for (int k = 2; k <= 24 && x.empty(); ++k) (void)look_at(from + step * k);
    expected.sigma_m = 0.10;
  }
  if (x.empty()) return std::nullopt;
  expected.base = {median(x), median(y)};
  return expected;
}

FramePlan plan_frames(const Scout& s, bool at_start, double level) {
  FramePlan plan;
  const auto expected = expected_base(s, at_start, level);
  if (!expected) {
    plan.why_empty = "the hand was not seen there";
    return plan;
  }
  SilhouettePrior& prior = plan.prior;
  prior.expected_base = expected->base;
  prior.base_z = level;
  prior.place_sigma = expected->sigma_m / s.scale_m;
  prior.width = 0.065 / s.scale_m;
  prior.height = 0.10 / s.scale_m;
  plan.place = {expected->base.x, expected->base.y, level + 0.045 / s.scale_m};
  const Vec3 place = plan.place;
  const TimeNs never = 1LL << 60;
  const TimeNs margin = 250'000'000;
  const auto before = clear_frames(s, -1, s.span.onset_low_ns, place, false);
  // Where the letting go was not seen, its likely time has to do.
  const bool open_end = s.span.release_high_ns >= s.tracks.frame_time_ns.back();
  const TimeNs let_go = open_end ? s.span.release_ns : s.span.release_high_ns;
  const auto after = clear_frames(s, let_go, never, place, false);
  // While something is carried, hand and arm are read worst and hide most: only where all else
  // hides the place too.
  auto before_all = before;
  auto after_all = after;
  if (before_all.empty()) {
    before_all = clear_frames(s, -1, s.span.move_stop_ns - margin, place, true);
  }
  if (after_all.empty()) {
    after_all = clear_frames(s, s.span.move_start_ns + margin, never, place, true);
  }
  std::vector<ClearFrame> with = at_start ? before : after;
  std::vector<ClearFrame> without = at_start ? after_all : before_all;
  if (with.empty()) {
    plan.partly_hidden = true;
    with = at_start ? clear_frames(s, -1, s.span.move_start_ns, place, false, kTouchedM)
                    : clear_frames(s, s.span.release_ns, never, place, false, kTouchedM);
  }
  if (without.empty()) {
    plan.partly_hidden = true;
    without = at_start ? clear_frames(s, let_go, never, place, false, kTouchedM)
                       : clear_frames(s, -1, s.span.move_start_ns, place, false, kTouchedM);
  }
  if (plan.partly_hidden) prior.least_known_share = 0.3;
  if (with.empty() || without.empty()) {
    plan.why_empty = with.empty() ? "a hand hides it in every frame in which it rests there"
                                  : "a hand hides the place in every other frame";
    return plan;
  }
  const int side = std::max(1, static_cast<int>(std::lround(std::sqrt(s.options.frame_pairs))));
  const auto most = static_cast<std::size_t>(s.options.frame_pairs);
  for (const int w : pick(s, with, side, nullptr)) {
    const Pose& near = s.map.map_from_camera[static_cast<std::size_t>(w)];
    bool first = true;
    for (const int o : pick(s, without, side, &near)) {
      if (plan.pairs.size() < most) plan.pairs.push_back({w, o, first});
      first = false;
    }
  }
  return plan;
}

}  // namespace hearth::recon
