// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Shows that stored actions alone reproduce stored states.

#include <hearth/core/result.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace hearth {

/// Steps the scene of a home folder from the first stored state with the stored actions of a
/// rollout folder, and compares state hashes.
///
/// @return index of the first state that differs, or nothing if all are equal; unsupported if the
/// rollout was made by another engine or model.
[[nodiscard]] Result<std::optional<std::int64_t>> verify_rollout(
    const std::filesystem::path& home, const std::filesystem::path& rollout,
    const std::string& humanoid);

}  // namespace hearth
