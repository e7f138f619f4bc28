// SPDX-License-Identifier: Apache-2.0
#include <hearth/dataset/statistics.h>

#include <catch2/catch.hpp>

using namespace hearth;

TEST_CASE("statistics: small columns by hand", "[dataset]") {
  // Columns 4 1 3 2 and constant 7. Quantiles of 1 2 3 4 as numpy gives them.
  const std::vector<double> values{4, 7, 1, 7, 3, 7, 2, 7};
  const ColumnStatistics s = column_statistics(std::span<const double>(values), 2);
  CHECK(s.count == 4);
  CHECK(s.min == std::vector<double>{1, 7});
  CHECK(s.max == std::vector<double>{4, 7});
  CHECK(s.mean == std::vector<double>{2.5, 7});
  CHECK(s.std[0] == Approx(1.118033988749895));
  CHECK(s.std[1] == 0.0);
  CHECK(s.q01[0] == Approx(1.03));
  CHECK(s.q10[0] == Approx(1.3));
  CHECK(s.q50[0] == Approx(2.5));
  CHECK(s.q90[0] == Approx(3.7));
  CHECK(s.q99[0] == Approx(3.97));
}

TEST_CASE("statistics: one row is its own statistics", "[dataset]") {
  const std::vector<float> values{0.5F};
  const ColumnStatistics s = column_statistics(std::span<const float>(values), 1);
  for (const auto* field : {&s.min, &s.max, &s.mean, &s.q01, &s.q10, &s.q50, &s.q90, &s.q99}) {
    CHECK(*field == std::vector<double>{0.5});
  }
  CHECK(s.std[0] == 0.0);
  CHECK_THROWS_AS(column_statistics(std::span<const float>(), 1), std::logic_error);
}

TEST_CASE("statistics: a histogram agrees with the list of its pixels", "[dataset]") {
  ImageRgb8 image{3, 2, {}};
  std::vector<double> red;
  for (int i = 0; i < 6; ++i) {
    const auto r = static_cast<std::uint8_t>((i * 97 + 13) % 256);
    image.values.insert(image.values.end(), {r, 0, 255});
    red.push_back(r / 255.0);
  }
  PixelHistogram histogram;
  add(histogram, image);
  PixelHistogram twice;
  add(twice, histogram);
  add(twice, image);
  const ColumnStatistics s = pixel_statistics(histogram);
  const ColumnStatistics expected = column_statistics(std::span<const double>(red), 1);
  CHECK(s.count == 1);
  CHECK(s.min[0] == Approx(expected.min[0]));
  CHECK(s.max[0] == Approx(expected.max[0]));
  CHECK(s.mean[0] == Approx(expected.mean[0]));
  CHECK(s.std[0] == Approx(expected.std[0]));
  CHECK(s.q10[0] == Approx(expected.q10[0]));
  CHECK(s.q50[0] == Approx(expected.q50[0]));
  CHECK(s.q99[0] == Approx(expected.q99[0]));
  CHECK(s.mean[1] == 0.0);
  CHECK(s.max[2] == 1.0);
  CHECK(pixel_statistics(twice).count == 2);
  CHECK(pixel_statistics(twice).mean[0] == Approx(expected.mean[0]));
}

TEST_CASE("statistics: 16-bit values keep their unit", "[dataset]") {
  ValueHistogram histogram;
  const std::vector<std::uint16_t> a{0, 1000, 65535};
  const std::vector<std::uint16_t> b{1000, 1000, 1000};
  add(histogram, a);
  ValueHistogram other;
  add(other, b);
  add(histogram, other);
  const ColumnStatistics s = value_statistics(histogram);
  CHECK(s.count == 2);
  CHECK(s.min[0] == 0.0);
  CHECK(s.max[0] == 65535.0);
  CHECK(s.q50[0] == 1000.0);
  CHECK(s.mean[0] == Approx((0 + 65535 + 4000) / 6.0));
}
