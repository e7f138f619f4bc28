// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/summary.h>

#include "check.h"

namespace hearth {

Result<StageRecord> validated(StageRecord record) {
  Check check;
  check.named(record.name, "/name");
  const bool unfinished =
      record.status == StageStatus::failed || record.status == StageStatus::skipped;
  check.that(!unfinished || !record.why.empty(), "/why",
             "a stage that failed or was skipped says why");
  return check.result(std::move(record));
}

Result<Summary> validated(Summary summary) {
  Check check;
  const auto explained = [&](bool known, const char* field) {
    check.that(known || summary.unknown.contains(field), "/unknown",
               std::string(field) + " is null without a reason");
  };
  explained(summary.camera.is_static.has_value(), "camera.static");
  explained(summary.camera.intrinsics_source.has_value(), "camera.intrinsics_source");
  explained(summary.camera.scale_source.has_value(), "camera.scale_source");
  explained(summary.camera.scale_low.has_value(), "camera.scale_low");
  explained(summary.camera.scale_high.has_value(), "camera.scale_high");
  explained(summary.scene.object_size_m.has_value(), "scene.object_size_m");
  explained(summary.scene.support_height_m.has_value(), "scene.support_height_m");
  explained(summary.replay.humanoid.has_value(), "replay.humanoid");
  explained(summary.replay.assistance_n.has_value(), "replay.assistance_n");
  explained(summary.replay.wrist_error_m.has_value(), "replay.wrist_error_m");
  explained(summary.replay.object_error_m.has_value(), "replay.object_error_m");
  explained(summary.dataset.path.has_value(), "dataset.path");
  explained(summary.dataset.content_sha256.has_value(), "dataset.content_sha256");
  explained(summary.gap.has_value(), "gap");
  return check.result(std::move(summary));
}

}  // namespace hearth
