// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Whole files, written so that a reader sees the old bytes or the new ones, never a part.

#include <hearth/core/result.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace hearth {

/// Writes bytes to a temporary file beside `path`, syncs it, renames it.
///
/// @return try_again if the disk is full or the quota used up, invalid_argument if the folder does
/// not exist or may not be written. The temporary file is removed on failure.
[[nodiscard]] Result<Done> write_file(const std::filesystem::path& path, std::string_view bytes);

/// @return not_found if it does not exist, invalid_argument if it is a folder or may not be read.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path);

/// Creates a folder and its parents; an existing folder is fine.
///
/// @return invalid_argument where it cannot be created or written, try_again if the disk is full.
[[nodiscard]] Result<Done> make_folder(const std::filesystem::path& path);

/// Turns errno of a failed write into an Error about `path`.
[[nodiscard]] Error error_from_errno(int error_number, const std::filesystem::path& path);

}  // namespace hearth
