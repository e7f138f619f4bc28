// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// From one home to many judged demonstrations: draw variants, try each in physics, keep the good
/// ones as a dataset and every one in a ledger. Method, files and limits: docs/synthesize.md.

#include <hearth/core/diagnostics.h>
#include <hearth/core/progress.h>
#include <hearth/core/result.h>
#include <hearth/data/home.h>
#include <hearth/data/humanoid.h>
#include <hearth/data/ledger.h>
#include <hearth/dataset/lerobot.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace hearth {

/// Options of synthesize().
struct SynthesizeOptions {
  std::int64_t count = 8;       ///< Proposals, 0 .. 1,000,000; not all are accepted.
  std::uint64_t seed = 0;       ///< Of the variants.
  std::string preset = "near";  ///< Ranges; see variant_ranges().
  int jobs = 0;                 ///< Threads, 0 = all cores. Never shows in a file.
  int width_px = 256;           ///< Of both cameras; even, 16 .. 4096.
  int height_px = 192;
  int samples_per_pixel = 2;  ///< Of edges; 1 .. 16.
  bool has_depth = false;     ///< Also depth, as 16-bit PNG in millimetres.
  bool has_bodies = false;    ///< Also body numbers, as 16-bit PNG.
  std::string build_id{};     ///< Identifies the program: units of another one are made anew.
};

/// What a run of synthesize() made.
struct SynthesizeResult {
  Ledger ledger{};                ///< Every proposal, by index.
  DatasetSummary dataset{};       ///< No episodes: nothing was accepted and there is no dataset.
  std::int64_t reused_units = 0;  ///< Found finished in the folder.
};

/// Tries `count` variants of a home and writes units/, ledger.json and, if one was accepted,
/// dataset/ (LeRobot v3.0) into `folder`.
///
/// Proposal i is one unit: place_check, settle, retarget, replay at assistance zero, judge; if the
/// chore succeeded at the end, it is rendered from the humanoid's head and from the room and
/// encoded. A unit's folder appears complete or not at all; a later call reuses units whose key (a
/// hash over home, humanoid, variant, options and version) is the same, so an interrupted run
/// resumes and a longer one extends. Failures are rows of the ledger with a reason:
/// off_support, overlap, unstable, unreachable, too_wide, no_grasp_recorded, unsupported_shape,
/// not_retargeted, not_replayed, assisted, not_lifted, not_placed, tipped.
///
/// Same home, options and seed: the same bytes in ledger.json, units/ and dataset/ for any number
/// of jobs, and after an interruption.
///
/// @param home         validated(), with an object that one hand moved.
/// @param diagnostics  none_accepted; unit_remade where a unit of another key was replaced.
/// @return invalid_argument for an option (where: its field); what write_lerobot() and the file
/// functions return; try_again if the disk is full or `progress` asks to stop (finished units
/// stay).
[[nodiscard]] Result<SynthesizeResult> synthesize(const Home& home, const Humanoid& humanoid,
                                                  const SynthesizeOptions& options,
                                                  const std::filesystem::path& folder,
                                                  const Progress& progress,
                                                  Diagnostics& diagnostics);

/// Returns the home with a camera "room" in its scene that looks at start and goal from beyond
/// them, if it has none.
[[nodiscard]] Home with_room_camera(Home home);

}  // namespace hearth
