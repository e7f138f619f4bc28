// SPDX-License-Identifier: Apache-2.0
#include "sim/label/timing.h"

#include <algorithm>
#include <cmath>

namespace hearth::label {
namespace {

// Sum of squares of the best levels for given corners.
double fit_levels(const std::vector<double>& y, double start, double end, double& open,
                  double& closed) {
  double aa = 0.0;
  double ab = 0.0;
  double bb = 0.0;
  double ay = 0.0;
  double by = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double u = std::clamp((static_cast<double>(i) - start) / (end - start), 0.0, 1.0);
    aa += (1 - u) * (1 - u);
    ab += (1 - u) * u;
    bb += u * u;
    ay += (1 - u) * y[i];
    by += u * y[i];
  }
  const double det = aa * bb - ab * ab;
  if (det < 1e-9) return 1e300;
  open = (bb * ay - ab * by) / det;
  closed = (aa * by - ab * ay) / det;
  double sum = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double u = std::clamp((static_cast<double>(i) - start) / (end - start), 0.0, 1.0);
    const double r = y[i] - ((1 - u) * open + u * closed);
    sum += r * r;
  }
  return sum;
}

}  // namespace

std::optional<Ramp> fit_ramp(const std::vector<double>& signal) {
  const int n = static_cast<int>(signal.size());
  if (n < 6) return std::nullopt;
  Ramp best;
  double best_sum = 1e300;
  for (int a = 0; a <= 2 * (n - 3); ++a) {
    for (int b = a + 2; b <= 2 * (n - 1) - 1; ++b) {
      double open = 0.0;
      double closed = 0.0;
      const double sum = fit_levels(signal, 0.5 * a, 0.5 * b, open, closed);
      if (sum < best_sum) {
        best_sum = sum;
        best = {0.5 * a, 0.5 * b, open, closed, 0.0, 0.0};
      }
    }
  }
  if (best_sum >= 1e300) return std::nullopt;
  best.residual = std::sqrt(best_sum / n);
  const double slope = std::abs(best.open - best.closed) / (best.end - best.start);
  const double ramp_samples = std::max(1.0, best.end - best.start);
  best.end_sigma =
      0.3 + (slope > 0.0 ? 2.0 * best.residual / slope / std::sqrt(ramp_samples) : 1e3);
  return best;
}

double motion_onset(const std::vector<double>& displacement, int rest_end, int peak, double noise,
                    double top) {
  std::vector<double> index;
  std::vector<double> root;
  const int n = static_cast<int>(displacement.size());
  for (int i = std::max(0, rest_end); i <= std::min(peak, n - 1); ++i) {
    const double d = displacement[static_cast<std::size_t>(i)];
    if (d > top && index.size() >= 3) break;
    if (d < noise) {
      index.clear();  // still at rest: earlier samples were noise
      root.clear();
      continue;
    }
    index.push_back(i);
    root.push_back(std::cbrt(d));
  }
  if (index.size() < 2)
    return index.empty() ? rest_end : std::max<double>(rest_end, index[0] - 1.0);
  double mi = 0.0;
  double mr = 0.0;
  for (std::size_t i = 0; i < index.size(); ++i) {
    mi += index[i] / static_cast<double>(index.size());
    mr += root[i] / static_cast<double>(index.size());
  }
  double sii = 0.0;
  double sir = 0.0;
  for (std::size_t i = 0; i < index.size(); ++i) {
    sii += (index[i] - mi) * (index[i] - mi);
    sir += (index[i] - mi) * (root[i] - mr);
  }
  if (sir <= 0.0) return index[0];
  const double zero = mi - mr * sii / sir;
  // A straight line through noise may point far back; motion cannot begin long before it shows.
  return std::clamp(zero, index[0] - 6.0, index[0]);
}

}  // namespace hearth::label
