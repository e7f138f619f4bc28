// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// One ARCTIC sequence as plain arrays (.npz), as published with processed dexterous-hand data.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/hand.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::arctic {

/// Part of the object: bottom carries the pose, top turns about the hinge.
enum class Part { bottom, top };

/// A touched point of the object, world frame.
struct Touch {
  Part part = Part::bottom;
  Vec3 p_in_world_m{};
};

/// One hand, per frame.
struct SequenceHand {
  std::vector<HandJoints> joints_in_world_m{};  ///< In hearth's order.
  std::vector<std::vector<Touch>> touches{};    ///< Object points closer than 1 cm to the hand.
};

struct Sequence {
  std::vector<TimeNs> time_ns{};           ///< First 0, ascending.
  std::vector<Pose> world_from_bottom{};   ///< Per frame.
  std::vector<double> articulation_rad{};  ///< Per frame; about the object's -z.
  SequenceHand left{};
  SequenceHand right{};
};

/// The pose of a part in one frame.
[[nodiscard]] Pose world_from_part(const Sequence& sequence, Part part, std::size_t frame);

/// Reads the arrays by name; others are left out.
/// @return corrupt with file:member: damage, a missing array, shapes that differ, values that are
///         not finite, times that do not ascend, quaternions off unit length, positions beyond
///         20 m (millimetres); unsupported for pickles.
[[nodiscard]] Result<Sequence> read_sequence(std::string_view npz, const std::string& file,
                                             Diagnostics& diagnostics);

/// Hearth's joint i is joint kMano[i] of the file (MANO's own order, tips last).
inline constexpr std::array<int, kHandJoints> kManoOrder = {0, 13, 14, 15, 16, 1,  2, 3, 17, 4, 5,
                                                            6, 18, 10, 11, 12, 19, 7, 8, 9,  20};

}  // namespace hearth::arctic
