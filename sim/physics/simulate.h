// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: plays actions. The only place where a replay steps the engine.

#include <hearth/core/result.h>
#include <hearth/data/rollout.h>
#include <hearth/engine/world_model.h>

#include <span>
#include <string>
#include <vector>

namespace hearth {

/// Plays `rollout.action` from row 0 of qpos and qvel and fills everything that follows from it:
/// the other rows, hashes, body poses, contacts, assistance, penetration.
/// @return infeasible naming the first step with a non-finite state.
[[nodiscard]] Result<Done> play_actions(const WorldModel& world, Rollout& rollout);

/// sha256 of raw qpos and qvel.
[[nodiscard]] std::string state_hash(std::span<const double> qpos, std::span<const double> qvel);

/// Index of the body of that name, or -1.
[[nodiscard]] int body_of(const WorldModel& world, const std::string& name);

/// qpos and qvel at rest: joints as given, objects where the scene puts them.
[[nodiscard]] std::vector<double> initial_positions(const WorldModel& world,
                                                    std::span<const double> joints);

}  // namespace hearth
