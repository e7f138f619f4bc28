// SPDX-License-Identifier: Apache-2.0
#include "sim/film/choreography.h"

#include <hearth/core/rng.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hearth::film_internal {
namespace {

constexpr double kTouchM = 0.001;        // closer than this the skin touches
constexpr double kPeakOverMean = 1.875;  // of a minimum-jerk movement
constexpr double kReachSpeed = 0.88;     // m/s, peak of the wrist
constexpr double kCarrySpeed = 0.75;
constexpr double kOverlap = 0.45;  // share of lift and lower during which it also travels

std::size_t index_of(HandSide side) { return side == HandSide::right ? 1 : 0; }

double phase(double t, double start, double end) {
  return end > start ? (t - start) / (end - start) : (t >= end ? 1.0 : 0.0);
}

Vec3 bezier(const std::array<Vec3, 4>& c, double u) {
  const double v = 1.0 - u;
  return v * v * v * c[0] + 3.0 * v * v * u * c[1] + 3.0 * v * u * u * c[2] + u * u * u * c[3];
}

double length(const std::array<Vec3, 4>& c) {
  double sum = 0.0;
  for (int i = 0; i < 64; ++i) sum += norm(bezier(c, (i + 1) / 64.0) - bezier(c, i / 64.0));
  return sum;
}

/// Fingers along a heading, `pitch` down, palm down, rolled about the fingers.
Quat palm_down(double heading, double pitch, double roll) {
  const Vec3 z = {0.0, std::cos(pitch), -std::sin(pitch)};
  const Vec3 x = {0.0, -std::sin(pitch), -std::cos(pitch)};
  return quat_from_axis_angle({0, 0, 1}, heading) * quat_from_axes(x, cross(z, x), z) *
         quat_from_axis_angle({0, 0, 1}, roll);
}

/// A relaxed hand whose lowest skin lies on the support, or that hangs beside the body.
HandState rest_state(const HandShape& hand, const Person& person, HandSide side, Vec3 place,
                     bool on_top, Rng& rng) {
  HandState state;
  state.angles = relaxed_angles();
  for (FingerAngles& finger : state.angles.finger) {
    finger.mcp += rng.uniform(-0.08, 0.12);
    finger.pip += rng.uniform(-0.08, 0.15);
  }
  if (!on_top) {
    state.world_from_wrist = {
        place, quat_from_axes({-sign_of(side), 0, 0}, {0, sign_of(side), 0}, {0, 0, -1})};
    // Palm to the thigh: x points to the body, z down; y follows.
    const Vec3 x = {-sign_of(side), 0, 0};
    const Vec3 z = {0, 0, -1};
    state.world_from_wrist.rotation = quat_from_axes(x, cross(z, x), z);
    return state;
  }
  const double heading = natural_heading_rad(person, side, place) * rng.uniform(0.6, 1.1);
  state.world_from_wrist = {
      place, palm_down(heading, rng.uniform(0.0, 0.12), sign_of(side) * rng.uniform(-0.05, 0.12))};
  const HandJoints joints = joints_in_frame(state.world_from_wrist, hand, state.angles, side);
  double lowest = 1e9;
  for (const RoundCone& cone : skin_cones(joints, hand)) {
    lowest = std::min({lowest, cone.a.z - cone.radius_a, cone.b.z - cone.radius_b});
  }
  state.world_from_wrist.position_m.z += place.z + 0.0015 - lowest;
  return state;
}

/// Leaves the support upward, ends along the grasp's approach (fingers over the top, then down).
std::array<Vec3, 4> approach_curve(const Pose& from, const Pose& grasp, double bow, double rise) {
  const Vec3 fingers = grasp.rotation * Vec3{0, 0, 1};
  const Vec3 dorsal = grasp.rotation * Vec3{-1, 0, 0};
  const Vec3 thumb_to_fingers = normalized(0.8 * fingers + 0.6 * dorsal);
  Vec3 approach = 0.6 * fingers - 0.8 * dorsal;
  approach = normalized(approach - dot(approach, thumb_to_fingers) * thumb_to_fingers);
  // Mostly down, so that the far face is cleared by the fingers.
  approach = normalized(Vec3{0.45 * approach.x, 0.45 * approach.y, approach.z});
  const Vec3 a = from.position_m;
  const Vec3 b = grasp.position_m;
  const Vec3 along = b - a;
  const Vec3 aside = normalized(cross({0, 0, 1}, along));
  return {a, a + 0.3 * along + Vec3{0, 0, rise} + bow * aside, b - (rise + 0.06) * approach, b};
}

struct PhaseLengths {
  double rest = 0.0, reach = 0.0, close = 0.0, settle = 0.0, lift = 0.0, carry = 0.0, lower = 0.0,
         settle_down = 0.0, open = 0.0, retreat = 0.0;
  [[nodiscard]] double sum() const {
    // Closing begins before the reach ends, and the retreat before the hand is fully open.
    return rest + reach + 0.7 * close + settle + lift + carry + lower + settle_down + 0.75 * open +
           retreat;
  }
};

Result<PhaseLengths> draw_phases(const ChoreographyOptions& options, double reach_m, double carry_m,
                                 double retreat_m) {
  Rng rng(options.seed, 0, "film_timing");
  const double slack = std::clamp((options.duration_s - 4.0) / 2.0, 0.0, 1.0);
  const auto draw = [&](double low, double high) {
    return low + slack * rng.uniform(0.0, high - low);
  };
  PhaseLengths p;
  p.rest = draw(0.20, 0.55);
  p.reach = std::max(draw(0.70, 1.05), kPeakOverMean * reach_m / kReachSpeed);
  p.close = draw(0.28, 0.42);
  p.settle = draw(0.04, 0.13);
  p.lift = draw(0.42, 0.65);
  p.lower = draw(0.45, 0.75);
  const double travel = kPeakOverMean * carry_m / kCarrySpeed;
  p.carry = std::max(draw(0.12, 0.7), travel - kOverlap * (p.lift + p.lower));
  p.settle_down = draw(0.05, 0.12);
  p.open = draw(0.28, 0.40);
  p.retreat = std::max(draw(0.70, 1.05), kPeakOverMean * retreat_m / kReachSpeed);
  double left = options.duration_s - p.sum();
  if (left < 0.0) {
    // Short takes begin with the movement and end on the way back.
    const double cut = std::min(-left, p.rest - 0.10);
    p.rest -= cut;
    left += cut;
  }
  if (left < -0.45 * p.retreat) {
    return Error{ErrorCode::infeasible, "the take is too short for its distances at human speed",
                 "duration_s"};
  }
  if (left > 0.0) {
    const double stretch = std::min(1.15, 1.0 + 0.4 * left / p.sum());
    for (double* length : {&p.reach, &p.lift, &p.carry, &p.lower, &p.retreat}) *length *= stretch;
    left = options.duration_s - p.sum();
    p.rest += std::min(0.5 * left, 0.6);
  }
  return p;
}

Timeline make_timeline(const PhaseLengths& p, double duration) {
  Timeline t;
  t.reach_start = p.rest;
  t.reach_end = t.reach_start + p.reach;
  t.close_start = t.reach_end - 0.3 * p.close;
  t.close_end = t.close_start + p.close;
  t.move_start = t.close_end + p.settle;
  t.lift_end = t.move_start + p.lift;
  t.lower_start = t.lift_end + p.carry;
  t.move_stop = t.lower_start + p.lower;
  t.open_start = t.move_stop + p.settle_down;
  t.open_end = t.open_start + p.open;
  t.retreat_start = t.open_start + 0.75 * p.open;
  t.retreat_end = t.retreat_start + p.retreat;
  t.duration = duration;
  return t;
}

Pose object_at(const Choreography& play, double t) {
  const Timeline& time = play.time;
  const double lift = minimum_jerk(phase(t, time.move_start, time.lift_end));
  const double lower = minimum_jerk(phase(t, time.lower_start, time.move_stop));
  const double travel_start = time.lift_end - kOverlap * (time.lift_end - time.move_start);
  const double travel_end = time.lower_start + kOverlap * (time.move_stop - time.lower_start);
  const double travel = minimum_jerk(phase(t, travel_start, travel_end));
  if (t <= time.move_start) return play.world_from_start;
  if (t >= time.move_stop) return play.world_from_goal;
  Pose pose = interpolate(play.world_from_start, play.world_from_goal, travel);
  pose.position_m.z += play.lift_m * lift * (1.0 - lower);
  return pose;
}

enum class Ending { soft, hits };  // a joint comes to rest by itself, or is stopped by a surface

double progress(double u, Ending ending) {
  constexpr double kCut = 0.72;  // of a movement that would have gone on
  if (ending == Ending::soft) return minimum_jerk(u);
  return minimum_jerk(kCut * std::clamp(u, 0.0, 1.0)) / minimum_jerk(kCut);
}

/// Joint by joint: knuckles first, then the middle joints, then the last; the thumb a little later.
HandAngles blend(const HandAngles& from, const HandAngles& to, double u, bool staggered,
                 Ending ending = Ending::soft) {
  const AngleVector a = vector_from_angles(from);
  const AngleVector b = vector_from_angles(to);
  AngleVector v{};
  for (std::size_t i = 0; i < v.size(); ++i) {
    double begin = 0.0;
    double end = 1.0;
    if (staggered && i < 16) {
      const std::size_t row = i / 4;
      const double finger = 0.02 * static_cast<double>(row);
      const std::size_t joint = i % 4;
      begin = (joint == 2 ? 0.10 : joint == 3 ? 0.18 : 0.0) + finger;
      end = (joint == 0 ? 0.86 : joint == 2 ? 0.94 : 1.0);
    } else if (staggered) {
      begin = 0.08;
    }
    v[i] = a[i] + progress((u - begin) / (end - begin), ending) * (b[i] - a[i]);
  }
  return angles_from_vector(v);
}

HandAngles active_angles(const Choreography& play, double t) {
  const Timeline& time = play.time;
  const HandState& rest = play.rest[index_of(play.person.active)];
  if (t < time.close_start) {
    const double end = time.close_start - 0.05;
    return blend(rest.angles, play.grasp.open, phase(t, time.reach_start, end), false);
  }
  if (t < time.open_start) {
    return blend(play.grasp.open, play.grasp.closed, phase(t, time.close_start, time.close_end),
                 true, Ending::hits);
  }
  const double u = phase(t, time.open_start, time.open_end);
  const HandAngles opening = blend(play.grasp.closed, play.grasp.open, u, true);
  const double v = phase(t, time.retreat_start + 0.25 * (time.retreat_end - time.retreat_start),
                         time.retreat_end);
  return blend(opening, play.end_rest.angles, v, false);
}

Pose active_wrist(const Choreography& play, double t) {
  const Timeline& time = play.time;
  const HandState& rest = play.rest[index_of(play.person.active)];
  if (t < time.reach_end) {
    const Pose grasp = play.world_from_start * play.grasp.object_from_wrist;
    const double u = minimum_jerk(phase(t, time.reach_start, time.reach_end));
    // The hand is oriented before it arrives.
    const double turn = time.reach_start + 0.78 * (time.reach_end - time.reach_start);
    const double v = minimum_jerk(phase(t, time.reach_start, turn));
    return {bezier(play.reach_curve, u), slerp(rest.world_from_wrist.rotation, grasp.rotation, v)};
  }
  if (t < time.retreat_start) return object_at(play, t) * play.grasp.object_from_wrist;
  const Pose grasp = play.world_from_goal * play.grasp.object_from_wrist;
  const double u = minimum_jerk(phase(t, time.retreat_start, time.retreat_end));
  const double turn = time.retreat_start + 0.22 * (time.retreat_end - time.retreat_start);
  const double v = minimum_jerk(phase(t, turn, time.retreat_end));
  return {bezier(play.retreat_curve, 1.0 - u),
          slerp(grasp.rotation, play.end_rest.world_from_wrist.rotation, v)};
}

HandState idle_state(const Choreography& play, HandSide side, double t) {
  HandState state = play.rest[index_of(side)];
  // Breathing and small shifts: a millimetre, below half a hertz.
  const auto wave = [&](double amplitude, double hz, double shift) {
    return amplitude * std::sin(2.0 * std::numbers::pi * hz * t + shift);
  };
  const auto& p = play.sway_phase;
  state.world_from_wrist.position_m =
      state.world_from_wrist.position_m +
      Vec3{wave(0.0012, 0.31, p[0]), wave(0.0015, 0.27, p[1]), 0.0006 + wave(0.0005, 0.24, p[2])};
  for (FingerAngles& finger : state.angles.finger) finger.pip -= 0.02 + wave(0.02, 0.4, p[3]);
  return state;
}

/// The elbow of a two-bone arm. It hangs, but is lifted outward where it would meet the support;
/// the shoulder gives way where it must.
Vec3 elbow_at(const Person& person, double top_m, HandSide side, Vec3 wrist) {
  Vec3 shoulder = person.shoulder_in_world[index_of(side)];
  Vec3 d = wrist - shoulder;
  const double most = 0.985 * (person.upper_arm_m + person.forearm_m);
  if (norm(d) > most) {
    shoulder = wrist - (most / norm(d)) * d;
    d = wrist - shoulder;
  }
  const double reach = std::max(norm(d), 0.08);
  const Vec3 axis = normalized(d);
  const double a = person.upper_arm_m;
  const double b = person.forearm_m;
  const double along = std::clamp((a * a - b * b + reach * reach) / (2.0 * reach), -a, a);
  const double aside = std::sqrt(std::max(0.0, a * a - along * along));
  const auto elbow = [&](double lift) {
    const Vec3 hanging = {sign_of(side) * 0.35, -0.45, -0.80};
    const Vec3 lifted = {sign_of(side) * 1.00, -0.20, 0.10};
    const Vec3 hint = (1.0 - lift) * hanging + lift * lifted;
    return shoulder + along * axis + aside * normalized(hint - dot(hint, axis) * axis);
  };
  constexpr double kElbowClearM = 0.065;
  if (wrist.z < top_m || elbow(0.0).z > top_m + kElbowClearM) return elbow(0.0);
  double low = 0.0;
  double high = 1.0;
  for (int i = 0; i < 20; ++i) {
    const double middle = 0.5 * (low + high);
    (elbow(middle).z > top_m + kElbowClearM ? high : low) = middle;
  }
  return elbow(high);
}

/// The smallest distance of the active hand to the object over a stretch of time.
double least_clearance(const Choreography& play, double from_s, double to_s) {
  double least = 1.0;
  for (double t = from_s; t <= to_s; t += 0.012) {
    const Pose object_from_wrist = inverse(object_at(play, t)) * active_wrist(play, t);
    least = std::min(least, clearance_m(play.object, object_from_wrist, play.hand,
                                        active_angles(play, t), play.person.active));
  }
  return least;
}

/// Sets both curves and the timeline; raises a curve until the hand passes over the object.
Result<Done> route(const ChoreographyOptions& options, Choreography& play) {
  constexpr double kClearM = 0.003;
  Rng path(options.seed, 0, "film_path");
  play.lift_m = path.uniform(0.055, 0.14);
  const Pose at_start = play.world_from_start * play.grasp.object_from_wrist;
  const Pose at_goal = play.world_from_goal * play.grasp.object_from_wrist;
  const Pose& rest = play.rest[index_of(play.person.active)].world_from_wrist;
  const double reach_bow = path.uniform(-0.02, 0.03);
  const double retreat_bow = path.uniform(-0.02, 0.03);
  double reach_rise = path.uniform(0.03, 0.06);
  double retreat_rise = path.uniform(0.03, 0.06);
  const double carry = norm(at_goal.position_m - at_start.position_m);
  for (int tries = 0; tries < 14; ++tries) {
    play.reach_curve = approach_curve(rest, at_start, reach_bow, reach_rise);
    play.retreat_curve =
        approach_curve(play.end_rest.world_from_wrist, at_goal, retreat_bow, retreat_rise);
    auto phases = draw_phases(options, length(play.reach_curve), carry, length(play.retreat_curve));
    if (!phases) return phases.error();
    play.time = make_timeline(*phases, options.duration_s);
    const bool reach_ok =
        least_clearance(play, play.time.reach_start, play.time.close_start) > kClearM;
    const bool retreat_ok =
        least_clearance(play, play.time.open_end, play.time.retreat_end) > kClearM;
    if (reach_ok && retreat_ok) return Done{};
    if (!reach_ok) reach_rise += 0.015;
    if (!retreat_ok) retreat_rise += 0.015;
  }
  return Error{ErrorCode::infeasible, "the hand found no way over the object", "seed"};
}

/// First and last moment of skin contact, to a tenth of a millisecond.
void find_touch(Choreography& play) {
  const auto touching = [&](double t) {
    const Pose object_from_wrist = inverse(object_at(play, t)) * active_wrist(play, t);
    const HandAngles angles = active_angles(play, t);
    double least = 1.0;
    for (int f = 0; f < 5; ++f) {
      least = std::min(least, tip_gap_m(play.object, object_from_wrist, play.hand, angles,
                                        play.person.active, f));
    }
    return least <= kTouchM;
  };
  const auto bisect = [&](double free, double held) {
    for (int i = 0; i < 24; ++i) {
      const double middle = 0.5 * (free + held);
      (touching(middle) ? held : free) = middle;
    }
    return held;
  };
  play.touch_s = bisect(play.time.close_start, play.time.close_end);
  play.release_s = bisect(play.time.open_end, play.time.open_start);
}

}  // namespace

double minimum_jerk(double u) {
  u = std::clamp(u, 0.0, 1.0);
  return u * u * u * (10.0 + u * (-15.0 + 6.0 * u));
}

Result<Choreography> make_choreography(const HomeDraw& home, const ChoreographyOptions& options) {
  Choreography play;
  play.person = home.person;
  play.top_m = home.top_m;
  play.hand = draw_hand_shape(options.seed);
  play.object = home.scene.objects[home.object_index].shape;
  play.world_from_start = home.world_from_start;
  play.world_from_goal = home.world_from_goal;
  auto grasp = find_grasp(play.object, play.hand, home.person.active, options.seed);
  if (!grasp) return grasp.error();
  play.grasp = *grasp;

  const HandSide active = home.person.active;
  const HandSide idle = active == HandSide::right ? HandSide::left : HandSide::right;
  Rng rng(options.seed, 0, "film_rest");
  play.rest[index_of(active)] =
      rest_state(play.hand, play.person, active, play.person.active_rest, true, rng);
  const Vec3 back = {rng.uniform(-0.02, 0.02), rng.uniform(-0.02, 0.02), 0.0};
  play.end_rest =
      rest_state(play.hand, play.person, active, play.person.active_rest + back, true, rng);
  play.rest[index_of(idle)] = rest_state(play.hand, play.person, idle, play.person.idle_rest,
                                         play.person.idle_visible, rng);
  for (double& p : play.sway_phase) p = rng.uniform(0.0, 2.0 * std::numbers::pi);

  if (auto routed = route(options, play); !routed) return routed.error();
  find_touch(play);
  return play;
}

Moment moment_at(const Choreography& play, double time_s) {
  Moment moment;
  const HandSide active = play.person.active;
  const HandSide idle = active == HandSide::right ? HandSide::left : HandSide::right;
  moment.hand[index_of(active)] = {active_wrist(play, time_s), active_angles(play, time_s)};
  moment.hand[index_of(idle)] = idle_state(play, idle, time_s);
  moment.world_from_object = object_at(play, time_s);
  for (const HandSide side : {HandSide::left, HandSide::right}) {
    moment.elbow_in_world[index_of(side)] = elbow_at(
        play.person, play.top_m, side, moment.hand[index_of(side)].world_from_wrist.position_m);
  }
  return moment;
}

}  // namespace hearth::film_internal
