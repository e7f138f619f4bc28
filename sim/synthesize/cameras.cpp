// SPDX-License-Identifier: Apache-2.0
#include "cameras.h"

#include <hearth/core/time.h>
#include <hearth/perturb/apply.h>
#include <hearth/render/draw_list.h>
#include <hearth/render/renderer.h>
#include <hearth/task/object_path.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hearth {
namespace {

constexpr double kDefaultFocalShare = 0.75;  ///< Focal length over picture width: 67 degrees.

const SceneCamera* find_camera(const Scene& scene, const std::string& id) {
  for (const SceneCamera& camera : scene.cameras) {
    if (camera.id == id) return &camera;
  }
  return nullptr;
}

/// A pinhole of the options' size with the field of view of a recorded camera.
CameraModel pinhole(const SceneCamera* like, const SynthesizeOptions& options) {
  double focal_share = kDefaultFocalShare;
  if (like != nullptr && like->model.width_px > 0) {
    focal_share = std::clamp(like->model.fx_px / like->model.width_px, 0.4, 1.5);
  }
  CameraModel model;
  model.width_px = options.width_px;
  model.height_px = options.height_px;
  model.fx_px = model.fy_px = focal_share * options.width_px;
  model.cx_px = 0.5 * (options.width_px - 1);
  model.cy_px = 0.5 * (options.height_px - 1);
  model.source = IntrinsicsSource::truth;
  return model;
}

Pose moved_by_variant(Pose world_from_camera, const Variant& variant, const std::string& id) {
  for (const Edit& edit : variant.edits) {
    const MoveCamera* move = std::get_if<MoveCamera>(&edit);
    if (move != nullptr && move->camera_id == id) {
      world_from_camera = moved_camera(world_from_camera, *move);
    }
  }
  return world_from_camera;
}

struct Shot {
  Renderer renderer;
  std::vector<Pose> still_bodies;  // of the room; the rollout's come after them
};

Result<Shot> make_shot(const Home& home, const Rollout& rollout,
                       const std::vector<FilmCamera>& cameras) {
  SceneDrawOptions draw;
  draw.objects = draw.support_tops = false;  // The rollout brings both.
  for (const FilmCamera& camera : cameras) {
    draw.eyes_in_world_m.push_back(camera.world_from_camera.front().position_m);
  }
  DrawList room = scene_draw_list(home.scene, draw);
  std::vector<Pose> still = room.world_from_body;
  DrawList all = joined(std::move(room), rollout_draw_list(rollout, 0));
  Result<Renderer> renderer = Renderer::make(std::move(all.geoms), scene_lighting(home.scene));
  if (!renderer) return renderer.error();
  return Shot{std::move(renderer).value(), std::move(still)};
}

Result<Done> film_frame(Shot& shot, const Rollout& rollout, const FilmCamera& camera,
                        std::size_t row, const SynthesizeOptions& options, Mp4Writer& writer,
                        Footage& footage) {
  std::vector<Pose> poses = shot.still_bodies;
  const std::vector<Pose> moving = body_poses(rollout, row);
  poses.insert(poses.end(), moving.begin(), moving.end());
  RenderOptions render;
  render.samples_per_pixel = options.samples_per_pixel;
  render.occlusion = false;  // a tenth of the time, and only creases show it
  render.jobs = 1;           // units are the parallel work
  const Result<RenderedFrame> frame =
      shot.renderer.render(poses, camera.model, camera.world_from_camera[row], render);
  if (!frame) return frame.error();
  add(footage.pixels, frame->color);
  if (const auto added = writer.add(frame->color); !added) return added.error();
  if (options.has_depth) {
    if (auto added = add_depth(footage.depth, frame->depth); !added) return added;
  }
  if (options.has_bodies) {
    if (auto added = add_bodies(footage.bodies, frame->bodies); !added) return added;
  }
  return Done{};
}

}  // namespace

Home with_room_camera(Home home) {
  if (find_camera(home.scene, "room") != nullptr) {
    return home;
  }
  const SceneObject* object = find_object(home.scene, home.task.object_id);
  const Vec3 goal = home.task.world_from_goal.position_m;
  const Vec3 start = object != nullptr ? object->world_from_object.position_m : goal;
  const Vec3 middle = 0.5 * (start + goal);
  Vec3 person = middle - Vec3{1, 0, 0};
  if (!home.camera_path.samples.empty()) {
    person = home.camera_path.samples.front().world_from_camera.position_m;
  } else if (!home.scene.cameras.empty()) {
    person = home.scene.cameras.front().world_from_camera.position_m;
  }
  Vec3 away = middle - person;
  away.z = 0.0;
  away = norm(away) > 1e-6 ? normalized(away) : Vec3{1, 0, 0};
  // Beyond the object, 40 degrees to the side: sees object, hands and face of the humanoid.
  const Vec3 side = quat_from_axis_angle({0, 0, 1}, 0.7) * away;
  SceneCamera room;
  room.id = "room";
  room.model = pinhole(nullptr, SynthesizeOptions{});
  room.world_from_camera = look_at(middle + 1.2 * side + Vec3{0, 0, 0.6}, middle);
  home.scene.cameras.push_back(room);
  return home;
}

Result<std::vector<FilmCamera>> film_cameras(const Home& home, const Variant& variant,
                                             const Humanoid& humanoid, const Rollout& rollout,
                                             const SynthesizeOptions& options) {
  const auto site =
      std::find_if(humanoid.sites.begin(), humanoid.sites.end(),
                   [](const HumanoidSite& each) { return each.name == "head_camera"; });
  if (site == humanoid.sites.end()) {
    return Error{ErrorCode::infeasible, "the humanoid has no site head_camera", "humanoid/sites"};
  }
  const Result<ObjectTrack> head = object_path(rollout, "humanoid/" + site->body);
  if (!head) return head.error();
  std::vector<FilmCamera> cameras(2);
  cameras[0].name = "head";
  cameras[0].model = pinhole(find_camera(home.scene, "head"), options);
  for (const ObjectPoseSample& sample : head->samples) {
    cameras[0].world_from_camera.push_back(
        moved_by_variant(sample.world_from_object * site->body_from_site, variant, "head"));
  }
  const SceneCamera* room = find_camera(home.scene, "room");
  require(room != nullptr, "the home has a room camera");
  cameras[1].name = "room";
  cameras[1].model = pinhole(room, options);
  cameras[1].world_from_camera.assign(head->samples.size(), room->world_from_camera);
  return cameras;
}

Mp4Options encoding_of(const Rollout& rollout) {
  Mp4Options encoding;
  encoding.rate_hz = static_cast<int>(std::lround(rollout.control_rate_hz));
  return encoding;
}

Result<std::vector<Footage>> film_rollout(const Home& home, const Rollout& rollout,
                                          const std::vector<FilmCamera>& cameras,
                                          const SynthesizeOptions& options) {
  Result<Shot> made = make_shot(home, rollout, cameras);
  if (!made) return made.error();
  Shot shot = std::move(made).value();
  std::vector<Footage> all;
  for (const FilmCamera& camera : cameras) {
    Result<Mp4Writer> opened =
        make_mp4_writer(options.width_px, options.height_px, encoding_of(rollout));
    if (!opened) return opened.error();
    Mp4Writer writer = std::move(opened).value();
    Footage footage;
    for (std::size_t row = 0; row < rollout.action.rows; ++row) {
      const auto filmed = film_frame(shot, rollout, camera, row, options, writer, footage);
      if (!filmed) return filmed.error();
    }
    Result<std::string> bytes = writer.finish();
    if (!bytes) return bytes.error();
    footage.mp4 = std::move(bytes).value();
    all.push_back(std::move(footage));
  }
  return all;
}

}  // namespace hearth
