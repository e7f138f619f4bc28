// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/data/summary.h>
#include <hearth/pipeline/run.h>

#include <filesystem>
#include <string>
#include <vector>

namespace hearth {

/// Whether a stage ran or was reused.
[[nodiscard]] bool done(const std::vector<SummaryStage>& stages, const std::string& name);

/// Reads what the stages left in a run folder; what is absent or unreadable becomes null with a
/// reason.
[[nodiscard]] Summary summarize(const std::filesystem::path& out,
                                const std::vector<SummaryStage>& stages, const RunOptions& options);

}  // namespace hearth
