// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Which physics engine is in use. Bits depend on it, so every rollout names it.

#include <hearth/core/result.h>

#include <string>

namespace hearth {

/// Returns the engine's name and version, for example "mujoco 4.0.1".
[[nodiscard]] std::string engine_name();

/// Checks that the library that was loaded is the pinned one and fits the headers hearth was built
/// with. Every compile() does this first.
/// @return unsupported, naming both versions.
[[nodiscard]] Result<Done> check_engine();

}  // namespace hearth
