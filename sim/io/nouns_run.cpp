// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/summary.h>
#include <hearth/io/check_rows.h>

#include "fields_core.h"
#include "fields_reports.h"
#include "nouns_impl.h"

namespace hearth {

template <class A>
void fields(A& a, Diagnostic& x) {
  a("severity", x.severity), a("code", x.code), a("message", x.message), a("where", x.where);
}
template <class A>
void fields(A& a, StageRecord& x) {
  a("name", x.name), a("status", x.status), a("why", x.why), a("key", x.key);
  a("diagnostics", x.diagnostics), a("provenance", x.provenance);
}
template <class A>
void fields(A& a, SummaryClip& x) {
  a("sha256", x.sha256), a("frames", x.frames), a("duration_s", x.duration_s);
}
template <class A>
void fields(A& a, SummaryStage& x) {
  a("name", x.name), a("status", x.status), a("why", x.why), a("diagnostics", x.diagnostics);
}
template <class A>
void fields(A& a, SummaryHands& x) {
  a("frames_with_hand", x.frames_with_hand), a("frames_with_two", x.frames_with_two);
}
template <class A>
void fields(A& a, SummaryCamera& x) {
  a("registered", x.registered), a("static", x.is_static);
  a("intrinsics_source", x.intrinsics_source), a("scale_source", x.scale_source);
  a("scale_low", x.scale_low), a("scale_high", x.scale_high);
}
template <class A>
void fields(A& a, SummaryScene& x) {
  a("supports", x.supports), a("objects", x.objects), a("object_size_m", x.object_size_m);
  a("support_height_m", x.support_height_m);
}
template <class A>
void fields(A& a, SummaryPredicate& x) {
  a("once", x.once), a("at_end", x.at_end), a("margin", x.margin);
}
template <class A>
void fields(A& a, SummaryReplay& x) {
  a("humanoid", x.humanoid), a("predicates", x.predicates), a("success_once", x.success_once);
  a("success_at_end", x.success_at_end), a("assistance_n", x.assistance_n);
  a("wrist_error_m", x.wrist_error_m), a("object_error_m", x.object_error_m);
}
template <class A>
void fields(A& a, SummaryVariants& x) {
  a("preset", x.preset), a("proposed", x.proposed), a("accepted", x.accepted);
  a("rejected", x.rejected);
}
template <class A>
void fields(A& a, SummaryDataset& x) {
  a("path", x.path), a("episodes", x.episodes), a("frames", x.frames);
  a("content_sha256", x.content_sha256);
}
template <class A>
void fields(A& a, SummaryEstimand& x) {
  a("name", x.name), a("value", x.value), a("low", x.low), a("high", x.high);
  a("unit", x.unit), a("n", x.n), a("verdict", x.verdict);
}
template <class A>
void fields(A& a, SummaryGap& x) {
  a("verdict", x.verdict), a("held_out", x.held_out), a("estimands", x.estimands);
}
template <class A>
void fields(A& a, Summary& x) {
  a("clip", x.clip), a("stages", x.stages), a("hands", x.hands), a("camera", x.camera);
  a("scene", x.scene), a("replay", x.replay), a("variants", x.variants);
  a("dataset", x.dataset), a("gap", x.gap), a("unknown", x.unknown);
  a("provenance", x.provenance);
}

template <class A>
void fields(A& a, CheckRow& x) {
  a("stage", x.stage), a("quantity", x.quantity), a("unit", x.unit), a("n", x.n);
  a("median", x.median), a("p95", x.p95), a("baseline_median", x.baseline_median);
}

std::string text_from_check_rows(const std::vector<CheckRow>& rows) {
  JsonWriter writer("");
  writer("rows", rows);
  return text_from_json(writer.json["rows"]);
}

}  // namespace hearth

HEARTH_NOUN_NAME(hearth::StageRecord, "stage")
HEARTH_NOUN_NAME(hearth::Summary, "summary")
HEARTH_NOUN(hearth::StageRecord)
HEARTH_NOUN(hearth::Summary)
