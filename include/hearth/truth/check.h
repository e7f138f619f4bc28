// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Errors of every stage of a run against the truth of a filmed take, each beside a constant prior.

#include <hearth/core/result.h>
#include <hearth/data/check_row.h>
#include <hearth/data/contacts.h>
#include <hearth/data/home.h>
#include <hearth/data/object_tracks.h>
#include <hearth/data/tracks.h>
#include <hearth/data/truth.h>

#include <vector>

namespace hearth {

/// What a run has produced so far; absent parts are null and give rows with n = 0.
struct CheckedRun {
  const Tracks* tracks = nullptr;
  const Home* home = nullptr;
  const ObjectTrack* replayed_object = nullptr;  ///< Of the nominal replay.
};

/// Constant priors that every accuracy is shown against.
struct CheckPriors {
  double wrist_depth_m = 0.45;  ///< The wrist lies on its ray at this depth.
  double support_height_m = 0.90;
  double object_width_m = 0.08;  ///< A cube at the fingertips at first contact.
  double onset_share = 0.35;     ///< First contact at this share of the clip.
  double median_depth_m = 0.65;  ///< The map's first keyframe is this deep: gives a scale.
};

/// Returns the rows of check.json.
///
/// Positions are compared after aligning the first true camera pose; scale is a row of its own (the
/// true scale of the map is the least-squares ratio of camera paths), all other positions are
/// scale-aligned. Frames count towards `active_hand_missed_share` where truth shows at least
/// `min_hand_px` pixels of the hand. A missing contact counts as 30 frames (1 s).
/// @return invalid_argument if tracks and truth have different frame counts.
[[nodiscard]] Result<std::vector<CheckRow>> check(const Truth& truth, const CheckedRun& run,
                                                  const CheckPriors& priors = {},
                                                  int min_hand_px = 400);

}  // namespace hearth
