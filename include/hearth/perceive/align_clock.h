// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// How a gyroscope's clock runs against the clip's frames: the camera turns as the gyroscope does.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/sensors.h>
#include <hearth/data/tracks.h>

#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// Options of align_clock().
struct AlignClockOptions {
  double max_offset_s = 1.0;       ///< Larger offsets are not looked for.
  double search_step_s = 0.005;    ///< Of the first search; the fit is continuous.
  double min_rate_rad_s = 0.175;   ///< 95th percentile of turning below which nothing is claimed.
  double min_correlation = 0.8;    ///< Of the three axes, below which nothing is claimed.
  double sure_correlation = 0.97;  ///< Below: claimed with a warning.
  double rival_margin = 0.02;      ///< A second peak this near to the best leaves it open.
  double min_drift_span_s = 5.0;   ///< Shorter overlaps give no drift.
  bool stabilised = false;         ///< The pictures were turned electronically: nothing is claimed.
};

/// One number with its 95 % interval.
struct ClockEstimate {
  double value = 0.0;
  double low = 0.0;
  double high = 0.0;
};

/// episode time = sensor time + offset_s + 1e-6 * drift_ppm * (sensor time - reference_s).
struct ClockFit {
  bool verifiable = false;
  std::string why{};  ///< What is missing, where it is not verifiable.
  double reference_s = 0.0;
  ClockEstimate offset_s{};
  std::optional<ClockEstimate> drift_ppm{};  ///< Absent: the overlap is too short to tell.
  Quat camera_from_imu{};                    ///< Rotation of the mounting that fits best.
  Vec3 gyro_bias_rad_s{};                    ///< In the camera frame.
  double correlation = 0.0;                  ///< Of the three axes after the fit.
  double residual_rad_s = 0.0;               ///< Robust standard deviation per axis.
  int intervals = 0;                         ///< Pairs of frames that were compared.
};

/// The turning of a camera between two frames, mean over that time, in the camera frame.
struct TurnRate {
  TimeNs from_ns = 0;
  TimeNs to_ns = 0;
  Vec3 rate_rad_s{};
};

/// Returns the turning between neighbouring observed frames of one chunk.
[[nodiscard]] std::vector<TurnRate> turn_rates(const Tracks& tracks);

/// Finds offset, drift and mounting of a gyroscope by the turning that both saw.
///
/// The magnitude of both is searched for the offset, the mounting follows from the best rotation
/// between the two sets of vectors (Wahba 1965), then offset, drift, mounting and bias are fitted
/// together by robust Gauss-Newton steps; what is compared is the gyroscope's mean over each frame
/// interval, so slow frames do not bias it. Intervals hold residuals that are correlated over less
/// than a second (blocks of one second, sandwich covariance).
///
/// Not verifiable, with the reason: too little turning, no overlap, a correlation below the
/// options', two peaks alike, fast and slow motion that disagree by more than a frame (rolling
/// shutter or stabilisation), or stabilised pictures. Diagnostics: `clock_unverifiable`,
/// `clock_uncertain`. Same input, same result.
///
/// @return invalid_argument if the streams are not ascending or an option is out of range.
[[nodiscard]] Result<ClockFit> align_clock(const std::vector<TurnRate>& camera,
                                           const VectorStream& gyro_rad_s,
                                           const AlignClockOptions& options,
                                           Diagnostics& diagnostics);

/// Returns the episode time of a sensor time.
[[nodiscard]] TimeNs episode_time(const ClockFit& fit, TimeNs sensor_ns);

}  // namespace hearth
