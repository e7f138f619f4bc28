// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/result.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::epic {

struct CsvRow {
  std::int64_t line = 0;  ///< Where it begins.
  std::vector<std::string> cells{};
};

/// Cells between commas, quoted where they hold commas (RFC 4180). Every row has as many cells as
/// the first and ends with a line feed.
/// @return corrupt with `file:line`, also for text that is not UTF-8.
[[nodiscard]] Result<std::vector<CsvRow>> read_quoted_csv(std::string_view text,
                                                          const std::string& file);

}  // namespace hearth::epic
