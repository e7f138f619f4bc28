// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/result.h>
#include <hearth/core/rng.h>
#include <hearth/score/statistics.h>

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace hearth {
namespace {

constexpr std::size_t kFewestForBootstrap = 10;

void require_share(double k, double n, double confidence) {
  require(n >= 1.0 && k >= 0.0 && k <= n, "0 <= k <= n and n >= 1");
  require(confidence > 0.0 && confidence < 1.0, "0 < confidence < 1");
}

double normal_quantile(double confidence) {
  return boost::math::quantile(
      boost::math::complement(boost::math::normal_distribution<>(), 0.5 * (1.0 - confidence)));
}

struct Moments {
  double mean = 0.0;
  double variance = 0.0;  // of one value, n - 1 in the denominator
};

Moments moments(std::span<const double> values) {
  Moments m;
  const auto n = static_cast<double>(values.size());
  m.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  for (const double value : values) m.variance += (value - m.mean) * (value - m.mean);
  m.variance /= n - 1.0;
  return m;
}

/// Share-interpolated quantile of sorted values (type 7 of Hyndman and Fan).
double quantile_of_sorted(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(place));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

Interval clopper_pearson(double k, double n, double confidence) {
  require_share(k, n, confidence);
  const double tail = 0.5 * (1.0 - confidence);
  using Beta = boost::math::beta_distribution<>;
  return {k > 0.0 ? boost::math::quantile(Beta(k, n - k + 1.0), tail) : 0.0,
          k < n ? boost::math::quantile(boost::math::complement(Beta(k + 1.0, n - k), tail)) : 1.0};
}

Interval beta_interval(double k, double n, double confidence) {
  require_share(k, n, confidence);
  const double tail = 0.5 * (1.0 - confidence);
  const boost::math::beta_distribution<> posterior(k + 1.0, n - k + 1.0);
  return {boost::math::quantile(posterior, tail),
          boost::math::quantile(boost::math::complement(posterior, tail))};
}

Interval wilson_interval(double k, double n, double confidence) {
  require_share(k, n, confidence);
  const double z = normal_quantile(confidence);
  const double p = k / n;
  const double scale = 1.0 + z * z / n;
  const double center = (p + 0.5 * z * z / n) / scale;
  const double half = z / scale * std::sqrt(p * (1.0 - p) / n + 0.25 * z * z / (n * n));
  return {std::max(0.0, center - half), std::min(1.0, center + half)};
}

Interval newcombe_interval(double k1, double n1, double k2, double n2, double confidence) {
  const Interval a = wilson_interval(k1, n1, confidence);
  const Interval b = wilson_interval(k2, n2, confidence);
  const double p1 = k1 / n1;
  const double p2 = k2 / n2;
  return {p1 - p2 - std::hypot(p1 - a.low, b.high - p2),
          p1 - p2 + std::hypot(a.high - p1, p2 - b.low)};
}

double newcombe_p(double k1, double n1, double k2, double n2) {
  const auto excludes_zero = [&](double p) {
    const Interval interval = newcombe_interval(k1, n1, k2, n2, 1.0 - p);
    return interval.low > 0.0 || interval.high < 0.0;
  };
  double low = 1e-12;
  double high = 1.0 - 1e-12;
  if (k1 / n1 == k2 / n2 || !excludes_zero(high)) return 1.0;
  if (excludes_zero(low)) return low;
  while (high - low > 1e-9) {
    const double middle = 0.5 * (low + high);
    (excludes_zero(middle) ? high : low) = middle;
  }
  return high;
}

MeanEstimate::MeanEstimate(std::span<const double> values, double resolution, int replicates,
                           std::uint64_t seed, std::string_view stream) {
  require(values.size() >= 2, "a mean with an interval needs two values");
  for (const double value : values) require(std::isfinite(value), "values must be finite");
  const auto n = static_cast<double>(values.size());
  const double rounding = resolution * resolution / 12.0;
  const Moments m = moments(values);
  mean_ = m.mean;
  freedom_ = n - 1.0;
  standard_deviation_ = std::sqrt(m.variance + rounding);
  standard_error_ = standard_deviation_ / std::sqrt(n);
  if (values.size() < kFewestForBootstrap || m.variance == 0.0) {
    return;
  }
  std::vector<double> drawn(values.size());
  for (int b = 0; b < replicates; ++b) {
    Rng rng(seed, static_cast<std::uint64_t>(b), stream);
    for (double& value : drawn) value = values[rng.index(values.size())];
    const Moments r = moments(drawn);
    const double error = std::sqrt((r.variance + rounding) / n);
    // All draws alike: the replicate says nothing about its own error.
    if (error > 0.0) studentized_.push_back((r.mean - mean_) / error);
  }
  std::sort(studentized_.begin(), studentized_.end());
}

Interval MeanEstimate::interval(double confidence) const {
  require(confidence > 0.0 && confidence < 1.0, "0 < confidence < 1");
  const double tail = 0.5 * (1.0 - confidence);
  if (studentized_.empty()) {
    const double t = boost::math::quantile(
        boost::math::complement(boost::math::students_t_distribution<>(freedom_), tail));
    return {mean_ - t * standard_error_, mean_ + t * standard_error_};
  }
  // The mean stays inside, whatever a lopsided sample does to the quantiles.
  const double upper = std::max(0.0, quantile_of_sorted(studentized_, 1.0 - tail));
  const double lower = std::min(0.0, quantile_of_sorted(studentized_, tail));
  return {mean_ - upper * standard_error_, mean_ - lower * standard_error_};
}

double MeanEstimate::p_against_zero() const {
  if (standard_error_ == 0.0) {
    return mean_ == 0.0 ? 1.0 : 0.0;
  }
  const double t = mean_ / standard_error_;
  if (studentized_.empty()) {
    return 2.0 * boost::math::cdf(boost::math::complement(
                     boost::math::students_t_distribution<>(freedom_), std::abs(t)));
  }
  const auto count = static_cast<double>(studentized_.size());
  const auto first = std::lower_bound(studentized_.begin(), studentized_.end(), t);
  const double at_least = static_cast<double>(studentized_.end() - first);
  const double tail = t > 0.0 ? at_least : count - at_least;
  return std::min(1.0, 2.0 * (tail + 0.5) / (count + 1.0));
}

double tost_p(double mean, double standard_error, double freedom, double delta) {
  const boost::math::students_t_distribution<> t(freedom);
  const double low = boost::math::cdf(boost::math::complement(t, (mean + delta) / standard_error));
  const double high = boost::math::cdf(t, (mean - delta) / standard_error);
  return std::max(low, high);
}

std::vector<double> holm_adjusted(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double largest = 0.0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, static_cast<double>(p.size() - rank) * p[order[rank]]);
    adjusted[order[rank]] = std::min(1.0, largest);
  }
  return adjusted;
}

int takes_to_certify_share(double delta) {
  require(delta > 0.0, "delta must be positive");
  int n = 1;
  while (n < 100000 && newcombe_interval(n, n, n, n, 0.90).low < -delta) ++n;
  return n;
}

}  // namespace hearth
