// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Hands and the carried object follow the edits of a scene.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/data/home.h>
#include <hearth/data/variant.h>

namespace hearth {

/// Returns the camera's pose after the edit: offset in world axes, turn about its own axes.
[[nodiscard]] Pose moved_camera(const Pose& world_from_camera, const MoveCamera& edit);

/// Rewrites hands and the manipulated object's track of `edited`, whose scene and task are final
/// and whose motions are still those of `source`. See apply() for the rule.
void adapt_motion(const Home& source, Home& edited, Diagnostics& diagnostics);

}  // namespace hearth
