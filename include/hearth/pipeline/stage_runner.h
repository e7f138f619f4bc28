// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Runs one stage into its folder, or finds that the folder already holds just that result.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/stage_record.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace hearth {

/// All that a stage's result depends on.
struct StageRequest {
  std::string name{};                                  ///< For example "perceive".
  std::map<std::string, std::string> inputs_sha256{};  ///< Role -> hash of file or folder.
  std::string options_json{};                          ///< Options as text; equal text, equal work.
  std::uint64_t seed = 0;
  std::string build_id{};  ///< Identifies the program; another build never reuses.
  std::string note{};      ///< Goes to StageRecord::why, for example which truth was substituted.
};

/// Runs `work` with `folder` made, then writes folder/stage.json. If stage.json there has the same
/// key, nothing runs and its record comes back with status reused.
///
/// @return the error of `work`, or of writing; the folder then has no stage.json.
[[nodiscard]] Result<StageRecord> run_stage(const StageRequest& request,
                                            const std::filesystem::path& folder,
                                            const std::function<Result<Done>(Diagnostics&)>& work);

/// Returns one hash over names and contents of all files below a folder, stage.json excluded.
///
/// @return not_found if the folder does not exist.
[[nodiscard]] Result<std::string> folder_sha256(const std::filesystem::path& folder);

}  // namespace hearth
