// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Finds how a hand holds an upright object from above: wrist pose and joint angles by least
/// squares over reach, contact and comfort.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/shape.h>

#include <cstdint>

#include "sim/film/hand_model.h"

namespace hearth::film_internal {

/// Signed distance of a point in the object's frame to its surface, negative inside.
[[nodiscard]] double signed_distance_m(const Shape& shape, Vec3 p_in_object);

/// Smallest distance between the hand's skin and the object; negative where they overlap.
[[nodiscard]] double clearance_m(const Shape& shape, const Pose& object_from_wrist,
                                 const HandShape& hand, const HandAngles& angles, HandSide side);

/// Distance of a fingertip's skin (finger 0 = thumb) to the object's surface.
[[nodiscard]] double tip_gap_m(const Shape& shape, const Pose& object_from_wrist,
                               const HandShape& hand, const HandAngles& angles, HandSide side,
                               int finger);

struct Grasp {
  Pose object_from_wrist{};
  HandAngles closed{};     ///< Tips on the surface.
  HandAngles open{};       ///< Same wrist, fingers off the object.
  double pitch_rad = 0.0;  ///< The fingers' slope below horizontal.
};

/// Returns an overhand grasp with pitch .2 to .4 rad: the thumb on the near face (-y in the
/// object's frame), index and middle finger on the far one, the others where they fit. Thumb, index
/// and middle tips are within 1 mm of the surface, nothing is deeper than 2 mm inside.
/// @return infeasible if no try got there.
[[nodiscard]] Result<Grasp> find_grasp(const Shape& shape, const HandShape& hand, HandSide side,
                                       std::uint64_t seed);

}  // namespace hearth::film_internal
