// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/object_tracks.h>
#include <hearth/data/scene.h>

#include <numbers>
#include <set>

#include "check.h"

namespace hearth {

double volume_m3(const Shape& shape) {
  const Vec3 s = shape.size_m;
  const double radius = 0.5 * s.x;
  switch (shape.kind) {
    case ShapeKind::box:
      return s.x * s.y * s.z;
    case ShapeKind::cylinder:
      return 0.25 * std::numbers::pi * s.x * s.y * s.z;
    case ShapeKind::sphere:
      return std::numbers::pi / 6.0 * s.x * s.y * s.z;
    case ShapeKind::capsule:
      return std::numbers::pi * radius * radius * (s.z - s.x) +
             4.0 / 3.0 * std::numbers::pi * radius * radius * radius;
  }
  require(false, "known ShapeKind");
  return 0.0;
}

Result<Shape> validated(Shape shape) {
  Check check;
  check.positive(shape.size_m.x, "/size_m/0");
  check.positive(shape.size_m.y, "/size_m/1");
  check.positive(shape.size_m.z, "/size_m/2");
  if (shape.kind == ShapeKind::capsule) {
    check.that(shape.size_m.z >= shape.size_m.x, "/size_m/2",
               "a capsule is at least as high as it is wide");
  }
  return check.result(std::move(shape));
}

Result<Material> validated(Material material) {
  Check check;
  for (const Vec3& c : {material.color_rgb, material.second_color_rgb}) {
    check.share(c.x, "/color_rgb/0");
    check.share(c.y, "/color_rgb/1");
    check.share(c.z, "/color_rgb/2");
  }
  check.positive(material.pattern_size_m, "/pattern_size_m");
  check.share(material.roughness, "/roughness");
  return check.result(std::move(material));
}

const SceneObject* find_object(const Scene& scene, const std::string& id) {
  for (const SceneObject& object : scene.objects) {
    if (object.id == id) return &object;
  }
  return nullptr;
}

const Support* find_support(const Scene& scene, const std::string& id) {
  for (const Support& support : scene.supports) {
    if (support.id == id) return &support;
  }
  return nullptr;
}

namespace {

void check_support(Check& check, const Support& support, const std::string& where) {
  check.pose(support.world_from_support, where + "/world_from_support");
  check.positive(support.size_m.x, where + "/size_m/0");
  check.positive(support.size_m.y, where + "/size_m/1");
  check.positive(support.size_m.z, where + "/size_m/2");
  check.finite(support.height_m.value, where + "/height_m/value");
  check.not_below_zero(support.friction, where + "/friction");
  check.nested(validated(support.material), where + "/material");
}

void check_object(Check& check, const SceneObject& object, const std::string& where) {
  check.nested(validated(object.shape), where + "/shape");
  check.pose(object.world_from_object, where + "/world_from_object");
  check.positive(object.mass_kg.value, where + "/mass_kg/value");
  check.not_below_zero(object.mass_kg.sigma, where + "/mass_kg/sigma");
  check.not_below_zero(object.friction.value, where + "/friction/value");
  check.not_below_zero(object.position_sigma_m, where + "/position_sigma_m");
  check.not_below_zero(object.yaw_sigma_rad, where + "/yaw_sigma_rad");
  check.nested(validated(object.material), where + "/material");
}

}  // namespace

Result<Scene> validated(Scene scene) {
  Check check;
  std::set<std::string> ids;
  const auto unique = [&](const std::string& id, const std::string& where) {
    check.named(id, where + "/id");
    check.that(ids.insert(id).second, where + "/id", "id '" + id + "' is used twice");
  };
  check.positive(scene.scale.value, "/scale/value");
  check.that(scene.scale.low <= scene.scale.value && scene.scale.value <= scene.scale.high,
             "/scale", "low <= value <= high must hold");
  for (std::size_t i = 0; i < scene.supports.size(); ++i) {
    unique(scene.supports[i].id, at("supports", i));
    check_support(check, scene.supports[i], at("supports", i));
  }
  for (std::size_t i = 0; i < scene.objects.size(); ++i) {
    unique(scene.objects[i].id, at("objects", i));
    check_object(check, scene.objects[i], at("objects", i));
  }
  for (std::size_t i = 0; i < scene.lights.size(); ++i) {
    const Light& light = scene.lights[i];
    const std::string where = at("lights", i);
    unique(light.id, where);
    check.finite(light.p_in_world_m, where + "/p_in_world_m");
    check.not_below_zero(light.radius_m, where + "/radius_m");
    check.not_below_zero(light.intensity, where + "/intensity");
    check.positive(light.color_temperature_k, where + "/color_temperature_k");
  }
  for (std::size_t i = 0; i < scene.cameras.size(); ++i) {
    unique(scene.cameras[i].id, at("cameras", i));
    check.nested(validated(scene.cameras[i].model), at("cameras", i) + "/model");
    check.pose(scene.cameras[i].world_from_camera, at("cameras", i) + "/world_from_camera");
  }
  check.positive(scene.room.size_m.x, "/room/size_m/0");
  check.positive(scene.room.size_m.y, "/room/size_m/1");
  check.positive(scene.room.size_m.z, "/room/size_m/2");
  check.nested(validated(scene.room.wall), "/room/wall");
  check.nested(validated(scene.room.floor), "/room/floor");
  check.share(scene.ambient_light, "/ambient_light");
  return check.result(std::move(scene));
}

const ObjectTrack* find_track(const ObjectTracks& tracks, const std::string& object_id) {
  for (const ObjectTrack& track : tracks.tracks) {
    if (track.object_id == object_id) return &track;
  }
  return nullptr;
}

Pose pose_at(const ObjectTrack& track, TimeNs time_ns) {
  require(!track.samples.empty(), "pose_at needs samples");
  if (time_ns <= track.samples.front().time_ns) return track.samples.front().world_from_object;
  for (std::size_t i = 1; i < track.samples.size(); ++i) {
    const ObjectPoseSample& a = track.samples[i - 1];
    const ObjectPoseSample& b = track.samples[i];
    if (time_ns > b.time_ns) continue;
    const double u =
        static_cast<double>(time_ns - a.time_ns) / static_cast<double>(b.time_ns - a.time_ns);
    return interpolate(a.world_from_object, b.world_from_object, u);
  }
  return track.samples.back().world_from_object;
}

Result<ObjectTracks> validated(ObjectTracks tracks) {
  Check check;
  for (std::size_t t = 0; t < tracks.tracks.size(); ++t) {
    const ObjectTrack& track = tracks.tracks[t];
    check.named(track.object_id, at("tracks", t) + "/object_id");
    for (std::size_t i = 0; i < track.samples.size(); ++i) {
      const std::string where = at("tracks", t) + at("samples", i);
      check.pose(track.samples[i].world_from_object, where + "/world_from_object");
      check.not_below_zero(track.samples[i].position_sigma_m, where + "/position_sigma_m");
      check.that(i == 0 || track.samples[i].time_ns > track.samples[i - 1].time_ns,
                 where + "/time_ns", "times must ascend");
    }
  }
  return check.result(std::move(tracks));
}

}  // namespace hearth
