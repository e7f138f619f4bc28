// SPDX-License-Identifier: Apache-2.0
#include "sim/film/camera_motion.h"

#include <hearth/core/rng.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace hearth::film_internal {
namespace {

constexpr double kWarmUpS = 3.0;  // the filters settle before the first frame

/// A sum of slow sines: smooth, with drawn phases; roughly unit amplitude.
class Drift {
 public:
  Drift(Rng& rng, double low_hz, double high_hz) {
    for (Wave& wave : waves_) {
      wave = {rng.log_uniform(low_hz, high_hz), rng.uniform(0.0, 2.0 * std::numbers::pi)};
    }
  }
  [[nodiscard]] double operator()(double t) const {
    double sum = 0.0;
    for (const Wave& w : waves_) sum += std::sin(2.0 * std::numbers::pi * w.hz * t + w.shift);
    return sum / 3.0;
  }

 private:
  struct Wave {
    double hz = 1.0;
    double shift = 0.0;
  };
  std::array<Wave, 4> waves_{};
};

/// Critically damped follower: position lags its target by about 2 * tau.
struct Follower {
  double value = 0.0;
  double speed = 0.0;
  void step(double target, double tau, double dt) {
    const double acceleration = (target - value) / (tau * tau) - 2.0 * speed / tau;
    speed += dt * acceleration;
    value += dt * speed;
  }
};

Vec3 hand_center(const Choreography& play, double t) {
  const Moment moment = moment_at(play, std::max(t, 0.0));
  const HandSide side = play.person.active;
  const Pose& wrist = moment.hand[side == HandSide::right ? 1 : 0].world_from_wrist;
  return wrist * Vec3{0.0, 0.0, 0.09};
}

double extent(const std::vector<Vec3>& points) {
  double largest = 0.0;
  for (std::size_t i = 0; i < points.size(); i += 6) {
    for (std::size_t k = 0; k < i; k += 6) largest = std::max(largest, norm(points[i] - points[k]));
  }
  return largest;
}

/// Scales the wander about its mean so that it spans `travel`.
void set_travel(std::vector<Vec3>& points, double travel) {
  Vec3 mean{};
  for (const Vec3& p : points) mean = mean + (1.0 / static_cast<double>(points.size())) * p;
  const double scale = travel / std::max(extent(points), 1e-6);
  for (Vec3& p : points) p = scale * (p - mean);
}

}  // namespace

CameraMotion make_camera_motion(const HomeDraw& home, const Choreography& play,
                                std::uint64_t seed) {
  CameraMotion motion;
  Rng rng(seed, 0, "film_head");
  const double follow = rng.uniform(0.15, 0.32);  // share of the hand's angle that the head turns
  const double tau_gaze = rng.uniform(0.16, 0.28);
  const double tau_lean = rng.uniform(0.30, 0.45);
  const double travel = rng.uniform(0.060, 0.135);
  std::array<Drift, 6> drift = {Drift(rng, 0.15, 0.9), Drift(rng, 0.15, 0.9), Drift(rng, 0.15, 0.9),
                                Drift(rng, 0.2, 1.1),  Drift(rng, 0.2, 1.1),  Drift(rng, 0.2, 1.1)};
  std::array<Drift, 3> tremor = {Drift(rng, 3.0, 8.0), Drift(rng, 3.0, 8.0), Drift(rng, 3.0, 8.0)};
  const double dt = 1.0 / motion.rate_hz;
  const auto warm_up = static_cast<int>(kWarmUpS * motion.rate_hz);
  const auto count = static_cast<int>(std::ceil(play.time.duration * motion.rate_hz)) + 2;
  const Vec3 eye = home.person.camera_in_world;
  const Vec3 middle = 0.35 * (home.world_from_start.position_m + home.world_from_goal.position_m) +
                      0.3 * home.person.active_rest;
  const auto angles_to = [&](Vec3 p) {
    const Vec3 d = p - eye;
    return Vec2{std::atan2(-d.x, d.y), std::atan2(-d.z, std::hypot(d.x, d.y))};
  };
  const Vec2 mean_angles = angles_to(middle);

  Follower turn, nod, lean_x, lean_y;
  std::vector<Vec3> places;
  std::vector<Quat> turns;
  for (int i = -warm_up; i < count; ++i) {
    const double t = i * dt;
    const Vec3 hand = hand_center(play, t);
    const Vec2 seen = angles_to(hand) - mean_angles;
    turn.step(follow * seen.x, tau_gaze, dt);
    nod.step(follow * seen.y, tau_gaze, dt);
    lean_x.step(hand.x, tau_lean, dt);
    lean_y.step(hand.y, tau_lean, dt);
    if (i < 0) continue;
    // The eye sits above and before the joint of the neck, so turning also shifts it.
    const Vec3 neck = {-0.09 * std::sin(turn.value), 0.0, -0.07 * nod.value};
    const Vec3 lean = {0.13 * lean_x.value, 0.30 * lean_y.value, -0.08 * lean_y.value};
    const Vec3 idle = {0.010 * drift[0](t), 0.009 * drift[1](t), 0.005 * drift[2](t)};
    const Vec3 shake = {0.0, 0.0004 * tremor[0](t), 0.0006 * tremor[1](t)};
    places.push_back(neck + lean + idle + shake);
    const Quat about_up =
        quat_from_axis_angle({0, 0, 1}, turn.value + 0.014 * drift[3](t) + 0.0012 * tremor[2](t));
    const Quat about_camera = quat_from_rotation_vector(
        {-nod.value - 0.012 * drift[4](t) - 0.0012 * tremor[0](t), 0.0, 0.014 * drift[5](t)});
    turns.push_back(about_up * home.camera_rotation * about_camera);
  }
  set_travel(places, travel);
  motion.poses.reserve(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    motion.poses.push_back({eye + places[i], normalized(turns[i])});
  }
  return motion;
}

Pose camera_at(const CameraMotion& motion, double time_s) {
  const double last = static_cast<double>(motion.poses.size()) - 1.0;
  const double position = std::clamp(time_s * motion.rate_hz, 0.0, last);
  const auto low = static_cast<std::size_t>(position);
  const std::size_t high = std::min(low + 1, motion.poses.size() - 1);
  return interpolate(motion.poses[low], motion.poses[high], position - static_cast<double>(low));
}

}  // namespace hearth::film_internal
