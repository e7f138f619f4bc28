// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What a folder of hearth's holds and how certain it is: for a person who wants to know why.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>

#include <filesystem>
#include <string>
#include <vector>

namespace hearth {

/// One thing that was found, assumed or is missing.
struct Finding {
  std::string section{};  ///< "clip", "camera", "hands", "contacts", "scene", "replay".
  std::string what{};
  std::string value{};      ///< With its unit.
  std::string certainty{};  ///< Interval, sigma or share, in words; empty where it is exact.
  std::string source{};  ///< "measured", "prior", "user", "truth" and so on; empty if it follows.
  bool operator==(const Finding&) const = default;
};

/// A stretch of the recording in which something is known badly.
struct Moment {
  TimeNs from_ns = 0;
  TimeNs to_ns = 0;
  std::string what{};
  double badness_s = 0.0;  ///< Seconds, weighted by how much depends on them.
  bool operator==(const Moment&) const = default;
};

struct Inspection {
  std::vector<Finding> findings{};  ///< In the order of the stages.
  std::vector<Moment> worst{};      ///< At most five, the worst first.
  std::vector<Diagnostic> notes{};  ///< Of all stages, as they were recorded.
};

/// Reads a folder that `run`, `ingest`, `perceive`, `import` or `reconstruct` wrote and lists what
/// it holds with its certainty. Nothing is computed anew and nothing is written.
///
/// Moments: no camera pose, a bridged one, a hand out of sight (twice as bad while it holds
/// something), a hand much less certain than usual, a touch whose time is open.
///
/// @param diagnostics  report_part_unreadable for each file that is there and cannot be read.
/// @return not_found if the folder holds nothing of hearth's.
[[nodiscard]] Result<Inspection> inspect(const std::filesystem::path& folder,
                                         Diagnostics& diagnostics);

}  // namespace hearth
