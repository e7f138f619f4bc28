// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/result.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace hearth::vrs {

/// Unpacks one LZ4 frame (1) or Zstandard frame (2) to exactly `size` bytes.
/// @return corrupt for damaged or cut bytes, unsupported for another number.
[[nodiscard]] Result<std::string> unpack(std::string_view packed, int compression, std::size_t size,
                                         const std::string& where);

}  // namespace hearth::vrs
