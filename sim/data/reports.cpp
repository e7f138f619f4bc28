// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/gap_report.h>
#include <hearth/data/ledger.h>
#include <hearth/data/variant.h>

#include "check.h"

namespace hearth {
namespace {

struct CheckEdit {
  Check& check;
  const std::string& where;

  void operator()(const MoveStart& e) const {
    check.named(e.object_id, where + "/object_id");
    check.finite(Vec3{e.dx_m, e.dy_m, e.yaw_rad}, where);
  }
  void operator()(const MoveGoal& e) const { check.finite(Vec3{e.dx_m, e.dy_m, e.yaw_rad}, where); }
  void operator()(const RaiseSupport& e) const {
    check.named(e.support_id, where + "/support_id");
    check.finite(e.dz_m, where + "/dz_m");
  }
  void operator()(const ScaleObject& e) const {
    check.named(e.object_id, where + "/object_id");
    check.positive(e.factor.x, where + "/factor/0");
    check.positive(e.factor.y, where + "/factor/1");
    check.positive(e.factor.z, where + "/factor/2");
  }
  void operator()(const ScaleMass& e) const {
    check.named(e.object_id, where + "/object_id");
    check.positive(e.factor, where + "/factor");
  }
  void operator()(const SetFriction& e) const {
    check.named(e.object_id, where + "/object_id");
    check.not_below_zero(e.friction, where + "/friction");
  }
  void operator()(const SetMaterial& e) const {
    check.named(e.target_id, where + "/target_id");
    check.nested(validated(e.material), where + "/material");
  }
  void operator()(const SetLights& e) const { check.share(e.ambient_light, where); }
  void operator()(const MoveCamera& e) const {
    check.named(e.camera_id, where + "/camera_id");
    check.finite(e.offset_m, where + "/offset_m");
    check.finite(e.rotation_rad, where + "/rotation_rad");
  }
};

}  // namespace

Result<Variant> validated(Variant variant) {
  Check check;
  for (std::size_t i = 0; i < variant.edits.size(); ++i) {
    const std::string where = at("edits", i);
    std::visit(CheckEdit{check, where}, variant.edits[i]);
  }
  return check.result(std::move(variant));
}

Result<Ledger> validated(Ledger ledger) {
  Check check;
  for (std::size_t i = 0; i < ledger.entries.size(); ++i) {
    const LedgerEntry& entry = ledger.entries[i];
    const std::string where = at("entries", i);
    check.nested(validated(entry.variant), where + "/variant");
    check.that(entry.accepted == entry.reason.empty(), where + "/reason",
               "a rejected proposal needs a reason, an accepted one has none");
    check.that(entry.accepted == (entry.episode_index >= 0), where + "/episode_index",
               "accepted proposals, and only they, are episodes");
    check.that(i == 0 || entry.variant.index > ledger.entries[i - 1].variant.index,
               where + "/variant/index", "entries must be sorted by variant index");
  }
  return check.result(std::move(ledger));
}

Result<GapReport> validated(GapReport report) {
  Check check;
  for (std::size_t i = 0; i < report.scores.size(); ++i) {
    const Score& score = report.scores[i];
    const std::string where = at("scores", i);
    check.named(score.name, where + "/name");
    check.named(score.estimand, where + "/estimand");
    check.that(score.value.has_value() || (!score.low && !score.high), where,
               "an interval needs a value");
    if (score.value && score.low && score.high) {
      check.that(*score.low <= *score.value && *score.value <= *score.high, where,
                 "low <= value <= high must hold");
    }
  }
  return check.result(std::move(report));
}

}  // namespace hearth
