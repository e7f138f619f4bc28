// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/result.h>

#include <string>
#include <string_view>

#include "object_rows.h"

namespace hearth::foreign {

/// Box around the vertices of a Wavefront OBJ. @return corrupt with file:line.
[[nodiscard]] Result<ObjectExtent> extent_of_obj(std::string_view text, const std::string& file);

}  // namespace hearth::foreign
