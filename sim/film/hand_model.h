// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A parametric hand: rigid palm, four fingers of three hinges and a sideways spread, a thumb whose
/// metacarpal has two angles. Modelled as a right hand in the wrist frame (x out of the palm, y to
/// the thumb, z to the middle knuckle); a left hand is its mirror image in y.

#include <hearth/core/geometry.h>
#include <hearth/data/hand.h>

#include <array>
#include <cstdint>
#include <vector>

namespace hearth::film_internal {

/// Proportions of one person's hand; the same for both sides.
struct HandShape {
  double length_m = kPopulationHandLengthM;
  std::array<Vec3, 4> knuckle_m{};                   ///< Index, middle, ring, little, right hand.
  std::array<std::array<double, 3>, 4> phalanx_m{};  ///< Proximal, middle, distal.
  Vec3 thumb_base_m{};
  std::array<double, 3> thumb_bone_m{};  ///< Metacarpal, proximal, distal.
  double thickness = 1.0;                ///< Multiplies all radii (1 = radii of the mean hand).
};

/// Joint angles in radians; flexion is positive toward the palm.
struct FingerAngles {
  double mcp = 0.0;
  double spread = 0.0;  ///< Positive toward the thumb.
  double pip = 0.0;
  double dip = 0.0;
};
struct HandAngles {
  std::array<FingerAngles, 4> finger{};
  double thumb_abduction = 0.7;   ///< Metacarpal against the palm's long axis.
  double thumb_opposition = 0.6;  ///< Turn about the long axis; 0 = beside the palm.
  double thumb_mcp = 0.2;
  double thumb_ip = 0.2;
};

/// Number of scalars in HandAngles, in the order of the struct.
inline constexpr int kHandAngleCount = 20;
using AngleVector = std::array<double, kHandAngleCount>;
[[nodiscard]] AngleVector vector_from_angles(const HandAngles& angles);
[[nodiscard]] HandAngles angles_from_vector(const AngleVector& v);
/// Limits of each scalar, radians.
[[nodiscard]] const AngleVector& angle_low();
[[nodiscard]] const AngleVector& angle_high();

/// Draws lengths (165-205 mm) and proportions (+-5 % per bone).
[[nodiscard]] HandShape draw_hand_shape(std::uint64_t seed);

/// Joint positions in the wrist frame.
[[nodiscard]] HandJoints joints_in_wrist(const HandShape& shape, const HandAngles& angles,
                                         HandSide side);
/// Joint positions in any frame given frame_from_wrist.
[[nodiscard]] HandJoints joints_in_frame(const Pose& frame_from_wrist, const HandShape& shape,
                                         const HandAngles& angles, HandSide side);

/// A round cone between two points.
struct RoundCone {
  Vec3 a{};
  Vec3 b{};
  double radius_a = 0.0;
  double radius_b = 0.0;
};

/// Skin radius at each joint, metres.
[[nodiscard]] std::array<double, kHandJoints> skin_radii_m(const HandShape& shape);

/// The cones whose union is the skin: 15 for fingers and thumb, then the palm's. Bones of fingers
/// come first, ordered thumb 3, index 3, middle 3, ring 3, little 3.
[[nodiscard]] std::vector<RoundCone> skin_cones(const HandJoints& joints, const HandShape& shape);
inline constexpr int kFingerCones = 15;

/// A relaxed hand: gently curled, more toward the little finger.
[[nodiscard]] HandAngles relaxed_angles();

}  // namespace hearth::film_internal
