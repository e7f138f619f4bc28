// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/result.h>
#include <hearth/retarget/speed_limit.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace hearth {

namespace {

bool obeys(const std::vector<double>& x, double step) {
  for (std::size_t t = 1; t < x.size(); ++t) {
    if (!(std::abs(x[t] - x[t - 1]) <= step)) return false;
  }
  return true;
}

void project(std::vector<double>& x, double step) {
  // A hair inside the bound, so that rounding of the mean cannot cross it.
  const double inner = step * (1.0 - 1e-9);
  std::vector<double> upper = x;
  std::vector<double> lower = x;
  for (std::size_t t = 1; t < x.size(); ++t) {
    upper[t] = std::min(upper[t], upper[t - 1] + inner);
    lower[t] = std::max(lower[t], lower[t - 1] - inner);
  }
  for (std::size_t t = x.size() - 1; t-- > 0;) {
    upper[t] = std::min(upper[t], upper[t + 1] + inner);
    lower[t] = std::max(lower[t], lower[t + 1] - inner);
  }
  for (std::size_t t = 0; t < x.size(); ++t) x[t] = 0.5 * (upper[t] + lower[t]);
}

}  // namespace

double limit_speed(Table& positions, std::span<const double> max_step) {
  require(max_step.size() == positions.columns, "one step per column");
  double largest = 0.0;
  std::vector<double> column(positions.rows);
  for (std::size_t c = 0; c < positions.columns; ++c) {
    for (std::size_t t = 0; t < positions.rows; ++t) {
      column[t] = positions.values[t * positions.columns + c];
    }
    if (obeys(column, max_step[c])) continue;
    project(column, max_step[c]);
    for (std::size_t t = 0; t < positions.rows; ++t) {
      double& value = positions.values[t * positions.columns + c];
      largest = std::max(largest, std::abs(column[t] - value));
      value = column[t];
    }
  }
  return largest;
}

}  // namespace hearth
