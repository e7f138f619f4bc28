// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Hands of Aria's machine perception services: 21 landmarks per hand (versions 1 and 2) and the
/// older wrist and palm points. The order of the landmarks is that of UmeTrack, which HOT3D shares.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/hand.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::aria {

/// 21 landmarks in the file's order: tips thumb to little, wrist, thumb 2, index 3, middle 3,
/// ring 3, little 3, palm centre.
using Landmarks = std::array<Vec3, 21>;

/// One hand at one time, device frame.
struct DeviceHand {
  double confidence = 0.0;  ///< 0..1.
  Landmarks landmarks_m{};
  Pose device_from_wrist{};  ///< Wrist frame of the service, not hearth's.
  std::optional<Vec3> palm_normal{};
  std::optional<Vec3> wrist_normal{};
};

/// One row; a hand that was not tracked is absent.
struct HandsRow {
  TimeNs device_time_ns = 0;
  std::optional<DeviceHand> left{};
  std::optional<DeviceHand> right{};
};

/// Wrist and palm of one hand, device frame.
struct WristPalm {
  double confidence = 0.0;
  Vec3 wrist_m{};
  Vec3 palm_m{};
  std::optional<Vec3> wrist_normal{};
  std::optional<Vec3> palm_normal{};
};

struct WristPalmRow {
  TimeNs device_time_ns = 0;
  std::optional<WristPalm> left{};
  std::optional<WristPalm> right{};
};

/// Version 1 (143 columns) or 2 (155). Confidence -1 is a hand that is missing.
/// @return corrupt naming file:line:column; also for a confidence that is neither -1 nor in 0..1,
/// times that do not ascend, landmarks farther than 2 m from the device, a bone over .12 m.
[[nodiscard]] Result<std::vector<HandsRow>> read_hands(std::string_view csv,
                                                       const std::string& file,
                                                       Diagnostics& diagnostics);

/// Version 1 (15 columns) or 2 (27). A row whose numbers do not fit its header but do fit the order
/// "per hand" is read in that order and counted in `column_order_repaired`.
/// @return corrupt as above, and where neither order fits.
[[nodiscard]] Result<std::vector<WristPalmRow>> read_wrists_and_palms(std::string_view csv,
                                                                      const std::string& file,
                                                                      Diagnostics& diagnostics);

/// Share of the way from the wrist to the thumb's knuckle at which hearth puts the thumb's root,
/// which these landmarks lack.
inline constexpr double kThumbRootShare = 0.55;

/// The 21 joints of hearth. Joint 1 (thumb CMC) is not in the landmarks: it is put on the line from
/// wrist to thumb knuckle and is a guess.
[[nodiscard]] HandJoints joints_from_landmarks(const Landmarks& landmarks);

}  // namespace hearth::aria
