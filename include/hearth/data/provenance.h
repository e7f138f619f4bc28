// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Where a result came from.

#include <hearth/core/result.h>

#include <cstdint>
#include <map>
#include <string>

namespace hearth {

struct Provenance {
  std::map<std::string, std::string> inputs_sha256{};  ///< Role -> hash, for example "clip".
  std::string tool_version{};
  std::string engine{};
  std::string options_json{};  ///< The options as hearth read them.
  std::uint64_t seed = 0;
  bool operator==(const Provenance&) const = default;
};

/// What an export may contain. Until privacy screening exists everything is unscreened.
struct ExportPermit {
  std::string footage = "unscreened";
  bool operator==(const ExportPermit&) const = default;
};

}  // namespace hearth
