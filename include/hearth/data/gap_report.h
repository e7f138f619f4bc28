// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// How far simulation is from held-out recordings, with intervals and verdicts.

#include <hearth/core/result.h>

#include <optional>
#include <string>
#include <vector>

namespace hearth {

enum class Verdict {
  gap,           ///< Lower bound of the gap exceeds the noise floor and its estimate exceeds delta.
  equivalent,    ///< The 90 % interval lies within +-delta.
  inconclusive,  ///< Neither; `needed` says what would decide it.
};

/// A score is never a bare number.
struct Score {
  std::string name{};      ///< For example "object_path".
  std::string estimand{};  ///< What exactly was averaged over what, in words.
  std::string unit{};
  std::optional<double> value{};
  std::optional<double> low{};  ///< 95 % interval over takes.
  std::optional<double> high{};
  double delta = 0.0;  ///< Smallest effect of interest, set before looking.
  std::optional<double> noise_floor{};
  int n = 0;  ///< Independent takes.
  Verdict verdict = Verdict::inconclusive;
  std::string needed{};  ///< What would decide an inconclusive score.
  bool operator==(const Score&) const = default;
};

/// One held-out take, one draw of its reconstruction's uncertainty.
struct TakeScore {
  std::string clip_sha256{};
  int draw = 0;
  bool sim_success = false;
  bool real_success = false;
  std::optional<double> object_path_m{};
  std::optional<double> wrist_path_m{};
  std::optional<double> contact_onset_s{};
  std::optional<double> contact_release_s{};
  std::optional<double> duration_s{};
  std::string note{};
  bool operator==(const TakeScore&) const = default;
};

struct GapReport {
  Verdict verdict = Verdict::inconclusive;
  int held_out = 0;
  std::vector<Score> scores{};
  std::vector<TakeScore> takes{};
  std::vector<std::string> frozen_settings{};  ///< What the twins took over from the home.
  bool operator==(const GapReport&) const = default;
};

[[nodiscard]] Result<GapReport> validated(GapReport report);

}  // namespace hearth
