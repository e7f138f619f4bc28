// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/time.h>

#include <cstdint>
#include <vector>

namespace hearth::gopro {

/// Samples [first, first + count) of a sensor were delivered in a payload that covers
/// [start_ns, start_ns + duration_ns).
struct Delivery {
  TimeNs start_ns = 0;
  TimeNs duration_ns = 0;
  std::int64_t first = 0;  ///< Number of the first sample, lost ones counted.
  std::int64_t count = 0;
};

struct SampleTimes {
  std::vector<TimeNs> time_ns{};  ///< Ascending, one per delivered sample.
  double rate_hz = 0.0;           ///< Of the line; 0 where there is none.
  double largest_residual_s = 0.0;
  bool on_line = false;  ///< False: evenly within each payload.
};

/// Payloads deliver what arrived until they were closed, so their counts jitter by a few samples
/// while the sensor runs evenly: the least-squares line of sample number over payload start is
/// nearer to the truth, unless it is off by more than `limit_s` somewhere.
[[nodiscard]] SampleTimes sample_times(const std::vector<Delivery>& deliveries, double limit_s);

}  // namespace hearth::gopro
