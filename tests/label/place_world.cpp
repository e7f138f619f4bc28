// SPDX-License-Identifier: Apache-2.0
#include "tests/label/place_world.h"

#include <hearth/core/rng.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace hearth::test {
namespace {

double min_jerk(double u) {
  u = std::clamp(u, 0.0, 1.0);
  return u * u * u * (10.0 + u * (-15.0 + 6.0 * u));
}

Vec3 finger_direction(double angle) { return {std::sin(angle), 0.0, std::cos(angle)}; }

// Joints in the wrist frame of a right hand; closing 0 = open, 1 = fist-like.
HandJoints right_hand(const std::array<double, kHandBones>& bones, double closing) {
  HandJoints j{};
  const double fan[5] = {0.0, 0.24, 0.0, -0.2, -0.4};
  for (std::size_t finger = 1; finger < 5; ++finger) {
    const std::size_t base = 1 + 4 * finger;
    const double spread = fan[finger];
    Vec3 p = bones[base - 1] * Vec3{0.0, std::sin(spread), std::cos(spread)};
    j[base] = p;
    double angle = 0.15 + 0.65 * closing;
    for (std::size_t k = 1; k < 4; ++k) {
      p = p + bones[base - 1 + k] * finger_direction(angle);
      j[base + k] = p;
      angle += 0.15 + 0.55 * closing;
    }
  }
  const Vec3 open{0.35, 0.75, 0.56};
  const Vec3 closed{0.62, 0.1, 0.78};
  Vec3 p = bones[0] * normalized(Vec3{0.3, 0.8, 0.5});
  j[1] = p;
  for (std::size_t k = 1; k < 4; ++k) {
    p = p + bones[k] * normalized((1.0 - closing) * open + closing * closed);
    j[1 + k] = p;
  }
  return j;
}

double aperture(const HandJoints& j) { return norm(j[4] - 0.5 * (j[8] + j[12])); }

double closing_for(const std::array<double, kHandBones>& bones, double width_m) {
  double low = 0.0;
  double high = 1.0;
  for (int i = 0; i < 40; ++i) {
    const double middle = 0.5 * (low + high);
    (aperture(right_hand(bones, middle)) > width_m ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

struct Script {
  double reach_s, arrive_s, contact_s, lift_s, down_s, release_s, leave_s, rest_s;
};

Script make_script(std::uint64_t seed) {
  Rng rng(seed, 0, "script");
  Script s{};
  s.reach_s = rng.uniform(0.4, 0.7);
  s.arrive_s = s.reach_s + rng.uniform(0.7, 0.95);
  s.contact_s = s.arrive_s + rng.uniform(0.1, 0.25);
  s.lift_s = s.contact_s + rng.uniform(0.06, 0.16);
  s.down_s = s.lift_s + rng.uniform(1.1, 1.5);
  s.release_s = s.down_s + rng.uniform(0.06, 0.16);
  s.leave_s = s.release_s + rng.uniform(0.15, 0.25);
  s.rest_s = s.leave_s + rng.uniform(0.7, 0.9);
  return s;
}

Vec3 lerp(Vec3 a, Vec3 b, double u) { return (1.0 - u) * a + u * b; }

// A smooth curve of unit standard deviation: sum of three sines with random phase.
class Wobble {
 public:
  Wobble(std::uint64_t seed, std::uint64_t unit, const char* stream, double fastest_hz) {
    Rng rng(seed, unit, stream);
    for (int i = 0; i < 3; ++i) {
      hz_[i] = fastest_hz * (i + 1) / 3.0 * rng.uniform(0.8, 1.2);
      phase_[i] = rng.uniform(0.0, 2.0 * std::numbers::pi);
    }
  }
  double operator()(double t_s) const {
    double sum = 0.0;
    for (int i = 0; i < 3; ++i) {
      sum += std::sin(2.0 * std::numbers::pi * hz_[i] * t_s + phase_[i]);
    }
    return sum / std::sqrt(1.5);
  }

 private:
  double hz_[3] = {0, 0, 0};
  double phase_[3] = {0, 0, 0};
};

Pose look_at(Vec3 eye, Vec3 target) {
  const Vec3 z = normalized(target - eye);
  const Vec3 x = normalized(cross(z, {0, 0, 1}));
  return {eye, quat_from_axes(x, cross(z, x), z)};
}

std::vector<Pose> head_path(const PlaceWorldOptions& o, double table_height_m, Vec3 middle) {
  const Wobble wobble[6] = {{o.seed, 0, "head", 0.6}, {o.seed, 1, "head", 0.6},
                            {o.seed, 2, "head", 0.6}, {o.seed, 3, "head", 0.6},
                            {o.seed, 4, "head", 0.6}, {o.seed, 5, "head", 0.6}};
  std::vector<Pose> path;
  const Pose base = look_at({middle.x - 0.42, 0.02, table_height_m + 0.58}, middle);
  for (int f = 0; f < o.frames; ++f) {
    const double t = f / 30.0;
    Pose pose = base;
    pose.position_m = pose.position_m + 0.022 * Vec3{wobble[0](t), wobble[1](t), wobble[2](t)};
    pose.rotation = pose.rotation * quat_from_rotation_vector(
                                        0.03 * Vec3{wobble[3](t), wobble[4](t), wobble[5](t)});
    path.push_back(pose);
  }
  return path;
}

void add_points(PlaceWorld& world, const PlaceWorldOptions& o, Vec3 middle) {
  Rng rng(o.seed, 0, "points");
  const auto add = [&](Vec3 p) {
    p = p + o.point_noise_m * Vec3{rng.normal(), rng.normal(), rng.normal()};
    MapPoint point;
    point.p_in_map = (1.0 / o.map_unit_m) * (o.map_from_world * p);
    point.observations = 50;
    point.reprojection_px = 0.5;
    world.tracks.map_points.push_back(point);
  };
  for (int i = 0; i < 220; ++i) {
    add({middle.x + rng.uniform(-0.35, 0.4), middle.y + rng.uniform(-0.5, 0.5),
         world.table_height_m});
  }
  for (int i = 0; i < 120; ++i) {  // wall behind
    add({middle.x + 0.9, rng.uniform(-1.0, 1.0), world.table_height_m + rng.uniform(-0.2, 0.6)});
  }
  for (int i = 0; i < 40; ++i) {  // clutter
    add({middle.x + rng.uniform(-0.1, 0.6), middle.y + rng.uniform(-0.6, 0.6),
         world.table_height_m + rng.uniform(0.0, 0.2)});
  }
}

struct Motion {
  std::vector<Vec3> grasp{};  // where the fingers meet
  std::vector<double> closing{};
};

Motion move_hand(const PlaceWorld& world, const PlaceWorldOptions& o, const Script& s, Vec3 start,
                 Vec3 goal, double closed) {
  Motion m;
  const Vec3 rest = start + Vec3{-0.22, o.side == HandSide::right ? -0.2 : 0.2, 0.09};
  const Vec3 above{0, 0, 0.1};
  const double bump = 0.11;
  for (int f = 0; f < o.frames; ++f) {
    const double t = f / 30.0;
    Vec3 p = rest;
    double closing = 0.25 * closed;
    if (o.act == Act::idle) {
      m.grasp.push_back(p + 0.003 * Vec3{std::sin(2.0 * t), std::cos(1.7 * t), 0.0});
      m.closing.push_back(closing);
      continue;
    }
    if (o.act == Act::pass) {
      const double u = min_jerk(0.5 * (t - s.lift_s) / (s.down_s - s.lift_s));
      m.grasp.push_back(lerp(start, start + 2.0 * (goal - start), u));
      m.closing.push_back(closed);
      continue;
    }
    const double reach = min_jerk((t - s.reach_s) / (s.arrive_s - s.reach_s));
    p = lerp(rest, start, reach) + 4.0 * reach * (1.0 - reach) * (0.4 * above);
    const double ramp = (t - s.arrive_s + 0.05) / (s.contact_s - s.arrive_s + 0.05);
    closing = closed * (0.25 * (1.0 - reach) + 0.0 * reach);
    if (o.act == Act::place) {
      if (t > s.arrive_s - 0.05) closing = std::max(closing, closed * std::clamp(ramp, 0.0, 1.0));
      if (t > s.lift_s) {
        const double u = min_jerk((t - s.lift_s) / (s.down_s - s.lift_s));
        p = lerp(start, goal, u) + Vec3{0, 0, 16.0 * u * u * (1 - u) * (1 - u) * bump};
      }
      if (t > s.release_s) closing = closed * (1.0 - min_jerk((t - s.release_s) / 0.3));
    }
    if (t > s.leave_s) {
      const Vec3 from = o.act == Act::place ? goal : start;
      p = lerp(from, rest, min_jerk((t - s.leave_s) / (s.rest_s - s.leave_s)));
      closing = std::max(closing, 0.25 * closed * min_jerk((t - s.leave_s) / 0.5));
    }
    m.grasp.push_back(p);
    m.closing.push_back(closing);
  }
  (void)world;
  return m;
}

void add_hand(PlaceWorld& world, const PlaceWorldOptions& o, const Motion& motion,
              const std::array<double, kHandBones>& bones) {
  // Fingers forward and down, palm down; the hand hangs from where its fingers meet.
  const Vec3 z = normalized(Vec3{std::cos(0.35), 0, -std::sin(0.35)});
  const Vec3 x = normalized(Vec3{0, 0, -1} - dot(Vec3{0, 0, -1}, z) * z);
  const Quat rotation = quat_from_axes(x, cross(z, x), z);
  HandTrack track;
  track.id = "hand_0";
  track.side = o.side;
  track.side_confidence = 0.95;
  track.hand_length_m = world.hand_length_m * (1.0 + o.hand_length_error);
  for (std::size_t i = 0; i < kHandBones; ++i) {
    track.bone_length_m[i] = bones[i] * (1.0 + o.hand_length_error);
  }
  Rng rng(o.seed, 0, "hand_noise");
  const Wobble depth(o.seed, 7, "hand_noise", 0.8);
  const Wobble px(o.seed, 8, "hand_noise", 1.5);
  const Wobble py(o.seed, 9, "hand_noise", 1.5);
  for (int f = 0; f < o.frames; ++f) {
    const auto i = static_cast<std::size_t>(f);
    HandJoints joints = right_hand(bones, motion.closing[i]);
    const Vec3 meet = 0.5 * (joints[4] + 0.5 * (joints[8] + joints[12]));
    for (Vec3& p : joints) {
      p = rotation * (p - meet);
      if (o.side == HandSide::left) p.y = -p.y;
      p = p + motion.grasp[i];
    }
    world.joints_in_world.push_back(joints);
    HandObservation seen;
    seen.frame = f;
    seen.time_ns = world.tracks.frame_time_ns[i];
    seen.presence = 0.95;
    seen.observed = true;
    seen.sigma_px = std::max(1.0, o.pixel_noise_px);
    seen.depth_sigma_m = std::max(0.01, 0.65 * o.depth_noise_share);
    const Pose camera_from_world = inverse(world.world_from_camera[i]);
    const double t = f / 30.0;
    const double stretch = (1.0 + o.hand_length_error) * (1.0 + o.depth_noise_share * depth(t));
    for (std::size_t j = 0; j < kHandJoints; ++j) {
      const Vec3 p = camera_from_world * joints[j];
      const Vec2 noise =
          o.pixel_noise_px * (0.7 * Vec2{px(t), py(t)} + 0.7 * Vec2{rng.normal(), rng.normal()});
      seen.joints_px[j] = *project(world.episode.camera, p) + noise;
      const Vec3 ray = ray_in_camera(world.episode.camera, seen.joints_px[j]);
      seen.joints_in_camera_m[j] =
          stretch * p.z * ray + o.joint_noise_m * Vec3{rng.normal(), rng.normal(), rng.normal()};
    }
    if (rng.uniform() >= o.missed_share) track.observations.push_back(seen);
  }
  world.tracks.hands.push_back(track);
}

void add_moving_points(PlaceWorld& world, const PlaceWorldOptions& o) {
  Rng rng(o.seed, 0, "moving_points");
  for (int k = 0; k < 12; ++k) {
    MovingPoint point;
    point.near_hand = "hand_0";
    const Vec3 on{-0.5 * world.shape.size_m.x, rng.uniform(-0.3, 0.3) * world.shape.size_m.y,
                  rng.uniform(-0.4, 0.4) * world.shape.size_m.z};
    for (int f = 0; f < o.frames; ++f) {
      const double t = f / 30.0;
      if (t < world.move_start_s - 0.2 || t > world.move_stop_s + 0.2) continue;
      const auto i = static_cast<std::size_t>(f);
      const auto p = project(world.episode.camera, inverse(world.world_from_camera[i]) *
                                                       (world.world_from_object[i] * on));
      if (p) point.samples.push_back({f, *p});
    }
    if (!point.samples.empty()) world.tracks.moving_points.push_back(point);
  }
}

void add_map(PlaceWorld& world, const PlaceWorldOptions& o) {
  Rng rng(o.seed, 0, "camera_noise");
  ObjectSighting sighting;
  sighting.id = "thing";
  sighting.category = world.shape.kind == ShapeKind::box ? "box" : "can";
  sighting.shape = world.shape;
  sighting.shape.size_m = (1.0 / o.map_unit_m) * world.shape.size_m;
  sighting.color_rgb = world.color_rgb;
  sighting.source = Source::truth;
  for (int f = 0; f < o.frames; ++f) {
    const auto i = static_cast<std::size_t>(f);
    MapCamera camera;
    camera.frame = f;
    camera.time_ns = world.tracks.frame_time_ns[i];
    camera.observed = true;
    Pose pose = world.world_from_camera[i];
    pose.position_m =
        pose.position_m + o.camera_noise_m * Vec3{rng.normal(), rng.normal(), rng.normal()};
    pose.rotation =
        pose.rotation * quat_from_rotation_vector(o.camera_noise_rad *
                                                  Vec3{rng.normal(), rng.normal(), rng.normal()});
    pose = o.map_from_world * pose;
    pose.position_m = (1.0 / o.map_unit_m) * pose.position_m;
    camera.map_from_camera = pose;
    world.tracks.camera.push_back(camera);
    Pose thing = o.map_from_world * world.world_from_object[i];
    thing.position_m = (1.0 / o.map_unit_m) * thing.position_m;
    sighting.observations.push_back({f, camera.time_ns, thing, 0.002 / o.map_unit_m});
  }
  if (o.sightings) world.tracks.objects.push_back(sighting);
  if (o.scale_given) {
    world.tracks.map_scale_m = ScaleEstimate{o.map_unit_m, 0.98 * o.map_unit_m, 1.02 * o.map_unit_m,
                                             Source::truth, "truth"};
  }
  if (o.up_given) world.tracks.up_in_map = o.map_from_world.rotation * Vec3{0, 0, 1};
}

CameraModel test_camera() {
  CameraModel c;
  c.kind = CameraModelKind::brown_conrady;
  c.width_px = 320;
  c.height_px = 240;
  c.fx_px = 240;
  c.fy_px = 240;
  c.cx_px = 160.5;
  c.cy_px = 118.5;
  c.k1 = -0.05;
  c.k2 = 0.01;
  c.source = IntrinsicsSource::file;
  c.focal_sigma_share = 0.01;
  return c;
}

}  // namespace

PlaceWorld make_place_world(const PlaceWorldOptions& o) {
  PlaceWorld world;
  world.seed = o.seed;
  world.side = o.side;
  Rng rng(o.seed, 0, "world");
  world.table_height_m = rng.uniform(0.72, 1.02);
  world.hand_length_m = rng.uniform(0.17, 0.2);
  world.shape.kind = rng.uniform() < 0.5 ? ShapeKind::cylinder : ShapeKind::box;
  const double width = rng.uniform(0.05, 0.075);
  world.shape.size_m = {width, width, rng.uniform(0.08, 0.14)};
  world.color_rgb = {rng.uniform(0.05, 0.8), rng.uniform(0.05, 0.5), rng.uniform(0.05, 0.8)};
  const double z = world.table_height_m + 0.5 * world.shape.size_m.z;
  const Vec3 start{rng.uniform(0.42, 0.5), rng.uniform(-0.15, -0.02), z};
  const Vec3 goal = start + Vec3{rng.uniform(-0.03, 0.1), rng.uniform(0.14, 0.26), 0.0};
  const Vec3 middle{0.5 * (start.x + goal.x), 0.5 * (start.y + goal.y), world.table_height_m};
  const Script script = make_script(o.seed);
  world.episode.clip_sha256 = std::string(64, 'a');
  world.episode.width_px = 320;
  world.episode.height_px = 240;
  world.episode.nominal_rate_hz = 30.0;
  world.episode.camera = test_camera();
  for (int f = 0; f < o.frames; ++f) {
    world.episode.frame_time_ns.push_back(ns_from_seconds(f / 30.0));
  }
  world.tracks.source = "test";
  world.tracks.frames = o.frames;
  world.tracks.frame_time_ns = world.episode.frame_time_ns;
  world.tracks.camera_model = world.episode.camera;
  world.world_from_camera = head_path(o, world.table_height_m, middle);
  const auto bones = population_bone_lengths_m(world.hand_length_m);
  // The tips are bone ends; skin is 8 mm thick on each side.
  const double closed = closing_for(bones, width + 0.016);
  const Motion motion = move_hand(world, o, script, start, goal, closed);
  for (int f = 0; f < o.frames; ++f) {
    const double t = f / 30.0;
    Pose pose{start, {}};
    if ((o.act == Act::place || o.act == Act::pass) && t > script.lift_s) {
      pose.position_m = motion.grasp[static_cast<std::size_t>(f)];
      if (t >= script.down_s) pose.position_m = goal;
    }
    world.world_from_object.push_back(pose);
  }
  world.onset_s = script.contact_s;
  world.release_s = script.release_s;
  world.move_start_s = script.lift_s;
  world.move_stop_s = script.down_s;
  add_hand(world, o, motion, bones);
  add_map(world, o);
  add_points(world, o, middle);
  if (o.moving_points && (o.act == Act::place || o.act == Act::pass)) add_moving_points(world, o);
  return world;
}

}  // namespace hearth::test
