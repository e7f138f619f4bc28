// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The stages with files between them: each reads the folders of the stages before it, does its
/// work, and leaves a folder that the next one reads and stage.json (see stage_runner.h).

#include <hearth/core/progress.h>
#include <hearth/core/result.h>
#include <hearth/data/stage_record.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace hearth {

/// What all steps share.
struct StepSetup {
  std::filesystem::path model_dir{};  ///< Folder of the network files.
  std::string build_id{};             ///< Identifies the program; another build never reuses.
  int jobs = 0;                       ///< Threads, 0 = all cores; never shows in a result.
  Progress progress{};
};

/// Clip -> folder with episode.json and the clip itself.
/// @param camera_file  Calibration, or empty.
[[nodiscard]] Result<StageRecord> ingest_step(const std::filesystem::path& clip,
                                              const std::filesystem::path& camera_file,
                                              const std::filesystem::path& out,
                                              const StepSetup& setup);

/// What may stand beside or in the place of hearth's own eyes; all empty: nothing does.
struct OtherEyes {
  std::filesystem::path truth{};     ///< A take's truth folder instead of perception: a diagnosis.
  std::filesystem::path imported{};  ///< Folder with tracks.json that import wrote for the episode.
};

/// Episode folder -> folder with tracks.json. What the imported tracks hold (camera, hands,
/// objects) takes the place of what perceive found; see replaced_by().
[[nodiscard]] Result<StageRecord> perceive_step(const std::filesystem::path& episode,
                                                const OtherEyes& other,
                                                const std::filesystem::path& out,
                                                const StepSetup& setup);

/// Episode and tracks -> home folder with scene.glb and scene.xml (the household scene as MJCF).
/// @param truth  A take's truth folder that stands in for reconstruction, or empty.
[[nodiscard]] Result<StageRecord> reconstruct_step(const std::filesystem::path& episode,
                                                   const std::filesystem::path& tracks,
                                                   std::optional<double> hand_length_m,
                                                   const std::filesystem::path& truth,
                                                   const std::filesystem::path& out,
                                                   const StepSetup& setup);

/// Home -> folder with motion.json.
[[nodiscard]] Result<StageRecord> retarget_step(const std::filesystem::path& home,
                                                const std::string& humanoid,
                                                const std::filesystem::path& out,
                                                const StepSetup& setup);

/// Home and motion -> folder with rollout.json and outcome.json.
[[nodiscard]] Result<StageRecord> replay_step(const std::filesystem::path& home,
                                              const std::filesystem::path& motion,
                                              const std::string& humanoid,
                                              const std::filesystem::path& out,
                                              const StepSetup& setup);

/// What synthesize_step() makes.
struct SynthesizeStepOptions {
  std::int64_t count = 8;
  std::uint64_t seed = 0;
  std::string preset = "near";
  std::string humanoid = "capsule";
  int width_px = 320;  ///< Of the rendered pictures; even.
  int height_px = 240;
  int samples_per_pixel = 2;  ///< Of the rendered pictures; 1 is twice as fast and rougher.
};

/// Home -> folder with units/, ledger.json and dataset/. Resumes an interrupted run.
[[nodiscard]] Result<StageRecord> synthesize_step(const std::filesystem::path& home,
                                                  const SynthesizeStepOptions& options,
                                                  const std::filesystem::path& out,
                                                  const StepSetup& setup);

}  // namespace hearth
