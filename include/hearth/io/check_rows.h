// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// check.json: a bare list of rows.

#include <hearth/data/check_row.h>

#include <string>
#include <vector>

namespace hearth {

[[nodiscard]] std::string text_from_check_rows(const std::vector<CheckRow>& rows);

}  // namespace hearth
