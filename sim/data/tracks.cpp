// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/tracks.h>

#include <set>

#include "check.h"

namespace hearth {
namespace {

void check_hand(Check& check, const HandTrack& hand, int frames, const std::string& where) {
  check.named(hand.id, where + "/id");
  check.share(hand.side_confidence, where + "/side_confidence");
  check.positive(hand.hand_length_m, where + "/hand_length_m");
  for (const double bone : hand.bone_length_m) check.positive(bone, where + "/bone_length_m");
  int previous = -1;
  for (std::size_t i = 0; i < hand.observations.size(); ++i) {
    const HandObservation& o = hand.observations[i];
    const std::string place = where + at("observations", i);
    check.that(o.frame > previous && o.frame < frames, place + "/frame",
               "frames must ascend and exist");
    previous = o.frame;
    for (std::size_t j = 0; j < kHandJoints; ++j) {
      check.that(is_finite(o.joints_px[j]), place + at("joints_px", j), "must be finite");
      check.that(is_finite(o.joints_in_camera_m[j]), place + at("joints_in_camera_m", j),
                 "must be finite");
    }
    check.share(o.presence, place + "/presence");
    check.not_below_zero(o.sigma_px, place + "/sigma_px");
    check.not_below_zero(o.depth_sigma_m, place + "/depth_sigma_m");
  }
}

void check_points(Check& check, const Tracks& tracks) {
  for (std::size_t i = 0; i < tracks.map_points.size(); ++i) {
    check.finite(tracks.map_points[i].p_in_map, at("map_points", i) + "/p_in_map");
  }
  for (std::size_t i = 0; i < tracks.moving_points.size(); ++i) {
    int previous = -1;
    for (const PointSample& sample : tracks.moving_points[i].samples) {
      check.that(is_finite(sample.pixel_px), at("moving_points", i), "must be finite");
      check.that(sample.frame > previous && sample.frame < tracks.frames, at("moving_points", i),
                 "frames must ascend and exist");
      previous = sample.frame;
    }
  }
  for (std::size_t i = 0; i < tracks.objects.size(); ++i) {
    const ObjectSighting& object = tracks.objects[i];
    const std::string where = at("objects", i);
    check.named(object.id, where + "/id");
    check.nested(validated(object.shape), where + "/shape");
    int previous = -1;
    for (std::size_t k = 0; k < object.observations.size(); ++k) {
      const ObjectObservation& o = object.observations[k];
      check.pose(o.map_from_object, where + at("observations", k) + "/map_from_object");
      check.that(o.frame > previous && o.frame < tracks.frames,
                 where + at("observations", k) + "/frame", "frames must ascend and exist");
      previous = o.frame;
    }
  }
}

void check_imported(Check& check, const Tracks& tracks) {
  for (std::size_t i = 0; i < tracks.boxes.size(); ++i) {
    check.named(tracks.boxes[i].id, at("boxes", i) + "/id");
    int previous = -1;
    for (std::size_t k = 0; k < tracks.boxes[i].observations.size(); ++k) {
      const BoxObservation& o = tracks.boxes[i].observations[k];
      const std::string where = at("boxes", i) + at("observations", k);
      check.that(o.frame > previous && o.frame < tracks.frames, where + "/frame",
                 "frames must ascend and exist");
      previous = o.frame;
      check.that(is_finite(o.min_px) && is_finite(o.max_px) && o.min_px.x <= o.max_px.x &&
                     o.min_px.y <= o.max_px.y,
                 where, "min_px must be finite and not beyond max_px");
      check.share(o.presence, where + "/presence");
      check.share(o.visibility, where + "/visibility");
    }
  }
  int previous = -1;
  for (std::size_t i = 0; i < tracks.depth_maps.size(); ++i) {
    const DepthMap& map = tracks.depth_maps[i];
    const std::string where = at("depth_maps", i);
    check.that(map.frame > previous && map.frame < tracks.frames, where + "/frame",
               "frames must ascend and exist");
    previous = map.frame;
    check.named(map.file, where + "/file");
    check.that(map.width_px > 0 && map.height_px > 0, where + "/width_px", "must be positive");
    check.positive(map.unit_m, where + "/unit_m");
  }
  for (std::size_t i = 0; i < tracks.origins.size(); ++i) {
    check.named(tracks.origins[i].part, at("origins", i) + "/part");
    check.named(tracks.origins[i].source, at("origins", i) + "/source");
  }
}

}  // namespace

Result<Tracks> validated(Tracks tracks) {
  Check check;
  check.named(tracks.source, "/source");
  check.that(tracks.frames > 0, "/frames", "must be positive");
  check.that(tracks.frame_time_ns.size() == static_cast<std::size_t>(std::max(tracks.frames, 0)),
             "/frame_time_ns", "must have one time per frame");
  check.ascending(tracks.frame_time_ns, "/frame_time_ns");
  if (!tracks.hands.empty() || tracks.camera_model != CameraModel{}) {
    check.nested(validated(tracks.camera_model), "/camera_model");
  }
  int previous = -1;
  for (std::size_t i = 0; i < tracks.camera.size(); ++i) {
    const MapCamera& camera = tracks.camera[i];
    check.that(camera.frame > previous && camera.frame < tracks.frames, at("camera", i) + "/frame",
               "frames must ascend and exist");
    previous = camera.frame;
    check.pose(camera.map_from_camera, at("camera", i) + "/map_from_camera");
    check.not_below_zero(camera.position_sigma, at("camera", i) + "/position_sigma");
    check.not_below_zero(camera.rotation_sigma_rad, at("camera", i) + "/rotation_sigma_rad");
  }
  if (tracks.map_scale_m) check.positive(tracks.map_scale_m->value, "/map_scale_m/value");
  if (tracks.up_in_map) {
    check.that(std::abs(norm(*tracks.up_in_map) - 1.0) < 1e-6, "/up_in_map",
               "must be a unit vector");
  }
  std::set<std::string> ids;
  for (std::size_t i = 0; i < tracks.hands.size(); ++i) {
    check.that(ids.insert(tracks.hands[i].id).second, at("hands", i) + "/id", "id is used twice");
    check_hand(check, tracks.hands[i], tracks.frames, at("hands", i));
  }
  check_points(check, tracks);
  check_imported(check, tracks);
  return check.result(std::move(tracks));
}

}  // namespace hearth
