// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The steps by which build_map() grows a map.

#include <vector>

#include "sim/perceive/camera_map.h"

namespace hearth {

/// What every step needs; the pointers outlive the builder.
struct MapBuilder {
  const CameraProblem* problem = nullptr;
  const TrackCameraOptions* options = nullptr;
  std::vector<std::vector<FrameSighting>> by_frame{};
};

[[nodiscard]] CameraMap empty_map(const CameraProblem& problem);

/// Sets a pose and files the frame among the keyframes.
void set_camera(CameraMap& map, int frame, const Pose& camera_from_map);

/// Resects a frame from its nearest registered ones; false where too few points agree.
bool register_frame(const MapBuilder& builder, CameraMap& map, int frame);

/// Triangulates tracks without a point that two registered keyframes see.
void add_points(const MapBuilder& builder, CameraMap& map);

/// Bundle adjustment of `frames` and the points they see; keyframes outside `frames` that see these
/// points, and those in `fixed`, stay.
void adjust_map(const MapBuilder& builder, CameraMap& map, const std::vector<int>& frames,
                const std::vector<int>& fixed, int iterations);

/// Marks observations beyond the residual limit, forgets points with too few or too little
/// agreement, and measures the angles of those that stay.
void drop_outliers(const MapBuilder& builder, CameraMap& map);

/// Mean truncated squared error (px^2) over the sightings of the frames; tracks seen by two of them
/// that have no point count as outliers.
[[nodiscard]] double start_cost(const MapBuilder& builder, const CameraMap& map,
                                const std::vector<int>& frames);

[[nodiscard]] double median_angle(const CameraMap& map);
[[nodiscard]] int count_points(const CameraMap& map);

/// Number of map points that the frame sees.
[[nodiscard]] int count_visible(const MapBuilder& builder, const CameraMap& map, int frame);

/// The `count` keyframes nearest in time, the frame itself among them.
[[nodiscard]] std::vector<int> neighbours(const CameraMap& map, int frame, std::size_t count);

/// The bundle of the given frames: cameras in their order, points listed in `tracks`.
struct MapBundle {
  Bundle bundle{};
  std::vector<int> frames{};
  std::vector<int> tracks{};
};
[[nodiscard]] MapBundle bundle_of(const MapBuilder& builder, const CameraMap& map,
                                  const std::vector<int>& frames);

}  // namespace hearth
