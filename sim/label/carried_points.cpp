// SPDX-License-Identifier: Apache-2.0
#include "sim/label/carried_points.h"

#include <algorithm>
#include <cmath>

namespace hearth::label {
namespace {

constexpr double kStepS = 0.1;       // over which ways are compared
constexpr double kHoleS = 0.2;       // a shorter silence does not end a hold
constexpr double kGoesOnS = 0.3;     // the hand is seen at least this long after
constexpr double kJoinS = 0.4;       // the thing's own points go along from its start
constexpr double kRestShare = 0.35;  // of the hold's top speed: faster is no rest
constexpr double kRestM_S = 0.05;    // slower is at rest
constexpr double kAheadShare = 0.1;  // of the way from wrist to middle knuckle
constexpr int kMinPoints = 3;

// What the points say about one frame of a path.
struct Votes {
  int with = 0;     // go with the hand
  int without = 0;  // rest, or go another way
};

// What one point says, by frame of the path: 1 with the hand, -1 without, 0 nothing.
struct Opinion {
  std::vector<int> by_frame{};
  bool ahead = false;
};

bool lies_ahead(const Tracks& tracks, const HandPath& path, int k, Vec2 pixel) {
  const HandJoints& j = path.joints_in_camera_m[static_cast<std::size_t>(k)];
  const auto wrist = project(tracks.camera_model, j[0]);
  const auto knuckle = project(tracks.camera_model, j[9]);
  if (!wrist || !knuckle) return false;
  const Vec2 axis = *knuckle - *wrist;
  return dot(pixel - *wrist, axis) > kAheadShare * dot(axis, axis);
}

Opinion opinion_of(const MovingPoint& point, const Tracks& tracks, const HandPath& path,
                   const FrameCameras& cameras, double scale_m) {
  Opinion opinion;
  opinion.by_frame.assign(path.time_s.size(), 0);
  int ahead = 0;
  int behind = 0;
  std::size_t b = 0;
  for (std::size_t a = 0; a < point.samples.size(); ++a) {
    const int ka = point.samples[a].frame - path.first_frame;
    if (ka < 0 || ka >= path.size()) continue;
    const double from_s = path.time_s[static_cast<std::size_t>(ka)];
    int kb = ka;
    for (b = std::max(b, a + 1); b < point.samples.size(); ++b) {
      kb = point.samples[b].frame - path.first_frame;
      if (kb >= path.size() || path.time_s[static_cast<std::size_t>(kb)] - from_s >= kStepS) break;
    }
    if (b >= point.samples.size() || kb >= path.size()) break;
    const double step_s = path.time_s[static_cast<std::size_t>(kb)] - from_s;
    bool known = true;
    const Vec2 own = own_step_m(
        tracks, cameras, {point.samples[a].frame, point.samples[a].pixel_px},
        {point.samples[b].frame, point.samples[b].pixel_px}, path.depth_m, scale_m, known);
    if (!known) continue;
    const Vec2 hand =
        path.p_m[static_cast<std::size_t>(kb)] - path.p_m[static_cast<std::size_t>(ka)];
    const double own_m = norm(own);
    const double hand_m = norm(hand);
    const bool moves = own_m > kRestM_S * step_s;
    const bool with = moves && dot(own, hand) > 0.7 * own_m * hand_m && own_m > 0.4 * hand_m &&
                      own_m < 2.5 * hand_m;
    // The pair speaks for its middle.
    const int middle = (ka + kb) / 2;
    const int gap = std::max(1, point.samples[a + 1].frame - point.samples[a].frame);
    for (int k = middle; k < std::min(middle + gap, path.size()); ++k) {
      opinion.by_frame[static_cast<std::size_t>(k)] = with ? 1 : -1;
    }
    if (with) (lies_ahead(tracks, path, ka, point.samples[a].pixel_px) ? ahead : behind) += 1;
  }
  opinion.ahead = ahead > behind;
  return opinion;
}

struct Run {
  int first = 0;
  int last = -1;
};

std::vector<Votes> count_votes(const std::vector<Opinion>& opinions, const HandPath& path) {
  std::vector<Votes> votes(path.time_s.size());
  for (const Opinion& o : opinions) {
    for (std::size_t k = 0; k < votes.size(); ++k) {
      if (o.by_frame[k] > 0) ++votes[k].with;
      if (o.by_frame[k] < 0) ++votes[k].without;
    }
  }
  return votes;
}

// The point went with the hand within the first part of a run.
bool speaks_from(const Opinion& o, const HandPath& path, const Run& run) {
  for (int k = run.first; k <= run.last; ++k) {
    const auto i = static_cast<std::size_t>(k);
    if (path.time_s[i] - path.time_s[static_cast<std::size_t>(run.first)] > kJoinS) return false;
    if (o.by_frame[i] > 0) return true;
  }
  return false;
}

// Longest stretch of frames in which most points that say something go with the hand, and at least
// half as many as at best: where only a few are left they may have slid onto the fingers.
Run longest_run(const std::vector<Votes>& votes, const HandPath& path) {
  int most = 0;
  for (const Votes& v : votes) most = std::max(most, v.with);
  const int quorum = std::max(2, (most + 1) / 2);
  Run best;
  Run run;
  const auto time = [&](int k) { return path.time_s[static_cast<std::size_t>(k)]; };
  for (int k = 0; k < path.size(); ++k) {
    const Votes& v = votes[static_cast<std::size_t>(k)];
    // Silence is bridged, contradiction is not.
    if (v.without >= 2 && v.without > v.with) run.last = -1;
    if (v.with < quorum || v.with < v.without) continue;
    if (run.last < 0 || time(k) - time(run.last) > kHoleS) run.first = k;
    run.last = k;
    if (best.last < 0 || time(run.last) - time(run.first) > time(best.last) - time(best.first)) {
      best = run;
    }
  }
  return best;
}

bool rests_before(const std::vector<Votes>& votes, const HandPath& path, const Run& run) {
  for (int k = 0; k < run.first; ++k) {
    if (votes[static_cast<std::size_t>(k)].without > 0 &&
        path.speed_m_s[static_cast<std::size_t>(k)] < 2.0 * kRestM_S) {
      return true;
    }
  }
  return false;
}

// The hand goes on, and nothing that was seen goes with it.
bool goes_on(const HandPath& path, const Run& run, const FindContactsOptions& options) {
  const auto last = static_cast<std::size_t>(run.last);
  if (path.time_s.back() - path.time_s[last] < kGoesOnS) return false;
  return std::any_of(path.p_m.begin() + run.last, path.p_m.end(),
                     [&](Vec2 p) { return norm(p - path.p_m[last]) > options.min_travel_m; });
}

// Another hand makes the same way at the same time.
bool goes_along(const HandPath& other, const HandPath& path, const Run& run) {
  const int a = std::max(path.first_frame + run.first, other.first_frame);
  const int b = std::min(path.first_frame + run.last, other.first_frame + other.size() - 1);
  if (2 * (b - a) < run.last - run.first) return false;
  const auto way = [&](const HandPath& h) {
    return h.p_m[static_cast<std::size_t>(b - h.first_frame)] -
           h.p_m[static_cast<std::size_t>(a - h.first_frame)];
  };
  return norm(way(other) - way(path)) < 0.4 * norm(way(path));
}

// Points that went along were seen to stay behind, rather than lost from sight.
bool stays_behind(const std::vector<Votes>& votes, const HandPath& path, const Run& run) {
  int frames = 0;
  for (int k = run.last + 1; k < path.size(); ++k) {
    const Votes& v = votes[static_cast<std::size_t>(k)];
    const bool hand_moves = path.speed_m_s[static_cast<std::size_t>(k)] > 2.0 * kRestM_S;
    if (hand_moves && v.without >= 2 && v.without > v.with) ++frames;
  }
  return frames >= 2;
}

}  // namespace

std::optional<HeldCandidate> candidate_from_points(const Tracks& tracks, const HandPath& path,
                                                   const std::vector<HandPath>& paths,
                                                   const FrameCameras& cameras, double scale_m,
                                                   const FindContactsOptions& options) {
  std::vector<Opinion> opinions;
  for (const MovingPoint& point : tracks.moving_points) {
    if (point.near_hand != path.track_id) continue;
    Opinion opinion = opinion_of(point, tracks, path, cameras, scale_m);
    if (opinion.ahead) opinions.push_back(std::move(opinion));
  }
  std::vector<Votes> votes = count_votes(opinions, path);
  Run run = longest_run(votes, path);
  if (run.last < 0) return std::nullopt;
  // Points that join on the way lie on fingers or on the next thing: they cannot tell its end.
  std::erase_if(opinions, [&](const Opinion& o) { return !speaks_from(o, path, run); });
  votes = count_votes(opinions, path);
  run = longest_run(votes, path);
  if (run.last < 0 || !rests_before(votes, path, run) || !goes_on(path, run, options)) {
    return std::nullopt;
  }
  if (std::any_of(paths.begin(), paths.end(), [&](const HandPath& other) {
        return other.track_id != path.track_id && goes_along(other, path, run);
      })) {
    return std::nullopt;
  }
  int speakers = 0;
  for (const Opinion& o : opinions) {
    const auto first = o.by_frame.begin() + run.first;
    const auto last = o.by_frame.begin() + run.last + 1;
    if (std::count(first, last, 1) >= 3) ++speakers;
  }
  const Vec2 way =
      path.p_m[static_cast<std::size_t>(run.last)] - path.p_m[static_cast<std::size_t>(run.first)];
  if (speakers < kMinPoints || norm(way) < options.min_travel_m) return std::nullopt;
  HeldCandidate c = candidate_from_move(
      path, {-1, path.first_frame + run.first, path.first_frame + run.last}, options);
  c.evidence = 0.5 + std::min(0.5, 0.05 * speakers);
  c.cues = "points,move";
  const auto rests = [&](int k) {
    const auto fastest =
        std::max_element(path.speed_m_s.begin() + c.lift, path.speed_m_s.begin() + c.down + 1);
    return path.speed_m_s[static_cast<std::size_t>(k)] < kRestShare * *fastest;
  };
  c.rests_at_lift = rests(c.lift);
  c.rests_at_down = rests(c.down);
  c.release_seen = stays_behind(votes, path, run);
  return c;
}

}  // namespace hearth::label
