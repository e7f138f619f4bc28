// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// From one number per take to GAP, EQUIVALENT or INCONCLUSIVE. The rule and its reasons:
/// docs/score.md.

#include <hearth/data/gap_report.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// How an estimand measures a difference.
enum class GapKind {
  distance,           ///< Not below zero; noise adds in squares.
  signed_difference,  ///< Simulation minus recording.
  share,              ///< Two success shares; their noise is in the interval.
};

/// What one estimand knows of each take.
struct GapSample {
  double value = 0.0;             ///< distance, difference; share: simulated share of draws.
  double real = 0.0;              ///< share only: 1 if the recording succeeded.
  std::optional<double> noise{};  ///< What two measurements of this one recording differ by.
};

/// One estimand with all its takes.
struct Estimand {
  std::string name{};
  std::string definition{};
  std::string unit{};
  GapKind kind = GapKind::distance;
  double delta = 0.0;       ///< Smallest effect of interest.
  double resolution = 0.0;  ///< Grid on which a take's value was read, 0 if none.
  std::vector<GapSample> takes{};
};

/// Options of decide().
struct DecideOptions {
  double level = 0.05;     ///< Of a GAP, over the whole family (Holm).
  int replicates = 5000;   ///< Bootstrap replicates, used from ten takes on.
  std::uint64_t seed = 0;  ///< Of the bootstrap.
};

/// Returns one Score per estimand, in order.
///
/// value is the mean over takes (share: simulated minus real), low and high its 95 % interval;
/// noise_floor the mean of the takes' noise (root mean square for a distance), absent unless every
/// take has one; a share's floor is 0.
/// - GAP: with the noise taken off each take (distance: sqrt(v^2 - e^2), below zero where e > v;
///   difference: |v| - e) the interval of the mean lies above zero after Holm and the mean exceeds
///   delta.
/// - EQUIVALENT: the 90 % interval of the mean lies inside +-delta and the floor is not above
///   delta. The floor is not taken off here: noise never argues for equality.
/// - INCONCLUSIVE: else, always without a floor and below two takes. `needed` says what would
///   decide it, in words, with a number of takes where one can be computed.
[[nodiscard]] std::vector<Score> decide(const std::vector<Estimand>& estimands,
                                        const DecideOptions& options);

/// Returns the verdict of a whole report, out of its two primary scores: GAP if "object_path" or
/// "success" is one; EQUIVALENT if "object_path" is and the estimate of "success" lies within its
/// delta; else INCONCLUSIVE.
///
/// Success can contradict equality but cannot prove it: two flawless dozens differ by up to .18.
/// Wrist, contact times and duration have verdicts of their own and tell where a gap comes from;
/// they differ by how a humanoid is made and when it must close its hand, so they do not decide.
[[nodiscard]] Verdict overall_verdict(const std::vector<Score>& scores);

}  // namespace hearth
