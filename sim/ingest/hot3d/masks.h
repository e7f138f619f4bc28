// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Masks of HOT3D: per stream and time whether something is to be trusted.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>

#include <set>
#include <string>
#include <string_view>

namespace hearth::hot3d {

/// Times of one stream at which the mask is False. @return corrupt naming file:line:column.
[[nodiscard]] Result<std::set<TimeNs>> read_mask(std::string_view csv, const std::string& file,
                                                 const std::string& stream,
                                                 Diagnostics& diagnostics);

}  // namespace hearth::hot3d
