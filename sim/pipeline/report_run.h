// SPDX-License-Identifier: Apache-2.0
#pragma once

// A run folder in memory: whatever of it is there, and why the rest is not.

#include <hearth/core/diagnostics.h>
#include <hearth/data/episode.h>
#include <hearth/data/gap_report.h>
#include <hearth/data/home.h>
#include <hearth/data/ledger.h>
#include <hearth/data/motion.h>
#include <hearth/data/rollout.h>
#include <hearth/data/stage_record.h>
#include <hearth/data/summary.h>
#include <hearth/data/tracks.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hearth {

/// A held-out clip.
struct ReportHeldOut {
  std::string name{};  ///< Folder name.
  std::optional<Episode> episode{};
  std::optional<Home> home{};
  std::vector<StageRecord> stages{};
};

struct ReportRun {
  std::filesystem::path folder{};
  std::optional<Summary> summary{};
  std::vector<StageRecord> stages{};  ///< In the order of the run.
  std::optional<Episode> episode{};
  std::optional<Tracks> tracks{};
  std::optional<Home> home{};
  std::optional<Motion> motion{};
  std::optional<Rollout> rollout{};
  std::optional<Outcome> outcome{};
  std::optional<Ledger> ledger{};
  std::optional<GapReport> gap{};
  std::vector<ReportHeldOut> held_out{};
  std::map<std::string, std::string> absent{};  ///< Part -> why it is not there, a sentence.
  std::vector<std::pair<std::string, double>> timing_s{};
};

/// Reads what is there. Parts: summary, episode, tracks, home, motion, rollout, outcome, ledger,
/// gap.
[[nodiscard]] ReportRun read_report_run(const std::filesystem::path& folder,
                                        Diagnostics& diagnostics);

/// Returns an error's text with paths relative to the run folder.
[[nodiscard]] std::string relative_text(const Error& error, const std::filesystem::path& folder);

}  // namespace hearth
