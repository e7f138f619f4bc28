// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Dense tables of numbers, row-major. On disk they are .npy files beside the noun's JSON.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hearth {

/// rows x columns doubles, row-major.
struct Table {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values{};  ///< rows * columns entries.
  bool operator==(const Table&) const = default;
};

/// rows x columns floats, row-major: actions are stored in the type in which they are played.
struct TableF32 {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> values{};  ///< rows * columns entries.
  bool operator==(const TableF32&) const = default;
};

}  // namespace hearth
