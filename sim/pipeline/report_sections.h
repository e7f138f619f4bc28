// SPDX-License-Identifier: Apache-2.0
#pragma once

// The parts of the page, each as HTML. Every text from a file is escaped here.

#include <cstdint>
#include <map>
#include <string>

#include "report_run.h"

namespace hearth::report_sections {

/// The three questions a reader has, answered in words.
[[nodiscard]] std::string verdict_cards(const ReportRun& run);
/// Marks that must not be overlooked: unscreened footage, substituted truth, failed stages.
[[nodiscard]] std::string banners(const ReportRun& run);
/// What was measured, assumed or given, with its uncertainty.
[[nodiscard]] std::string claims(const ReportRun& run);
/// What the physics did, predicate by predicate.
[[nodiscard]] std::string replay_outcome(const ReportRun& run);
/// Proposals: acceptance, contact sheet, ledger. Pictures are <img> sources by variant index.
[[nodiscard]] std::string variants(const ReportRun& run,
                                   const std::map<std::uint64_t, std::string>& picture_sources);
/// Simulation against held-out recordings.
[[nodiscard]] std::string gap(const ReportRun& run);
/// Stages with their diagnostics.
[[nodiscard]] std::string diagnostics(const ReportRun& run);
/// Hashes, versions, seed, times.
[[nodiscard]] std::string provenance(const ReportRun& run);

/// Why a part is not there, as a paragraph.
[[nodiscard]] std::string missing(const ReportRun& run, const std::string& part,
                                  const std::string& what);

/// The page's style sheet and script.
[[nodiscard]] std::string style_sheet();
[[nodiscard]] std::string script();

}  // namespace hearth::report_sections
