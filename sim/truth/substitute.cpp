// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/hash.h>
#include <hearth/core/rng.h>
#include <hearth/truth/substitute.h>

#include <algorithm>
#include <cmath>

#include "sim/truth/raycast.h"

namespace hearth {
namespace {

using truth_internal::cast;

constexpr int kLeastJointsInside = 12;

Result<Done> check(const TracksFromTruthOptions& o) {
  const auto bad = [](double v) { return !std::isfinite(v) || v < 0.0; };
  const auto error = [](const char* field, const char* message) {
    return Error{ErrorCode::invalid_argument, message, field};
  };
  if (bad(o.hand_noise_px)) return error("hand_noise_px", "must be finite and not negative");
  if (bad(o.hand_depth_noise_m)) {
    return error("hand_depth_noise_m", "must be finite and not negative");
  }
  if (bad(o.point_noise_px)) return error("point_noise_px", "must be finite and not negative");
  if (bad(o.dropout_share) || o.dropout_share > 1.0) {
    return error("dropout_share", "must lie in 0..1");
  }
  if (o.map_points < 0) return error("map_points", "must not be negative");
  if (o.moving_points < 0) return error("moving_points", "must not be negative");
  return Done{};
}

bool inside(const CameraModel& camera, Vec2 px) {
  return px.x >= 0.0 && px.y >= 0.0 && px.x <= camera.width_px - 1.0 &&
         px.y <= camera.height_px - 1.0;
}

const CameraSample& camera_of(const Truth& truth, std::size_t frame) {
  return truth.home.camera_path.samples[frame];
}

std::vector<MapCamera> map_cameras(const Truth& truth) {
  const Pose map_from_world = inverse(camera_of(truth, 0).world_from_camera);
  std::vector<MapCamera> cameras;
  for (std::size_t i = 0; i < truth.frame_time_ns.size(); ++i) {
    MapCamera camera;
    camera.frame = static_cast<int>(i);
    camera.time_ns = truth.frame_time_ns[i];
    if (i > 0) camera.map_from_camera = map_from_world * camera_of(truth, i).world_from_camera;
    camera.map_from_camera.rotation = normalized(camera.map_from_camera.rotation);
    camera.observed = true;
    cameras.push_back(camera);
  }
  return cameras;
}

/// A hand as a camera sees it in one frame; noise first in depth, then in the image.
std::optional<HandObservation> observe(const Truth& truth, const HandTrajectory& hand,
                                       std::size_t frame, const TracksFromTruthOptions& options) {
  HandSample sample;
  if (!sample_at(hand, truth.frame_time_ns[frame], sample)) return std::nullopt;
  const std::uint64_t unit = 2 * frame + (hand.side == HandSide::right ? 1 : 0);
  Rng drop(options.seed, unit, "truth_hand_dropout");
  if (drop.uniform() < options.dropout_share) return std::nullopt;
  Rng noise(options.seed, unit, "truth_hand_noise");
  const Pose camera_from_world = inverse(camera_of(truth, frame).world_from_camera);
  HandObservation seen;
  seen.frame = static_cast<int>(frame);
  seen.time_ns = truth.frame_time_ns[frame];
  const Vec3 wrist = camera_from_world * sample.joints_in_world_m[0];
  const double farther = options.hand_depth_noise_m * noise.normal();
  const double stretch = 1.0 + farther / std::max(norm(wrist), 1e-6);
  int visible = 0;
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    // Moving all joints by the wrist's shift along its ray keeps the bones' lengths.
    Vec3 p = camera_from_world * sample.joints_in_world_m[j] + (stretch - 1.0) * wrist;
    const auto px = project(truth.camera_model, p);
    if (!px) return std::nullopt;
    Vec2 moved = *px;
    if (options.hand_noise_px > 0.0) {
      moved = moved + options.hand_noise_px * Vec2{noise.normal(), noise.normal()};
      p = p.z * ray_in_camera(truth.camera_model, moved);
    }
    seen.joints_px[j] = moved;
    seen.joints_in_camera_m[j] = p;
    if (inside(truth.camera_model, moved)) ++visible;
  }
  if (visible < kLeastJointsInside) return std::nullopt;
  seen.presence = 1.0;
  seen.observed = true;
  seen.sigma_px = std::max(0.3, options.hand_noise_px);
  seen.depth_sigma_m = std::max(0.001, options.hand_depth_noise_m);
  return seen;
}

std::vector<HandTrack> hand_tracks(const Truth& truth, const TracksFromTruthOptions& options) {
  std::vector<HandTrack> tracks;
  for (const HandTrajectory& hand : truth.home.hands) {
    HandTrack track;
    track.id = hand.side == HandSide::left ? "left" : "right";
    track.side = hand.side;
    track.side_confidence = 1.0;
    track.source = Source::truth;
    track.hand_length_m = hand.hand_length_m.value;
    const HandJoints& joints = hand.spans.front().samples.front().joints_in_world_m;
    for (std::size_t b = 0; b < kHandBones; ++b) {
      track.bone_length_m[b] =
          norm(joints[b + 1] - joints[static_cast<std::size_t>(kBoneParent[b])]);
    }
    for (std::size_t frame = 0; frame < truth.frame_time_ns.size(); ++frame) {
      if (const auto seen = observe(truth, hand, frame, options)) {
        track.observations.push_back(*seen);
      }
    }
    if (!track.observations.empty()) tracks.push_back(std::move(track));
  }
  return tracks;
}

/// Random pixels of frames spread over the take, traced to what stands still.
std::vector<MapPoint> map_points(const Truth& truth, const TracksFromTruthOptions& options) {
  Scene still = truth.home.scene;
  std::erase_if(still.objects,
                [&](const SceneObject& object) { return object.id == truth.home.task.object_id; });
  const Pose map_from_world = inverse(camera_of(truth, 0).world_from_camera);
  const CameraModel& camera = truth.camera_model;
  std::vector<MapPoint> points;
  for (int i = 0; i < options.map_points; ++i) {
    Rng rng(options.seed, static_cast<std::uint64_t>(i), "truth_map_points");
    const std::size_t frame = rng.index(truth.frame_time_ns.size());
    const Vec2 px = {rng.uniform(0.0, camera.width_px - 1.0),
                     rng.uniform(0.0, camera.height_px - 1.0)};
    const Pose& world_from_camera = camera_of(truth, frame).world_from_camera;
    const auto hit = cast(still, world_from_camera.position_m,
                          world_from_camera.rotation * ray_in_camera(camera, px));
    if (!hit) continue;
    MapPoint point;
    point.p_in_map = map_from_world * hit->p_in_world;
    for (std::size_t f = 0; f < truth.frame_time_ns.size(); ++f) {
      const auto seen =
          project(camera, inverse(camera_of(truth, f).world_from_camera) * hit->p_in_world);
      if (seen && inside(camera, *seen)) ++point.observations;
    }
    points.push_back(point);
  }
  return points;
}

/// A point on the side or top of an upright shape with its outward normal, object frame.
std::pair<Vec3, Vec3> surface_point(const Shape& shape, Rng& rng) {
  const Vec3 half = 0.5 * shape.size_m;
  const Vec3 direction =
      normalized(Vec3{rng.normal(), rng.normal(), std::abs(rng.normal()) * 0.7 - 0.2});
  const Vec3 outside = 10.0 * norm(half) * direction;
  const auto t = truth_internal::enter(shape, outside, -direction);
  const Vec3 p = outside - t.value_or(0.0) * direction;
  if (shape.kind == ShapeKind::sphere) return {p, direction};
  if (p.z > half.z - 1e-6) return {p, {0, 0, 1}};
  if (p.z < -half.z + 1e-6) return {p, {0, 0, -1}};
  if (shape.kind == ShapeKind::box) {
    const bool on_x = std::abs(std::abs(p.x) - half.x) < std::abs(std::abs(p.y) - half.y);
    return {p, on_x ? Vec3{std::copysign(1.0, p.x), 0, 0} : Vec3{0, std::copysign(1.0, p.y), 0}};
  }
  return {p, normalized(Vec3{p.x, p.y, 0.0})};
}

std::vector<MovingPoint> moving_points(const Truth& truth, const TracksFromTruthOptions& options) {
  std::vector<MovingPoint> points;
  if (truth.home.contacts.spans.empty()) return points;
  const ContactSpan& contact = truth.home.contacts.spans.front();
  const SceneObject* object = find_object(truth.home.scene, contact.object_id);
  const ObjectTrack* track = find_track(truth.home.object_tracks, contact.object_id);
  if (object == nullptr || track == nullptr) return points;
  for (int i = 0; i < options.moving_points; ++i) {
    Rng rng(options.seed, static_cast<std::uint64_t>(i), "truth_moving_points");
    const auto [p_in_object, normal] = surface_point(object->shape, rng);
    MovingPoint point;
    point.near_hand = contact.side == HandSide::left ? "left" : "right";
    for (std::size_t f = 0; f < truth.frame_time_ns.size(); ++f) {
      const TimeNs t = truth.frame_time_ns[f];
      if (t < contact.move_start_ns || t > contact.move_stop_ns) continue;
      const Pose world_from_object = pose_at(*track, t);
      const Pose& world_from_camera = camera_of(truth, f).world_from_camera;
      const Vec3 p_in_world = world_from_object * p_in_object;
      const Vec3 to_eye = world_from_camera.position_m - p_in_world;
      if (dot(world_from_object.rotation * normal, to_eye) <= 0.1 * norm(to_eye)) continue;
      auto px = project(truth.camera_model, inverse(world_from_camera) * p_in_world);
      if (!px) continue;
      *px = *px + options.point_noise_px * Vec2{rng.normal(), rng.normal()};
      if (inside(truth.camera_model, *px)) point.samples.push_back({static_cast<int>(f), *px});
    }
    if (point.samples.size() >= 2) points.push_back(std::move(point));
  }
  return points;
}

std::vector<ObjectSighting> sightings(const Truth& truth) {
  const SceneObject* object = find_object(truth.home.scene, truth.home.task.object_id);
  const ObjectTrack* track = find_track(truth.home.object_tracks, truth.home.task.object_id);
  if (object == nullptr || track == nullptr) return {};
  ObjectSighting sighting;
  sighting.id = object->id;
  sighting.category = object->category;
  sighting.shape = object->shape;
  sighting.color_rgb = object->material.color_rgb;
  sighting.source = Source::truth;
  const Pose map_from_world = inverse(camera_of(truth, 0).world_from_camera);
  for (std::size_t f = 0; f < truth.frame_time_ns.size(); ++f) {
    Pose pose = map_from_world * pose_at(*track, truth.frame_time_ns[f]);
    pose.rotation = normalized(pose.rotation);
    sighting.observations.push_back({static_cast<int>(f), truth.frame_time_ns[f], pose, 0.0});
  }
  return {sighting};
}

}  // namespace

Result<Tracks> tracks_from_truth(const Truth& truth, const TracksFromTruthOptions& options) {
  if (auto checked = check(options); !checked) return checked.error();
  if (auto valid = validated(truth); !valid) return valid.error();
  Tracks tracks;
  tracks.source = "truth";
  tracks.frames = static_cast<int>(truth.frame_time_ns.size());
  tracks.frame_time_ns = truth.frame_time_ns;
  tracks.camera_model = truth.camera_model;
  tracks.camera_is_static = truth.home.camera_path.is_static;
  tracks.camera = map_cameras(truth);
  tracks.map_scale_m = ScaleEstimate{1.0, 1.0, 1.0, Source::truth, "truth"};
  tracks.up_in_map =
      normalized(conjugate(camera_of(truth, 0).world_from_camera.rotation) * Vec3{0, 0, 1});
  tracks.hands = hand_tracks(truth, options);
  tracks.map_points = map_points(truth, options);
  tracks.moving_points = moving_points(truth, options);
  tracks.objects = sightings(truth);
  return validated(std::move(tracks));
}

Home home_from_truth(const Truth& truth, const std::string& clip_sha256) {
  Home home = truth.home;
  if (!clip_sha256.empty()) {
    home.clip_sha256 = clip_sha256;
  } else if (home.clip_sha256.empty()) {
    home.clip_sha256 = sha256_hex(truth.chore + " " + std::to_string(truth.seed));
  }
  return home;
}

}  // namespace hearth
