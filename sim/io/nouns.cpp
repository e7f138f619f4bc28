// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/episode.h>
#include <hearth/data/tracks.h>

#include "fields_core.h"
#include "nouns_impl.h"

namespace hearth {

template <class A>
void fields(A& a, StreamInfo& x) {
  a("index", x.index), a("kind", x.kind), a("codec", x.codec);
}
template <class A>
void fields(A& a, Episode& x) {
  a("clip_file", x.clip_file), a("clip_sha256", x.clip_sha256), a("container", x.container);
  a("codec", x.codec), a("width_px", x.width_px), a("height_px", x.height_px);
  a("rotation_deg", x.rotation_deg), a("nominal_rate_hz", x.nominal_rate_hz);
  a("constant_rate", x.constant_rate), a("frame_time_ns", x.frame_time_ns);
  a("repeated_frames", x.repeated_frames), a("streams", x.streams), a("camera", x.camera);
}
template <class A>
void fields(A& a, HandObservation& x) {
  a("frame", x.frame), a("time_ns", x.time_ns), a("joints_px", x.joints_px);
  a("joints_in_camera_m", x.joints_in_camera_m), a("presence", x.presence);
  a("observed", x.observed), a("sigma_px", x.sigma_px), a("depth_sigma_m", x.depth_sigma_m);
}
template <class A>
void fields(A& a, HandTrack& x) {
  a("id", x.id), a("side", x.side), a("side_confidence", x.side_confidence);
  a("wearer", x.wearer), a("hand_length_m", x.hand_length_m);
  a("bone_length_m", x.bone_length_m), a("source", x.source);
  a("observations", x.observations);
}
template <class A>
void fields(A& a, MapCamera& x) {
  a("frame", x.frame), a("time_ns", x.time_ns), a("map_from_camera", x.map_from_camera);
  a("observed", x.observed), a("chunk", x.chunk), a("position_sigma", x.position_sigma);
  a("rotation_sigma_rad", x.rotation_sigma_rad);
}
template <class A>
void fields(A& a, MapPoint& x) {
  a("p_in_map", x.p_in_map), a("chunk", x.chunk), a("observations", x.observations);
  a("reprojection_px", x.reprojection_px);
}
template <class A>
void fields(A& a, PointSample& x) {
  a("frame", x.frame), a("pixel_px", x.pixel_px);
}
template <class A>
void fields(A& a, MovingPoint& x) {
  a("near_hand", x.near_hand), a("samples", x.samples);
}
template <class A>
void fields(A& a, ObjectObservation& x) {
  a("frame", x.frame), a("time_ns", x.time_ns), a("map_from_object", x.map_from_object);
  a("position_sigma", x.position_sigma);
}
template <class A>
void fields(A& a, ObjectSighting& x) {
  a("id", x.id), a("category", x.category), a("shape", x.shape), a("color_rgb", x.color_rgb);
  a("source", x.source), a("observations", x.observations);
}
template <>
struct EnumNames<BoxKind> {
  static constexpr std::array names{"hand", "object"};
};
template <class A>
void fields(A& a, BoxObservation& x) {
  a("frame", x.frame), a("min_px", x.min_px), a("max_px", x.max_px);
  a("presence", x.presence), a("visibility", x.visibility);
}
template <class A>
void fields(A& a, BoxTrack& x) {
  a("id", x.id), a("kind", x.kind), a("category", x.category), a("source", x.source);
  a("observations", x.observations);
}
template <class A>
void fields(A& a, DepthMap& x) {
  a("frame", x.frame), a("file", x.file), a("width_px", x.width_px);
  a("height_px", x.height_px), a("unit_m", x.unit_m);
}
template <class A>
void fields(A& a, TrackOrigin& x) {
  a("part", x.part), a("source", x.source), a("writer", x.writer), a("file", x.file);
  a("file_sha256", x.file_sha256);
}
template <class A>
void fields(A& a, Tracks& x) {
  a("source", x.source), a("frames", x.frames), a("frame_time_ns", x.frame_time_ns);
  a("camera_model", x.camera_model), a("camera_is_static", x.camera_is_static);
  a("camera", x.camera), a("map_scale_m", x.map_scale_m), a("up_in_map", x.up_in_map);
  a("hands", x.hands), a("map_points", x.map_points), a("moving_points", x.moving_points);
  a("objects", x.objects), a("boxes", x.boxes), a("depth_maps", x.depth_maps);
  a("origins", x.origins);
}

}  // namespace hearth

HEARTH_NOUN_NAME(hearth::CameraModel, "camera_model")
HEARTH_NOUN_NAME(hearth::Episode, "episode")
HEARTH_NOUN_NAME(hearth::Tracks, "tracks")
HEARTH_NOUN(hearth::CameraModel)
HEARTH_NOUN(hearth::Episode)
HEARTH_NOUN(hearth::Tracks)
