// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Time is a whole number of nanoseconds since the first frame of the recording.

#include <cstdint>

namespace hearth {

using TimeNs = std::int64_t;

[[nodiscard]] constexpr double seconds_from_ns(TimeNs t_ns) {
  return static_cast<double>(t_ns) * 1e-9;
}
/// Rounds to the nearest nanosecond, halves away from zero.
[[nodiscard]] constexpr TimeNs ns_from_seconds(double t_s) {
  return static_cast<TimeNs>(t_s * 1e9 + (t_s < 0.0 ? -0.5 : 0.5));
}

}  // namespace hearth
