// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/result.h>
#include <hearth/dataset/statistics.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace hearth {
namespace {

constexpr std::size_t kValues16 = 65536;

void reserve_columns(ColumnStatistics& s, std::size_t columns) {
  for (auto* field : {&s.min, &s.max, &s.mean, &s.std, &s.q01, &s.q10, &s.q50, &s.q90, &s.q99}) {
    field->reserve(columns);
  }
}

// `at(i)`: the i-th smallest of n values, 0-based.
template <class At>
double quantile(const At& at, std::int64_t n, double share) {
  const double place = share * static_cast<double>(n - 1);
  const auto low = static_cast<std::int64_t>(std::floor(place));
  const std::int64_t high = std::min(low + 1, n - 1);
  const double below = at(low);
  return below + (at(high) - below) * (place - static_cast<double>(low));
}

template <class At>
void push_quantiles(ColumnStatistics& s, const At& at, std::int64_t n) {
  s.min.push_back(at(0));
  s.max.push_back(at(n - 1));
  s.q01.push_back(quantile(at, n, 0.01));
  s.q10.push_back(quantile(at, n, 0.10));
  s.q50.push_back(quantile(at, n, 0.50));
  s.q90.push_back(quantile(at, n, 0.90));
  s.q99.push_back(quantile(at, n, 0.99));
}

template <class T>
ColumnStatistics of_rows(std::span<const T> values, std::size_t columns) {
  require(columns > 0 && !values.empty() && values.size() % columns == 0,
          "column_statistics needs whole rows");
  const std::size_t rows = values.size() / columns;
  ColumnStatistics out;
  reserve_columns(out, columns);
  out.count = static_cast<std::int64_t>(rows);
  std::vector<T> column(rows);
  for (std::size_t c = 0; c < columns; ++c) {
    double sum = 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
      column[r] = values[r * columns + c];
      sum += static_cast<double>(column[r]);
    }
    const double mean = sum / static_cast<double>(rows);
    double squares = 0.0;
    for (const T v : column) {
      const double offset = static_cast<double>(v) - mean;
      squares += offset * offset;
    }
    std::sort(column.begin(), column.end());
    out.mean.push_back(mean);
    out.std.push_back(std::sqrt(squares / static_cast<double>(rows)));
    push_quantiles(
        out,
        [&](std::int64_t i) { return static_cast<double>(column[static_cast<std::size_t>(i)]); },
        out.count);
  }
  return out;
}

void push_histogram(ColumnStatistics& out, std::span<const std::int64_t> counts, double unit) {
  std::int64_t n = 0;
  double sum = 0.0;
  for (std::size_t v = 0; v < counts.size(); ++v) {
    n += counts[v];
    sum += static_cast<double>(counts[v]) * static_cast<double>(v);
  }
  require(n > 0, "statistics of no pictures");
  const double mean = sum / static_cast<double>(n);
  double squares = 0.0;
  for (std::size_t v = 0; v < counts.size(); ++v) {
    const double offset = static_cast<double>(v) - mean;
    squares += static_cast<double>(counts[v]) * offset * offset;
  }
  const auto at = [&](std::int64_t index) {
    std::int64_t passed = 0;
    std::size_t v = 0;
    while (passed + counts[v] <= index) passed += counts[v++];
    return unit * static_cast<double>(v);
  };
  out.mean.push_back(unit * mean);
  out.std.push_back(unit * std::sqrt(squares / static_cast<double>(n)));
  push_quantiles(out, at, n);
}

}  // namespace

void add(PixelHistogram& histogram, const ImageRgb8& image) {
  for (std::size_t i = 0; i + 2 < image.values.size(); i += 3) {
    ++histogram.counts[0][image.values[i]];
    ++histogram.counts[1][image.values[i + 1]];
    ++histogram.counts[2][image.values[i + 2]];
  }
  ++histogram.frames;
}

void add(PixelHistogram& histogram, const PixelHistogram& other) {
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t v = 0; v < 256; ++v) histogram.counts[c][v] += other.counts[c][v];
  }
  histogram.frames += other.frames;
}

void add(ValueHistogram& histogram, std::span<const std::uint16_t> values) {
  histogram.counts.resize(kValues16, 0);
  for (const std::uint16_t v : values) ++histogram.counts[v];
  ++histogram.frames;
}

void add(ValueHistogram& histogram, const ValueHistogram& other) {
  histogram.counts.resize(kValues16, 0);
  for (std::size_t v = 0; v < other.counts.size(); ++v) histogram.counts[v] += other.counts[v];
  histogram.frames += other.frames;
}

ColumnStatistics column_statistics(std::span<const float> values, std::size_t columns) {
  return of_rows(values, columns);
}

ColumnStatistics column_statistics(std::span<const double> values, std::size_t columns) {
  return of_rows(values, columns);
}

ColumnStatistics pixel_statistics(const PixelHistogram& histogram) {
  ColumnStatistics out;
  for (const auto& channel : histogram.counts) push_histogram(out, channel, 1.0 / 255.0);
  out.count = histogram.frames;
  return out;
}

ColumnStatistics value_statistics(const ValueHistogram& histogram) {
  ColumnStatistics out;
  push_histogram(out, histogram.counts, 1.0);
  out.count = histogram.frames;
  return out;
}

}  // namespace hearth
