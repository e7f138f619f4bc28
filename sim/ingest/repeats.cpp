// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include "sim/ingest/parts.h"

namespace hearth {
namespace {

constexpr int kBlockPx = 16;
// What an encoder adds to a copied frame, in grey levels of 0..255. On a clip with every second
// frame copied, copies had means up to .24 and blocks up to 4.3, new frames means from 5.2 and
// blocks from 37; clips without copies start at means of 2.
constexpr double kMeanDifference = 0.4;
constexpr double kBlockDifference = 5.0;

}  // namespace

bool repeats(const ImageRgb8& a, const ImageRgb8& b) {
  if (a.width_px != b.width_px || a.height_px != b.height_px) {
    return false;
  }
  long total = 0;
  for (int y0 = 0; y0 < a.height_px; y0 += kBlockPx) {
    for (int x0 = 0; x0 < a.width_px; x0 += kBlockPx) {
      const int x1 = std::min(x0 + kBlockPx, a.width_px);
      const int y1 = std::min(y0 + kBlockPx, a.height_px);
      long sum = 0;
      for (int y = y0; y < y1; ++y) {
        const auto row = static_cast<std::size_t>(y) * static_cast<std::size_t>(a.width_px);
        const std::size_t end = 3 * (row + static_cast<std::size_t>(x1));
        for (std::size_t i = 3 * (row + static_cast<std::size_t>(x0)); i < end; ++i) {
          sum += std::abs(static_cast<int>(a.values[i]) - static_cast<int>(b.values[i]));
        }
      }
      if (static_cast<double>(sum) > kBlockDifference * 3.0 * (x1 - x0) * (y1 - y0)) {
        return false;
      }
      total += sum;
    }
  }
  return static_cast<double>(total) <= kMeanDifference * static_cast<double>(a.values.size());
}

}  // namespace hearth
