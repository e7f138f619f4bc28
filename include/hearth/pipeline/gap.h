// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The gap: each held-out clip is reconstructed, its own twin replayed with settings frozen from
/// the home, and the two compared. Method and limits: docs/score.md.

#include <hearth/core/result.h>
#include <hearth/data/gap_report.h>
#include <hearth/pipeline/steps.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

struct ScoreStepOptions {
  int draws = 5;  ///< Draws of each reconstruction's uncertainty, at least 5.
  std::uint64_t seed = 0;
  std::string humanoid = "capsule";
  std::optional<double> twin_friction{};  ///< Plants another friction in the twins: a self-test.
};

/// A held-out clip that ingest has read.
struct HeldOutEpisode {
  std::string name{};  ///< Folder name below `work`, and the take's name in diagnostics.
  std::filesystem::path folder{};
};

/// Home folder and episode folders of held-out clips -> `out` with gap_report.json. What is seen of
/// a clip goes to work/<name>/tracks and work/<name>/home.
///
/// A held-out clip that cannot be seen is named in a diagnostic and left out.
/// @return invalid_argument if a held-out clip is the one that the home was built from or comes
/// twice; infeasible if none could be seen.
[[nodiscard]] Result<StageRecord> score_step(const std::filesystem::path& home,
                                             const std::vector<HeldOutEpisode>& held_out,
                                             const ScoreStepOptions& options,
                                             const std::filesystem::path& work,
                                             const std::filesystem::path& out,
                                             const StepSetup& setup);

/// Name of the k-th held-out clip that a user gave: three digits.
[[nodiscard]] std::string held_out_name(std::size_t index);

}  // namespace hearth
