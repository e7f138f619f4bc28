// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Does the object stand where it was put, and would it at the goal?

#include <hearth/data/home.h>
#include <hearth/perturb/place_check.h>

#include <optional>

namespace hearth {

/// Returns "unstable" with the numbers if the manipulated object, left alone, moves more than 1 cm,
/// turns more than 5 degrees or stays faster than 1 cm/s; nothing if it stands.
[[nodiscard]] std::optional<PlaceProblem> settle_check(const Home& home);

}  // namespace hearth
