// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The parts of a scene that are mostly assumed: sizes of surfaces, masses, lights, cameras, room;
/// and the path of a carried thing.

#include <hearth/core/diagnostics.h>
#include <hearth/data/home.h>
#include <hearth/data/image.h>

#include <vector>

#include "sim/reconstruct/map_model.h"
#include "sim/reconstruct/object.h"

namespace hearth::recon {

/// A surface that covers its points and everything that must stand on it, with a margin.
[[nodiscard]] Support make_support(const std::string& id, const std::vector<Vec3>& points_in_world,
                                   const std::vector<Vec3>& must_carry, double height_m,
                                   double height_sigma_m);

/// Median colour of a frame at world points, linear RGB; the default grey where none is seen.
[[nodiscard]] Vec3 color_at(const FrameSource& frames, int frame, const CameraModel& model,
                            const Pose& world_from_camera, const std::vector<Vec3>& points);

/// Mass from volume and the usual density of household things; friction against skin.
void assume_physics(SceneObject& object, Diagnostics& diagnostics);

void assume_lights_and_room(Scene& scene, Vec3 work_in_world, Diagnostics& diagnostics);

/// A camera beside the work that sees hands and object.
[[nodiscard]] SceneCamera room_camera(Vec3 work_in_world);

/// Path of a carried thing: at its start until the motion begins, then with the hand (its offset to
/// the grasp point goes from the one at the start to the one at the goal), then at its goal. It
/// stays upright. One sample per frame time.
[[nodiscard]] ObjectTrack carried_path(const std::string& id, const Pose& start, const Pose& goal,
                                       double sigma_m, const HandTrajectory* hand,
                                       const ContactSpan& span,
                                       const std::vector<TimeNs>& frame_time_ns,
                                       Diagnostics& diagnostics);

}  // namespace hearth::recon
