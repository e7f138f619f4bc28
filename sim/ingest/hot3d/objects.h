// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Names and sizes of HOT3D's objects.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/camera.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/ingest/foreign/object_rows.h"
#include "sim/ingest/foreign/world_recording.h"

namespace hearth::hot3d {

/// Reads instance.json: uid -> name. @return corrupt with file:/json/pointer.
[[nodiscard]] Result<std::map<std::string, std::string>> read_instances(std::string_view json,
                                                                        const std::string& file);

/// What objects are called and how large they are.
struct Library {
  std::filesystem::path folder{};  ///< Empty: there is none.
  std::map<std::string, std::string> name_of{};
};

/// Looks for object_library/ or assets/ in the recording's folder and beside it.
[[nodiscard]] Result<Library> find_library(const std::filesystem::path& recording);

/// Extent of an object's mesh; nothing where the library does not hold it. @return as read_file()
/// and extent_of_glb().
[[nodiscard]] Result<std::optional<foreign::ObjectExtent>> mesh_extent(const Library& library,
                                                                       const std::string& uid);

/// A cube about the object's origin as wide as its boxes look, median over boxes that show at least
/// 80 % of it; nothing without any.
/// @param world_from_camera  Of the frames; boxes are in the camera's upright picture.
[[nodiscard]] std::optional<foreign::ObjectExtent> extent_from_boxes(
    const std::vector<foreign::TimedBox>& boxes, const std::vector<foreign::TimedPose>& object,
    const std::vector<foreign::TimedPose>& world_from_camera, const CameraModel& camera);

}  // namespace hearth::hot3d
