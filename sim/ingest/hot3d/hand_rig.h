// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The rigged hand of UmeTrack as HOT3D ships it: a left hand in its wrist frame; the right hand is
/// its mirror image in x. Method: every joint turns all that hangs on it about its resting
/// position (linear blend skinning; Han et al., UmeTrack, SIGGRAPH Asia 2022).

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/hand.h>

#include <array>
#include <string>
#include <string_view>

namespace hearth::hot3d {

inline constexpr int kRigJoints = 22;
inline constexpr int kRigFingerJoints = 20;  ///< Four per finger, thumb first; the rest is wrist.
inline constexpr int kRigBones = 17;         ///< Forearm, wrist, three per finger.
inline constexpr int kRigLandmarks = 21;
using JointAngles = std::array<double, kRigJoints>;

struct RigLandmark {
  Vec3 p_at_rest_m{};
  std::array<int, 3> bone{};
  std::array<double, 3> weight{};  ///< Sums to 1.
};

/// Lengths in metres (the file has millimetres).
struct HandRig {
  std::array<Vec3, kRigFingerJoints> p_at_rest_m{};
  std::array<Vec3, kRigFingerJoints> axis{};
  std::array<RigLandmark, kRigLandmarks> landmarks{};
};

/// Landmarks in the order of the file, and the root of the thumb, which is a joint of the rig but
/// no landmark.
struct RigPose {
  std::array<Vec3, kRigLandmarks> landmarks_m{};
  Vec3 thumb_root_m{};
};

/// Reads umetrack_hand_user_profile.json.
/// @return corrupt with file:/json/pointer: other counts, an unknown chain of parents, weights that
/// do not sum to 1, bones that do not exist, a hand outside 0.1..0.3 m.
[[nodiscard]] Result<HandRig> read_hand_rig(std::string_view json, const std::string& file);

/// Poses the hand. `world_from_wrist` as the trajectory has it, for either side.
[[nodiscard]] RigPose pose_rig(const HandRig& rig, HandSide side, const Pose& world_from_wrist,
                               const JointAngles& angles_rad);

/// The 21 joints of hearth: joint 1 (thumb CMC) is the rig's second thumb joint.
[[nodiscard]] HandJoints joints_from_rig(const RigPose& pose);

}  // namespace hearth::hot3d
