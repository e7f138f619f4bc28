// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Still pictures of one camera as a folder: 000000.png ... and histogram.npy (value, count).

#include <hearth/core/result.h>
#include <hearth/dataset/lerobot.h>

#include <cstddef>
#include <filesystem>

namespace hearth {

[[nodiscard]] Result<Done> write_stills(const std::filesystem::path& folder,
                                        const StillTrack& stills);

/// @param frames  Number of pictures expected.
/// @return not_found or corrupt naming the file.
[[nodiscard]] Result<StillTrack> read_stills(const std::filesystem::path& folder,
                                             std::size_t frames);

}  // namespace hearth
