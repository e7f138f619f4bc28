// SPDX-License-Identifier: Apache-2.0
#include "sim/label/timing.h"

#include <hearth/core/rng.h>

#include <catch2/catch.hpp>
#include <cmath>

using namespace hearth;

TEST_CASE("a noiseless ramp is found exactly") {
  std::vector<double> y;
  for (int i = 0; i < 30; ++i) y.push_back(i < 10 ? 1.0 : i > 16 ? 0.4 : 1.0 - 0.1 * (i - 10));
  const auto ramp = label::fit_ramp(y);
  REQUIRE(ramp);
  CHECK(ramp->start == Approx(10.0));
  CHECK(ramp->end == Approx(16.0));
  CHECK(ramp->open == Approx(1.0));
  CHECK(ramp->closed == Approx(0.4));
  CHECK(ramp->residual < 1e-9);
}

TEST_CASE("a ramp's stated sigma is honest") {
  int inside = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Rng rng(seed, 0, "ramp");
    const double end = rng.uniform(14.0, 20.0);
    std::vector<double> y;
    for (int i = 0; i < 32; ++i) {
      const double u = std::min(1.0, std::max(0.0, (i - 8.0) / (end - 8.0)));
      y.push_back(1.0 - 0.5 * u + 0.03 * rng.normal());
    }
    const auto ramp = label::fit_ramp(y);
    REQUIRE(ramp);
    if (std::abs(ramp->end - end) < 2.0 * ramp->end_sigma) ++inside;
  }
  CHECK(inside >= 85);
}

TEST_CASE("a cubic start is extrapolated to its beginning") {
  std::vector<double> d;
  for (int i = 0; i < 40; ++i) d.push_back(i < 12 ? 0.0 : 2e-5 * std::pow(i - 12.0, 3.0));
  CHECK(label::motion_onset(d, 0, 39, 1e-4, 0.05) == Approx(12.0).margin(0.01));
}

TEST_CASE("too short a signal has no ramp") { CHECK_FALSE(label::fit_ramp({1, 1, 0, 0})); }
