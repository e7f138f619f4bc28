// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// umetrack_hand_pose_trajectory.jsonl of HOT3D.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hand_rig.h"

namespace hearth::hot3d {

struct RiggedHand {
  Pose world_from_wrist{};
  JointAngles angles_rad{};
  double confidence = 1.0;
};

/// Key "0" is the left hand, "1" the right; an absent key is a hand that is missing.
struct HandPoseLine {
  TimeNs time_ns = 0;
  std::optional<RiggedHand> left{};
  std::optional<RiggedHand> right{};
};

/// @return corrupt with file:line:/json/pointer; unsupported where the lines hold MANO parameters:
/// their translation is not the wrist, and the model they need may not be shipped.
[[nodiscard]] Result<std::vector<HandPoseLine>> read_hand_poses(std::string_view jsonl,
                                                                const std::string& file);

}  // namespace hearth::hot3d
