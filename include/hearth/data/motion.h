// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Joint references over time for one humanoid, with the grasps that physics should close.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/array.h>
#include <hearth/data/hand.h>

#include <string>
#include <vector>

namespace hearth {

/// One fingertip on the object.
struct FingerContact {
  int finger = 0;                  ///< 0 thumb .. 4 little.
  Vec3 p_in_object_m{};            ///< On the surface.
  Vec3 inward_normal_in_object{};  ///< Unit, into the object.
  double force_n = 0.0;            ///< Squeeze along the inward normal.
  bool operator==(const FingerContact&) const = default;
};

/// One pick-and-place of an object. Times count from the motion's first row.
struct Grasp {
  HandSide side = HandSide::right;
  std::string object_id{};
  double close_start_s = 0.0;    ///< Fingers begin to close.
  double close_end_s = 0.0;      ///< Fingers touch; squeeze ramps up from here.
  double lift_s = 0.0;           ///< The object leaves its support.
  double land_s = 0.0;           ///< The object is on its goal support.
  double release_start_s = 0.0;  ///< Squeeze goes to zero and the fingers open.
  double release_end_s = 0.0;    ///< Open; the hand may retreat.
  Pose object_from_wrist{};
  std::vector<FingerContact> contacts{};
  bool operator==(const Grasp&) const = default;
};

struct Motion {
  std::string humanoid{};
  double rate_hz = 30.0;
  double lead_in_s = 0.0;  ///< Row 0 lies this long before the recording's first frame.
  std::vector<std::string> joint_names{};  ///< Columns of position.
  Table position{};  ///< rows x joints, rad or m; within joint and speed limits.
  std::vector<Grasp> grasps{};
  double wrist_error_m = 0.0;  ///< Median distance of the humanoid's active wrist to its target.
  double unreachable_share = 0.0;  ///< Share of rows whose wrist error exceeds 3 cm.
  bool operator==(const Motion&) const = default;
};

[[nodiscard]] Result<Motion> validated(Motion motion);

}  // namespace hearth
