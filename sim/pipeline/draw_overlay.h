// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the run claims, drawn onto the clip's own frames.

#include <hearth/data/home.h>
#include <hearth/data/image.h>
#include <hearth/data/tracks.h>

#include "draw_canvas.h"

namespace hearth {

inline constexpr InkColor kLeftHandInk{64, 156, 255};
inline constexpr InkColor kRightHandInk{255, 138, 30};
inline constexpr InkColor kContactInk{255, 236, 70};
inline constexpr InkColor kSupportInk{80, 225, 235};
inline constexpr InkColor kObjectInk{70, 225, 90};
inline constexpr InkColor kGoalInk{235, 120, 235};
inline constexpr InkColor kLostInk{235, 60, 60};

/// What there is to draw; null parts are left out.
struct Overlay {
  const Tracks* tracks = nullptr;
  const Home* home = nullptr;
  CameraModel camera{};  ///< Of the full-size picture.
};

/// Returns the sample of a path that belongs to a frame's time, or null if none is within 5 ms.
[[nodiscard]] const CameraSample* camera_at(const CameraPath& path, TimeNs time_ns);

/// Draws onto the (resized) picture of one frame: support outlines and the object's box reprojected
/// through the estimated camera, its goal, hands with 21 joints (dashed where interpolated),
/// fingertips in contact, and a corner mark: camera pose observed, bridged or missing.
void draw_overlay(ImageRgb8& picture, const Overlay& overlay, int frame, TimeNs time_ns);

/// Returns the twelve edges of the box round a shape in a frame, as pairs of points.
[[nodiscard]] std::vector<std::array<Vec3, 2>> box_edges(Vec3 size_m, const Pose& world_from_box);

}  // namespace hearth
