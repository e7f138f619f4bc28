// SPDX-License-Identifier: Apache-2.0
#include "sim/film/home_draw.h"

#include <hearth/core/rng.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/film/looks.h"

namespace hearth::film_internal {
namespace {

constexpr double kShortestCarryM = 0.15;
constexpr int kFrameMarginPx = 35;

Estimate drawn(double value) { return {value, 0.0, Source::truth}; }

void draw_room(std::uint64_t seed, HomeDraw& home) {
  Rng rng(seed, 0, "film_room");
  Scene& scene = home.scene;
  home.top_m = rng.uniform(0.70, 1.05);
  const bool counter = home.top_m > 0.82;
  Support top;
  top.id = "support";
  top.category = counter ? "counter" : "table";
  const double depth = counter ? rng.uniform(0.58, 0.68) : rng.uniform(0.66, 0.85);
  const double width = counter ? rng.uniform(1.7, 2.6) : rng.uniform(1.2, 1.8);
  top.size_m = {width, depth, rng.uniform(0.025, 0.045)};
  top.world_from_support.position_m = {rng.uniform(-0.15, 0.15), 0.5 * depth, home.top_m};
  top.height_m = drawn(home.top_m);
  top.extent_inferred = false;
  top.friction = rng.uniform(0.5, 0.9);
  top.material = draw_top_material(seed);
  scene.supports.push_back(top);

  const double wall_y = depth + (counter ? 0.0 : rng.uniform(0.03, 0.45));
  Room& room = scene.room;
  room.seen = true;
  room.size_m = {rng.uniform(3.4, 5.0), rng.uniform(3.2, 4.6), rng.uniform(2.4, 2.7)};
  room.center_in_world_m = {rng.uniform(-0.4, 0.4), wall_y - 0.5 * room.size_m.y,
                            0.5 * room.size_m.z};
  room.wall = draw_wall_material(seed);
  room.floor = draw_floor_material(seed);
  scene.floor_seen = true;
  scene.up_source = Source::truth;
  scene.scale = {1.0, 1.0, 1.0, Source::truth, "truth"};

  if (rng.uniform() < 0.75) {
    Support shelf;
    shelf.id = "shelf";
    shelf.category = "shelf";
    const double shelf_depth = rng.uniform(0.17, 0.23);
    const double height = home.top_m + rng.uniform(0.42, 0.55);
    shelf.size_m = {rng.uniform(0.7, 1.3), shelf_depth, 0.025};
    shelf.world_from_support.position_m = {rng.uniform(-0.35, 0.35), wall_y - 0.5 * shelf_depth,
                                           height};
    shelf.height_m = drawn(height);
    shelf.extent_inferred = false;
    shelf.material = draw_top_material(seed ^ 0x5348454cU);
    scene.supports.push_back(shelf);
  }
}

void draw_lights(std::uint64_t seed, HomeDraw& home) {
  Rng rng(seed, 0, "film_lights");
  const std::size_t count = 1 + rng.index(3);
  for (std::size_t i = 0; i < count; ++i) {
    Light light;
    light.id = "light_" + std::to_string(i + 1);
    light.p_in_world_m = {rng.uniform(-1.2, 1.2), rng.uniform(-0.9, 0.45),
                          rng.uniform(home.top_m + 1.0, 2.3)};
    light.radius_m = rng.uniform(0.05, 0.16);
    light.intensity = rng.uniform(0.75, 1.25) / std::sqrt(static_cast<double>(count));
    light.color_temperature_k = rng.uniform(3000.0, 6800.0);
    home.scene.lights.push_back(light);
  }
  home.scene.ambient_light = rng.uniform(0.28, 0.42);
}

void draw_person(const HomeDrawOptions& options, HomeDraw& home) {
  Rng rng(options.take_seed, 0, "film_person");
  Person& person = home.person;
  const bool right = rng.uniform() < 0.7;
  person.active = options.active_hand.value_or(right ? HandSide::right : HandSide::left);
  const double camera_height = rng.uniform(0.53, 0.65);
  person.camera_in_world = {rng.uniform(-0.03, 0.03), rng.uniform(-0.05, 0.03),
                            home.top_m + camera_height};
  const double shoulder_z = home.top_m + camera_height - rng.uniform(0.19, 0.24);
  const double half = rng.uniform(0.175, 0.20);
  person.shoulder_in_world = {Vec3{-half, -0.13, shoulder_z}, Vec3{half, -0.13, shoulder_z}};
  person.upper_arm_m = rng.uniform(0.27, 0.31);
  person.forearm_m = rng.uniform(0.24, 0.27);
  const double s = sign_of(person.active);
  person.active_rest = {s * rng.uniform(0.13, 0.22), rng.uniform(0.08, 0.13), home.top_m};
  person.idle_visible = rng.uniform() < 0.6;
  const Vec3 on_top = {-s * rng.uniform(0.21, 0.31), rng.uniform(0.07, 0.12), home.top_m};
  const Vec3 hanging = {-s * rng.uniform(0.26, 0.32), -0.16, home.top_m - rng.uniform(0.10, 0.2)};
  person.idle_rest = person.idle_visible ? on_top : hanging;
}

void draw_camera(const HomeDrawOptions& options, HomeDraw& home) {
  Rng rng(options.take_seed, 0, "film_camera");
  CameraModel& camera = home.camera;
  camera.kind = CameraModelKind::brown_conrady;
  camera.width_px = 640;
  camera.height_px = 480;
  camera.fx_px = rng.uniform(395.0, 460.0);
  camera.fy_px = camera.fx_px * rng.uniform(0.998, 1.002);
  camera.cx_px = 319.5 + rng.uniform(-6.0, 6.0);
  camera.cy_px = 239.5 + rng.uniform(-6.0, 6.0);
  camera.k1 = rng.uniform(-0.10, 0.02);
  camera.k2 = rng.uniform(-0.01, 0.03);
  camera.p1 = rng.uniform(-0.0008, 0.0008);
  camera.p2 = rng.uniform(-0.0008, 0.0008);
  camera.source = IntrinsicsSource::truth;
}

SceneObject draw_object(std::uint64_t seed) {
  Rng rng(seed, 0, "film_object");
  SceneObject object;
  object.id = "object";
  const bool cylinder = rng.uniform() < 0.5;
  const double height = rng.uniform(0.07, 0.15);
  if (cylinder) {
    const double diameter = rng.uniform(0.042, 0.060);
    object.shape = {ShapeKind::cylinder, {diameter, diameter, height}};
    object.category = height > 0.11 ? "jar" : "can";
  } else {
    object.shape = {ShapeKind::box, {rng.uniform(0.045, 0.075), rng.uniform(0.040, 0.058), height}};
    object.category = height > 0.10 ? "carton" : "box";
  }
  const double density = rng.uniform(300.0, 850.0);
  object.mass_kg = drawn(std::clamp(volume_m3(object.shape) * density, 0.10, 0.60));
  object.friction = drawn(rng.uniform(0.55, 0.9));
  object.material = draw_object_material(seed, 0);
  return object;
}

Pose standing(Vec3 p, double top_m, double yaw, const Shape& shape) {
  return {{p.x, p.y, top_m + 0.5 * shape.size_m.z}, quat_from_axis_angle({0, 0, 1}, yaw)};
}

bool visible(const HomeDraw& home, Vec3 p_in_world) {
  const Pose world_from_camera = {home.person.camera_in_world, home.camera_rotation};
  const auto px = project(home.camera, inverse(world_from_camera) * p_in_world);
  return px && px->x > kFrameMarginPx && px->x < 639 - kFrameMarginPx && px->y > kFrameMarginPx &&
         px->y < 479 - kFrameMarginPx;
}

/// The mean gaze: the middle of the work, seen 35 to 50 degrees down.
void aim_camera(const HomeDrawOptions& options, Vec3 start, Vec3 goal, HomeDraw& home) {
  Rng rng(options.take_seed, 0, "film_gaze");
  const Vec3 work = 0.35 * (start + goal) + 0.3 * home.person.active_rest;
  const Vec3 d = work - home.person.camera_in_world;
  const double heading = std::atan2(-d.x, d.y) * 0.8 + rng.uniform(-0.05, 0.05);
  const double pitch = std::atan2(-d.z, std::hypot(d.x, d.y)) - rng.uniform(0.05, 0.15);
  home.camera_rotation =
      camera_rotation(heading, std::clamp(pitch, 0.62, 0.92), rng.uniform(-0.03, 0.03));
}

bool reachable(const Person& person, Vec3 p) {
  const Vec3 shoulder = person.shoulder_in_world[person.active == HandSide::right ? 1 : 0];
  const double heading = natural_heading_rad(person, person.active, p);
  const Vec3 wrist = p + Vec3{0.10 * std::sin(heading), -0.10 * std::cos(heading), 0.12};
  // The trunk leans up to 6 cm.
  return norm(wrist - shoulder) < person.upper_arm_m + person.forearm_m + 0.05;
}

bool draw_chore(const HomeDrawOptions& options, HomeDraw& home) {
  const Person& person = home.person;
  const double s = sign_of(person.active);
  const SceneObject& object = home.scene.objects[home.object_index];
  const double depth = home.scene.supports[0].size_m.y;
  for (std::uint64_t attempt = 0; attempt < 900; ++attempt) {
    Rng rng(options.take_seed, 1000 * options.arrangement + attempt, "film_chore");
    const auto place = [&] {
      return Vec3{s * rng.uniform(-0.25, 0.18), rng.uniform(0.17, std::min(0.36, depth - 0.12)),
                  home.top_m};
    };
    const Vec3 start = place();
    const Vec3 goal = place();
    const double distance = norm(goal - start);
    if (distance < kShortestCarryM || distance > options.longest_carry_m) continue;
    if (!reachable(person, start) || !reachable(person, goal)) continue;
    // The object must not start or end where the hand rests.
    const double r = 0.5 * std::hypot(object.shape.size_m.x, object.shape.size_m.y);
    const Vec3 rest = person.active_rest + Vec3{-s * 0.03, 0.09, 0.0};
    const Vec3 idle = person.idle_rest + Vec3{s * 0.03, 0.09, 0.0};
    const auto clear = [&](Vec3 p) {
      return norm(p - rest) > r + 0.095 && (!person.idle_visible || norm(p - idle) > r + 0.12);
    };
    if (!clear(start) || !clear(goal)) continue;
    aim_camera(options, start, goal, home);
    const Vec3 up = {0, 0, object.shape.size_m.z + 0.08};
    if (!visible(home, start) || !visible(home, goal) || !visible(home, start + up) ||
        !visible(home, goal + up)) {
      continue;
    }
    const double heading_start = natural_heading_rad(person, person.active, start);
    const double heading_goal = natural_heading_rad(person, person.active, goal);
    const double offset = s * rng.uniform(-0.05, 0.15);
    const double turn = rng.uniform(0.7, 1.1) * (heading_goal - heading_start);
    home.world_from_start = standing(start, home.top_m, heading_start + offset, object.shape);
    home.world_from_goal = standing(goal, home.top_m, heading_start + offset + turn, object.shape);
    return true;
  }
  return false;
}

double distance_to_segment(Vec3 p, Vec3 a, Vec3 b) {
  const Vec3 ab = b - a;
  const double u = std::clamp(dot(p - a, ab) / std::max(dot(ab, ab), 1e-12), 0.0, 1.0);
  return norm(p - (a + u * ab));
}

SceneObject draw_clutter_object(Rng& rng, std::uint64_t seed, std::size_t k) {
  SceneObject object;
  object.id = "clutter_" + std::to_string(k);
  object.movable = false;
  const std::uint64_t kind = rng.index(4);
  if (kind == 0) {
    const double d = rng.uniform(0.06, 0.09);
    object.shape = {ShapeKind::sphere, {d, d, d}};
    object.category = "fruit";
  } else if (kind == 1) {
    object.shape = {ShapeKind::box,
                    {rng.uniform(0.06, 0.18), rng.uniform(0.05, 0.12), rng.uniform(0.03, 0.20)}};
    object.category = "box";
  } else {
    const double d = rng.uniform(0.06, 0.12);
    object.shape = {ShapeKind::cylinder, {d, d, rng.uniform(0.05, 0.22)}};
    object.category = object.shape.size_m.z > 0.14 ? "bottle" : "cup";
  }
  object.mass_kg = drawn(std::clamp(volume_m3(object.shape) * 500.0, 0.05, 1.5));
  object.friction = drawn(rng.uniform(0.5, 0.9));
  object.material = draw_object_material(seed, k);
  return object;
}

/// Clutter keeps clear of the work, of the arms' way and of the view of both places.
bool clutter_fits(const HomeDraw& home, Vec3 p, const SceneObject& object) {
  const double r = 0.5 * std::hypot(object.shape.size_m.x, object.shape.size_m.y);
  const SceneObject& moved = home.scene.objects[home.object_index];
  const double r_moved = 0.5 * std::hypot(moved.shape.size_m.x, moved.shape.size_m.y);
  const Vec3 start = {home.world_from_start.position_m.x, home.world_from_start.position_m.y, p.z};
  const Vec3 goal = {home.world_from_goal.position_m.x, home.world_from_goal.position_m.y, p.z};
  const Person& person = home.person;
  const Vec3 rest = {person.active_rest.x, person.active_rest.y, p.z};
  if (distance_to_segment(p, start, goal) < r + r_moved + 0.085) return false;
  if (distance_to_segment(p, start, rest) < r + 0.11) return false;
  if (distance_to_segment(p, goal, rest) < r + 0.11) return false;
  if (person.idle_visible) {
    const Vec3 idle = {person.idle_rest.x, person.idle_rest.y, p.z};
    if (distance_to_segment(p, idle, idle + Vec3{0, 0.18, 0}) < r + 0.10) return false;
    if (distance_to_segment(p, idle, idle + Vec3{0, -0.3, 0}) < r + 0.10) return false;
  }
  // What stands nearer to the eye than the work must be beside or below the lines of sight.
  const Vec3 eye = person.camera_in_world;
  for (const Vec3 target : {start, goal}) {
    const double u = (p.y - eye.y) / (target.y - eye.y);
    if (u <= 0.0 || u >= 1.0) continue;
    const Vec3 on_line = eye + u * (target - eye);
    if (std::abs(on_line.x - p.x) < r + r_moved + 0.05 &&
        on_line.z < p.z + object.shape.size_m.z + 0.03) {
      return false;
    }
  }
  for (std::size_t i = 0; i < home.scene.objects.size(); ++i) {
    if (i == home.object_index) continue;
    const SceneObject& other = home.scene.objects[i];
    const double r_other = 0.5 * std::hypot(other.shape.size_m.x, other.shape.size_m.y);
    const Vec3 q = other.world_from_object.position_m;
    if (std::hypot(p.x - q.x, p.y - q.y) < r + r_other + 0.012) return false;
  }
  return true;
}

void draw_clutter(std::uint64_t seed, HomeDraw& home) {
  Rng rng(seed, 0, "film_clutter");
  const std::size_t wanted = 2 + rng.index(4);
  const Support top = home.scene.supports[0];
  std::size_t placed = 0;
  for (std::size_t k = 1; k <= 60 && placed < wanted; ++k) {
    SceneObject object = draw_clutter_object(rng, seed, k);
    for (int attempt = 0; attempt < 40; ++attempt) {
      const Vec3 p = {rng.uniform(-0.50, 0.50),
                      rng.uniform(0.10, top.size_m.y - 0.03 - 0.5 * object.shape.size_m.y),
                      home.top_m};
      const double yaw = rng.uniform(-0.5, 0.5);
      if (!clutter_fits(home, p, object)) continue;
      object.id = "clutter_" + std::to_string(++placed);
      object.world_from_object = standing(p, home.top_m, yaw, object.shape);
      home.scene.objects.push_back(object);
      break;
    }
  }
  if (home.scene.supports.size() < 2) return;
  const Support shelf = home.scene.supports[1];
  Rng shelf_rng(seed, 0, "film_shelf_things");
  double x = shelf.world_from_support.position_m.x - 0.5 * shelf.size_m.x + 0.08;
  for (std::size_t k = 1; x < shelf.world_from_support.position_m.x + 0.5 * shelf.size_m.x - 0.1;
       ++k) {
    SceneObject object = draw_clutter_object(shelf_rng, seed, 100 + k);
    object.id = "shelf_thing_" + std::to_string(k);
    const double half = 0.5 * object.shape.size_m.x;
    x += half + shelf_rng.uniform(0.01, 0.12);
    const Vec3 p = {x, shelf.world_from_support.position_m.y, 0.0};
    object.world_from_object = standing(p, shelf.height_m.value, 0.0, object.shape);
    home.scene.objects.push_back(object);
    x += half + 0.02;
  }
}

}  // namespace

double sign_of(HandSide side) { return side == HandSide::right ? 1.0 : -1.0; }

double natural_heading_rad(const Person& person, HandSide side, Vec3 p_in_world) {
  const std::size_t index = side == HandSide::right ? 1 : 0;
  const Vec3 elbow = person.shoulder_in_world[index] + Vec3{sign_of(side) * 0.08, 0.0, 0.0};
  const Vec3 d = p_in_world - elbow;
  // Hands turn a little farther inward than forearms.
  return std::atan2(-d.x, d.y) + sign_of(side) * 0.14;
}

Quat camera_rotation(double heading_rad, double pitch_down_rad, double roll_rad) {
  // Axes of a camera that faces +Y, upright: x = +X, y = -Z, z = +Y.
  const Quat level = quat_from_axes({1, 0, 0}, {0, 0, -1}, {0, 1, 0});
  return quat_from_axis_angle({0, 0, 1}, heading_rad) * level *
         quat_from_axis_angle({1, 0, 0}, -pitch_down_rad) *
         quat_from_axis_angle({0, 0, 1}, roll_rad);
}

Result<HomeDraw> draw_home(const HomeDrawOptions& options) {
  HomeDraw home;
  draw_room(options.home_seed, home);
  draw_lights(options.home_seed, home);
  draw_camera(options, home);
  home.scene.objects.push_back(draw_object(options.home_seed));
  home.object_index = 0;
  draw_person(options, home);
  if (!draw_chore(options, home)) {
    return Error{ErrorCode::infeasible,
                 "no visible and reachable arrangement was found for this seed", "seed"};
  }
  home.scene.objects[home.object_index].world_from_object = home.world_from_start;
  draw_clutter(options.home_seed, home);
  return home;
}

}  // namespace hearth::film_internal
