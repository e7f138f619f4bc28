// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/task/judge.h>
#include <hearth/task/object_path.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

namespace hearth {
namespace {

// Half a nanosecond-rounding step on each side must not shorten a stretch that was held.
constexpr TimeNs kHoldToleranceNs = 10;

/// What the predicates look at, cut at the time limit.
struct View {
  const Task& task;
  const Scene& scene;
  const ObjectTrack& track;
  const std::vector<std::uint8_t>& touches;
  std::size_t count = 0;
};

double finite_or_none(double slack) { return std::isfinite(slack) ? slack : kNoMargin; }

Vec3 position(const View& view, std::size_t i) {
  return view.track.samples[i].world_from_object.position_m;
}

/// Displacement over the last kSpeedWindowS (at the start: over the next), per second.
double speed_m_s(const View& view, std::size_t i) {
  const TimeNs window_ns = ns_from_seconds(kSpeedWindowS);
  const TimeNs now_ns = view.track.samples[i].time_ns;
  std::size_t a = i;
  while (a > 0 && now_ns - view.track.samples[a].time_ns < window_ns - kHoldToleranceNs) --a;
  std::size_t b = i;
  while (b + 1 < view.count && view.track.samples[b].time_ns - view.track.samples[a].time_ns <
                                   window_ns - kHoldToleranceNs) {
    ++b;
  }
  const double dt_s =
      seconds_from_ns(view.track.samples[b].time_ns - view.track.samples[a].time_ns);
  if (!(dt_s > 0.0)) {
    return std::numeric_limits<double>::infinity();
  }
  return norm(position(view, b) - position(view, a)) / dt_s;
}

std::vector<double> lifted_slack(const View& view, const Predicate& predicate,
                                 const SceneObject& object) {
  std::vector<double> slack(view.count, kNoMargin);
  const Support* support = find_support(view.scene, view.task.start_support_id);
  if (support == nullptr || view.count == 0) {
    return slack;
  }
  const double first_m = bottom_m(object.shape, view.track.samples[0].world_from_object);
  const double base_m = std::max(support->world_from_support.position_m.z, first_m);
  for (std::size_t i = 0; i < view.count; ++i) {
    const double height_m =
        bottom_m(object.shape, view.track.samples[i].world_from_object) - base_m;
    slack[i] = finite_or_none(height_m - predicate.threshold_m);
  }
  return slack;
}

std::vector<double> placed_slack(const View& view, const Predicate& predicate,
                                 const SceneObject& object) {
  std::vector<double> slack(view.count, kNoMargin);
  const Support* support = find_support(view.scene, view.task.goal_support_id);
  if (support == nullptr) {
    return slack;
  }
  const Vec3 goal = view.task.world_from_goal.position_m;
  for (std::size_t i = 0; i < view.count; ++i) {
    const Pose& pose = view.track.samples[i].world_from_object;
    const double distance_m = std::hypot(pose.position_m.x - goal.x, pose.position_m.y - goal.y);
    const double height_m = bottom_m(object.shape, pose) - support->world_from_support.position_m.z;
    const double near_m = finite_or_none(predicate.threshold_m - distance_m);
    const double resting_m = finite_or_none(kRestHeightToleranceM - std::abs(height_m));
    const double slow_m_s = finite_or_none(predicate.max_speed_m_s - speed_m_s(view, i));
    slack[i] = std::min({near_m, resting_m, slow_m_s});
    if (view.touches[i] != 0) {
      slack[i] = std::min(slack[i], -kRestHeightToleranceM);
    }
  }
  return slack;
}

std::vector<double> upright_slack(const View& view, const Predicate& predicate,
                                  const SceneObject& object) {
  std::vector<double> slack(view.count, kNoMargin);
  const Vec3 up{0, 0, 1};
  const Vec3 up_in_object = conjugate(view.task.world_from_goal.rotation) * up;
  for (std::size_t i = 0; i < view.count; ++i) {
    const Pose& pose = view.track.samples[i].world_from_object;
    if (!is_finite(pose)) {
      continue;
    }
    const Vec3 axis = normalized(pose.rotation * up_in_object);
    const double tilt_rad = object.shape.kind == ShapeKind::sphere
                                ? 0.0
                                : std::atan2(norm(cross(axis, up)), dot(axis, up));
    slack[i] = finite_or_none(predicate.threshold_rad - tilt_rad);
  }
  return slack;
}

std::vector<double> slack_of(const View& view, const Predicate& predicate) {
  const SceneObject* object = find_object(view.scene, predicate.object_id);
  if (object == nullptr || predicate.object_id != view.track.object_id) {
    return std::vector<double>(view.count, kNoMargin);
  }
  switch (predicate.kind) {
    case PredicateKind::lifted:
      return lifted_slack(view, predicate, *object);
    case PredicateKind::placed:
      return placed_slack(view, predicate, *object);
    case PredicateKind::upright:
      return upright_slack(view, predicate, *object);
  }
  return std::vector<double>(view.count, kNoMargin);
}

/// Entry i: the least slack over the stretch of hold_s that ends at sample i; none where the track
/// is not yet that old.
std::vector<double> held_slack(const View& view, const std::vector<double>& slack, double hold_s) {
  std::vector<double> held(view.count, kNoMargin);
  const TimeNs hold_ns = ns_from_seconds(hold_s);
  for (std::size_t i = 0; i < view.count; ++i) {
    double least = slack[i];
    std::size_t k = i;
    while (k > 0 && view.track.samples[i].time_ns - view.track.samples[k].time_ns <
                        hold_ns - kHoldToleranceNs) {
      --k;
      least = std::min(least, slack[k]);
    }
    const TimeNs age_ns = view.track.samples[i].time_ns - view.track.samples[k].time_ns;
    if (age_ns >= hold_ns - kHoldToleranceNs) {
      held[i] = least;
    }
  }
  return held;
}

bool must_hold_at_end(const Predicate& predicate) {
  return predicate.kind != PredicateKind::lifted;
}

std::size_t samples_in_time(const Task& task, const ObjectTrack& track) {
  std::size_t count = 0;
  while (count < track.samples.size() &&
         seconds_from_ns(track.samples[count].time_ns - track.samples.front().time_ns) <=
             task.time_limit_s) {
    ++count;
  }
  return count;
}

}  // namespace

Outcome judge(const Task& task, const Scene& scene, const ObjectTrack& track,
              const std::vector<std::uint8_t>& hand_touches_object) {
  require(hand_touches_object.size() == track.samples.size(),
          "judge: one touch flag per sample of the track");
  const View view{task, scene, track, hand_touches_object, samples_in_time(task, track)};

  Outcome outcome;
  outcome.object_error_m = -kNoMargin;
  std::vector<std::uint8_t> all_end_hold(view.count, 1);
  std::vector<std::uint8_t> lifted_before(view.count, 1);
  for (const Predicate& predicate : task.predicates) {
    const std::vector<double> held = held_slack(view, slack_of(view, predicate), predicate.hold_s);
    PredicateOutcome result;
    result.name = predicate.name;
    result.margin = held.empty() ? kNoMargin : *std::max_element(held.begin(), held.end());
    result.once = result.margin > 0.0;
    result.at_end = !held.empty() && held.back() > 0.0;
    outcome.predicates.push_back(result);
    bool seen = false;
    for (std::size_t i = 0; i < view.count; ++i) {
      seen = seen || held[i] > 0.0;
      if (must_hold_at_end(predicate)) {
        all_end_hold[i] = all_end_hold[i] != 0 && held[i] > 0.0 ? 1 : 0;
      } else {
        lifted_before[i] = lifted_before[i] != 0 && seen ? 1 : 0;
      }
    }
  }
  if (view.count == 0 || task.predicates.empty()) {
    return outcome;
  }
  for (std::size_t i = 0; i < view.count; ++i) {
    outcome.success_once = outcome.success_once || (all_end_hold[i] != 0 && lifted_before[i] != 0);
  }
  outcome.success_at_end = all_end_hold.back() != 0 && lifted_before.back() != 0;
  const double error_m = norm(position(view, view.count - 1) - task.world_from_goal.position_m);
  outcome.object_error_m = std::isfinite(error_m) ? error_m : -kNoMargin;
  return outcome;
}

std::string failure_reason(const Task& task, const Outcome& outcome) {
  if (outcome.success_at_end) {
    return {};
  }
  for (std::size_t i = 0; i < task.predicates.size() && i < outcome.predicates.size(); ++i) {
    const Predicate& predicate = task.predicates[i];
    const PredicateOutcome& result = outcome.predicates[i];
    if (must_hold_at_end(predicate) ? result.at_end : result.once) {
      continue;
    }
    if (predicate.kind == PredicateKind::upright) {
      return "tipped";
    }
    return "not_" + predicate.name;
  }
  return "not_done";
}

}  // namespace hearth
