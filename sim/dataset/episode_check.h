// SPDX-License-Identifier: Apache-2.0
#pragma once

// Rejects what a dataset cannot hold, before anything is written.

#include <hearth/core/result.h>
#include <hearth/dataset/lerobot.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace hearth {

std::optional<Error> check_spec(const DatasetSpec& spec);
std::optional<Error> check_options(const WriteLerobotOptions& options);
// `quantities`: the keys of the first episode; others must have the same.
std::optional<Error> check_episode(const DatasetSpec& spec, const DatasetEpisode& episode,
                                   std::int64_t index, const std::set<std::string>& quantities);

}  // namespace hearth
