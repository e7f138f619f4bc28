// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/rng.h>
#include <hearth/retarget/speed_limit.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace hearth;  // NOLINT(google-build-using-namespace)

namespace {

Table random_walk(std::uint64_t unit, double step) {
  Rng rng(3, unit, "walk");
  Table table{60, 2, {}};
  double a = 0.0;
  double b = 0.0;
  for (std::size_t t = 0; t < table.rows; ++t) {
    a += rng.uniform(-step, step);
    b += rng.uniform(-step, step);
    table.values.push_back(a);
    table.values.push_back(b);
  }
  return table;
}

}  // namespace

TEST_CASE("limit_speed obeys its bound exactly, within the range it was given") {
  for (std::uint64_t unit = 0; unit < 100; ++unit) {
    CAPTURE(unit);
    const Table before = random_walk(unit, 0.3);
    Table after = before;
    const std::vector<double> max_step = {0.1, 0.07};
    const double changed = limit_speed(after, max_step);
    double largest = 0.0;
    for (std::size_t c = 0; c < 2; ++c) {
      double low = 1e9;
      double high = -1e9;
      for (std::size_t t = 0; t < 60; ++t) {
        low = std::min(low, before.values[2 * t + c]);
        high = std::max(high, before.values[2 * t + c]);
      }
      for (std::size_t t = 0; t < 60; ++t) {
        const double value = after.values[2 * t + c];
        CHECK(value >= low);
        CHECK(value <= high);
        largest = std::max(largest, std::abs(value - before.values[2 * t + c]));
        if (t > 0) CHECK(std::abs(value - after.values[2 * t - 2 + c]) <= max_step[c]);
      }
    }
    CHECK(changed == largest);
    Table again = after;
    CHECK(limit_speed(again, max_step) == 0.0);
    CHECK(again == after);
  }
}

TEST_CASE("limit_speed leaves slow columns alone, bit for bit") {
  const Table before = random_walk(5, 0.05);
  Table after = before;
  CHECK(limit_speed(after, std::vector<double>{0.051, 0.051}) == 0.0);
  CHECK(after == before);
}

TEST_CASE("a single step becomes the ramp in its middle") {
  Table table{6, 1, {0, 0, 0, 1, 1, 1}};
  CHECK(limit_speed(table, std::vector<double>{0.5}) == Approx(0.25));
  CHECK(table.values[2] == Approx(0.25));
  CHECK(table.values[3] == Approx(0.75));
}
