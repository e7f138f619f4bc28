// SPDX-License-Identifier: Apache-2.0
#include "sim/reconstruct/furnish.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace hearth::recon {
namespace {

// Filled and empty household containers, boxes and toys: 100 to 1,000 kg/m3; the geometric middle.
constexpr double kDensity = 400.0;
constexpr double kDensityLogSigma = 0.6;
// Dry skin on plastic, glass, card and wood: .5 to 1.
constexpr double kFriction = 0.7;
constexpr double kFrictionSigma = 0.15;

double quantile(std::vector<double> v, double share) {
  std::sort(v.begin(), v.end());
  return v[static_cast<std::size_t>(std::lround(share * static_cast<double>(v.size() - 1)))];
}

double linear_from_srgb(double v) {
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

double min_jerk(double u) { return u * u * u * (10.0 + u * (-15.0 + 6.0 * u)); }

// Grasp point of a hand, smoothed over about 5 samples so that jitter of the fit does not shake
// what it carries.
bool smooth_grasp(const HandTrajectory& hand, TimeNs time_ns, TimeNs from, TimeNs to, Vec3& grasp) {
  Vec3 sum{};
  double weight = 0.0;
  for (int k = -4; k <= 4; ++k) {
    // Symmetric window, cut at the ends of the motion: it must not mix in the hand at other times.
    const TimeNs step = k * 33'333'333LL;
    if (time_ns + step < from || time_ns + step > to || time_ns - step < from ||
        time_ns - step > to) {
      continue;
    }
    HandSample sample;
    if (!sample_at(hand, time_ns + step, sample)) continue;
    const double w = std::exp(-0.5 * k * k / 4.0);
    sum = sum + w * grasp_point(sample.joints_in_world_m);
    weight += w;
  }
  if (weight <= 0.0) return false;
  grasp = (1.0 / weight) * sum;
  return true;
}

}  // namespace

Support make_support(const std::string& id, const std::vector<Vec3>& points,
                     const std::vector<Vec3>& must_carry, double height_m, double height_sigma_m) {
  double low[2] = {1e9, 1e9};
  double high[2] = {-1e9, -1e9};
  const auto include = [&](int axis, double from, double to) {
    low[axis] = std::min(low[axis], from);
    high[axis] = std::max(high[axis], to);
  };
  if (points.size() >= 8) {
    std::vector<double> x;
    std::vector<double> y;
    for (const Vec3& p : points) {
      x.push_back(p.x);
      y.push_back(p.y);
    }
    include(0, quantile(x, 0.02), quantile(x, 0.98));
    include(1, quantile(y, 0.02), quantile(y, 0.98));
  }
  for (const Vec3& p : must_carry) {
    include(0, p.x - 0.15, p.x + 0.15);
    include(1, p.y - 0.15, p.y + 0.15);
  }
  if (low[0] > high[0]) {
    include(0, -0.4, 0.4);
    include(1, 0.2, 0.8);
  }
  // A surface smaller than a tray, or larger than a room, is a sign of few points, not of
  // furniture.
  const double least[2] = {0.5, 0.35};
  Support support;
  double middle[2];
  double size[2];
  for (int axis = 0; axis < 2; ++axis) {
    middle[axis] = 0.5 * (low[axis] + high[axis]);
    size[axis] = std::clamp(high[axis] - low[axis], least[axis], 3.0);
  }
  support.id = id;
  support.category = height_m > 1.15 ? "shelf" : "table";
  support.world_from_support.position_m = {middle[0], middle[1], height_m};
  support.size_m = {size[0], size[1], 0.04};
  support.height_m = {height_m, height_sigma_m, Source::prior};
  support.extent_inferred = true;
  support.material.color_rgb = {0.45, 0.36, 0.28};
  support.material.second_color_rgb = {0.36, 0.28, 0.21};
  return support;
}

Vec3 color_at(const FrameSource& frames, int frame, const CameraModel& model,
              const Pose& world_from_camera, const std::vector<Vec3>& points) {
  std::vector<double> c[3];
  const Result<ImageRgb8> image = frames(frame);
  if (!image.ok()) return {0.5, 0.5, 0.5};
  const Pose camera_from_world = inverse(world_from_camera);
  for (const Vec3& p : points) {
    const auto px = project(model, camera_from_world * p);
    if (!px || px->x < 0.0 || px->y < 0.0) continue;
    const auto x = static_cast<int>(std::lround(px->x));
    const auto y = static_cast<int>(std::lround(px->y));
    if (x >= image.value().width_px || y >= image.value().height_px) continue;
    const auto at = static_cast<std::size_t>((y * image.value().width_px + x) * 3);
    for (std::size_t k = 0; k < 3; ++k) c[k].push_back(image.value().values[at + k] / 255.0);
  }
  if (c[0].size() < 3) return {0.5, 0.5, 0.5};
  return {linear_from_srgb(median(c[0])), linear_from_srgb(median(c[1])),
          linear_from_srgb(median(c[2]))};
}

void assume_physics(SceneObject& object, Diagnostics& diagnostics) {
  const double mass = std::clamp(kDensity * volume_m3(object.shape), 0.03, 3.0);
  object.mass_kg = {mass, kDensityLogSigma * mass, Source::prior};
  object.friction = {kFriction, kFrictionSigma, Source::prior};
  diagnostics.add(Severity::guess, "mass_guessed",
                  "mass of the object was assumed from its volume: " +
                      std::to_string(static_cast<int>(std::lround(1000.0 * mass))) +
                      " g, give or take 60 %",
                  object.id);
  diagnostics.add(Severity::guess, "friction_guessed",
                  "friction of the object was assumed: .7, give or take .15", object.id);
}

void assume_lights_and_room(Scene& scene, Vec3 work, Diagnostics& diagnostics) {
  Light key;
  key.id = "light_key";
  key.p_in_world_m = {work.x - 0.9, work.y - 0.4, work.z + 1.3};
  Light fill;
  fill.id = "light_fill";
  fill.p_in_world_m = {work.x + 1.1, work.y - 0.6, work.z + 1.2};
  fill.intensity = 0.5;
  scene.lights = {key, fill};
  scene.room.seen = false;
  scene.room.center_in_world_m = {0.0, 0.0, 1.3};
  diagnostics.add(Severity::guess, "lights_guessed",
                  "lights and room were assumed; they matter for looks only");
}

SceneCamera room_camera(Vec3 work) {
  SceneCamera camera;
  camera.id = "room";
  camera.model.width_px = 640;
  camera.model.height_px = 480;
  camera.model.fx_px = camera.model.fy_px = 560.0;
  camera.model.cx_px = 319.5;
  camera.model.cy_px = 239.5;
  const Vec3 eye = work + Vec3{1.0, 0.75, 0.65};
  const Vec3 target = work + Vec3{0.0, -0.12, 0.12};
  const Vec3 z = normalized(target - eye);
  const Vec3 x = normalized(cross(z, Vec3{0, 0, 1}));
  camera.world_from_camera = {eye, quat_from_axes(x, cross(z, x), z)};
  return camera;
}

ObjectTrack carried_path(const std::string& id, const Pose& start, const Pose& goal, double sigma_m,
                         const HandTrajectory* hand, const ContactSpan& span,
                         const std::vector<TimeNs>& frame_time_ns, Diagnostics& diagnostics) {
  ObjectTrack track;
  track.object_id = id;
  const TimeNs from = span.move_start_ns;
  const TimeNs to = std::max(span.move_stop_ns, from + 1);
  Vec3 grasp_from{};
  Vec3 grasp_to{};
  const bool carried = hand != nullptr && smooth_grasp(*hand, from, from, to, grasp_from) &&
                       smooth_grasp(*hand, to, from, to, grasp_to);
  const double turn =
      std::remainder(yaw_rad(goal.rotation) - yaw_rad(start.rotation), 6.283185307179586);
  int guessed = 0;
  for (const TimeNs t : frame_time_ns) {
    ObjectPoseSample sample;
    sample.time_ns = t;
    sample.position_sigma_m = sigma_m;
    if (t <= from || t >= to) {
      sample.world_from_object = t <= from ? start : goal;
      track.samples.push_back(sample);
      continue;
    }
    const double u = static_cast<double>(t - from) / static_cast<double>(to - from);
    const double s = min_jerk(u);
    Vec3 grasp{};
    Vec3 p{};
    if (carried && smooth_grasp(*hand, t, from, to, grasp)) {
      const Vec3 offset =
          (1.0 - s) * (start.position_m - grasp_from) + s * (goal.position_m - grasp_to);
      p = grasp + offset;
    } else {
      ++guessed;
      p = (1.0 - s) * start.position_m + s * goal.position_m;
      p.z += 0.08 * 16.0 * s * s * (1.0 - s) * (1.0 - s);
    }
    p.z = std::max(p.z, (1.0 - s) * start.position_m.z + s * goal.position_m.z);
    sample.world_from_object = {
        p, normalized(quat_from_axis_angle({0, 0, 1}, s * turn) * start.rotation)};
    sample.position_sigma_m = std::hypot(sigma_m, 0.02);
    track.samples.push_back(sample);
  }
  diagnostics.add(Severity::guess, "object_path_inferred",
                  "while it is carried the object's path is the hand's, and it is taken to stay "
                  "upright",
                  id);
  if (guessed > 0) {
    diagnostics.add(Severity::guess, "carry_path_guessed",
                    "for " + std::to_string(guessed) +
                        " frames of the carry the hand was not seen; a usual arc was assumed",
                    id);
  }
  return track;
}

}  // namespace hearth::recon
