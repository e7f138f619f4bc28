// SPDX-License-Identifier: Apache-2.0
#include <hearth/render/renderer.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "sim/render/frame_pass.h"
#include "sim/render/primitive.h"
#include "sim/render/ray_scene.h"
#include "sim/render/shading.h"

namespace hearth {
namespace {

constexpr int kMostSamples = 16;

Error bad(std::string where, std::string message) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(where)};
}

bool good_pose(const Pose& pose) { return is_finite(pose) && is_unit(pose.rotation); }

std::optional<Error> check_geoms(const std::vector<VisualGeom>& geoms) {
  for (std::size_t i = 0; i < geoms.size(); ++i) {
    const std::string where = "geoms/" + std::to_string(i);
    if (geoms[i].body_index < 0) return bad(where + "/body_index", "must not be negative");
    const auto shape = validated(geoms[i].shape);
    if (!shape.ok()) return bad(where + "/shape", to_string(shape.error()));
    const auto material = validated(geoms[i].material);
    if (!material.ok()) return bad(where + "/material", to_string(material.error()));
    if (!good_pose(geoms[i].body_from_geom)) {
      return bad(where + "/body_from_geom", "must be finite with a unit quaternion");
    }
  }
  return std::nullopt;
}

std::optional<Error> check_lighting(const Lighting& lighting) {
  for (std::size_t i = 0; i < lighting.lights.size(); ++i) {
    const Light& light = lighting.lights[i];
    const std::string where = "lights/" + std::to_string(i);
    if (!is_finite(light.p_in_world_m)) return bad(where + "/p_in_world_m", "must be finite");
    if (!(light.radius_m >= 0.0) || !std::isfinite(light.radius_m)) {
      return bad(where + "/radius_m", "must be finite and not negative");
    }
    if (!(light.intensity >= 0.0) || !std::isfinite(light.intensity)) {
      return bad(where + "/intensity", "must be finite and not negative");
    }
    if (!(light.color_temperature_k > 0.0) || !std::isfinite(light.color_temperature_k)) {
      return bad(where + "/color_temperature_k", "must be finite and positive");
    }
  }
  if (!(lighting.ambient_light >= 0.0 && lighting.ambient_light <= 1.0)) {
    return bad("ambient_light", "must be within 0..1");
  }
  if (!(lighting.exposure > 0.0) || !std::isfinite(lighting.exposure)) {
    return bad("exposure", "must be finite and positive");
  }
  if (!is_finite(lighting.background_rgb)) return bad("background_rgb", "must be finite");
  return std::nullopt;
}

std::optional<Error> check_options(const RenderOptions& options) {
  if (options.samples_per_pixel < 1 || options.samples_per_pixel > kMostSamples) {
    return bad("samples_per_pixel", "must be within 1..16");
  }
  if (!(options.occlusion_m > 0.0) || !std::isfinite(options.occlusion_m)) {
    return bad("occlusion_m", "must be finite and positive");
  }
  if (options.jobs < 0) return bad("jobs", "must not be negative");
  return std::nullopt;
}

}  // namespace

struct Renderer::State {
  std::vector<VisualGeom> geoms;
  ReadyLighting lighting;
  std::unique_ptr<RayScene> scene;
  std::size_t bodies = 0;  // poses that render() needs
  CameraModel table_camera;
  RayTable table;
};

Renderer::Renderer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;
Renderer::~Renderer() = default;

Result<Renderer> Renderer::make(std::vector<VisualGeom> geoms, const Lighting& lighting) {
  if (auto error = check_geoms(geoms)) return *error;
  if (auto error = check_lighting(lighting)) return *error;
  auto state = std::make_unique<State>();
  state->scene = RayScene::make();
  if (!state->scene) {
    return Error{ErrorCode::unsupported, "the ray caster Embree cannot start on this machine",
                 "render"};
  }
  for (const VisualGeom& geom : geoms) {
    state->bodies = std::max(state->bodies, static_cast<std::size_t>(geom.body_index) + 1);
  }
  state->geoms = std::move(geoms);
  state->lighting = make_ready(lighting);
  return Renderer(std::move(state));
}

Result<RenderedFrame> Renderer::render(std::span<const Pose> world_from_body,
                                       const CameraModel& camera, const Pose& world_from_camera,
                                       const RenderOptions& options) {
  require(state_ != nullptr, "Renderer was moved from");
  if (auto error = check_options(options)) return *error;
  const auto model = validated(camera);
  if (!model.ok()) return model.error();
  if (!good_pose(world_from_camera)) {
    return bad("world_from_camera", "must be finite with a unit quaternion");
  }
  if (world_from_body.size() < state_->bodies) {
    return bad("world_from_body", "has " + std::to_string(world_from_body.size()) +
                                      " poses, the geoms need " + std::to_string(state_->bodies));
  }
  for (std::size_t i = 0; i < state_->bodies; ++i) {
    if (!good_pose(world_from_body[i])) {
      return bad("world_from_body/" + std::to_string(i), "must be finite with a unit quaternion");
    }
  }
  if (state_->table.empty() || state_->table_camera != camera) {
    state_->table = make_ray_table(camera);
    state_->table_camera = camera;
  }
  std::vector<Primitive> primitives;
  primitives.reserve(state_->geoms.size());
  for (const VisualGeom& geom : state_->geoms) {
    const Pose& body = world_from_body[static_cast<std::size_t>(geom.body_index)];
    primitives.push_back(make_primitive(geom.shape, body * geom.body_from_geom));
  }
  state_->scene->place(std::move(primitives));
  return draw_frame({*state_->scene, state_->geoms, world_from_body, state_->lighting, camera,
                     state_->table, world_from_camera, options});
}

}  // namespace hearth
