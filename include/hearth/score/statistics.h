// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Intervals and corrections that a verdict rests on. All two-sided unless said. Quantiles come
/// from Boost.Math. Sources: Clopper and Pearson, Biometrika 26 (1934); Wilson, JASA 22 (1927);
/// Newcombe, Statistics in Medicine 17 (1998), method 10 for independent proportions; Schuirmann,
/// J. Pharmacokin. Biopharm. 15 (1987); Holm, Scand. J. Statist. 6 (1979); Efron and Tibshirani,
/// "An Introduction to the Bootstrap" (1993), section 12.5.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace hearth {

/// A two-sided interval.
struct Interval {
  double low = 0.0;
  double high = 0.0;
  bool operator==(const Interval&) const = default;
};

/// Exact interval of a proportion: k successes of n. 0 <= k <= n, n >= 1, 0 < confidence < 1.
[[nodiscard]] Interval clopper_pearson(double k, double n, double confidence);

/// Equal-tailed interval of the posterior Beta(k + 1, n - k + 1). Same preconditions.
[[nodiscard]] Interval beta_interval(double k, double n, double confidence);

/// Score interval of a proportion. Same preconditions; k need not be whole.
[[nodiscard]] Interval wilson_interval(double k, double n, double confidence);

/// Interval of k1/n1 - k2/n2. Same preconditions for both; k need not be whole.
[[nodiscard]] Interval newcombe_interval(double k1, double n1, double k2, double n2,
                                         double confidence);

/// Smallest level at which newcombe_interval() excludes zero, to 1e-9; 1 for equal shares.
[[nodiscard]] double newcombe_p(double k1, double n1, double k2, double n2);

/// A sample's mean with its standard error and the shape of its studentized error.
///
/// Below ten values the error is taken as Student's t with n - 1 degrees of freedom (percentile
/// bootstraps cover too little there); from ten on as the bootstrap-t of the sample itself.
/// Replicate b draws from the stream (seed, b, stream), so nothing depends on threads.
class MeanEstimate {
 public:
  /// @param values      At least two, all finite; std::logic_error otherwise.
  /// @param resolution  Spacing of the grid on which values were read, 0 if none: adds its rounding
  ///                    variance resolution^2 / 12 to that of a value.
  /// @param replicates  Bootstrap replicates, from ten values on.
  MeanEstimate(std::span<const double> values, double resolution, int replicates,
               std::uint64_t seed, std::string_view stream);

  [[nodiscard]] double mean() const { return mean_; }
  [[nodiscard]] double standard_error() const { return standard_error_; }
  [[nodiscard]] double standard_deviation() const { return standard_deviation_; }
  [[nodiscard]] Interval interval(double confidence) const;
  /// Two-sided p of the mean against zero; never below 1 / (replicates + 1) with the bootstrap.
  [[nodiscard]] double p_against_zero() const;

 private:
  double mean_ = 0.0;
  double standard_deviation_ = 0.0;
  double standard_error_ = 0.0;
  double freedom_ = 0.0;
  std::vector<double> studentized_{};  ///< Sorted; empty: use Student's t.
};

/// p of "the mean lies outside +-delta" against "inside": the larger of two one-sided t tests.
[[nodiscard]] double tost_p(double mean, double standard_error, double freedom, double delta);

/// Holm-adjusted p values, in the order given, at most 1.
[[nodiscard]] std::vector<double> holm_adjusted(std::span<const double> p);

/// Takes per arm at which two shares of one would differ by at most delta (90 % Newcombe).
[[nodiscard]] int takes_to_certify_share(double delta);

}  // namespace hearth
