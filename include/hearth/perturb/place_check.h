// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The cheap test of a proposed home, before any physics.

#include <hearth/core/geometry.h>
#include <hearth/data/home.h>
#include <hearth/data/shape.h>

#include <optional>
#include <string>

namespace hearth {

/// Why a home cannot be tried.
struct PlaceProblem {
  std::string reason{};  ///< "off_support" or "overlap".
  std::string detail{};  ///< One sentence with the numbers.
  bool operator==(const PlaceProblem&) const = default;
};

/// Returns the first problem of the manipulated object's start and goal, or nothing.
///
/// - off_support: the object's centre is not at least a quarter of its smaller horizontal extent
///   inside the outline of its support.
/// - overlap: it meets another object, or a support slab whose outline was seen and whose top is
///   above the object's bottom. Poses as they are, turn included; the test on shapes is exact up to
///   1 mm (Gilbert's algorithm, SIAM J. Control 4, 1966, on the difference of two convex sets).
[[nodiscard]] std::optional<PlaceProblem> place_check(const Home& home);

/// Returns whether two convex primitives come closer than 1 mm.
[[nodiscard]] bool overlaps(const Shape& a, const Pose& world_from_a, const Shape& b,
                            const Pose& world_from_b);

}  // namespace hearth
