// SPDX-License-Identifier: Apache-2.0
#include "draw_replay.h"

#include <hearth/render/draw_list.h>
#include <hearth/render/renderer.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hearth {
namespace {

RenderOptions quick_options() {
  RenderOptions options;
  options.samples_per_pixel = 2;
  return options;
}

// The middle of what the task is about, and the way the person faces, in the floor plane.
struct Stage {
  Vec3 middle_m{};
  Vec3 facing{1, 0, 0};
};

Stage stage_of(const Home& home) {
  Stage stage;
  const SceneObject* object = find_object(home.scene, home.task.object_id);
  if (object != nullptr) {
    stage.middle_m =
        0.5 * (object->world_from_object.position_m + home.task.world_from_goal.position_m);
  } else if (!home.scene.supports.empty()) {
    stage.middle_m = home.scene.supports.front().world_from_support.position_m;
  } else {
    stage.middle_m = {0.6, 0.0, 0.8};
  }
  if (home.camera_path.samples.empty()) return stage;
  Vec3 way = stage.middle_m - home.camera_path.samples.front().world_from_camera.position_m;
  way.z = 0.0;
  if (norm(way) > 0.05) stage.facing = normalized(way);
  return stage;
}

bool is_trunk(const std::string& body) {
  const std::string name = body.substr(body.rfind('/') + 1);
  return name == "head" || name == "neck" || name == "torso" || name == "waist" ||
         name == "pelvis" || name == "base";
}

// The room with supports; `whole` with support tops and objects, which a rollout brings itself.
DrawList surroundings(const Home& home, Vec3 eye_m, bool whole) {
  SceneDrawOptions options;
  options.support_tops = options.objects = whole;
  options.eyes_in_world_m = {eye_m, side_camera(home, 64, 48).world_from_camera.position_m};
  return scene_draw_list(home.scene, options);
}

}  // namespace

PlacedCamera side_camera(const Home& home, int width_px, int height_px) {
  const Stage stage = stage_of(home);
  const Vec3 right = cross(stage.facing, Vec3{0, 0, 1});
  const bool left_handed =
      !home.contacts.spans.empty() && home.contacts.spans.front().side == HandSide::left;
  const Vec3 side = left_handed ? -right : right;
  const Vec3 target = stage.middle_m - 0.12 * stage.facing + Vec3{0, 0, 0.12};
  const Vec3 eye = target + 1.0 * stage.facing + 1.15 * side + Vec3{0, 0, 0.55};
  PlacedCamera camera;
  camera.model.width_px = width_px;
  camera.model.height_px = height_px;
  camera.model.fx_px = camera.model.fy_px = 1.0 * width_px;
  camera.model.cx_px = 0.5 * (width_px - 1);
  camera.model.cy_px = 0.5 * (height_px - 1);
  camera.world_from_camera = look_at(eye, target);
  return camera;
}

PlacedCamera head_camera(const Home& home, const CameraModel& model, TimeNs time_ns) {
  PlacedCamera camera{model, {}};
  const std::vector<CameraSample>& path = home.camera_path.samples;
  if (path.empty()) {
    for (const SceneCamera& fixed : home.scene.cameras) {
      if (fixed.id == "head") return {model, fixed.world_from_camera};
    }
    return side_camera(home, model.width_px, model.height_px);
  }
  const auto after =
      std::lower_bound(path.begin(), path.end(), time_ns,
                       [](const CameraSample& sample, TimeNs t) { return sample.time_ns < t; });
  if (after == path.begin() || after == path.end()) {
    camera.world_from_camera =
        after == path.begin() ? path.front().world_from_camera : path.back().world_from_camera;
    return camera;
  }
  const CameraSample& before = *(after - 1);
  const double u = static_cast<double>(time_ns - before.time_ns) /
                   static_cast<double>(after->time_ns - before.time_ns);
  camera.world_from_camera = interpolate(before.world_from_camera, after->world_from_camera, u);
  return camera;
}

struct ReplayPainter::State {
  DrawList fixed{};
  Rollout rollout{};
  Renderer renderer;
};

ReplayPainter::ReplayPainter(std::unique_ptr<State> state) : state_(std::move(state)) {}
ReplayPainter::ReplayPainter(ReplayPainter&&) noexcept = default;
ReplayPainter& ReplayPainter::operator=(ReplayPainter&&) noexcept = default;
ReplayPainter::~ReplayPainter() = default;

Result<ReplayPainter> ReplayPainter::make(const Home& home, const Rollout& rollout,
                                          bool whole_body) {
  if (rollout.body_pose.rows == 0) {
    return Error{ErrorCode::invalid_argument, "the rollout has no state rows", "body_pose"};
  }
  const Vec3 head = head_camera(home, {}, 0).world_from_camera.position_m;
  DrawList fixed = surroundings(home, head, false);
  DrawList moving = rollout_draw_list(rollout, 0);
  std::erase_if(moving.geoms, [&](const VisualGeom& geom) {
    return !whole_body &&
           is_trunk(rollout.body_names.at(static_cast<std::size_t>(geom.body_index)));
  });
  const DrawList all = joined(fixed, moving);
  Result<Renderer> renderer = Renderer::make(all.geoms, scene_lighting(home.scene));
  if (!renderer) return renderer.error();
  return ReplayPainter(
      std::make_unique<State>(State{std::move(fixed), rollout, std::move(renderer).value()}));
}

Result<ImageRgb8> ReplayPainter::paint(std::size_t row, const PlacedCamera& camera) const {
  std::vector<Pose> poses = state_->fixed.world_from_body;
  const std::size_t last = state_->rollout.body_pose.rows - 1;
  const std::vector<Pose> moved = body_poses(state_->rollout, std::min(row, last));
  poses.insert(poses.end(), moved.begin(), moved.end());
  Result<RenderedFrame> frame =
      state_->renderer.render(poses, camera.model, camera.world_from_camera, quick_options());
  if (!frame) return frame.error();
  return std::move(frame).value().color;
}

Result<ImageRgb8> paint_scene(const Home& home, const PlacedCamera& camera) {
  const DrawList list = surroundings(home, camera.world_from_camera.position_m, true);
  Result<Renderer> renderer = Renderer::make(list.geoms, scene_lighting(home.scene));
  if (!renderer) return renderer.error();
  Renderer ready = std::move(renderer).value();
  Result<RenderedFrame> frame =
      ready.render(list.world_from_body, camera.model, camera.world_from_camera, quick_options());
  if (!frame) return frame.error();
  return std::move(frame).value().color;
}

}  // namespace hearth
