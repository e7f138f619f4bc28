// SPDX-License-Identifier: Apache-2.0
#include "sample_times.h"

#include <algorithm>
#include <cmath>

namespace hearth::gopro {
namespace {

struct Line {
  double start_s = 0.0;
  double interval_s = 0.0;
};

/// Start of payload over number of its first sample.
Line fit(const std::vector<Delivery>& deliveries) {
  const auto n = static_cast<double>(deliveries.size());
  double mean_i = 0.0;
  double mean_t = 0.0;
  for (const Delivery& d : deliveries) {
    mean_i += static_cast<double>(d.first) / n;
    mean_t += seconds_from_ns(d.start_ns) / n;
  }
  double over = 0.0;
  double under = 0.0;
  for (const Delivery& d : deliveries) {
    const double i = static_cast<double>(d.first) - mean_i;
    over += i * (seconds_from_ns(d.start_ns) - mean_t);
    under += i * i;
  }
  Line line;
  line.interval_s = under > 0.0 ? over / under : 0.0;
  line.start_s = mean_t - line.interval_s * mean_i;
  return line;
}

std::vector<TimeNs> within_payloads(const std::vector<Delivery>& deliveries) {
  std::vector<TimeNs> times;
  for (const Delivery& d : deliveries) {
    for (std::int64_t i = 0; i < d.count; ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(d.count);
      times.push_back(d.start_ns + static_cast<TimeNs>(share * static_cast<double>(d.duration_ns)));
    }
  }
  return times;
}

}  // namespace

SampleTimes sample_times(const std::vector<Delivery>& deliveries, double limit_s) {
  SampleTimes out;
  if (deliveries.size() >= 3) {
    const Line line = fit(deliveries);
    for (const Delivery& d : deliveries) {
      const double t = line.start_s + line.interval_s * static_cast<double>(d.first);
      out.largest_residual_s =
          std::max(out.largest_residual_s, std::abs(t - seconds_from_ns(d.start_ns)));
    }
    // Under a nanosecond apart, times would repeat.
    out.on_line = line.interval_s > 1e-8 && out.largest_residual_s <= limit_s;
    if (out.on_line) {
      out.rate_hz = 1.0 / line.interval_s;
      for (const Delivery& d : deliveries) {
        for (std::int64_t i = d.first; i < d.first + d.count; ++i) {
          out.time_ns.push_back(
              ns_from_seconds(line.start_s + line.interval_s * static_cast<double>(i)));
        }
      }
      return out;
    }
  }
  out.time_ns = within_payloads(deliveries);
  return out;
}

}  // namespace hearth::gopro
