// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// How long work tells its caller how far it is, and learns that it should stop.

#include <cstdint>
#include <functional>
#include <string_view>

namespace hearth {

/// Receives (what is being done, items done, items in all). May be empty. Return false to ask the
/// work to stop: it then ends with ErrorCode::try_again. May be called from worker threads, one
/// call at a time.
using Progress = std::function<bool(std::string_view what, std::int64_t done, std::int64_t total)>;

/// Calls `progress` if there is one; returns whether to go on.
[[nodiscard]] bool report(const Progress& progress, std::string_view what, std::int64_t done,
                          std::int64_t total);

}  // namespace hearth
