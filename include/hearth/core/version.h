// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The version that provenance records name.

#include <string_view>

namespace hearth {

/// Returns the version of hearth, "major.minor.patch".
[[nodiscard]] std::string_view version();

}  // namespace hearth
