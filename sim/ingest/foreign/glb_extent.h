// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The extent of a binary glTF mesh from its header alone: POSITION accessors must carry min and
/// max, so no vertex is read.

#include <hearth/core/result.h>

#include <string>
#include <string_view>

#include "object_rows.h"

namespace hearth::foreign {

/// Box around all meshes of the default scene, node transforms applied, in the file's unit (metre).
/// @return corrupt naming file and pointer or byte; unsupported for glTF other than 2.
[[nodiscard]] Result<ObjectExtent> extent_of_glb(std::string_view bytes, const std::string& file);

}  // namespace hearth::foreign
