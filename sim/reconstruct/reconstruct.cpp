// SPDX-License-Identifier: Apache-2.0
#include <hearth/reconstruct/reconstruct.h>
#include <hearth/task/place_task.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "sim/reconstruct/furnish.h"
#include "sim/reconstruct/hands.h"
#include "sim/reconstruct/level.h"
#include "sim/reconstruct/map_model.h"
#include "sim/reconstruct/object.h"
#include "sim/reconstruct/scale.h"

namespace hearth {
namespace {

using namespace recon;  // NOLINT(google-build-using-namespace): this file is the module's front

Result<Done> check(const ReconstructOptions& o) {
  const auto bad = [](const char* where, double v) {
    return Error{ErrorCode::invalid_argument, "out of range: " + std::to_string(v), where};
  };
  if (o.hand_length_m && !(*o.hand_length_m >= 0.10 && *o.hand_length_m <= 0.30)) {
    return bad("hand_length_m", *o.hand_length_m);
  }
  if (!(o.hand_length_sigma_m > 0.0)) return bad("hand_length_sigma_m", o.hand_length_sigma_m);
  if (!(o.support_height_m > 0.0)) return bad("support_height_m", o.support_height_m);
  if (!(o.support_height_sigma_m > 0.0)) {
    return bad("support_height_sigma_m", o.support_height_sigma_m);
  }
  if (!(o.camera_height_m > o.support_height_m)) return bad("camera_height_m", o.camera_height_m);
  if (!(o.camera_height_sigma_m > 0.0))
    return bad("camera_height_sigma_m", o.camera_height_sigma_m);
  if (!(o.rate_hz > 0.0)) return bad("rate_hz", o.rate_hz);
  if (!(o.max_gap_s >= 0.0)) return bad("max_gap_s", o.max_gap_s);
  if (!(o.min_object_score > 0.0 && o.min_object_score < 1.0)) {
    return bad("min_object_score", o.min_object_score);
  }
  if (!(o.frame_pairs > 0)) return bad("frame_pairs", o.frame_pairs);
  return Done{};
}

const ContactSpan* strongest(const Contacts& contacts) {
  const ContactSpan* best = nullptr;
  for (const ContactSpan& span : contacts.spans) {
    if (best == nullptr || span.confidence > best->confidence) best = &span;
  }
  return best;
}

// The level frame: z up, z = 0 on the support, x = y = 0 below the first known camera, y where that
// camera looks.
Pose level_from_map(const Map& map, const Up& up, double height) {
  const int first = std::max(0, map.first_known());
  const Pose& camera = map.map_from_camera[static_cast<std::size_t>(first)];
  // Forward and image-up both point ahead of a camera that looks down; their sum never is vertical.
  const Vec3 ahead = camera.rotation * Vec3{0, -1, 1};
  const Vec3 y = normalized(ahead - dot(ahead, up.in_map) * up.in_map);
  const Quat map_from_level = quat_from_axes(cross(y, up.in_map), y, up.in_map);
  const Quat rotation = conjugate(map_from_level);
  const Vec3 eye = rotation * camera.position_m;
  return {{-eye.x, -eye.y, -height}, rotation};
}

void move_to_level(Map& map, const Pose& level) {
  for (Pose& pose : map.map_from_camera) {
    pose = level * pose;
    pose.rotation = normalized(pose.rotation);
  }
  for (Vec3& p : map.points) p = level * p;
}

// Everything on the way, in one place.
struct Work {
  const Episode& episode;
  const Tracks& tracks;
  const Contacts& contacts;
  const FrameSource& frames;
  const ReconstructOptions& options;
  Diagnostics& diagnostics;
  const ContactSpan* span = nullptr;
  Map map{};
  Up up{};
  std::vector<Level> levels{};  // of the map
  double height = 0.0;          // of the support, along up, in the map
  bool height_known = false;
  Pose level{};  // level_from_map
  double goal_level = 0.0;
  std::optional<FoundObject> object{};
  ScaleCues cues{};
  ScaleSolution scale{};
};

// Bottom of the sighted object along up, at its start.
std::optional<double> sighted_bottom(const Work& w) {
  if (w.span == nullptr) return std::nullopt;
  const auto object = object_from_sightings(w.tracks, Pose{}, *w.span);
  if (!object) return std::nullopt;
  const Mat3 axes = matrix_from_quat(object->start.rotation);
  double reach = 0.0;
  const double half[3] = {0.5 * object->shape.size_m.x, 0.5 * object->shape.size_m.y,
                          0.5 * object->shape.size_m.z};
  for (std::size_t k = 0; k < 3; ++k) {
    const Vec3 axis{axes[0][k], axes[1][k], axes[2][k]};
    reach += std::abs(dot(axis, w.up.in_map)) * half[k];
  }
  if (object->shape.kind == ShapeKind::sphere) reach = half[0];
  return dot(w.up.in_map, object->start.position_m) - reach;
}

void find_support(Work& w) {
  const auto rays =
      w.span != nullptr ? touch_rays(w.tracks, w.map, *w.span) : std::vector<TouchRay>{};
  w.up = find_up(w.tracks, w.map, rays, w.options.seed, w.diagnostics);
  w.levels = find_levels(w.map, w.up, rays);
  const auto bottom = sighted_bottom(w);
  if (bottom) {
    // What stands on the surface tells its height best.
    std::stable_sort(w.levels.begin(), w.levels.end(), [&](const Level& a, const Level& b) {
      return std::abs(a.height - *bottom) < std::abs(b.height - *bottom);
    });
    w.height = *bottom;
    w.height_known = true;
    return;
  }
  if (!w.levels.empty()) {
    w.height = w.levels.front().height;
    w.height_known = true;
    return;
  }
  const double unit = w.tracks.map_scale_m ? w.tracks.map_scale_m->value : 1.0;
  const int first = std::max(0, w.map.first_known());
  const double eye =
      dot(w.up.in_map, w.map.map_from_camera[static_cast<std::size_t>(first)].position_m);
  std::vector<double> below;
  if (w.span != nullptr) {
    for (const Touch& t : touches_on(w.tracks, w.map, w.up, eye - 1e6, *w.span)) {
      below.push_back(t.grasp_below_camera_m);
    }
  }
  if (!below.empty()) {
    w.height = eye - (median(below) + 0.055) / unit;
    w.height_known = true;
    w.diagnostics.add(Severity::guess, "support_from_hand",
                      "no surface was seen; one was assumed just below where the hand took hold");
    return;
  }
  w.height = eye - (w.options.camera_height_m - w.options.support_height_m) / unit;
  w.diagnostics.add(Severity::guess, "support_guessed",
                    "no surface was seen and nothing was touched; one was assumed at the usual "
                    "height below a head camera");
}

void rough_scale(Work& w, Diagnostics& diagnostics) {
  const int first = std::max(0, w.map.first_known());
  w.cues.camera_above_level = w.map.map_from_camera[static_cast<std::size_t>(first)].position_m.z;
  w.cues.given = w.tracks.map_scale_m;
  Up level_up = w.up;
  level_up.in_map = {0, 0, 1};
  const HandTrack* hand = w.span != nullptr ? find_hand(w.tracks, w.span->hand_track) : nullptr;
  if (hand == nullptr && !w.tracks.hands.empty()) hand = &w.tracks.hands.front();
  if (hand != nullptr) w.cues.fitted_hand_length_m = hand->hand_length_m;
  if (w.span != nullptr && w.height_known) {
    w.cues.touches = touches_on(w.tracks, w.map, level_up, 0.0, *w.span);
  }
  ReconstructOptions options = w.options;
  if (hand != nullptr && hand->source == Source::truth && !options.hand_length_m) {
    options.hand_length_m = hand->hand_length_m;
    options.hand_length_sigma_m = 1e-4;
  }
  w.scale = solve_scale(w.cues, options, diagnostics);
}

// The goal may lie on another level: the hand's height tells.
void find_goal_level(Work& w) {
  if (w.span == nullptr || w.levels.size() < 2) return;
  const HandTrack* hand = find_hand(w.tracks, w.span->hand_track);
  if (hand == nullptr) return;
  const auto grasp_height = [&](TimeNs from, TimeNs to) -> std::optional<double> {
    std::vector<double> z;
    for (int f = frame_at(w.tracks, from); f <= frame_at(w.tracks, to); ++f) {
      const HandObservation* o = observation_at(*hand, f);
      if (o == nullptr || w.map.known[static_cast<std::size_t>(f)] == 0) continue;
      Pose camera = w.map.map_from_camera[static_cast<std::size_t>(f)];
      camera.position_m = w.scale.scale.value * camera.position_m;
      z.push_back((camera * (w.scale.hand_factor * grasp_point(o->joints_in_camera_m))).z);
    }
    if (z.empty()) return std::nullopt;
    return median(z);
  };
  const auto on = grasp_height(w.span->onset_ns, w.span->move_start_ns);
  const auto off = grasp_height(w.span->move_stop_ns, w.span->release_ns);
  if (!on || !off || std::abs(*off - *on) < 0.08) return;
  for (std::size_t i = 1; i < w.levels.size(); ++i) {
    const double step = w.levels[i].height - w.height;
    if (std::abs(w.scale.scale.value * step - (*off - *on)) < 0.06) {
      w.goal_level = step;
      w.diagnostics.add(Severity::note, "goal_on_other_surface",
                        "the object was put down on another surface than it was taken from");
      return;
    }
  }
}

void find_object(Work& w) {
  if (w.span == nullptr) return;
  w.object = object_from_sightings(w.tracks, w.level, *w.span);
  if (w.object) return;
  if (!w.frames) {
    w.diagnostics.add(Severity::warning, "object_not_found",
                      "something was held, but there are no pictures to find it in");
    return;
  }
  w.object = object_from_pixels(w.episode, w.tracks, w.map, *w.span, w.scale.scale.value,
                                w.goal_level, w.frames, w.options, w.diagnostics);
}

// Height of the support above the floor: usual heights of surfaces and of cameras, both weak.
Estimate support_height(const Work& w) {
  const ReconstructOptions& o = w.options;
  const double above = w.scale.scale.value * w.cues.camera_above_level;
  const double by_camera = o.camera_height_m - above;
  const double camera_sigma = std::hypot(o.camera_height_sigma_m, w.scale.log_sigma * above);
  const double wa = 1.0 / (o.support_height_sigma_m * o.support_height_sigma_m);
  const double wb = 1.0 / (camera_sigma * camera_sigma);
  const double value = (wa * o.support_height_m + wb * by_camera) / (wa + wb);
  return {std::clamp(value, 0.3, 1.4), std::sqrt(1.0 / (wa + wb)), Source::prior};
}

CameraPath camera_path(const Work& w, const WorldFromMap& world_from_level) {
  CameraPath path;
  path.is_static = w.tracks.camera_is_static;
  for (std::size_t f = 0; f < w.map.known.size(); ++f) {
    if (w.map.known[f] == 0) continue;
    CameraSample sample;
    sample.time_ns = w.tracks.frame_time_ns[f];
    sample.world_from_camera = world_from_level.pose(w.map.map_from_camera[f]);
    sample.observed = w.map.observed[f] != 0;
    sample.position_sigma_m = world_from_level.scale_m * w.map.position_sigma[f];
    sample.rotation_sigma_rad = w.map.rotation_sigma_rad[f];
    path.samples.push_back(sample);
  }
  return path;
}

SceneObject scene_object(const Work& w, const WorldFromMap& world_from_level) {
  const FoundObject& found = *w.object;
  const double s = world_from_level.scale_m;
  SceneObject object;
  object.id = found.id;
  object.category = found.category;
  object.shape = found.shape;
  object.shape.size_m = s * found.shape.size_m;
  const double share = w.scale.log_sigma;
  object.size_sigma_m = {std::hypot(s * found.size_sigma.x, share * object.shape.size_m.x),
                         std::hypot(s * found.size_sigma.y, share * object.shape.size_m.y),
                         std::hypot(s * found.size_sigma.z, share * object.shape.size_m.z)};
  object.world_from_object = world_from_level.pose(found.start);
  object.position_sigma_m = std::hypot(s * found.start_sigma, 0.3 * share);
  object.yaw_sigma_rad = found.yaw_sigma_rad;
  object.movable = true;
  object.material.color_rgb = found.color_rgb;
  object.material.second_color_rgb = found.color_rgb;
  return object;
}

ObjectTrack object_track(const Work& w, const SceneObject& object, const Pose& goal,
                         const WorldFromMap& world_from_level,
                         const std::vector<HandTrajectory>& hands) {
  if (w.object->seen.empty()) {
    const HandTrajectory* hand = nullptr;
    for (const HandTrajectory& h : hands) {
      if (h.side == w.span->side) hand = &h;
    }
    return carried_path(object.id, object.world_from_object, goal, object.position_sigma_m, hand,
                        *w.span, w.tracks.frame_time_ns, w.diagnostics);
  }
  ObjectTrack track;
  track.object_id = object.id;
  for (const ObjectObservation& seen : w.object->seen) {
    ObjectPoseSample sample;
    sample.time_ns = seen.time_ns;
    sample.world_from_object = world_from_level.pose(seen.map_from_object);
    sample.observed = true;
    sample.position_sigma_m = world_from_level.scale_m * seen.position_sigma;
    track.samples.push_back(sample);
  }
  return track;
}

void add_supports(Work& w, const WorldFromMap& world_from_level, const Estimate& height,
                  const std::vector<Vec3>& carried, Scene& scene) {
  std::vector<Vec3> points;
  if (!w.levels.empty() &&
      std::abs(w.levels.front().height - w.height) * world_from_level.scale_m < 0.05) {
    for (const Vec3& p : w.levels.front().inliers) {
      points.push_back(world_from_level.point(w.level * p));
    }
  }
  std::vector<Vec3> on_main = carried;
  const bool two = w.goal_level != 0.0 && carried.size() == 2;
  if (two) on_main.pop_back();
  scene.supports.push_back(make_support("support", points, on_main, height.value, height.sigma));
  if (w.frames) {
    const int first = std::max(0, w.map.first_known());
    const Pose camera =
        world_from_level.pose(w.map.map_from_camera[static_cast<std::size_t>(first)]);
    scene.supports[0].material.color_rgb =
        color_at(w.frames, first, w.tracks.camera_model, camera, points);
    scene.supports[0].material.second_color_rgb = scene.supports[0].material.color_rgb;
  }
  w.diagnostics.add(Severity::guess, "support_extent_inferred",
                    "the outline of the surface covers what was seen of it; its edges were not "
                    "seen",
                    "support");
  if (!two) return;
  std::vector<Vec3> others;
  for (const Level& level : w.levels) {
    if (std::abs(level.height - w.height - w.goal_level) > 1e-9) continue;
    for (const Vec3& p : level.inliers) others.push_back(world_from_level.point(w.level * p));
  }
  scene.supports.push_back(make_support("goal_support", others, {carried[1]},
                                        height.value + world_from_level.scale_m * w.goal_level,
                                        height.sigma));
}

Home build(Work& w) {
  const Estimate height = support_height(w);
  const WorldFromMap world_from_level{w.scale.scale.value, Quat{}, {0.0, 0.0, height.value}};
  Home home;
  home.clip_sha256 = w.episode.clip_sha256;
  Scene& scene = home.scene;
  scene.scale = w.scale.scale;
  scene.up_source = w.up.source;
  scene.up_sigma_rad = w.up.sigma_rad;
  scene.floor_seen = false;
  w.diagnostics.add(Severity::guess, "floor_guessed",
                    "the floor was not looked for: it is taken to lie " +
                        std::to_string(static_cast<int>(std::lround(100.0 * height.value))) +
                        " cm below the surface, give or take " +
                        std::to_string(static_cast<int>(std::lround(100.0 * height.sigma))) +
                        " cm");
  std::vector<Vec3> carried;
  std::vector<DepthAnchor> anchors;
  Pose goal{};
  SceneObject object;
  if (w.object) {
    object = scene_object(w, world_from_level);
    goal = world_from_level.pose(w.object->goal);
    carried = {object.world_from_object.position_m, goal.position_m};
    const double s = world_from_level.scale_m;
    anchors = {
        {w.span->move_start_ns, object.world_from_object.position_m, s * w.object->start_sigma},
        {std::max(w.span->move_stop_ns, w.span->move_start_ns + 1), goal.position_m,
         s * w.object->goal_sigma}};
  }
  add_supports(w, world_from_level, height, carried, scene);
  home.hands =
      make_hands(w.tracks, w.map, world_from_level, w.scale,
                 w.span != nullptr ? w.span->hand_track : "", anchors, w.options, w.diagnostics);
  home.camera_path = camera_path(w, world_from_level);
  home.contacts = w.contacts;
  const std::string goal_support = scene.supports.size() > 1 ? "goal_support" : "support";
  for (ContactSpan& span : home.contacts.spans) span.object_id.clear();
  if (w.object) {
    assume_physics(object, w.diagnostics);
    scene.objects.push_back(object);
    home.object_tracks.tracks.push_back(
        object_track(w, object, goal, world_from_level, home.hands));
    home.task = place_task(object.id, "support", goal_support, goal,
                           std::hypot(world_from_level.scale_m * w.object->goal_sigma, 0.005));
    home.contacts.spans[static_cast<std::size_t>(w.span - w.contacts.spans.data())].object_id =
        object.id;
  } else {
    home.task = place_task("", "", "", Pose{}, 0.0);
  }
  const Vec3 work = carried.empty() ? scene.supports[0].world_from_support.position_m
                                    : 0.5 * (carried[0] + carried[1]);
  assume_lights_and_room(scene, work, w.diagnostics);
  if (!home.camera_path.samples.empty()) {
    scene.cameras.push_back(
        {"head", w.tracks.camera_model, home.camera_path.samples.front().world_from_camera});
  }
  scene.cameras.push_back(room_camera(work));
  return home;
}

}  // namespace

Result<Home> reconstruct(const Episode& episode, const Tracks& tracks, const Contacts& contacts,
                         const FrameSource& frames, const ReconstructOptions& options,
                         Diagnostics& diagnostics) {
  const Result<Done> checked = check(options);
  if (!checked.ok()) return checked.error();
  if (tracks.frame_time_ns != episode.frame_time_ns) {
    return Error{ErrorCode::invalid_argument,
                 "tracks have " + std::to_string(tracks.frames) + " frames, the episode has " +
                     std::to_string(episode.frame_time_ns.size()) + ", or their times differ",
                 "tracks/frame_time_ns"};
  }
  if (tracks.camera.empty() && tracks.hands.empty()) {
    return Error{ErrorCode::infeasible, "neither a camera path nor a hand was found", "tracks"};
  }
  Work w{episode, tracks, contacts, frames, options, diagnostics};
  w.span = strongest(contacts);
  if (w.span == nullptr) {
    diagnostics.add(Severity::warning, "no_contact",
                    "no hand holds anything: there is no object and no task");
  } else if (contacts.spans.size() > 1) {
    diagnostics.add(Severity::warning, "other_contacts_unused",
                    std::to_string(contacts.spans.size()) +
                        " grasps were found; the task is the clearest one alone");
  }
  w.map = make_map(tracks, w.span, diagnostics);
  if (w.map.first_known() < 0) {
    return Error{ErrorCode::infeasible, "no frame has a known camera", "tracks/camera"};
  }
  find_support(w);
  w.level = level_from_map(w.map, w.up, w.height);
  move_to_level(w.map, w.level);
  Diagnostics scratch;
  rough_scale(w, scratch);
  find_goal_level(w);
  find_object(w);
  if (w.object) w.cues.object_height = w.object->shape.size_m.z;
  rough_scale(w, diagnostics);
  return validated(build(w));
}

}  // namespace hearth
