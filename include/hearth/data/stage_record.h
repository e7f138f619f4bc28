// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What a stage did, written last into its folder: a folder with stage.json is complete.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/provenance.h>

#include <string>
#include <vector>

namespace hearth {

enum class StageStatus { ran, reused, failed, skipped };

struct StageRecord {
  std::string name{};  ///< For example "perceive".
  StageStatus status = StageStatus::ran;
  std::string why{};  ///< Reason of failed or skipped; which truth was substituted.
  std::string key{};  ///< sha256 over inputs, options, seed and version: equal key, equal result.
  std::vector<Diagnostic> diagnostics{};
  Provenance provenance{};
  bool operator==(const StageRecord&) const = default;
};

[[nodiscard]] Result<StageRecord> validated(StageRecord record);

}  // namespace hearth
