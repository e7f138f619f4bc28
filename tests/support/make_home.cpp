// SPDX-License-Identifier: Apache-2.0
#include "tests/support/make_home.h"

#include <hearth/core/rng.h>

#include <algorithm>
#include <cmath>

namespace hearth::test {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kRateHz = 30.0;

double ease(double from, double to, double t) {
  const double u = std::clamp((t - from) / (to - from), 0.0, 1.0);
  return u * u * u * (10 - 15 * u + 6 * u * u);
}

struct Timing {
  double reach_s, onset_s, lift_s, land_s, release_s, end_s;
};

Timing draw_timing(Rng& rng) {
  Timing t{};
  t.reach_s = rng.uniform(0.2, 0.6);
  t.onset_s = t.reach_s + rng.uniform(0.9, 1.4);
  t.lift_s = t.onset_s + rng.uniform(0.1, 0.35);
  t.land_s = t.lift_s + rng.uniform(0.9, 1.7);
  t.release_s = t.land_s + rng.uniform(0.1, 0.3);
  t.end_s = t.release_s + rng.uniform(1.0, 1.5);
  return t;
}

SceneObject draw_object(Rng& rng) {
  SceneObject object;
  object.id = "object";
  object.category = "unknown";
  const bool is_box = rng.uniform() < 0.6;
  const double height = rng.uniform(0.05, 0.20);
  if (is_box) {
    object.shape = {ShapeKind::box, {rng.uniform(0.035, 0.09), rng.uniform(0.035, 0.09), height}};
  } else {
    const double diameter = rng.uniform(0.035, 0.085);
    object.shape = {ShapeKind::cylinder, {diameter, diameter, height}};
  }
  object.mass_kg = {rng.log_uniform(0.05, 1.0), 0.0, Source::prior};
  object.friction = {rng.uniform(0.5, 1.0), 0.0, Source::prior};
  return object;
}

// Open and closed hands of a plain skeleton, in the wrist frame of a right hand.
HandJoints skeleton(double closing, HandSide side) {
  const double s = side == HandSide::right ? 1.0 : -1.0;
  HandJoints joints{};
  const double knuckle_y[4] = {0.022, 0.0, -0.02, -0.038};
  const double knuckle_z[4] = {0.088, 0.09, 0.085, 0.078};
  const double length[4][3] = {
      {0.043, 0.026, 0.022}, {0.047, 0.029, 0.024}, {0.044, 0.027, 0.024}, {0.034, 0.021, 0.02}};
  for (std::size_t f = 0; f < 4; ++f) {
    Vec3 p{0, s * knuckle_y[f], knuckle_z[f]};
    double bend = 0.15 + 0.35 * closing;
    joints[5 + 4 * f] = p;
    for (std::size_t k = 0; k < 3; ++k) {
      p = p + length[f][k] * Vec3{std::sin(bend), 0, std::cos(bend)};
      joints[6 + 4 * f + k] = p;
      bend += 0.3 + 0.4 * closing;
    }
  }
  Vec3 p{0.012, s * 0.026, 0.022};
  joints[1] = p;
  double to_side = 0.9;
  const double opposition = 0.6 + 0.5 * closing;
  const double thumb[3] = {0.042, 0.032, 0.026};
  for (std::size_t k = 0; k < 3; ++k) {
    p = p + thumb[k] * Vec3{std::sin(to_side) * std::sin(opposition),
                            s * std::sin(to_side) * std::cos(opposition), std::cos(to_side)};
    joints[2 + k] = p;
    to_side -= 0.1 + 0.15 * closing;
  }
  return joints;
}

// The wrist that grasps the object from a direction; thumb to fingers along t, hand coming along a.
Pose grasping_wrist(Vec3 contact, Vec3 t, Vec3 a, HandSide side) {
  const Vec3 z = normalized(0.6 * a + 0.8 * t);
  const Vec3 x = normalized(0.8 * a - 0.6 * t);
  const Quat rotation = quat_from_axes(x, cross(z, x), z);
  const double s = side == HandSide::right ? 1.0 : -1.0;
  return {contact - rotation * Vec3{0.055, s * 0.02, 0.105}, rotation};
}

struct Story {
  Timing timing{};
  HandSide side = HandSide::right;
  Shape shape{};
  Pose start{}, goal{};
  Pose object_from_wrist{};
  Vec3 approach{};
  Pose rest{};
  double rise_m = 0.1;

  [[nodiscard]] Pose object_at(double t) const {
    const double u = ease(timing.lift_s, timing.land_s, t);
    Pose pose = interpolate(start, goal, u);
    pose.position_m.z += rise_m * std::sin(kPi * u);
    return pose;
  }
  [[nodiscard]] Pose wrist_at(double t) const {
    const Pose grasp = object_at(t) * object_from_wrist;
    if (t <= timing.onset_s) {
      const double u = ease(timing.reach_s, timing.onset_s, t);
      Pose pose = interpolate(rest, grasp, u);
      pose.position_m.z += 0.06 * std::sin(kPi * u);
      return pose;
    }
    if (t <= timing.release_s) return grasp;
    const double u = ease(timing.release_s, timing.end_s, t);
    Pose pose = interpolate(grasp, rest, u);
    pose.position_m.z += 0.08 * std::sin(kPi * u);
    return pose;
  }
  [[nodiscard]] double closing_at(double t) const {
    return ease(timing.onset_s - 0.2, timing.onset_s, t) *
           (1.0 - ease(timing.release_s, timing.release_s + 0.3, t));
  }
};

Story draw_story(std::uint64_t seed, const SceneObject& object, double table_z) {
  Rng rng(seed, 0, "story");
  Story story;
  story.timing = draw_timing(rng);
  story.side = rng.uniform() < 0.5 ? HandSide::right : HandSide::left;
  story.shape = object.shape;
  const double s = story.side == HandSide::right ? 1.0 : -1.0;
  const double half = 0.5 * object.shape.size_m.z;
  const Vec3 start{rng.uniform(0.26, 0.48), -s * rng.uniform(-0.08, 0.28), table_z + half};
  Vec3 goal = start;
  do {
    goal.x = std::clamp(start.x + rng.uniform(-0.15, 0.15), 0.22, 0.55);
    goal.y = start.y + rng.uniform(-0.15, 0.15);
  } while (norm(goal - start) < 0.08);
  const double yaw = rng.uniform(-kPi, kPi);
  story.start = {start, quat_from_axis_angle({0, 0, 1}, yaw)};
  story.goal = {goal, quat_from_axis_angle({0, 0, 1}, yaw + rng.uniform(-0.4, 0.4))};
  story.rise_m = rng.uniform(0.06, 0.16);
  // Thumb to fingers away from the body, turned to the hand's own side; on boxes a face normal.
  double heading = rng.uniform(-0.1, 0.9) * s;
  if (object.shape.kind == ShapeKind::box) {
    heading = yaw + std::round((heading - yaw) / (0.5 * kPi)) * 0.5 * kPi;
  }
  const Vec3 t{std::cos(heading), std::sin(heading), 0};
  const double tilt = rng.uniform(0.0, 0.7);
  const Vec3 a = std::cos(tilt) * Vec3{0, 0, -1} + std::sin(tilt) * (s * cross({0, 0, 1}, t));
  story.approach = a;
  const Vec3 contact = start + Vec3{0, 0, std::max(half - 0.035, 0.0)};
  const Pose wrist = grasping_wrist(contact, t, a, story.side);
  story.object_from_wrist = inverse(story.start) * wrist;
  const Vec3 forward = normalized(Vec3{1.0, 0.3 * s, -0.2});
  const Vec3 palm{0, 0, -1};
  const Vec3 x = normalized(palm - dot(palm, forward) * forward);
  story.rest = {{-0.02, -s * 0.25, table_z + 0.12}, quat_from_axes(x, cross(forward, x), forward)};
  return story;
}

// Slow wandering: a sum of three sines of random phase.
struct Wander {
  double phase[3][3];
  explicit Wander(Rng& rng) {
    for (auto& axis : phase) {
      for (double& p : axis) p = rng.uniform(0.0, 2.0 * kPi);
    }
  }
  [[nodiscard]] Vec3 at(double t) const {
    const auto value = [&](const double* p) {
      return 0.8 * (std::sin(1.3 * t + p[0]) + 0.7 * std::sin(2.9 * t + p[1]) +
                    0.5 * std::sin(5.1 * t + p[2]));
    };
    return {value(phase[0]), value(phase[1]), value(phase[2])};
  }
};

Vec3 normal3(Rng& rng) {
  const double x = rng.normal();
  const double y = rng.normal();
  return {x, y, rng.normal()};
}

HandTrajectory record_hand(const Story& story, const HomeNoise& noise, std::uint64_t seed) {
  Rng rng(seed, 0, "hand_noise");
  const Vec3 offset = noise.hand_offset_m * normal3(rng);
  const Quat turn = quat_from_rotation_vector(noise.hand_turn_rad * normal3(rng));
  const Wander wander(rng);
  HandTrajectory hand;
  hand.side = story.side;
  hand.rate_hz = kRateHz;
  hand.hand_length_m = {0.185, 0.01, Source::prior};
  HandSpan span;
  const auto rows = static_cast<std::size_t>(story.timing.end_s * kRateHz) + 1;
  for (std::size_t k = 0; k < rows; ++k) {
    const double t = static_cast<double>(k) / kRateHz;
    HandSample sample;
    sample.world_from_wrist = story.wrist_at(t);
    Vec3& p = sample.world_from_wrist.position_m;
    p = p + offset + noise.hand_wander_m * wander.at(t) + noise.hand_jitter_m * normal3(rng);
    sample.world_from_wrist.rotation = turn * sample.world_from_wrist.rotation;
    const HandJoints joints = skeleton(story.closing_at(t), story.side);
    for (std::size_t j = 0; j < joints.size(); ++j) {
      sample.joints_in_world_m[j] = sample.world_from_wrist * joints[j];
    }
    sample.observed = true;
    span.samples.push_back(sample);
  }
  hand.spans.push_back(span);
  return hand;
}

ObjectTrack record_object(const Story& story, const HomeNoise& noise, std::uint64_t seed) {
  Rng rng(seed, 0, "track_noise");
  ObjectTrack track;
  track.object_id = "object";
  const auto rows = static_cast<std::size_t>(story.timing.end_s * kRateHz) + 1;
  for (std::size_t k = 0; k < rows; ++k) {
    const double t = static_cast<double>(k) / kRateHz;
    ObjectPoseSample sample;
    sample.time_ns = ns_from_seconds(t);
    sample.world_from_object = story.object_at(t);
    if (t > story.timing.lift_s && t < story.timing.land_s) {
      Vec3& p = sample.world_from_object.position_m;
      p = p + noise.track_jitter_m * normal3(rng);
    }
    sample.observed = true;
    track.samples.push_back(sample);
  }
  return track;
}

ContactSpan record_contact(const Story& story, const HomeNoise& noise, std::uint64_t seed) {
  Rng rng(seed, 0, "contact_noise");
  const auto off = [&] {
    const double frames = noise.contact_frames * rng.uniform(-1.0, 1.0);
    return std::round(frames) / kRateHz;
  };
  ContactSpan span;
  span.hand_track = "hand";
  span.side = story.side;
  span.object_id = "object";
  span.onset_ns = ns_from_seconds(story.timing.onset_s + off());
  span.release_ns = ns_from_seconds(story.timing.release_s + off());
  span.move_start_ns = std::max(span.onset_ns, ns_from_seconds(story.timing.lift_s + off()));
  span.move_stop_ns = std::min(span.release_ns, ns_from_seconds(story.timing.land_s + off()));
  span.onset_low_ns = span.onset_high_ns = span.onset_ns;
  span.release_low_ns = span.release_high_ns = span.release_ns;
  span.confidence = 1.0;
  return span;
}

CameraPath record_head(const Story& story, std::uint64_t seed) {
  Rng rng(seed, 0, "head");
  const Vec3 eyes{rng.uniform(-0.05, 0.05), rng.uniform(-0.05, 0.05),
                  story.start.position_m.z + rng.uniform(0.45, 0.65)};
  const Vec3 forward = normalized(story.start.position_m - eyes);
  const Vec3 right = normalized(cross(forward, {0, 0, 1}));
  CameraPath path;
  for (int k = 0; k <= static_cast<int>(story.timing.end_s * kRateHz); ++k) {
    CameraSample sample;
    sample.time_ns = ns_from_seconds(k / kRateHz);
    sample.world_from_camera = {eyes, quat_from_axes(right, cross(forward, right), forward)};
    sample.observed = true;
    path.samples.push_back(sample);
  }
  return path;
}

// Everything turned and shifted: nothing may depend on where the world's origin is.
void move_home(Home& home, const Pose& moved) {
  for (Support& support : home.scene.supports) {
    support.world_from_support = moved * support.world_from_support;
  }
  for (SceneObject& object : home.scene.objects) {
    object.world_from_object = moved * object.world_from_object;
  }
  for (HandTrajectory& hand : home.hands) {
    for (HandSpan& span : hand.spans) {
      for (HandSample& sample : span.samples) {
        sample.world_from_wrist = moved * sample.world_from_wrist;
        for (Vec3& joint : sample.joints_in_world_m) joint = moved * joint;
      }
    }
  }
  for (ObjectTrack& track : home.object_tracks.tracks) {
    for (ObjectPoseSample& sample : track.samples) {
      sample.world_from_object = moved * sample.world_from_object;
    }
  }
  for (CameraSample& sample : home.camera_path.samples) {
    sample.world_from_camera = moved * sample.world_from_camera;
  }
  home.task.world_from_goal = moved * home.task.world_from_goal;
}

Support make_table(double table_z) {
  Support table;
  table.id = "table";
  table.category = "table";
  table.world_from_support = {{0.55, 0.0, table_z}, {}};
  table.size_m = {0.8, 1.4, 0.04};
  table.height_m = {table_z, 0.02, Source::measured};
  table.extent_inferred = false;
  return table;
}

Task make_task(const Story& story) {
  Task task;
  task.chore = "place";
  task.prompt = "pick up the object and put it down";
  task.object_id = "object";
  task.start_support_id = task.goal_support_id = "table";
  task.world_from_goal = story.goal;
  task.predicates = {
      {"lifted", PredicateKind::lifted, "object", 0.03, 0.0, 0.0, 0.2},
      {"placed", PredicateKind::placed, "object", 0.05, 0.0, 0.05, 0.2},
      {"upright", PredicateKind::upright, "object", 0.0, 0.35, 0.0, 0.2},
  };
  return task;
}

}  // namespace

HomeNoise no_noise() { return {}; }

HomeNoise video_noise() {
  return {.hand_offset_m = 0.035,
          .hand_wander_m = 0.015,
          .hand_jitter_m = 0.008,
          .hand_turn_rad = 0.2,
          .track_jitter_m = 0.015,
          .contact_frames = 5};
}

Home make_place_home(std::uint64_t seed, const HomeNoise& noise) {
  Rng rng(seed, 0, "home");
  const double table_z = rng.uniform(0.70, 1.05);
  SceneObject object = draw_object(rng);
  const Story story = draw_story(seed, object, table_z);
  object.world_from_object = story.start;
  Home home;
  home.scene.supports = {make_table(table_z)};
  home.scene.objects = {object};
  home.hands = {record_hand(story, noise, seed)};
  home.object_tracks.tracks = {record_object(story, noise, seed)};
  home.camera_path = record_head(story, seed);
  home.contacts.spans = {record_contact(story, noise, seed)};
  home.task = make_task(story);
  const double x = rng.uniform(-2.0, 2.0);
  const double y = rng.uniform(-2.0, 2.0);
  move_home(home, {{x, y, 0}, quat_from_axis_angle({0, 0, 1}, rng.uniform(-kPi, kPi))});
  return home;
}

PlaceResult judge_place(const Home& home, const Rollout& rollout) {
  std::size_t body = 0;
  while (rollout.body_names[body] != rollout.object_id) ++body;
  const auto pose_at_row = [&](std::size_t row) {
    const double* p = rollout.body_pose.values.data() + row * rollout.body_pose.columns + 7 * body;
    return Pose{{p[0], p[1], p[2]}, {p[3], p[4], p[5], p[6]}};
  };
  PlaceResult result;
  const double start_z = pose_at_row(0).position_m.z;
  const auto needed = static_cast<std::size_t>(0.2 * rollout.control_rate_hz);
  std::size_t in_a_row = 0;
  for (std::size_t row = 0; row < rollout.body_pose.rows; ++row) {
    const double rise = pose_at_row(row).position_m.z - start_z;
    result.highest_m = std::max(result.highest_m, rise);
    in_a_row = rise > 0.03 ? in_a_row + 1 : 0;
    result.lifted = result.lifted || in_a_row >= needed;
  }
  const Pose last = pose_at_row(rollout.body_pose.rows - 1);
  result.goal_error_m = norm(last.position_m - home.task.world_from_goal.position_m);
  result.tilt_rad = std::acos(std::clamp((last.rotation * Vec3{0, 0, 1}).z, -1.0, 1.0));
  result.placed = result.goal_error_m < 0.05;
  result.upright = result.tilt_rad < 0.35;
  return result;
}

}  // namespace hearth::test
