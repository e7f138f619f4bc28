// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/result.h>
#include <hearth/score/metrics.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace hearth {
namespace {

constexpr TimeNs kShortestTouchNs = 95000000;

bool of_task(const ContactSpan& span, const Home& home) {
  return span.object_id.empty() || span.object_id == home.task.object_id;
}

std::optional<HandSide> acting_side(const Home& home) {
  for (const ContactSpan& span : home.contacts.spans) {
    if (of_task(span, home)) return span.side;
  }
  return std::nullopt;
}

const HandTrajectory* acting_hand(const Home& home) {
  const std::optional<HandSide> side = acting_side(home);
  for (const HandTrajectory& hand : home.hands) {
    if (side && hand.side == *side) return &hand;
  }
  return nullptr;
}

/// The simulated point at a time, or nothing outside the path.
std::optional<Vec3> point_at(const std::vector<TimedPoint>& path, TimeNs time_ns) {
  const auto after =
      std::lower_bound(path.begin(), path.end(), time_ns,
                       [](const TimedPoint& point, TimeNs t_ns) { return point.time_ns < t_ns; });
  if (after == path.end()) return std::nullopt;
  if (after->time_ns == time_ns) return after->p_in_world_m;
  if (after == path.begin()) return std::nullopt;
  const TimedPoint& before = *(after - 1);
  const double u = static_cast<double>(time_ns - before.time_ns) /
                   static_cast<double>(after->time_ns - before.time_ns);
  return before.p_in_world_m + u * (after->p_in_world_m - before.p_in_world_m);
}

/// Mean distance after the mean offset in the recorded wrist's own axes is taken off: a hand of
/// another shape that keeps its own grasp follows the same path.
template <class PointAt>
std::optional<double> wrist_distance(const Home& home, const PointAt& other_at) {
  const HandTrajectory* hand = acting_hand(home);
  const std::optional<TouchTimes> touch = recorded_touch(home);
  if (hand == nullptr || !touch) return std::nullopt;
  std::vector<Vec3> offsets;
  Vec3 sum{};
  for (const HandSpan& span : hand->spans) {
    for (std::size_t i = 0; i < span.samples.size(); ++i) {
      const TimeNs time_ns =
          span.start_ns + ns_from_seconds(static_cast<double>(i) / hand->rate_hz);
      const double time_s = seconds_from_ns(time_ns);
      if (time_s < touch->onset_s || time_s > touch->release_s) continue;
      const std::optional<Vec3> other = other_at(time_ns);
      if (!other) continue;
      const Pose& wrist = span.samples[i].world_from_wrist;
      offsets.push_back(conjugate(wrist.rotation) * (*other - wrist.position_m));
      sum = sum + offsets.back();
    }
  }
  if (offsets.size() < 2) return std::nullopt;
  const auto count = static_cast<double>(offsets.size());
  const Vec3 mean = (1.0 / count) * sum;
  double distance = 0.0;
  for (const Vec3& offset : offsets) distance += norm(offset - mean);
  if (!std::isfinite(distance)) return std::nullopt;
  return distance / count;
}

std::optional<double> replicate_wrist_m(const Home& a, const Home& b) {
  const HandTrajectory* hand = acting_hand(b);
  if (hand == nullptr) return std::nullopt;
  return wrist_distance(a, [&](TimeNs time_ns) -> std::optional<Vec3> {
    HandSample sample;
    if (!sample_at(*hand, time_ns, sample)) return std::nullopt;
    return sample.world_from_wrist.position_m;
  });
}

std::optional<double> replicate_path_m(const Home& a, const Home& b) {
  const ObjectTrack* track_a = find_track(a.object_tracks, a.task.object_id);
  const ObjectTrack* track_b = find_track(b.object_tracks, b.task.object_id);
  const std::optional<TouchTimes> touch = recorded_touch(a);
  if (track_a == nullptr || track_b == nullptr || !touch) return std::nullopt;
  return path_distance_m(*track_a, *track_b, ns_from_seconds(touch->onset_s));
}

void keep_largest(std::optional<double>& value, std::optional<double> other) {
  if (other && std::isfinite(*other)) value = std::max(value.value_or(0.0), std::abs(*other));
}

/// Largest standard errors that the home itself states for onset and release.
void add_stated_times(const Home& home, MeasurementNoise& noise) {
  constexpr double kHalfWidthToSigma = 0.5 / 1.96;
  for (const ContactSpan& span : home.contacts.spans) {
    if (!of_task(span, home)) continue;
    keep_largest(noise.contact_onset_s,
                 kHalfWidthToSigma * seconds_from_ns(span.onset_high_ns - span.onset_low_ns));
    keep_largest(noise.contact_release_s,
                 kHalfWidthToSigma * seconds_from_ns(span.release_high_ns - span.release_low_ns));
  }
}

}  // namespace

std::optional<TouchTimes> simulated_touch(const SimulatedTake& take) {
  std::optional<TouchTimes> found;
  const auto& samples = take.object.samples;
  const std::size_t count = std::min(samples.size(), take.hand_touches_object.size());
  for (std::size_t i = 0; i < count;) {
    if (take.hand_touches_object[i] == 0) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end + 1 < count && take.hand_touches_object[end + 1] != 0) ++end;
    if (samples[end].time_ns - samples[i].time_ns >= kShortestTouchNs) {
      if (!found) found = TouchTimes{seconds_from_ns(samples[i].time_ns), 0.0};
      found->release_s = seconds_from_ns(samples[end].time_ns);
    }
    i = end + 1;
  }
  return found;
}

std::optional<TouchTimes> recorded_touch(const Home& home) {
  std::optional<TouchTimes> found;
  for (const ContactSpan& span : home.contacts.spans) {
    if (!of_task(span, home)) continue;
    const double onset_s = seconds_from_ns(span.onset_ns);
    const double release_s = seconds_from_ns(span.release_ns);
    if (!found) found = TouchTimes{onset_s, release_s};
    found->onset_s = std::min(found->onset_s, onset_s);
    found->release_s = std::max(found->release_s, release_s);
  }
  return found;
}

std::optional<double> path_distance_m(const ObjectTrack& recorded, const ObjectTrack& simulated,
                                      TimeNs start_ns) {
  if (simulated.samples.empty()) return std::nullopt;
  double sum = 0.0;
  int count = 0;
  for (const ObjectPoseSample& sample : recorded.samples) {
    if (sample.time_ns < start_ns) continue;
    sum +=
        norm(pose_at(simulated, sample.time_ns).position_m - sample.world_from_object.position_m);
    ++count;
  }
  if (count == 0 || !std::isfinite(sum)) return std::nullopt;
  return sum / count;
}

std::optional<double> wrist_distance_m(const Home& home, const SimulatedTake& take) {
  return wrist_distance(home, [&](TimeNs time_ns) { return point_at(take.wrist, time_ns); });
}

TakeScore compare(const Home& twin, const SimulatedTake& take) {
  TakeScore score;
  score.clip_sha256 = twin.clip_sha256;
  score.sim_success = take.outcome.success_at_end;
  const ObjectTrack* track = find_track(twin.object_tracks, twin.task.object_id);
  const std::optional<TouchTimes> real = recorded_touch(twin);
  const std::optional<TouchTimes> sim = simulated_touch(take);
  if (!real) {
    score.note = "the recording shows no contact";
    return score;
  }
  if (track != nullptr) {
    score.object_path_m = path_distance_m(*track, take.object, ns_from_seconds(real->onset_s));
  }
  score.wrist_path_m = wrist_distance_m(twin, take);
  if (!sim) {
    score.note = "the simulated hand never held the object";
    return score;
  }
  score.contact_onset_s = sim->onset_s - real->onset_s;
  score.contact_release_s = sim->release_s - real->release_s;
  score.duration_s = (sim->release_s - sim->onset_s) - (real->release_s - real->onset_s);
  return score;
}

MeasurementNoise measurement_noise(const HeldOutTake& take) {
  MeasurementNoise noise;
  if (take.exact) {
    noise = {0.0, 0.0, 0.0, 0.0, 0.0};
    return noise;
  }
  for (std::size_t i = 0; i < take.replicates.size(); ++i) {
    for (std::size_t j = i + 1; j < take.replicates.size(); ++j) {
      const Home& a = take.replicates[i];
      const Home& b = take.replicates[j];
      keep_largest(noise.object_path_m, replicate_path_m(a, b));
      keep_largest(noise.wrist_path_m, replicate_wrist_m(a, b));
      const std::optional<TouchTimes> ta = recorded_touch(a);
      const std::optional<TouchTimes> tb = recorded_touch(b);
      if (!ta || !tb) continue;
      keep_largest(noise.contact_onset_s, ta->onset_s - tb->onset_s);
      keep_largest(noise.contact_release_s, ta->release_s - tb->release_s);
    }
  }
  if (noise.contact_onset_s && noise.contact_release_s) {
    add_stated_times(take.home, noise);
    noise.duration_s = std::hypot(*noise.contact_onset_s, *noise.contact_release_s);
  }
  return noise;
}

}  // namespace hearth
