// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// One home tried once: settle, retarget, replay, judge. The same steps serve variants and the
/// twins of held-out recordings.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/home.h>
#include <hearth/data/humanoid.h>
#include <hearth/data/motion.h>
#include <hearth/data/object_tracks.h>
#include <hearth/data/rollout.h>
#include <hearth/score/score.h>

#include <cstdint>
#include <string>

namespace hearth {

/// What became of a home.
struct Attempt {
  std::string reason{};   ///< Empty for a success; else the first thing that went wrong.
  std::string detail{};   ///< One sentence with the numbers.
  bool replayed = false;  ///< The following are filled.
  Motion motion{};
  Rollout rollout{};
  ObjectTrack object{};  ///< Of the rollout, at the rollout's own times.
  Outcome outcome{};
};

/// Tries a home at assistance zero. Nothing that can happen to it is an error; reasons are those of
/// synthesize(). Same input, same bytes. Thread-safe; no files.
[[nodiscard]] Attempt attempt(const Home& home, const Humanoid& humanoid, Diagnostics& diagnostics);

/// Returns an attempt in the terms of score(): paths on the recording's clock, the acting wrist.
/// @return infeasible with the attempt's reason if it was not replayed.
[[nodiscard]] Result<SimulatedTake> simulated_take(const Attempt& attempt, const Home& home,
                                                   const Humanoid& humanoid);

/// Returns the services that score() needs: draws from the home's own uncertainty, and attempt().
/// @param humanoid  Copied.
/// @param seed      Of the draws.
[[nodiscard]] ScoreFunctions twin_functions(const Humanoid& humanoid, std::uint64_t seed);

/// Returns a recording's own success: judge() on its object's path and contacts. False without a
/// path.
[[nodiscard]] bool recorded_success(const Home& home);

}  // namespace hearth
