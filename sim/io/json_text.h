// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// One layout for all JSON that hearth writes: objects indented by one space, arrays without
/// objects on one line.

#include <nlohmann/json.hpp>
#include <string>

namespace hearth {

using Json = nlohmann::ordered_json;

[[nodiscard]] std::string text_from_json(const Json& json);

}  // namespace hearth
