// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Field lists of the small parts that several nouns share.

#include <hearth/data/camera.h>
#include <hearth/data/contacts.h>
#include <hearth/data/hand.h>
#include <hearth/data/object_tracks.h>
#include <hearth/data/scene.h>
#include <hearth/data/task.h>

#include "archive.h"

namespace hearth {

template <>
struct EnumNames<Source> {
  static constexpr std::array names{"unknown", "measured", "prior",   "user",
                                    "drawn",   "truth",    "imported"};
};
template <>
struct EnumNames<CameraModelKind> {
  static constexpr std::array names{"pinhole", "brown_conrady", "kannala_brandt", "fisheye624"};
};
template <>
struct EnumNames<IntrinsicsSource> {
  static constexpr std::array names{"unknown", "file", "container", "guess", "truth", "estimated"};
};
template <>
struct EnumNames<HandSide> {
  static constexpr std::array names{"left", "right"};
};
template <>
struct EnumNames<ShapeKind> {
  static constexpr std::array names{"box", "cylinder", "sphere", "capsule"};
};
template <>
struct EnumNames<Pattern> {
  static constexpr std::array names{"plain", "checker", "stripes", "wood", "noise"};
};
template <>
struct EnumNames<PredicateKind> {
  static constexpr std::array names{"lifted", "placed", "upright"};
};

template <class A>
void fields(A& a, Quat& x) {
  a("w", x.w), a("x", x.x), a("y", x.y), a("z", x.z);
}
template <class A>
void fields(A& a, Pose& x) {
  a("position_m", x.position_m), a("rotation", x.rotation);
}
template <class A>
void fields(A& a, Estimate& x) {
  a("value", x.value), a("sigma", x.sigma), a("source", x.source);
}
template <class A>
void fields(A& a, ScaleEstimate& x) {
  a("value", x.value), a("low", x.low), a("high", x.high), a("source", x.source);
  a("cues", x.cues);
}
template <class A>
void fields(A& a, CameraModel& x) {
  a("kind", x.kind), a("width_px", x.width_px), a("height_px", x.height_px);
  a("fx_px", x.fx_px), a("fy_px", x.fy_px), a("cx_px", x.cx_px), a("cy_px", x.cy_px);
  a("k1", x.k1), a("k2", x.k2), a("p1", x.p1), a("p2", x.p2), a("k3", x.k3);
  // Only kinds that have them: files of the others stay as they were.
  const bool thin_prism = x.kind == CameraModelKind::fisheye624;
  if (thin_prism || x.kind == CameraModelKind::kannala_brandt) a("k4", x.k4);
  if (thin_prism) {
    a("k5", x.k5), a("k6", x.k6);
    a("s1", x.s1), a("s2", x.s2), a("s3", x.s3), a("s4", x.s4);
  }
  a("source", x.source), a("focal_sigma_share", x.focal_sigma_share);
}
template <class A>
void fields(A& a, CameraSample& x) {
  a("time_ns", x.time_ns), a("world_from_camera", x.world_from_camera);
  a("observed", x.observed), a("position_sigma_m", x.position_sigma_m);
  a("rotation_sigma_rad", x.rotation_sigma_rad);
}
template <class A>
void fields(A& a, CameraPath& x) {
  a("is_static", x.is_static), a("samples", x.samples);
}
template <class A>
void fields(A& a, Shape& x) {
  a("kind", x.kind), a("size_m", x.size_m);
}
template <class A>
void fields(A& a, Material& x) {
  a("color_rgb", x.color_rgb), a("second_color_rgb", x.second_color_rgb);
  a("pattern", x.pattern), a("pattern_size_m", x.pattern_size_m), a("roughness", x.roughness);
}
template <class A>
void fields(A& a, HandSample& x) {
  a("world_from_wrist", x.world_from_wrist), a("joints_in_world_m", x.joints_in_world_m);
  a("observed", x.observed), a("wrist_covariance_m2", x.wrist_covariance_m2);
}
template <class A>
void fields(A& a, HandSpan& x) {
  a("start_ns", x.start_ns), a("samples", x.samples);
}
template <class A>
void fields(A& a, HandTrajectory& x) {
  a("side", x.side), a("rate_hz", x.rate_hz), a("hand_length_m", x.hand_length_m);
  a("spans", x.spans);
}
template <class A>
void fields(A& a, Support& x) {
  a("id", x.id), a("category", x.category), a("world_from_support", x.world_from_support);
  a("size_m", x.size_m), a("height_m", x.height_m), a("extent_inferred", x.extent_inferred);
  a("friction", x.friction), a("material", x.material);
}
template <class A>
void fields(A& a, SceneObject& x) {
  a("id", x.id), a("category", x.category), a("shape", x.shape);
  a("size_sigma_m", x.size_sigma_m), a("world_from_object", x.world_from_object);
  a("position_sigma_m", x.position_sigma_m), a("yaw_sigma_rad", x.yaw_sigma_rad);
  a("movable", x.movable), a("mass_kg", x.mass_kg), a("friction", x.friction);
  a("material", x.material);
}
template <class A>
void fields(A& a, Light& x) {
  a("id", x.id), a("p_in_world_m", x.p_in_world_m), a("radius_m", x.radius_m);
  a("intensity", x.intensity), a("color_temperature_k", x.color_temperature_k);
}
template <class A>
void fields(A& a, SceneCamera& x) {
  a("id", x.id), a("model", x.model), a("world_from_camera", x.world_from_camera);
}
template <class A>
void fields(A& a, Room& x) {
  a("seen", x.seen), a("center_in_world_m", x.center_in_world_m), a("size_m", x.size_m);
  a("wall", x.wall), a("floor", x.floor);
}
template <class A>
void fields(A& a, Scene& x) {
  a("scale", x.scale), a("up_source", x.up_source), a("up_sigma_rad", x.up_sigma_rad);
  a("floor_seen", x.floor_seen), a("supports", x.supports), a("objects", x.objects);
  a("lights", x.lights), a("cameras", x.cameras), a("room", x.room);
  a("ambient_light", x.ambient_light);
}
template <class A>
void fields(A& a, ObjectPoseSample& x) {
  a("time_ns", x.time_ns), a("world_from_object", x.world_from_object);
  a("observed", x.observed), a("position_sigma_m", x.position_sigma_m);
}
template <class A>
void fields(A& a, ObjectTrack& x) {
  a("object_id", x.object_id), a("samples", x.samples);
}
template <class A>
void fields(A& a, ObjectTracks& x) {
  a("tracks", x.tracks);
}
template <class A>
void fields(A& a, ContactSpan& x) {
  a("hand_track", x.hand_track), a("side", x.side), a("object_id", x.object_id);
  a("onset_ns", x.onset_ns), a("onset_low_ns", x.onset_low_ns);
  a("onset_high_ns", x.onset_high_ns), a("release_ns", x.release_ns);
  a("release_low_ns", x.release_low_ns), a("release_high_ns", x.release_high_ns);
  a("move_start_ns", x.move_start_ns), a("move_stop_ns", x.move_stop_ns);
  a("confidence", x.confidence), a("evidence", x.evidence);
}
template <class A>
void fields(A& a, Contacts& x) {
  a("spans", x.spans);
}
template <class A>
void fields(A& a, Predicate& x) {
  a("name", x.name), a("kind", x.kind), a("object_id", x.object_id);
  a("threshold_m", x.threshold_m), a("threshold_rad", x.threshold_rad);
  a("max_speed_m_s", x.max_speed_m_s), a("hold_s", x.hold_s);
}
template <class A>
void fields(A& a, Task& x) {
  a("chore", x.chore), a("prompt", x.prompt), a("object_id", x.object_id);
  a("start_support_id", x.start_support_id), a("goal_support_id", x.goal_support_id);
  a("world_from_goal", x.world_from_goal), a("goal_sigma_m", x.goal_sigma_m);
  a("predicates", x.predicates), a("time_limit_s", x.time_limit_s);
}

}  // namespace hearth
