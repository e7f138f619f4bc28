// SPDX-License-Identifier: Apache-2.0
#pragma once

// Containers without a clock in them: zip archives of stored members (numpy's .npz), gzip.

#include <hearth/core/result.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hearth {

// Members are (name, bytes), stored uncompressed and dated 1980-01-01, the zip format's zero.
std::string zip_bytes(std::span<const std::pair<std::string, std::string>> members);

// gzip with time stamp 0.
Result<std::string> gzip_bytes(std::string_view text);

}  // namespace hearth
