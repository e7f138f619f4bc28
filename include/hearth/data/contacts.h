// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// When a hand holds something. Two events each way: the hand touches, the object moves.

#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/hand.h>

#include <string>
#include <vector>

namespace hearth {

/// One grasp in time, with 95 % intervals.
struct ContactSpan {
  std::string hand_track{};  ///< Id of the HandTrack.
  HandSide side = HandSide::right;
  std::string object_id{};  ///< Empty until an object is known.
  TimeNs onset_ns = 0;      ///< First touch.
  TimeNs onset_low_ns = 0;
  TimeNs onset_high_ns = 0;
  TimeNs release_ns = 0;  ///< Last touch.
  TimeNs release_low_ns = 0;
  TimeNs release_high_ns = 0;
  TimeNs move_start_ns = 0;  ///< The object begins to move with the hand.
  TimeNs move_stop_ns = 0;   ///< It rests again.
  double confidence = 0.0;   ///< 0..1.
  std::string evidence{};    ///< Which cues spoke, for example "dwell,move,close".
  bool operator==(const ContactSpan&) const = default;
};

struct Contacts {
  std::vector<ContactSpan> spans{};  ///< By onset; spans of different hands may overlap.
  bool operator==(const Contacts&) const = default;
};

/// @return invalid_argument unless low <= value <= high and onset <= release.
[[nodiscard]] Result<Contacts> validated(Contacts contacts);

}  // namespace hearth
