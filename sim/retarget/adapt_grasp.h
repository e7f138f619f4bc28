// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: fits one hand to one object that stands on a plane. The object frame here is upright: z
/// up, bottom at -half height.

#include <hearth/core/geometry.h>
#include <hearth/data/motion.h>
#include <hearth/data/shape.h>

#include <vector>

#include "sim/retarget/hand_model.h"

namespace hearth {

/// Which way the hand comes and which faces it takes, in the object frame.
struct GraspCandidate {
  Vec3 thumb_to_fingers{1, 0, 0};  ///< Unit, horizontal; for boxes a face normal.
  Vec3 approach{0, 0, -1};         ///< Unit, the hand's last movement; orthogonal to the above.
};

struct AdaptedGrasp {
  GraspCandidate candidate{};
  Pose object_from_wrist{};
  FingerPosture closed = FingerPosture::Zero();  ///< Tips 2 mm inside their faces.
  FingerPosture open = FingerPosture::Zero();
  std::vector<FingerContact> contacts{};
  double contact_error_m = 0.0;   ///< Worst distance of a tip from where it should touch.
  double penetration_m = 0.0;     ///< Deepest other point of the hand in object or support.
  double imbalance = 0.0;         ///< |thumb normal + mean finger normal|: 0 when they oppose.
  double open_clearance_m = 0.0;  ///< Smallest gap between an open contact tip and its face.
};

/// Fits wrist and fingers by least squares; always returns its best, the errors say how good it is.
///
/// @param shape             Box or cylinder.
/// @param finger_force_n    Squeeze per finger; the thumb balances their sum.
[[nodiscard]] AdaptedGrasp adapt_grasp(HandModel& hand, const Shape& shape,
                                       const GraspCandidate& candidate, double finger_force_n);

/// The approach and thumb-to-fingers directions that a wrist orientation suggests: measured on the
/// natural opposition of this hand, in the frame the rotation maps to.
[[nodiscard]] GraspCandidate natural_directions(Quat frame_from_wrist);

}  // namespace hearth
