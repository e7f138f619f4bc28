// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/data/tracks.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace hearth::foreign {

/// Foreign text for a file of ours, which is UTF-8: what is not plain ASCII becomes '?'.
[[nodiscard]] std::string plain(std::string text);

/// Where one part of the tracks came from; `bytes` are those of the file.
[[nodiscard]] TrackOrigin origin_of(std::string part, std::string source,
                                    const std::filesystem::path& file, std::string_view bytes);

}  // namespace hearth::foreign
