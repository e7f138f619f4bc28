// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Metres per map unit, from how deep a hand of known size lies when it touches what stands on a
/// surface of known depth in the map.

#include <hearth/core/diagnostics.h>
#include <hearth/data/estimate.h>
#include <hearth/reconstruct/reconstruct.h>

#include <optional>
#include <vector>

#include "sim/reconstruct/level.h"
#include "sim/reconstruct/map_model.h"

namespace hearth::recon {

/// One frame in which a hand held something that stood on the surface.
struct Touch {
  double grasp_below_camera_m = 0.0;  ///< By the fitted hand.
  double camera_above_level = 0.0;    ///< Map units.
  double share_sigma = 0.05;          ///< One standard deviation of the hand's depth over itself.
};

/// Frames around a contact's onset and release in which the thing rests, is held, and the hand is
/// seen. Where there is none: the last sight of the hand before and the first after, if at most
/// .8 s away; then `near` is true.
struct TouchFrames {
  std::vector<int> frames{};
  bool near = false;
};
[[nodiscard]] TouchFrames resting_touch_frames(const Tracks& tracks, const ContactSpan& span);

[[nodiscard]] std::vector<TouchRay> touch_rays(const Tracks& tracks, const Map& map,
                                               const ContactSpan& span);

[[nodiscard]] std::vector<Touch> touches_on(const Tracks& tracks, const Map& map, const Up& up,
                                            double level_height, const ContactSpan& span);

/// What scale fusion knows and finds. Hand factor: true hand over the fit's hand.
struct ScaleSolution {
  ScaleEstimate scale{};
  double log_sigma = 0.0;
  Estimate hand_length_m{};
  double hand_factor = 1.0;
  double hand_factor_log_sigma = 0.0;
};

/// Fuses the cues in the log domain: hand length (given, or population), touches, usual height of a
/// head camera over a work surface, and the tracks' own scale where they have one.
///
/// @param fitted_hand_length_m  Length that the tracks' fits assumed.
/// @param grasp_height_m        Expected height of the grasp over the surface, with its sigma; in
///                              metres, or as a share of `object_height` map units where known.
struct ScaleCues {
  double fitted_hand_length_m = 0.185;
  std::vector<Touch> touches{};
  double camera_above_level = 0.0;        ///< Map units, at the first frame; 0 if no surface.
  std::optional<double> object_height{};  ///< Map units.
  std::optional<ScaleEstimate> given{};
};
[[nodiscard]] ScaleSolution solve_scale(const ScaleCues& cues, const ReconstructOptions& options,
                                        Diagnostics& diagnostics);

}  // namespace hearth::recon
