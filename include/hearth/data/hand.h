// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Hands: 21 joints. 0 wrist; thumb 1 CMC 2 MCP 3 IP 4 tip; index 5 MCP 6 PIP 7 DIP 8 tip; middle
/// 9-12; ring 13-16; little 17-20. Wrist frame: origin joint 0, z toward joint 9 (middle knuckle),
/// x out of the palm, y = z x x.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/estimate.h>

#include <array>
#include <string>
#include <vector>

namespace hearth {

enum class HandSide { left, right };

inline constexpr int kHandJoints = 21;
using HandJoints = std::array<Vec3, kHandJoints>;

/// Bone i runs from kBoneParent[i] to joint i + 1; 20 bones.
inline constexpr int kHandBones = 20;
inline constexpr std::array<int, kHandBones> kBoneParent = {0,  1,  2, 3,  0,  5,  6, 7,  0,  9,
                                                            10, 11, 0, 13, 14, 15, 0, 17, 18, 19};
/// Tip joint of finger f: thumb 0, index 1, middle 2, ring 3, little 4.
inline constexpr std::array<int, 5> kFingerTip = {4, 8, 12, 16, 20};

/// Population mean of wrist crease to middle fingertip, metres, and its spread (adults of both
/// sexes, about 7 %): the prior when nobody measured the hand.
inline constexpr double kPopulationHandLengthM = 0.185;
inline constexpr double kPopulationHandLengthSigmaM = 0.012;

/// Returns the 20 bone lengths of a hand whose wrist-to-middle-tip chain is `hand_length_m` long.
[[nodiscard]] std::array<double, kHandBones> population_bone_lengths_m(double hand_length_m);

/// Returns the summed length of the chain wrist, 9, 10, 11, 12: the hand length that hearth uses.
[[nodiscard]] double hand_length_m(const HandJoints& joints);

/// Returns frame_from_wrist for joints given in some frame; see the file comment for the axes.
[[nodiscard]] Pose wrist_pose(const HandJoints& joints, HandSide side);

/// One even-rate sample of a hand.
struct HandSample {
  Pose world_from_wrist{};
  HandJoints joints_in_world_m{};
  bool observed = false;       ///< False: bridged between observed neighbours.
  Mat3 wrist_covariance_m2{};  ///< Position covariance in world axes.
  bool operator==(const HandSample&) const = default;
};

/// A stretch without holes: sample i is at start_ns + i / rate.
struct HandSpan {
  TimeNs start_ns = 0;
  std::vector<HandSample> samples{};
  bool operator==(const HandSpan&) const = default;
};

/// What we claim about one hand, in the world. No span where nothing is known.
struct HandTrajectory {
  HandSide side = HandSide::right;
  double rate_hz = 30.0;
  Estimate hand_length_m{};       ///< Wrist to middle fingertip along the bones.
  std::vector<HandSpan> spans{};  ///< Ascending, not overlapping.
  bool operator==(const HandTrajectory&) const = default;
};

/// Returns the hand at a time, interpolated within a span, or nothing outside all spans.
[[nodiscard]] bool sample_at(const HandTrajectory& hand, TimeNs time_ns, HandSample& sample);

/// @return invalid_argument naming the span and the field.
[[nodiscard]] Result<HandTrajectory> validated(HandTrajectory hand);

}  // namespace hearth
