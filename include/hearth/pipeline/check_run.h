// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Compares a run folder with the truth of the filmed take that it was made from.

#include <hearth/core/result.h>
#include <hearth/data/check_row.h>

#include <filesystem>
#include <vector>

namespace hearth {

/// Reads what the run left, compares it with truth/truth.json and writes run/check.json. Parts that
/// the run did not reach give rows with n = 0.
///
/// @return not_found if the run or the truth is missing; what check() returns.
[[nodiscard]] Result<std::vector<CheckRow>> check_run(const std::filesystem::path& run,
                                                      const std::filesystem::path& truth);

}  // namespace hearth
