// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Two fits on a signal that is sampled per frame: where a ramp ends, where a motion begins.

#include <optional>
#include <vector>

namespace hearth::label {

/// level `open`, straight line, level `closed`. Indices are fractional positions in the signal.
struct Ramp {
  double start = 0.0;
  double end = 0.0;
  double open = 0.0;
  double closed = 0.0;
  double residual = 0.0;   ///< Root mean square.
  double end_sigma = 0.0;  ///< One standard deviation of `end`, in samples.
};

/// Least-squares fit with start and end on a half-sample grid; nothing for under 6 samples.
[[nodiscard]] std::optional<Ramp> fit_ramp(const std::vector<double>& signal);

/// Returns the fractional index at which a displacement (0 at rest, then growing) leaves zero: the
/// cube root of a smooth start is a straight line, extrapolated to zero. Samples from `rest_end`
/// to `peak` are used while between the noise and `top`.
[[nodiscard]] double motion_onset(const std::vector<double>& displacement, int rest_end, int peak,
                                  double noise, double top);

}  // namespace hearth::label
