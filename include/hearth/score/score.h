// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The gap between recordings that were held out and simulations of their own twins. The simulator
/// and the uncertainty are passed in as functions; this module knows neither. Estimands, deltas and
/// the verdict: docs/score.md.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/core/progress.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/gap_report.h>
#include <hearth/data/home.h>
#include <hearth/data/object_tracks.h>
#include <hearth/data/rollout.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// A point of a path.
struct TimedPoint {
  TimeNs time_ns = 0;
  Vec3 p_in_world_m{};
  bool operator==(const TimedPoint&) const = default;
};

/// What one simulated twin did. Times are those of the take's own home.
struct SimulatedTake {
  ObjectTrack object{};
  std::vector<std::uint8_t> hand_touches_object{};  ///< One per object sample.
  std::vector<TimedPoint> wrist{};                  ///< Of the acting hand.
  Outcome outcome{};                                ///< By judge() on the twin's own task.
};

/// One held-out recording.
struct HeldOutTake {
  Home home{};                     ///< Its own reconstruction.
  std::vector<Home> replicates{};  ///< Two or more reconstructions from parts of its frames.
  bool exact = false;              ///< The home is truth: measuring it again gives the same.
  bool real_success = false;       ///< judge() on the recorded path.
};

/// The services that score() composes. Both are called from several threads.
struct ScoreFunctions {
  /// Draw number `draw` of what the home's uncertainty allows.
  std::function<Result<Home>(const Home& home, std::uint64_t draw)> draw{};
  /// Retargets and replays a twin at assistance zero. An Error is a failed simulation, not an end.
  std::function<Result<SimulatedTake>(const Home& twin)> simulate{};
};

/// Options of score().
struct ScoreOptions {
  int draws = 5;                             ///< Twins per take, at least 5.
  std::uint64_t seed = 0;                    ///< Of the bootstrap.
  int jobs = 0;                              ///< Threads; 0 = all cores. Not in the result.
  std::optional<double> planted_friction{};  ///< Replaces the frozen friction: a test of the score.
  std::vector<std::string> frozen{};         ///< Further settings of the simulator, for the report.
  double success_delta = 0.10;               ///< Share of takes.
  double object_path_delta_m =
      0.03;  ///< About .1 s at carrying speed; under half the goal's radius.
  double wrist_path_delta_m = 0.05;  ///< The humanoid's hand is not the person's.
  double contact_onset_delta_s = 0.1;
  double contact_release_delta_s = 0.2;  ///< Fingers open slower than a video shows them leave.
  double duration_delta_s = 0.3;
};

/// Returns the report: six scores (success, object_path, wrist_path, contact_onset,
/// contact_release, duration), every draw of every take, the verdict and the frozen settings.
///
/// Each draw is simulated with the source's friction and density and compared with the path of that
/// very draw, so what is measured is simulation against its own hypothesis of the recording; the
/// unit of analysis is the take (draws are averaged first). Same bytes for any number of jobs.
///
/// @param source       The home that variants were made from; only its settings are used.
/// @param diagnostics  take_not_comparable, simulation_failed, no_noise_floor.
/// @return invalid_argument if a take is the source's clip or two takes are one clip (where
///         "held_out/<i>"), if there is none ("held_out") or draws < 5 ("draws"); try_again if
///         `progress` asks to stop.
[[nodiscard]] Result<GapReport> score(const Home& source, const std::vector<HeldOutTake>& takes,
                                      const ScoreFunctions& functions, const ScoreOptions& options,
                                      const Progress& progress, Diagnostics& diagnostics);

/// Returns the home with the source's friction of object and supports, and its object density;
/// `frozen` gains one plain line per setting.
[[nodiscard]] Home freeze_settings(const Home& source, const Home& home,
                                   std::optional<double> planted_friction,
                                   std::vector<std::string>& frozen);

}  // namespace hearth
