// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/result.h>

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::foreign {

/// The first of these names below a folder that is a file.
[[nodiscard]] std::optional<std::filesystem::path> find_file(
    const std::filesystem::path& folder, std::initializer_list<const char*> names);

/// Files of the given subfolders whose name begins with `start` and ends with one of `ends`; the
/// first subfolder that holds any, sorted by name.
[[nodiscard]] std::vector<std::filesystem::path> find_files(
    const std::filesystem::path& folder, std::initializer_list<const char*> subfolders,
    std::string_view start, std::initializer_list<const char*> ends);

/// not_found unless `path` is a folder.
[[nodiscard]] Result<Done> require_folder(const std::filesystem::path& path);

}  // namespace hearth::foreign
