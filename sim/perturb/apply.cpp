// SPDX-License-Identifier: Apache-2.0
#include <hearth/perturb/apply.h>
#include <hearth/task/object_path.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "adapt_motion.h"

namespace hearth {
namespace {

/// A bottom this close to a top face stands on it.
constexpr double kStandingToleranceM = 0.03;

Quat turn_about_z(double yaw_rad) { return quat_from_axis_angle({0, 0, 1}, yaw_rad); }

/// Applies edits to scene and task one after the other; the motions follow later, in one go.
class SceneEditor {
 public:
  SceneEditor(Scene& scene, Task& task) : scene_(scene), task_(task) {}

  /// Returns what is wrong with the edit: an Error whose `where` is a field, or nothing.
  [[nodiscard]] Result<Done> operator()(const MoveStart& edit) {
    SceneObject* object = movable(edit.object_id);
    if (object == nullptr) return unknown("object_id", edit.object_id);
    move(object->world_from_object, edit.dx_m, edit.dy_m, edit.yaw_rad);
    return Done{};
  }
  [[nodiscard]] Result<Done> operator()(const MoveGoal& edit) {
    move(task_.world_from_goal, edit.dx_m, edit.dy_m, edit.yaw_rad);
    return Done{};
  }
  [[nodiscard]] Result<Done> operator()(const RaiseSupport& edit) {
    const auto found =
        std::find_if(scene_.supports.begin(), scene_.supports.end(),
                     [&](const Support& support) { return support.id == edit.support_id; });
    if (found == scene_.supports.end()) return unknown("support_id", edit.support_id);
    for (SceneObject& object : scene_.objects) {
      if (stands_on(object, *found)) object.world_from_object.position_m.z += edit.dz_m;
    }
    if (task_.goal_support_id == edit.support_id) task_.world_from_goal.position_m.z += edit.dz_m;
    found->world_from_support.position_m.z += edit.dz_m;
    found->height_m.value += edit.dz_m;
    return Done{};
  }
  [[nodiscard]] Result<Done> operator()(const ScaleObject& edit) {
    SceneObject* object = movable(edit.object_id);
    if (object == nullptr) return unknown("object_id", edit.object_id);
    const Shape before = object->shape;
    Vec3& size = object->shape.size_m;
    size = {size.x * edit.factor.x, size.y * edit.factor.y, size.z * edit.factor.z};
    if (before.kind == ShapeKind::capsule) size.z = std::max(size.z, size.x);
    const double volume_factor = volume_m3(object->shape) / volume_m3(before);
    object->mass_kg.value *= volume_factor;
    object->mass_kg.sigma *= volume_factor;
    keep_bottom(before, object->shape, object->world_from_object);
    if (task_.object_id == edit.object_id) {
      keep_bottom(before, object->shape, task_.world_from_goal);
    }
    return Done{};
  }
  [[nodiscard]] Result<Done> operator()(const ScaleMass& edit) {
    SceneObject* object = movable(edit.object_id);
    if (object == nullptr) return unknown("object_id", edit.object_id);
    object->mass_kg.value *= edit.factor;
    object->mass_kg.source = Source::drawn;
    return Done{};
  }
  [[nodiscard]] Result<Done> operator()(const SetFriction& edit) {
    SceneObject* object = movable(edit.object_id);
    if (object == nullptr) return unknown("object_id", edit.object_id);
    object->friction = {edit.friction, 0.0, Source::drawn};
    return Done{};
  }
  [[nodiscard]] Result<Done> operator()(const SetMaterial& edit) {
    Material* material = find_material(edit.target_id);
    if (material == nullptr) return unknown("target_id", edit.target_id);
    *material = edit.material;
    return Done{};
  }
  [[nodiscard]] Result<Done> operator()(const SetLights& edit) {
    scene_.lights = edit.lights;
    scene_.ambient_light = edit.ambient_light;
    return Done{};
  }
  [[nodiscard]] Result<Done> operator()(const MoveCamera& edit) {
    for (SceneCamera& camera : scene_.cameras) {
      if (camera.id != edit.camera_id) continue;
      camera.world_from_camera = moved_camera(camera.world_from_camera, edit);
      return Done{};
    }
    return unknown("camera_id", edit.camera_id);
  }

 private:
  static Error unknown(const std::string& field, const std::string& id) {
    return {ErrorCode::not_found, "no '" + id + "' in the scene", "/" + field};
  }

  static void move(Pose& pose, double dx_m, double dy_m, double yaw) {
    pose.position_m = pose.position_m + Vec3{dx_m, dy_m, 0.0};
    pose.rotation = normalized(turn_about_z(yaw) * pose.rotation);
  }

  static void keep_bottom(const Shape& before, const Shape& after, Pose& pose) {
    const Vec3 down{0, 0, -1};
    pose.position_m.z +=
        reach_along(after, pose.rotation, down) - reach_along(before, pose.rotation, down);
  }

  SceneObject* movable(const std::string& id) {
    for (SceneObject& object : scene_.objects) {
      if (object.id == id) return &object;
    }
    return nullptr;
  }

  Material* find_material(const std::string& id) {
    if (id == "wall") return &scene_.room.wall;
    if (id == "floor") return &scene_.room.floor;
    if (SceneObject* object = movable(id); object != nullptr) return &object->material;
    for (Support& support : scene_.supports) {
      if (support.id == id) return &support.material;
    }
    return nullptr;
  }

  /// The task says it for the manipulated object; for others, height and outline do.
  [[nodiscard]] bool stands_on(const SceneObject& object, const Support& support) const {
    if (object.id == task_.object_id) return task_.start_support_id == support.id;
    const Vec3 p = inverse(support.world_from_support) * object.world_from_object.position_m;
    const double gap_m =
        bottom_m(object.shape, object.world_from_object) - support.world_from_support.position_m.z;
    return std::abs(gap_m) <= kStandingToleranceM && std::abs(p.x) <= 0.5 * support.size_m.x &&
           std::abs(p.y) <= 0.5 * support.size_m.y;
  }

  Scene& scene_;
  Task& task_;
};

/// Other objects do not move in their home, so their tracks follow their scene pose rigidly.
void follow_scene_pose(const Home& source, const Scene& edited, ObjectTrack& track) {
  const SceneObject* before = find_object(source.scene, track.object_id);
  const SceneObject* after = find_object(edited, track.object_id);
  if (before == nullptr || after == nullptr ||
      before->world_from_object == after->world_from_object) {
    return;
  }
  const Pose change = after->world_from_object * inverse(before->world_from_object);
  for (ObjectPoseSample& sample : track.samples) {
    sample.world_from_object = change * sample.world_from_object;
    sample.world_from_object.rotation = normalized(sample.world_from_object.rotation);
  }
}

void move_head_path(const Variant& variant, CameraPath& path) {
  for (const Edit& edit : variant.edits) {
    const MoveCamera* move = std::get_if<MoveCamera>(&edit);
    if (move == nullptr || move->camera_id != "head") continue;
    for (CameraSample& sample : path.samples) {
      sample.world_from_camera = moved_camera(sample.world_from_camera, *move);
    }
  }
}

}  // namespace

Pose moved_camera(const Pose& world_from_camera, const MoveCamera& edit) {
  return {world_from_camera.position_m + edit.offset_m,
          normalized(world_from_camera.rotation * quat_from_rotation_vector(edit.rotation_rad))};
}

Result<Home> apply(const Variant& variant, const Home& home, Diagnostics& diagnostics) {
  if (variant.edits.empty()) {
    return home;
  }
  Home edited = home;
  SceneEditor editor(edited.scene, edited.task);
  for (std::size_t i = 0; i < variant.edits.size(); ++i) {
    const Result<Done> done =
        std::visit([&](const auto& edit) { return editor(edit); }, variant.edits[i]);
    if (!done) {
      Error error = done.error();
      error.where = "/edits/" + std::to_string(i) + error.where;
      return error;
    }
  }
  for (ObjectTrack& track : edited.object_tracks.tracks) {
    if (track.object_id != home.task.object_id) follow_scene_pose(home, edited.scene, track);
  }
  adapt_motion(home, edited, diagnostics);
  move_head_path(variant, edited.camera_path);
  return validated(std::move(edited));
}

}  // namespace hearth
