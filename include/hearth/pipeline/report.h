// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// One page that shows what a run saw, claimed, did and could not do.
/// Content and limits: docs/report.md.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>

#include <filesystem>

namespace hearth {

/// Writes RUN/report.html from whatever the run folder holds.
///
/// The page needs no network and no other file: styles, script, drawings and pictures are inside;
/// only a video of more than 6 MB lies beside it in RUN/report/. A part of the run that is missing
/// or cannot be read does not stop the report: its section says what is missing and, from the stage
/// records and the summary, why. Recorded footage carries the mark "unscreened footage"; a stage
/// that truth stood in for carries a banner. Nothing else in the folder is changed. Same folder,
/// same bytes: no date, host or path is written, and times are those of timing.json.
///
/// @param run_folder   As `hearth run` leaves it.
/// @param diagnostics  report_part_unreadable for each file that is there and cannot be read or
///                     drawn.
/// @return not_found if the folder does not exist; as write_file() for report.html.
[[nodiscard]] Result<Done> write_report(const std::filesystem::path& run_folder,
                                        Diagnostics& diagnostics);

}  // namespace hearth
