// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A parallel loop over independent items. Results must go to the item's own slot; the order of
/// execution is unspecified and must not show in any output.

#include <cstddef>
#include <functional>

namespace hearth {

/// Calls body(i) for i in [0, count) on `jobs` threads (0 = all cores). An exception of a body is
/// rethrown here: the one of the lowest index.
void parallel_for(std::size_t count, int jobs, const std::function<void(std::size_t)>& body);

/// Returns the number of threads that `jobs` stands for: jobs if positive, else all cores.
[[nodiscard]] int thread_count(int jobs);

}  // namespace hearth
