// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Turns a home into the home that a variant describes.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/home.h>
#include <hearth/data/variant.h>

namespace hearth {

/// Returns the edited home: scene, task, hands, object tracks and cameras agree with one another.
///
/// Guaranteed: the empty variant is the identity, bit for bit. Contacts and all times are
/// unchanged. Where a hand holds the object, object and hand undergo one rigid motion, so the grasp
/// in the object's frame is the source's. Before the object moves, the acting hand follows the
/// start's displacement and turn; after it rests, the goal's; between, displacement and turn blend
/// with a minimum-jerk profile over the time in which the object moves. An idle hand follows only
/// the height of the start support. Sizes keep the object's bottom where it stands.
///
/// Supports move straight up with what stands on them. Finger spread is not adapted to the new
/// size: retarget() grasps the object that it finds.
///
/// @param diagnostics  hand_not_adapted, where start or goal move but no contact says when the
///                     object is held: hands then follow the start.
/// @return not_found for an unknown id, invalid_argument for a value that makes the home invalid,
///         with `where` like "/edits/3/object_id".
[[nodiscard]] Result<Home> apply(const Variant& variant, const Home& home,
                                 Diagnostics& diagnostics);

/// Returns the camera's pose after the edit: offset in world axes, turn about its own axes.
[[nodiscard]] Pose moved_camera(const Pose& world_from_camera, const MoveCamera& edit);

}  // namespace hearth
