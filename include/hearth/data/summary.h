// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// RUN/summary.json: what scripts rely on. Counts are always numbers; other unknowns are null, with
/// a reason under `unknown` keyed by "part.field".

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/camera.h>
#include <hearth/data/gap_report.h>
#include <hearth/data/provenance.h>
#include <hearth/data/stage_record.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

struct SummaryClip {
  std::string sha256{};
  std::int64_t frames = 0;
  double duration_s = 0.0;
  bool operator==(const SummaryClip&) const = default;
};
struct SummaryStage {
  std::string name{};
  StageStatus status = StageStatus::ran;
  std::string why{};
  std::map<std::string, std::int64_t> diagnostics{};
  bool operator==(const SummaryStage&) const = default;
};
struct SummaryHands {
  std::int64_t frames_with_hand = 0;
  std::int64_t frames_with_two = 0;
  bool operator==(const SummaryHands&) const = default;
};
struct SummaryCamera {
  std::int64_t registered = 0;  ///< Frames with an observed pose.
  std::optional<bool> is_static{};
  std::optional<IntrinsicsSource> intrinsics_source{};
  std::optional<std::string> scale_source{};
  std::optional<double> scale_low{};
  std::optional<double> scale_high{};
  bool operator==(const SummaryCamera&) const = default;
};
struct SummaryScene {
  std::int64_t supports = 0;
  std::int64_t objects = 0;
  std::optional<Vec3> object_size_m{};
  std::optional<double> support_height_m{};
  bool operator==(const SummaryScene&) const = default;
};
struct SummaryPredicate {
  bool once = false;
  bool at_end = false;
  double margin = 0.0;
  bool operator==(const SummaryPredicate&) const = default;
};
struct SummaryReplay {
  std::optional<std::string> humanoid{};
  std::map<std::string, SummaryPredicate> predicates{};
  bool success_once = false;
  bool success_at_end = false;
  std::optional<double> assistance_n{};
  std::optional<double> wrist_error_m{};
  std::optional<double> object_error_m{};
  bool operator==(const SummaryReplay&) const = default;
};
struct SummaryVariants {
  std::string preset{};
  std::int64_t proposed = 0;
  std::int64_t accepted = 0;
  std::map<std::string, std::int64_t> rejected{};
  bool operator==(const SummaryVariants&) const = default;
};
struct SummaryDataset {
  std::optional<std::string> path{};
  std::int64_t episodes = 0;
  std::int64_t frames = 0;
  std::optional<std::string> content_sha256{};
  bool operator==(const SummaryDataset&) const = default;
};
struct SummaryEstimand {
  std::string name{};
  std::optional<double> value{};
  std::optional<double> low{};
  std::optional<double> high{};
  std::string unit{};
  std::int64_t n = 0;
  Verdict verdict = Verdict::inconclusive;
  bool operator==(const SummaryEstimand&) const = default;
};
struct SummaryGap {
  Verdict verdict = Verdict::inconclusive;
  std::int64_t held_out = 0;
  std::vector<SummaryEstimand> estimands{};
  bool operator==(const SummaryGap&) const = default;
};

struct Summary {
  SummaryClip clip{};
  std::vector<SummaryStage> stages{};
  SummaryHands hands{};
  SummaryCamera camera{};
  SummaryScene scene{};
  SummaryReplay replay{};
  SummaryVariants variants{};
  SummaryDataset dataset{};
  std::optional<SummaryGap> gap{};
  std::map<std::string, std::string> unknown{};
  Provenance provenance{};
  bool operator==(const Summary&) const = default;
};

[[nodiscard]] Result<Summary> validated(Summary summary);

}  // namespace hearth
