// SPDX-License-Identifier: Apache-2.0
#pragma once

// The stretches of a recording that are known worst.

#include <hearth/data/contacts.h>
#include <hearth/data/tracks.h>
#include <hearth/pipeline/inspect.h>

#include <vector>

namespace hearth {

/// Returns at most `most` moments, the worst first; contacts may be null.
[[nodiscard]] std::vector<Moment> worst_moments(const Tracks& tracks, const Contacts* contacts,
                                                std::size_t most);

}  // namespace hearth
