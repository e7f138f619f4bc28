// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// From a Scene or a Rollout to things that a Renderer draws.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/rollout.h>
#include <hearth/data/scene.h>
#include <hearth/render/renderer.h>

#include <string>
#include <vector>

namespace hearth {

/// Geoms fixed to bodies, and where the bodies are.
struct DrawList {
  std::vector<std::string> body_names{};
  std::vector<Pose> world_from_body{};  ///< One per body name.
  std::vector<VisualGeom> geoms{};
};

/// Options of scene_draw_list().
struct SceneDrawOptions {
  bool room = true;          ///< Floor, walls and ceiling.
  bool supports = true;      ///< With what carries them: table legs, counter fronts, shelf sides.
  bool support_tops = true;  ///< False where a rollout brings them: two equal faces blur the mask.
  bool objects = true;       ///< At their start. False where a rollout brings them.
  /// Viewpoints beside the scene's cameras, as a view from above.
  std::vector<Vec3> eyes_in_world_m{};
};

/// Returns the scene's floor, walls, supports and objects. Bodies: "room", each support's id, each
/// object's id. A wall or ceiling with a light, a camera or an eye behind it is left out, so that
/// none is shut off. Legs and fronts are for looks only: they follow the support's category
/// ("table" legs, "counter" a closed front, anything else brackets) and physics does not know them.
[[nodiscard]] DrawList scene_draw_list(const Scene& scene, const SceneDrawOptions& options);

/// Returns a rollout's geoms at state row `row` (row 0 first; beyond the last row is a broken
/// precondition).
[[nodiscard]] DrawList rollout_draw_list(const Rollout& rollout, std::size_t row);

/// Returns the poses of the rollout's bodies at state row `row`, in the order of body_names.
[[nodiscard]] std::vector<Pose> body_poses(const Rollout& rollout, std::size_t row);

/// Returns `first` followed by `second`; the bodies of `second` get higher indices.
[[nodiscard]] DrawList joined(DrawList first, const DrawList& second);

/// Returns the scene's lights, ready for a Renderer.
[[nodiscard]] Lighting scene_lighting(const Scene& scene);

/// Returns the camera pose (x right, y down, z forward) at `eye` looking at `target`, upright with
/// respect to world Z; looking straight down or up, world Y is up in the picture.
[[nodiscard]] Pose look_at(Vec3 eye_in_world_m, Vec3 target_in_world_m);

/// Returns a camera that looks straight down on all supports and objects (on the room where there
/// are none) with a margin of `margin_m` around them. World X points right, world Y up in the
/// picture.
[[nodiscard]] SceneCamera top_view_camera(const Scene& scene, int width_px, int height_px,
                                          double margin_m = 0.3);

}  // namespace hearth
