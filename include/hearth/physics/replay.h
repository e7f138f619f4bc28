// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A motion played in physics: position servos with feed-forward, a hand that holds by friction
/// alone. Method, limits and sources: docs/physics.md.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/home.h>
#include <hearth/data/humanoid.h>
#include <hearth/data/motion.h>
#include <hearth/data/rollout.h>

#include <cstdint>
#include <optional>

namespace hearth {

/// Options of replay().
struct ReplayOptions {
  int substeps = 10;     ///< Physics steps per action; at 30 Hz 10 gives 1/300 s. 4-50.
  double after_s = 1.0;  ///< The last row is held this long, so that things come to rest; 0-10.
  bool close_fingers = true;    ///< False: the fingers stay open and do not squeeze (a control).
  double squeeze_factor = 1.0;  ///< Times the grasp's finger forces; 0-3.
};

/// Returns what physics made of a motion, whether or not the object moved as hoped.
///
/// Nothing acts on an object but gravity, supports and hands: no welds, no mocap, no forces, no
/// written poses. Actions are float32 before they are played: they, the initial state and the model
/// reproduce all states, bit for bit, on any number of threads. Thread-safe; no files, no output.
///
/// @param home         validated(); its scene is the physics.
/// @param motion       Made for this humanoid: its joint names are the humanoid's, in order.
/// @param diagnostics  servo_saturated, object_unsettled.
/// @return invalid_argument for an option out of range, a motion of another humanoid or a scene
/// that does not compile; infeasible if the state becomes non-finite.
[[nodiscard]] Result<Rollout> replay(const Home& home, const Motion& motion,
                                     const Humanoid& humanoid, const ReplayOptions& options,
                                     Diagnostics& diagnostics);

/// Plays a rollout's stored actions from its stored initial state and compares the state hashes.
/// @return the first step that differs (0: the initial state), or nothing if all are equal;
/// invalid_argument if the scene, the humanoid or the engine are not those of the rollout.
[[nodiscard]] Result<std::optional<std::int64_t>> first_difference(const Home& home,
                                                                   const Humanoid& humanoid,
                                                                   const Rollout& rollout);

}  // namespace hearth
