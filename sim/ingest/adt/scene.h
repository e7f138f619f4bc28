// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What is in the apartment of an Aria Digital Twin recording: names, extents.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>

#include <map>
#include <string>
#include <string_view>

#include "sim/ingest/foreign/object_rows.h"

namespace hearth::adt {

/// One entry of instances.json.
struct Instance {
  std::string name{};
  std::string category{};
  bool dynamic = false;
  bool human = false;
  Vec3 up_in_object{0, 1, 0};  ///< Canonical pose: the axis that points up while it stands.
};

/// By uid. @return corrupt with file:/json/pointer.
[[nodiscard]] Result<std::map<std::string, Instance>> read_instances(std::string_view json,
                                                                     const std::string& file);

/// Boxes of objects in their own frames, by uid; only those without a time (-1) are extents.
/// @return corrupt naming file:line:column; also where max is below min or an object occurs twice.
[[nodiscard]] Result<std::map<std::string, foreign::ObjectExtent>> read_extents(
    std::string_view csv, const std::string& file, Diagnostics& diagnostics);

}  // namespace hearth::adt
