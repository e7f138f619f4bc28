// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Encodes still pictures as PNG.

#include <hearth/core/result.h>
#include <hearth/data/image.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

/// Returns the bytes of an 8-bit RGB PNG. Same picture, same bytes.
/// @return invalid_argument if the sizes do not agree with the number of values.
[[nodiscard]] Result<std::string> png_bytes(const ImageRgb8& image);

/// Returns the bytes of a 16-bit grey PNG, for example depth in millimetres.
/// @return as above.
[[nodiscard]] Result<std::string> png16_bytes(int width_px, int height_px,
                                              const std::vector<std::uint16_t>& values);

}  // namespace hearth
