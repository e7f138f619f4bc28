// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Poses and points from ray correspondences: rotation between two views, robust resection,
/// many-view triangulation, and starts for a two-view map. Rays are (x/z, y/z).

#include <hearth/core/geometry.h>

#include <optional>
#include <vector>

#include "sim/perceive/camera_bundle.h"

namespace hearth {

/// Two views of one point.
struct RayPair {
  Vec2 a{};
  Vec2 b{};
};

/// Returns b_from_a that turns the rays of a onto those of b, robust to a minority of others.
/// Needs two pairs; the identity for fewer.
[[nodiscard]] Quat rotation_between(const std::vector<RayPair>& pairs, double focal_px);

/// Returns for each pair how far b lies from the turned a, in pixels.
[[nodiscard]] std::vector<double> rotation_residuals_px(const std::vector<RayPair>& pairs,
                                                        Quat b_from_a, double focal_px);

/// A map point and where a frame sees it.
struct Sighting {
  HomogeneousPoint point{};
  Vec2 ray{};
};

struct Resection {
  Pose camera_from_map{};
  int inliers = 0;      ///< Sightings within the residual limit.
  double rms_px = 0.0;  ///< Over inliers.
  CameraSigma sigma{};  ///< Structure taken as exact, residuals of one pixel.
};

/// Returns the pose with the least truncated error among refinements of the given guesses.
[[nodiscard]] Resection resect(const std::vector<Sighting>& sightings,
                               const std::vector<Pose>& guesses, double focal_px, double huber_px,
                               double max_residual_px);

/// Returns a pose that many of the sightings support, by random minimal sets (Fischler and Bolles
/// 1981) with a fixed seed, or nothing. Points at infinity take no part.
[[nodiscard]] std::optional<Pose> resection_by_samples(const std::vector<Sighting>& sightings,
                                                       double focal_px, double max_residual_px);

/// One view of a point to triangulate.
struct PosedRay {
  Pose camera_from_map{};
  Vec2 ray{};
};

/// Returns the point that all views see, refined on the reprojection error, or nothing where it
/// would lie behind a view. Far points may come back with w = 0.
[[nodiscard]] std::optional<HomogeneousPoint> triangulate(const std::vector<PosedRay>& views);

/// Returns the widest angle between any two of the rays.
[[nodiscard]] double widest_angle_rad(const std::vector<PosedRay>& views);

/// Returns relative poses b_from_a (|position| = 1) that could explain the pairs: from the
/// essential matrix, from a homography, and from small motion about the pure rotation. Best
/// supported first, at most eight; empty where the pairs are too few (below 8).
[[nodiscard]] std::vector<Pose> two_view_starts(const std::vector<RayPair>& pairs, double focal_px);

}  // namespace hearth
