// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The whole way: clip -> hands and camera -> scene -> replay -> variants -> dataset -> gap report.
/// Layout of the run folder: docs/formats.md.

#include <hearth/core/result.h>
#include <hearth/data/summary.h>
#include <hearth/pipeline/steps.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace hearth {

/// A clip and its calibration (empty: none).
struct ClipInput {
  std::filesystem::path clip{};
  std::filesystem::path camera_file{};
};

struct RunOptions {
  ClipInput clip{};
  std::optional<double> hand_length_m{};  ///< Wrist crease to middle fingertip, if measured.
  std::vector<ClipInput> held_out{};      ///< Clips for the gap; none of them builds the home.
  SynthesizeStepOptions variants{};       ///< variants.count = 0 makes none.
  std::filesystem::path truth{};          ///< A take's truth folder; needed to substitute.
  bool substitute_perceive = false;       ///< Truth stands in for perceive: a diagnosis.
  bool substitute_reconstruct = false;    ///< Truth stands in for reconstruct: a diagnosis.
  /// Folder with tracks.json that import wrote for this clip: replaces what perceive finds.
  std::filesystem::path imported_tracks{};
  std::function<double()> now_s{};  ///< Clock for timing.json; empty: no timing is written.
  std::function<void(const SummaryStage&)> on_stage{};  ///< Told as stages end; may be empty.
};

/// What a run ends with. `finished` = every stage ran or was reused.
struct RunResult {
  Summary summary{};
  bool finished = false;
};

/// Runs all stages into `out`, reusing what is unchanged, and writes summary.json and report.html.
/// A stage that cannot do its work is recorded with the reason; the stages that need it are skipped
/// and the others go on.
///
/// @return an error, and no summary, if the clip or an option is at fault (all codes but
/// infeasible) or if the work was interrupted or the disk is full (try_again).
[[nodiscard]] Result<RunResult> run(const RunOptions& options, const std::filesystem::path& out,
                                    const StepSetup& setup);

}  // namespace hearth
