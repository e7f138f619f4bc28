// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Order statistics.

#include <algorithm>
#include <cmath>
#include <vector>

namespace hearth {

/// Returns the value at `share` (0..1) of the sorted values; 0 for none.
[[nodiscard]] inline double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0.0;
  const auto k = std::lround(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + k, values.end());
  return values[static_cast<std::size_t>(k)];
}

[[nodiscard]] inline double median(std::vector<double> values) {
  return quantile(std::move(values), 0.5);
}

}  // namespace hearth
