// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Differences between what a recording claims and what a simulation did.

#include <hearth/data/gap_report.h>
#include <hearth/data/home.h>
#include <hearth/score/score.h>

#include <optional>

namespace hearth {

/// First touch to last release.
struct TouchTimes {
  double onset_s = 0.0;
  double release_s = 0.0;
};

/// Returns when the simulated hand touches the object; touches shorter than 0.1 s do not count.
/// Nothing if there is none.
[[nodiscard]] std::optional<TouchTimes> simulated_touch(const SimulatedTake& take);

/// Returns first onset and last release of the home's contacts with the task's object.
[[nodiscard]] std::optional<TouchTimes> recorded_touch(const Home& home);

/// Returns the mean distance of two paths of one object at equal times, from `start_ns` to the end
/// of `recorded`, at the recorded samples (ends held). Nothing without samples in that time or with
/// a number that is not finite. metres.
[[nodiscard]] std::optional<double> path_distance_m(const ObjectTrack& recorded,
                                                    const ObjectTrack& simulated, TimeNs start_ns);

/// Returns the mean distance between the acting wrist of the home and the simulated one while the
/// recorded contact lasts, after their mean offset in the recorded wrist's axes is taken off: a
/// humanoid holds an object its own way. Nothing with fewer than two common times.
[[nodiscard]] std::optional<double> wrist_distance_m(const Home& home, const SimulatedTake& take);

/// Returns the scores of one twin against its own claim; what cannot be computed stays absent and
/// `note` says why.
[[nodiscard]] TakeScore compare(const Home& twin, const SimulatedTake& take);

/// What two measurements of one recording differ by, per estimand; absent where unknown.
struct MeasurementNoise {
  std::optional<double> object_path_m{};
  std::optional<double> wrist_path_m{};
  std::optional<double> contact_onset_s{};
  std::optional<double> contact_release_s{};
  std::optional<double> duration_s{};
};

/// Returns zero for an exact take; else the largest difference between any two replicates, and for
/// contact times at least the half-width of the home's own 95 % interval over 1.96.
[[nodiscard]] MeasurementNoise measurement_noise(const HeldOutTake& take);

}  // namespace hearth
