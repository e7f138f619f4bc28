// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/rng.h>
#include <hearth/score/statistics.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>

using namespace hearth;

namespace {

void check(Interval interval, double low, double high, double tolerance) {
  CHECK(interval.low == Approx(low).margin(tolerance));
  CHECK(interval.high == Approx(high).margin(tolerance));
}

}  // namespace

TEST_CASE("clopper_pearson and beta_interval: known tables") {
  check(clopper_pearson(0, 10, 0.95), 0.0, 0.308497, 1e-6);
  check(clopper_pearson(5, 10, 0.95), 0.187086, 0.812914, 1e-6);
  check(clopper_pearson(22, 50, 0.95), 0.299907, 0.587456, 1e-6);
  check(clopper_pearson(41, 50, 0.95), 0.685631, 0.914238, 1e-6);
  check(clopper_pearson(27, 200, 0.95), 0.090887, 0.190309, 1e-6);
  check(beta_interval(0, 10, 0.95), 0.002299, 0.284914, 1e-6);
  check(beta_interval(6, 10, 0.95), 0.307905, 0.832512, 1e-6);
  check(beta_interval(10, 10, 0.95), 0.715086, 0.997701, 1e-6);
}

TEST_CASE("newcombe_interval: known tables") {
  check(newcombe_interval(22, 50, 27, 200, 0.95), 0.165614, 0.447813, 1e-6);
  check(newcombe_interval(0, 50, 41, 199, 0.95), -0.267534, -0.118694, 1e-6);
  // Three of three against none of three is the gross difference that three takes can show.
  CHECK(newcombe_interval(3, 3, 0, 3, 0.95).low > 0.0);
  CHECK(newcombe_interval(2, 2, 0, 2, 0.95).low > 0.0);
  CHECK(newcombe_interval(1, 1, 0, 1, 0.95).low < 0.0);
}

TEST_CASE("newcombe_p: the level at which the interval touches zero") {
  for (const double k1 : {1.0, 4.0, 9.5}) {
    const double p = newcombe_p(k1, 12, 11, 12);
    const Interval at_p = newcombe_interval(k1, 12, 11, 12, 1.0 - p);
    CHECK(at_p.high == Approx(0.0).margin(1e-6));
  }
  CHECK(newcombe_p(7, 10, 7, 10) == 1.0);
}

TEST_CASE("MeanEstimate: the t interval of eight homes") {
  const std::vector<double> d = {.12, .05, .20, -.02, .09, .15, .03, .07};
  const MeanEstimate estimate(d, 0.0, 5000, 0, "d");
  CHECK(estimate.mean() == Approx(0.08625));
  check(estimate.interval(0.95), 0.02782, 0.14468, 5e-6);
  CHECK(estimate.p_against_zero() == Approx(2 * 0.0050375).epsilon(0.02));
}

TEST_CASE("MeanEstimate: preconditions and degenerate samples") {
  const std::vector<double> one = {1.0};
  CHECK_THROWS_AS(MeanEstimate(one, 0.0, 100, 0, "x"), std::logic_error);
  const std::vector<double> nan = {1.0, std::nan("")};
  CHECK_THROWS_AS(MeanEstimate(nan, 0.0, 100, 0, "x"), std::logic_error);
  const std::vector<double> same(12, 0.5);
  const MeanEstimate exact(same, 0.0, 100, 0, "x");
  CHECK(exact.interval(0.95) == Interval{0.5, 0.5});
  CHECK(exact.p_against_zero() == 0.0);
  // Values read on a grid are not known better than the grid.
  const MeanEstimate rounded(same, 0.1, 100, 0, "x");
  CHECK(rounded.standard_error() == Approx(0.1 / std::sqrt(12.0 * 12.0)));
  CHECK(rounded.interval(0.95).low < 0.5);
}

TEST_CASE("MeanEstimate: 95 % intervals cover the truth in 93 to 97 % of synthetic studies") {
  const auto takes = static_cast<std::size_t>(GENERATE(4, 6, 10, 12, 20));
  CAPTURE(takes);
  const int studies = 1500;
  int covered = 0;
  for (int study = 0; study < studies; ++study) {
    Rng rng(5, static_cast<std::uint64_t>(study), "coverage");
    std::vector<double> values(takes);
    for (double& value : values) value = 0.3 + rng.normal();
    const MeanEstimate estimate(values, 0.0, 500, 9, "coverage_bootstrap");
    const Interval interval = estimate.interval(0.95);
    covered += interval.low <= 0.3 && 0.3 <= interval.high ? 1 : 0;
  }
  const double share = static_cast<double>(covered) / studies;
  CHECK(share > 0.93);
  CHECK(share < 0.975);
}

TEST_CASE("tost_p: known answers") {
  CHECK(tost_p(0.01, 0.02, 9, 0.1) == Approx(7.445e-4).epsilon(1e-3));
  CHECK(tost_p(0.05, 0.03, 9, 0.1) == Approx(0.06497).epsilon(1e-3));
}

TEST_CASE("holm_adjusted: known answers and the running maximum") {
  const std::vector<double> p = {.001, .01, .012, .03, .04, .2};
  const std::vector<double> expected = {.006, .05, .05, .09, .09, .2};
  const std::vector<double> adjusted = holm_adjusted(p);
  for (std::size_t i = 0; i < p.size(); ++i) CHECK(adjusted[i] == Approx(expected[i]));
  const std::vector<double> shuffled = {.2, .001, .04};
  CHECK(holm_adjusted(shuffled)[1] == Approx(.003));
  CHECK(holm_adjusted(shuffled)[2] == Approx(.08));
  CHECK(holm_adjusted({}).empty());
}

TEST_CASE("takes_to_certify_share: two flawless arms") {
  CHECK(takes_to_certify_share(0.10) == 25);  // n / (n + 1.645^2) >= .9
  CHECK(takes_to_certify_share(0.25) == 9);
}
