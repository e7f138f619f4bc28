// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A scene as binary glTF 2.0 (.glb), for viewers and other tools. It is an export: hearth itself
/// reads scene.json. Format: docs/formats.md.

#include <hearth/core/result.h>

#include <filesystem>
#include <string>

namespace hearth {

struct Scene;

/// Returns the bytes of a .glb file with supports, objects, room floor, cameras and lights.
///
/// Guaranteed: one root node "world" turns hearth's Z-up world into glTF's Y-up one, so everything
/// below it has hearth's own metres and axes; cameras are turned half round X, as glTF looks along
/// -Z. Nodes bear hearth's ids as names. Their extras hold, under "hearth", kind, id, category,
/// size_m, mass_kg and friction with sigma and source, and camera intrinsics with distortion, which
/// glTF cannot say. Round shapes are tessellated (32 segments; the true shape is in the extras),
/// surface patterns become their first colour, lights (KHR_lights_punctual) are white points of
/// 1,200 cd times their intensity with the colour temperature in the extras. Same scene, same
/// bytes.
///
/// @return invalid_argument as validated(Scene).
[[nodiscard]] Result<std::string> glb_from_scene(const Scene& scene);

/// Writes glb_from_scene() atomically.
/// @return as glb_from_scene() and write_file().
[[nodiscard]] Result<Done> write_scene_glb(const std::filesystem::path& file, const Scene& scene);

}  // namespace hearth
