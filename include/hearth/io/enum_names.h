// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Enumerators as the files spell them, for those who print.

#include <hearth/core/diagnostics.h>
#include <hearth/data/gap_report.h>
#include <hearth/data/stage_record.h>

#include <string>

namespace hearth {

/// Returns the word that stands for a value in every file: "GAP", "ran", "warning".
[[nodiscard]] std::string name_of(Verdict verdict);
[[nodiscard]] std::string name_of(StageStatus status);
[[nodiscard]] std::string name_of(Severity severity);

}  // namespace hearth
