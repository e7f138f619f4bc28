// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Self-calibration: focal length and one radial term from the motion of the camera itself, by
/// bundle adjustment (Triggs et al. 2000, section 10). For clips whose intrinsics are a guess.

#include <optional>

#include "sim/perceive/camera_map.h"

namespace hearth {

/// A lens against the guessed one, which has no distortion.
struct Lens {
  double focal_scale = 1.0;  ///< Focal length over the guessed one.
  double k1 = 0.0;           ///< Radial term of Brown.
};

/// Returns the ray of a lens for a ray of the guessed camera; nothing where k1 folds the picture.
[[nodiscard]] std::optional<Vec2> ray_through(const Lens& lens, Vec2 guessed_ray);

/// Returns the problem with the rays of another lens; sightings without a ray are left out, so that
/// indices of observations change but those of tracks do not. focal_px is the lens's.
[[nodiscard]] CameraProblem seen_through(const CameraProblem& guessed, const Lens& lens);

struct LensEstimate {
  Lens lens{};
  double focal_sigma_share = 0.0;
  double k1_sigma = 0.0;
};

/// Adjusts poses, points and lens of a bundle whose rays are those of the guessed camera; poses and
/// points must fit `start`. The bundle's rays become those of the new lens.
///
/// @param focal_px     Of the guessed camera.
/// @param prior_share  One standard deviation of the guess over the focal length.
/// @return nothing where the solver failed.
[[nodiscard]] std::optional<LensEstimate> adjust_lens(Bundle& bundle, double focal_px,
                                                      double prior_share, const Lens& start,
                                                      double huber_px);

/// A lens, and cameras that fit it: where a map may start.
struct Calibration {
  LensEstimate estimate{};
  std::vector<KnownCamera> cameras{};
};

/// Returns the lens of a clip whose rays come from a guess, or nothing where the motion does not
/// tell it: too little parallax, too few points, or an interval hardly narrower than the guess's.
///
/// @param frames  One run with tracks, ascending.
[[nodiscard]] std::optional<Calibration> calibrate(const CameraProblem& guessed,
                                                   const std::vector<int>& frames,
                                                   double prior_share,
                                                   const TrackCameraOptions& options);

}  // namespace hearth
