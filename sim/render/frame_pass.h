// SPDX-License-Identifier: Apache-2.0
#pragma once

// One picture: first hits, then shadow and crease shares, then their smoothing, then colour, then
// more rays through the pixels on an edge. Every pass writes its own slots, so threads cannot show.

#include <hearth/render/renderer.h>

#include <cstdint>
#include <span>
#include <vector>

#include "sim/render/ray_scene.h"
#include "sim/render/shading.h"

namespace hearth {

// The camera's ray per pixel, (x, y, 1) in the camera frame; z = 0 where the lens sees nothing.
using RayTable = std::vector<Vec3>;
RayTable make_ray_table(const CameraModel& camera);

// What one picture needs; all referenced things outlive it.
struct FrameInput {
  const RayScene& scene;
  std::span<const VisualGeom> geoms;
  std::span<const Pose> world_from_body;
  const ReadyLighting& lighting;
  const CameraModel& camera;
  const RayTable& rays;
  Pose world_from_camera;
  RenderOptions options;
};

RenderedFrame draw_frame(const FrameInput& input);

}  // namespace hearth
