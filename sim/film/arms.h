// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Hands, forearms and sleeves as smooth unions of round cones, for one moment.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/film/choreography.h"
#include "sim/film/fvec.h"

namespace hearth::film_internal {

/// Fingers 0 (thumb) to 4 blend with the palm, not with each other.
enum class Part : std::uint8_t { thumb, index, middle, ring, little, palm, forearm, sleeve };

struct SkinCone {
  F3 a{};
  F3 ab{};
  float inverse_length2 = 0.0F;
  float radius_a = 0.0F;
  float radius_change = 0.0F;
  F3 center{};
  float bound = 0.0F;  ///< Radius of a ball round `center` that holds the cone and its blends.
  F3 dorsal{};         ///< Fingers: unit vector to the back of the finger.
  Part part = Part::palm;
  std::uint8_t phalanx = 0;  ///< Fingers: 0 nearest to the palm, 2 with the nail.
};

/// One arm at one moment, world frame.
struct Arm {
  std::vector<SkinCone> cones{};
  F3 hand_center{};
  float hand_bound = 0.0F;  ///< Ball of hand without forearm.
  F3 center{};
  float bound = 0.0F;  ///< Ball of everything.
  float scale = 1.0F;  ///< Hand length over 185 mm.
};

[[nodiscard]] Arm make_arm(const HandShape& shape, const HandState& state, Vec3 elbow_in_world,
                           Vec3 shoulder_in_world, HandSide side, double sleeve_end);

/// Signed distance to the skin; only cones whose indices are listed count.
[[nodiscard]] float skin_distance(const Arm& arm, std::span<const std::uint8_t> cones, F3 p);

/// What the skin is at a point on it.
struct SkinSpot {
  Part part = Part::palm;
  bool hand = true;      ///< Not forearm or sleeve.
  float nail = 0.0F;     ///< 0..1
  float crease = 0.0F;   ///< 0..1, over joints on the back of fingers.
  float redness = 0.0F;  ///< 0..1, fingertips and knuckles.
  float along = 0.0F;    ///< Forearm: metres from the wrist.
  float around = 0.0F;   ///< Some second coordinate, metres.
};
[[nodiscard]] SkinSpot skin_spot(const Arm& arm, std::span<const std::uint8_t> cones, F3 p,
                                 F3 normal);

}  // namespace hearth::film_internal
