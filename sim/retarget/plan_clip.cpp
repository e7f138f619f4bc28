// SPDX-License-Identifier: Apache-2.0
#include "sim/retarget/plan_clip.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace hearth {

namespace {

constexpr double kCloseS = 0.30;        // fingers close in this time
constexpr double kSqueezeRampS = 0.25;  // between closed and lifting
constexpr double kStillS = 0.22;        // the wrist rests this long before the fingers are closed
constexpr double kApproachS = 0.45;
constexpr double kReachS = 0.60;  // at least, from the first row to the approach
constexpr double kOpenS = 0.30;
constexpr double kLandedS = 0.12;  // on the support before letting go
constexpr double kRetreatS = 0.50;
constexpr double kAfterS = 0.40;  // rows after the retreat
constexpr double kCarryAccelerationM_S2 = 5.0;
constexpr double kBlendS = 1.0;  // the recording fades into the plan over this time

std::string seconds(double s) {
  std::string text = std::to_string(s);
  return text.substr(0, text.find('.') + 3) + " s";
}

Pose moved(const Pose& pose, Vec3 by) { return {pose.position_m + by, pose.rotation}; }

// Minimum-jerk progress.
double min_jerk(double u) {
  u = std::clamp(u, 0.0, 1.0);
  return u * u * u * (10.0 - 15.0 * u + 6.0 * u * u);
}

// Height of the straight line from start to goal, climbing early and sinking late.
double base_height(double start, double goal, double u) {
  return goal > start ? start + (goal - start) * smoothstep(0.0, 0.4, u)
                      : start + (goal - start) * smoothstep(0.6, 1.0, u);
}

// The recorded positions between the object's first and last movement, ends moved onto start and
// goal.
std::vector<Vec3> recorded_positions(const RecordedChore& chore, const ObjectTrack* track,
                                     std::size_t rows) {
  std::vector<Vec3> points(rows);
  const Vec3 start = chore.world_from_start.position_m;
  const Vec3 goal = chore.world_from_goal.position_m;
  const auto at = [&](double u) {
    const double clip_s = chore.move_start_s + u * (chore.move_stop_s - chore.move_start_s);
    return pose_at(*track, ns_from_seconds(clip_s)).position_m;
  };
  for (std::size_t k = 0; k < rows; ++k) {
    const double u = static_cast<double>(k) / static_cast<double>(rows - 1);
    points[k] = track == nullptr ? start + min_jerk(u) * (goal - start)
                                 : at(u) + (1.0 - u) * (start - at(0.0)) + u * (goal - at(1.0));
  }
  if (track != nullptr) smooth(points, 3.0);
  return points;
}

double slow_down_factor(const std::vector<Pose>& path, double duration_s, double max_speed) {
  const double dt = duration_s / static_cast<double>(path.size() - 1);
  double factor = 1.0;
  for (std::size_t k = 1; k + 1 < path.size(); ++k) {
    const Vec3 v = path[k + 1].position_m - path[k - 1].position_m;
    const Vec3 a = path[k + 1].position_m - 2.0 * path[k].position_m + path[k - 1].position_m;
    factor = std::max(factor, norm(v) / (2.0 * dt) / max_speed);
    factor = std::max(factor, std::sqrt(norm(a) / (dt * dt) / kCarryAccelerationM_S2));
  }
  return factor;
}

}  // namespace

double smoothstep(double from, double to, double x) {
  const double u = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return u * u * (3.0 - 2.0 * u);
}

double MotionTimes::clip_s(double motion_s, const RecordedChore& chore) const {
  if (motion_s <= grasp.lift_s) return motion_s - lead_in_s;
  if (motion_s < grasp.land_s) {
    const double u = (motion_s - grasp.lift_s) / (grasp.land_s - grasp.lift_s);
    return chore.move_start_s + u * (chore.move_stop_s - chore.move_start_s);
  }
  return chore.move_stop_s + motion_s - grasp.land_s;
}

Pose CarryPath::at(double share) const {
  const double last = static_cast<double>(world_from_object.size()) - 1.0;
  const double p = std::clamp(share, 0.0, 1.0) * last;
  const auto low = static_cast<std::size_t>(p);
  const std::size_t high = std::min(low + 1, world_from_object.size() - 1);
  return interpolate(world_from_object[low], world_from_object[high], p - static_cast<double>(low));
}

CarryPath plan_carry(const RecordedChore& chore, const ObjectTrack* track,
                     const Surroundings& surroundings, const RetargetOptions& options,
                     Diagnostics& diagnostics) {
  const double recorded_s = std::max(0.5, chore.move_stop_s - chore.move_start_s);
  const auto rows = static_cast<std::size_t>(std::ceil(recorded_s * options.rate_hz)) + 1;
  if (track == nullptr) {
    diagnostics.add(Severity::guess, "object_track_missing",
                    "no track of the carried object, it goes straight", {});
  }
  const std::vector<Vec3> points = recorded_positions(chore, track, rows);
  const Vec3 start = chore.world_from_start.position_m;
  const Vec3 goal = chore.world_from_goal.position_m;
  CarryPath path;
  double highest = 0.0;
  for (std::size_t k = 0; k < rows; ++k) {
    const double u = static_cast<double>(k) / static_cast<double>(rows - 1);
    const double t = u * recorded_s;
    // Straight up before moving sideways, straight down at the end.
    const double away = smoothstep(0.0, 0.25, t) * smoothstep(0.0, 0.25, recorded_s - t);
    const double up = smoothstep(0.0, 0.35, t) * smoothstep(0.0, 0.35, recorded_s - t);
    const double base = base_height(start.z, goal.z, u);
    const Vec3 side = u < 0.5 ? start : goal;
    highest = std::max(highest, points[k].z - base);
    const double rise =
        std::max(options.min_lift_m * up, away * std::min(points[k].z - base, 0.35));
    const Vec3 p{side.x + away * (points[k].x - side.x), side.y + away * (points[k].y - side.y),
                 base + rise};
    path.world_from_object.push_back(
        {p, slerp(chore.world_from_start.rotation, chore.world_from_goal.rotation, min_jerk(u))});
  }
  std::vector<Vec3> smoothed;
  for (const Pose& pose : path.world_from_object) smoothed.push_back(pose.position_m);
  raise_over(surroundings, chore.shape, smoothed);
  smooth(smoothed, 1.5);
  for (std::size_t k = 0; k < rows; ++k) path.world_from_object[k].position_m = smoothed[k];
  if (track != nullptr && highest < options.min_lift_m) {
    diagnostics.add(Severity::note, "lift_raised",
                    "the recorded carry rises " + std::to_string(highest) + " m, replayed with " +
                        std::to_string(options.min_lift_m) + " m",
                    {});
  }
  const double factor =
      slow_down_factor(path.world_from_object, recorded_s, options.max_carry_speed_m_s);
  path.duration_s = recorded_s * factor;
  if (factor > 1.02) {
    diagnostics.add(
        Severity::note, "carry_slowed",
        "carrying takes " + seconds(path.duration_s) + " instead of " + seconds(recorded_s), {});
  }
  return path;
}

MotionTimes plan_times(const RecordedChore& chore, double carry_s, Diagnostics& diagnostics) {
  MotionTimes times;
  Grasp& g = times.grasp;
  const double closed =
      std::clamp(chore.onset_s, chore.move_start_s - 0.8, chore.move_start_s - kSqueezeRampS);
  const double pre = closed - kStillS - kApproachS;
  times.lead_in_s = std::max(0.0, kReachS - pre);
  if (times.lead_in_s > 0.0) {
    diagnostics.add(Severity::note, "lead_in_added",
                    "the motion begins " + seconds(times.lead_in_s) +
                        " before the clip, to reach the object in time",
                    {});
  }
  times.pre_s = pre + times.lead_in_s;
  times.arrive_s = times.pre_s + kApproachS;
  g.close_end_s = closed + times.lead_in_s;
  g.close_start_s = g.close_end_s - kCloseS;
  g.lift_s = chore.move_start_s + times.lead_in_s;
  g.land_s = g.lift_s + carry_s;
  const double dwell = std::clamp(chore.release_s - chore.move_stop_s - 0.05, kLandedS, 1.5);
  g.release_start_s = g.land_s + dwell;
  g.release_end_s = g.release_start_s + kOpenS;
  times.retreat_end_s = g.release_end_s + kRetreatS;
  const double clip_end = g.land_s + (chore.duration_s - chore.move_stop_s);
  times.end_s = std::max(clip_end, times.retreat_end_s + kAfterS);
  if (times.end_s > clip_end + 0.1) {
    diagnostics.add(Severity::note, "motion_extended",
                    "the motion goes on " + seconds(times.end_s - clip_end) +
                        " after the clip, to let go and retreat",
                    {});
  }
  return times;
}

namespace {

// How far the plan has taken over from the recording: 1 from `from_s` to `to_s`, fading outside.
double plan_share(double t, double first_s, double from_s, double to_s) {
  if (t < from_s) return smoothstep(std::max(first_s, from_s - kBlendS), from_s, t);
  return 1.0 - smoothstep(to_s, to_s + kBlendS, t);
}

// The recorded wrist with a constant correction, faded by `share`.
Pose corrected(const Pose& recorded, const Pose& recorded_at_anchor, const Pose& anchor,
               double share) {
  const Vec3 offset = anchor.position_m - recorded_at_anchor.position_m;
  const Quat turn = anchor.rotation * conjugate(recorded_at_anchor.rotation);
  return {recorded.position_m + share * offset, slerp({}, turn, share) * recorded.rotation};
}

}  // namespace

ClipPlan plan_clip(HandModel& hand, const RecordedChore& chore, const MotionTimes& times,
                   const CarryPath& carry, const AdaptedGrasp& grasp, const RecordedHand& recorded,
                   const Surroundings& surroundings, const RetargetOptions& options) {
  const Grasp& g = times.grasp;
  const auto rows = static_cast<std::size_t>(std::ceil(times.end_s * options.rate_hz)) + 1;
  const auto approach_at = [&](const Pose& world_from_object) {
    return world_from_object.rotation * (options.approach_m * grasp.candidate.approach);
  };
  const Pose at_start = chore.world_from_start * grasp.object_from_wrist;
  const Pose at_goal = chore.world_from_goal * grasp.object_from_wrist;
  const Pose before = moved(at_start, -approach_at(chore.world_from_start));
  const Pose after = moved(at_goal, -approach_at(chore.world_from_goal));
  const Pose recorded_before = recorded.wrist_at(times.clip_s(times.pre_s, chore));
  const Pose recorded_after = recorded.wrist_at(times.clip_s(times.retreat_end_s, chore));

  ClipPlan plan;
  std::vector<Pose> wrist(rows);
  std::vector<bool> pinned(rows, false);
  for (std::size_t k = 0; k < rows; ++k) {
    const double t = static_cast<double>(k) / options.rate_hz;
    const double clip = times.clip_s(t, chore);
    const double carried = (t - g.lift_s) / (g.land_s - g.lift_s);
    const Pose object = carry.at(carried);
    const double share = plan_share(t, 0.0, times.pre_s, times.retreat_end_s);
    pinned[k] = t >= times.pre_s && t <= times.retreat_end_s;
    if (t < times.pre_s) {
      wrist[k] = corrected(recorded.wrist_at(clip), recorded_before, before, share);
    } else if (t < times.arrive_s) {
      const double u = min_jerk((t - times.pre_s) / (times.arrive_s - times.pre_s));
      wrist[k] = interpolate(before, at_start, u);
    } else if (t < g.release_end_s) {
      wrist[k] = object * grasp.object_from_wrist;
    } else if (t < times.retreat_end_s) {
      const double u = min_jerk((t - g.release_end_s) / (times.retreat_end_s - g.release_end_s));
      wrist[k] = interpolate(at_goal, after, u);
    } else {
      wrist[k] = corrected(recorded.wrist_at(clip), recorded_after, after, share);
    }
    const double closed = smoothstep(g.close_start_s, g.close_end_s, t) *
                          (1.0 - smoothstep(g.release_start_s, g.release_end_s, t));
    const FingerPosture planned = grasp.open + closed * (grasp.closed - grasp.open);
    const double fingers_share =
        plan_share(t, 0.0, std::max(0.1, times.pre_s - 0.1), times.retreat_end_s);
    plan.fingers.push_back((1.0 - fingers_share) * recorded.fingers_at(clip) +
                           fingers_share * planned);
    plan.world_from_object.push_back(object);
  }
  clear_obstacles(hand, plan.fingers, pinned, plan.world_from_object, chore.shape, surroundings,
                  wrist);
  for (std::size_t k = 0; k < rows; ++k) {
    const double t = static_cast<double>(k) / options.rate_hz;
    const double share = plan_share(t, -kBlendS, times.pre_s, times.retreat_end_s);
    plan.wrist.push_back({wrist[k], 0.015 - share * 0.013, 0.15 - share * 0.13});
  }
  return plan;
}

}  // namespace hearth
