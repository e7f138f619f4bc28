// SPDX-License-Identifier: Apache-2.0
#include "sim/label/held.h"

#include <algorithm>
#include <cmath>

namespace hearth::label {
namespace {

struct Dwell {
  int first = 0;
  int last = 0;
};

double quantile(std::vector<double> v, double share) {
  if (v.empty()) return 0.0;
  std::sort(v.begin(), v.end());
  const double place = share * static_cast<double>(v.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, v.size() - 1);
  const double u = place - static_cast<double>(low);
  return (1 - u) * v[low] + u * v[high];
}

std::vector<double> slice(const std::vector<double>& v, int first, int last) {
  const int n = static_cast<int>(v.size());
  first = std::clamp(first, 0, n - 1);
  last = std::clamp(last, first, n - 1);
  return {v.begin() + first, v.begin() + last + 1};
}

int frames_of(const HandPath& path, double duration_s) {
  const double span = path.time_s.back() - path.time_s.front();
  const double rate = span > 0.0 ? (path.size() - 1) / span : 30.0;
  return std::max(1, static_cast<int>(std::lround(duration_s * rate)));
}

// Speed peaks that stand apart: the valley between two falls below a third of the smaller.
std::vector<int> speed_peaks(const std::vector<double>& v, double min_speed) {
  std::vector<int> peaks;
  for (int i = 0; i < static_cast<int>(v.size()); ++i) {
    const auto k = static_cast<std::size_t>(i);
    const bool rises = i == 0 || v[k] > v[k - 1];
    const bool falls = k + 1 == v.size() || v[k] >= v[k + 1];
    if (rises && falls && v[k] >= min_speed) peaks.push_back(i);
  }
  const auto speed = [&](int i) { return v[static_cast<std::size_t>(i)]; };
  for (bool merged = true; merged && peaks.size() > 1;) {
    merged = false;
    for (std::size_t i = 0; i + 1 < peaks.size(); ++i) {
      const auto valley = *std::min_element(v.begin() + peaks[i], v.begin() + peaks[i + 1] + 1);
      if (valley <= 0.35 * std::min(speed(peaks[i]), speed(peaks[i + 1]))) continue;
      const std::size_t smaller = speed(peaks[i]) < speed(peaks[i + 1]) ? i : i + 1;
      peaks.erase(peaks.begin() + static_cast<std::ptrdiff_t>(smaller));
      merged = true;
      break;
    }
  }
  return peaks;
}

// Slow stretch between indices `from` and `to` (peaks or ends of the path).
Dwell dwell_between(const std::vector<double>& v, int from, int to, double limit) {
  Dwell dwell{-1, -1};
  int slowest = from;
  for (int i = from; i <= to; ++i) {
    const auto k = static_cast<std::size_t>(i);
    if (v[k] < v[static_cast<std::size_t>(slowest)]) slowest = i;
    if (v[k] > limit) continue;
    if (dwell.first < 0) dwell.first = i;
    dwell.last = i;
  }
  if (dwell.first < 0) dwell = {slowest, slowest};
  return dwell;
}

std::vector<Dwell> dwells(const HandPath& path, const FindContactsOptions& options) {
  const std::vector<double>& v = path.speed_m_s;
  const std::vector<int> peaks = speed_peaks(v, options.min_speed_m_s);
  std::vector<Dwell> result;
  if (peaks.empty()) return result;
  const auto limit = [&](int a, int b) {
    const double pa = v[static_cast<std::size_t>(a)];
    const double pb = v[static_cast<std::size_t>(b)];
    return std::max(options.dwell_share * std::min(pa, pb), 0.02);
  };
  result.push_back(dwell_between(v, 0, peaks.front(), limit(peaks.front(), peaks.front())));
  for (std::size_t i = 0; i + 1 < peaks.size(); ++i) {
    result.push_back(dwell_between(v, peaks[i], peaks[i + 1], limit(peaks[i], peaks[i + 1])));
  }
  result.push_back(
      dwell_between(v, peaks.back(), path.size() - 1, limit(peaks.back(), peaks.back())));
  return result;
}

// How far the fingers were open before and after, against between: in hand lengths.
double grip_depth(const HandPath& path, const HeldCandidate& c, double& rigid) {
  const int around = frames_of(path, 0.6);
  const std::vector<double> held = slice(path.aperture, c.lift, c.down);
  const double closed = quantile(held, 0.5);
  rigid = quantile(held, 0.9) - quantile(held, 0.1);
  const double before = quantile(slice(path.aperture, c.arrive - around, c.lift), 0.9);
  const double after = quantile(slice(path.aperture, c.down, c.leave + around), 0.9);
  return std::min(before, after) - closed;
}

// How well the time with moving points near the hand and the stretch agree, 0..1: the share of
// their observations that lie inside, times the share of the stretch that has them.
double points_agree(const Tracks& tracks, const HandPath& path, const HeldCandidate& c) {
  std::vector<double> count(path.time_s.size(), 0.0);
  double inside = 0.0;
  double all = 0.0;
  for (const MovingPoint& point : tracks.moving_points) {
    if (point.near_hand != path.track_id) continue;
    for (const PointSample& sample : point.samples) {
      const int k = sample.frame - path.first_frame;
      all += 1.0;
      if (k >= c.lift - 3 && k <= c.down + 3) inside += 1.0;
      if (k >= 0 && k < path.size()) count[static_cast<std::size_t>(k)] += 1.0;
    }
  }
  if (all == 0.0) return 0.0;
  double covered = 0.0;
  for (int k = c.lift; k <= c.down; ++k) {
    covered += std::min(1.0, count[static_cast<std::size_t>(k)] / 3.0);
  }
  return inside / all * covered / (c.down - c.lift + 1);
}

// Share of the stretch in which the fingers are more open than half way.
double open_share(const HandPath& path, const HeldCandidate& c, double depth) {
  const std::vector<double> held = slice(path.aperture, c.lift, c.down);
  const double limit = quantile(held, 0.5) + 0.5 * std::max(depth, 0.1);
  double open = 0.0;
  for (const double a : held) open += a > limit ? 1.0 : 0.0;
  return open / static_cast<double>(held.size());
}

double way_m(const HandPath& path, int from, int to) {
  return norm(path.p_m[static_cast<std::size_t>(to)] - path.p_m[static_cast<std::size_t>(from)]);
}

double travel_m(const HandPath& path, const HeldCandidate& c) {
  const Vec2 from = path.p_m[static_cast<std::size_t>(c.lift)];
  double farthest = 0.0;
  for (int i = c.lift; i <= c.down; ++i) {
    farthest = std::max(farthest, norm(path.p_m[static_cast<std::size_t>(i)] - from));
  }
  return farthest;
}

void weigh(const Tracks& tracks, const HandPath& path, HeldCandidate& c) {
  double rigid = 0.0;
  const double depth = grip_depth(path, c, rigid);
  // A closed hand keeps its shape; a fifth of a hand length of closing is a clear grasp. A stretch
  // in which the hand is open for a while is no hold: it contains a reach or a retreat.
  const double open = open_share(path, c, depth);
  double grip = std::clamp(depth / 0.2, 0.0, 1.2) * std::max(0.0, 1.0 - 1.5 * open);
  if (rigid > 0.0) grip *= std::clamp(1.5 * depth / rigid, 0.0, 1.0);
  // Points near a hand may lie on its sleeve and move in a reach too: half the weight.
  const double points = 0.5 * points_agree(tracks, path, c) * std::max(0.0, 1.0 - 1.5 * open);
  // Reach, stop, carry, stop, retreat: fingers are often misread while they hold, the way is not.
  c.evidence = grip + points + (c.reached && c.left ? 0.35 : 0.0);
  c.cues = "dwell,move";
  if (c.reached && c.left) c.cues += ",way";
  if (grip > 0.3) c.cues += ",close";
  if (points > 0.15) c.cues += ",points";
}

bool overlap(const HeldCandidate& a, const HeldCandidate& b) {
  return a.lift < b.leave && b.lift < a.leave;
}

}  // namespace

std::vector<HeldCandidate> held_candidates(const Tracks& tracks, const HandPath& path,
                                           const FindContactsOptions& options) {
  const std::vector<Dwell> rests = dwells(path, options);
  std::vector<HeldCandidate> all;
  for (std::size_t i = 0; i < rests.size(); ++i) {
    // More than four moves in one hold are rather two holds.
    for (std::size_t j = i + 1; j < std::min(rests.size(), i + 5); ++j) {
      HeldCandidate c;
      c.arrive = rests[i].first;
      c.lift = rests[i].last;
      c.down = rests[j].first;
      c.leave = rests[j].last;
      const int rest = frames_of(path, 0.12);
      c.reached = i > 0 && c.lift - c.arrive >= rest &&
                  way_m(path, rests[i - 1].last, c.arrive) > options.min_travel_m;
      c.left = j + 1 < rests.size() && c.leave - c.down >= rest &&
               way_m(path, c.leave, rests[j + 1].first) > options.min_travel_m;
      // A path that begins or ends in full motion shows no rest there.
      const std::vector<double> v = slice(path.speed_m_s, c.lift, c.down);
      const double still = 0.35 * *std::max_element(v.begin(), v.end());
      if (v.front() > still || v.back() > still) continue;
      if (c.down - c.lift < frames_of(path, 0.25) || travel_m(path, c) < options.min_travel_m) {
        continue;
      }
      weigh(tracks, path, c);
      if (c.evidence >= options.min_evidence) all.push_back(c);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const HeldCandidate& a, const HeldCandidate& b) {
    return a.evidence > b.evidence;
  });
  std::vector<HeldCandidate> kept;
  for (const HeldCandidate& c : all) {
    if (std::none_of(kept.begin(), kept.end(),
                     [&](const HeldCandidate& k) { return overlap(c, k); })) {
      kept.push_back(c);
    }
  }
  return kept;
}

std::vector<ObjectMove> object_moves(const Tracks& tracks, double scale_m,
                                     const FindContactsOptions& options) {
  std::vector<ObjectMove> moves;
  for (std::size_t o = 0; o < tracks.objects.size(); ++o) {
    const std::vector<ObjectObservation>& seen = tracks.objects[o].observations;
    // Moving: more than 4 mm, or three times the sighting's own noise, within about .1 s.
    int first = -1;
    int last = -1;
    const auto flush = [&]() {
      if (first < 0) return;
      double travel = 0.0;
      Vec3 from{};
      bool started = false;
      for (const ObjectObservation& s : seen) {
        if (s.frame < first || s.frame > last) continue;
        if (!started) from = s.map_from_object.position_m;
        started = true;
        travel = std::max(travel, scale_m * norm(s.map_from_object.position_m - from));
      }
      if (travel >= options.min_travel_m) moves.push_back({static_cast<int>(o), first, last});
      first = -1;
    };
    for (std::size_t i = 3; i < seen.size(); ++i) {
      const double step = scale_m * norm(seen[i].map_from_object.position_m -
                                         seen[i - 3].map_from_object.position_m);
      if (step < std::max(0.004, 3.0 * scale_m * seen[i].position_sigma)) continue;
      if (first >= 0 && seen[i - 3].frame > last + 10) flush();
      if (first < 0) first = seen[i - 3].frame;
      last = seen[i].frame;
    }
    flush();
  }
  return moves;
}

double distance_to_object_m(const Tracks& tracks, const HandPath& path, const FrameCameras& cameras,
                            double scale_m, const ObjectMove& move) {
  double sum = 0.0;
  int count = 0;
  for (const ObjectObservation& s :
       tracks.objects[static_cast<std::size_t>(move.object)].observations) {
    const int k = s.frame - path.first_frame;
    const auto f = static_cast<std::size_t>(s.frame);
    if (s.frame < move.first_frame || s.frame > move.last_frame || k < 0 || k >= path.size() ||
        cameras.chunk[f] < 0) {
      continue;
    }
    const HandJoints& j = path.joints_in_camera_m[static_cast<std::size_t>(k)];
    const Vec3 fingers = 0.5 * (j[4] + 0.5 * (j[8] + j[12]));
    const Vec3 object = inverse(cameras.map_from_camera[f]) * s.map_from_object.position_m;
    sum += norm(fingers - scale_m * object);
    ++count;
  }
  return count >= 5 ? sum / count : 1e9;
}

HeldCandidate candidate_from_move(const HandPath& path, const ObjectMove& move,
                                  const FindContactsOptions& options) {
  HeldCandidate c;
  const int n = path.size();
  c.lift = std::clamp(move.first_frame - path.first_frame, 0, n - 1);
  c.down = std::clamp(move.last_frame - path.first_frame, c.lift, n - 1);
  const int reach = frames_of(path, 1.2);
  const auto peak_of = [&](int a, int b) {
    const std::vector<double> v = slice(path.speed_m_s, a, b);
    return *std::max_element(v.begin(), v.end());
  };
  const double limit_before = std::max(options.dwell_share * peak_of(c.lift - reach, c.lift), 0.02);
  const double limit_after = std::max(options.dwell_share * peak_of(c.down, c.down + reach), 0.02);
  // From the slowest moment near the motion outward, until the hand is fast.
  const int near = frames_of(path, 0.15);
  const auto slowest = [&](int a, int b) {
    int best = std::clamp(a, 0, n - 1);
    for (int i = best; i <= std::min(b, n - 1); ++i) {
      if (path.speed_m_s[static_cast<std::size_t>(i)] <
          path.speed_m_s[static_cast<std::size_t>(best)]) {
        best = i;
      }
    }
    return best;
  };
  c.arrive = slowest(c.lift - near, c.lift);
  while (c.arrive > 0 && path.speed_m_s[static_cast<std::size_t>(c.arrive - 1)] <= limit_before) {
    --c.arrive;
  }
  c.leave = slowest(c.down, c.down + near);
  while (c.leave + 1 < n && path.speed_m_s[static_cast<std::size_t>(c.leave + 1)] <= limit_after) {
    ++c.leave;
  }
  c.evidence = 2.0;
  c.cues = "object,dwell,move";
  c.object = move.object;
  return c;
}

}  // namespace hearth::label
