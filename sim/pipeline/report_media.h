// SPDX-License-Identifier: Apache-2.0
#pragma once

// Moving and still pictures of the report.

#include <hearth/core/result.h>

#include <cstdint>
#include <map>
#include <string>

#include "report_run.h"

namespace hearth {

/// A film for the page. Its time 0 is shared by all films of one report.
struct ReportVideo {
  std::string mp4{};
  int width_px = 0;
  int height_px = 0;
};

/// How the films' common clock relates to the clip's: film time = clip time + lead_in_s.
struct ReportClock {
  double lead_in_s = 0.0;
  double end_s = 0.0;  ///< In clip time: the later end of clip and replay.
};

[[nodiscard]] ReportClock clock_of(const ReportRun& run);

/// Returns the clip with everything that the run claims drawn on it.
[[nodiscard]] Result<ReportVideo> overlay_video(const ReportRun& run);

enum class ReplayView { head, side };

/// Returns the replay, seen from the recording's camera path or from the side. The run has a home
/// and a rollout.
[[nodiscard]] Result<ReportVideo> replay_video(const ReportRun& run, ReplayView view);

/// Returns a PNG per ledger entry: the middle frame of an accepted variant's rendered replay where
/// it can be found, else the variant's home as it stands at its start. Entries that cannot be drawn
/// are absent.
[[nodiscard]] std::map<std::uint64_t, std::string> variant_pictures(const ReportRun& run,
                                                                    Diagnostics& diagnostics);

}  // namespace hearth
