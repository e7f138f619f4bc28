// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Exact statistics of dataset columns: population standard deviation, quantiles by linear
/// interpolation between order statistics (as numpy.quantile).

#include <hearth/data/image.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace hearth {

/// How often each 8-bit value occurs, per channel: exact statistics of any number of pictures in
/// constant memory, and they add up over episodes.
struct PixelHistogram {
  std::array<std::array<std::int64_t, 256>, 3> counts{};
  std::int64_t frames = 0;
  bool operator==(const PixelHistogram&) const = default;
};

/// Counts every pixel of a picture.
void add(PixelHistogram& histogram, const ImageRgb8& image);
void add(PixelHistogram& histogram, const PixelHistogram& other);

/// The same for one channel of 16-bit values: depth in millimetres, body numbers.
struct ValueHistogram {
  std::vector<std::int64_t> counts{};  ///< Empty, or 65536 entries.
  std::int64_t frames = 0;
  bool operator==(const ValueHistogram&) const = default;
};

void add(ValueHistogram& histogram, std::span<const std::uint16_t> values);
void add(ValueHistogram& histogram, const ValueHistogram& other);

/// Statistics of one feature; one entry per dimension (pictures: per channel, 0..1).
struct ColumnStatistics {
  std::vector<double> min{};
  std::vector<double> max{};
  std::vector<double> mean{};
  std::vector<double> std{};
  std::vector<double> q01{};
  std::vector<double> q10{};
  std::vector<double> q50{};
  std::vector<double> q90{};
  std::vector<double> q99{};
  std::int64_t count = 0;  ///< Rows; pictures: frames.
  bool operator==(const ColumnStatistics&) const = default;
};

/// @param values  Row-major, at least one row of `columns` finite numbers.
[[nodiscard]] ColumnStatistics column_statistics(std::span<const float> values,
                                                 std::size_t columns);
[[nodiscard]] ColumnStatistics column_statistics(std::span<const double> values,
                                                 std::size_t columns);
/// At least one frame. Colour values are scaled to 0..1.
[[nodiscard]] ColumnStatistics pixel_statistics(const PixelHistogram& histogram);
/// At least one frame. Values keep their unit.
[[nodiscard]] ColumnStatistics value_statistics(const ValueHistogram& histogram);

}  // namespace hearth
