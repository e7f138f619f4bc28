// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// One line of RUN/check.json: an absolute error against truth, lower is better, beside that of a
/// constant prior.

#include <cstdint>
#include <optional>
#include <string>

namespace hearth {

struct CheckRow {
  std::string stage{};     ///< "perceive", "reconstruct", "replay", ...
  std::string quantity{};  ///< For example "wrist_in_camera".
  std::string unit{};
  std::int64_t n = 0;  ///< Values compared; 0: nothing to compare.
  std::optional<double> median{};
  std::optional<double> p95{};
  std::optional<double> baseline_median{};  ///< The same for the constant prior; null: none.
  bool operator==(const CheckRow&) const = default;
};

}  // namespace hearth
