// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/result.h>

#include <filesystem>

namespace hearth::foreign {

struct PictureSize {
  int width_px = 0;
  int height_px = 0;
};

/// The size of a 16-bit grey PNG, from its header.
/// @return corrupt where it is no PNG; unsupported for other pixels than 16-bit grey.
[[nodiscard]] Result<PictureSize> depth_png_size(const std::filesystem::path& file);

}  // namespace hearth::foreign
