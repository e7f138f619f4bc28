// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/humanoid.h>
#include <hearth/data/ledger.h>
#include <hearth/data/motion.h>
#include <hearth/data/rollout.h>
#include <hearth/data/variant.h>

#include "fields_core.h"
#include "fields_reports.h"
#include "nouns_impl.h"

namespace hearth {

template <>
struct EnumNames<JointKind> {
  static constexpr std::array names{"hinge", "slide"};
};

#define HEARTH_KIND(Type, text)               \
  template <>                                 \
  struct KindName<Type> {                     \
    static constexpr const char* name = text; \
  };
HEARTH_KIND(MoveStart, "move_start")
HEARTH_KIND(MoveGoal, "move_goal")
HEARTH_KIND(RaiseSupport, "raise_support")
HEARTH_KIND(ScaleObject, "scale_object")
HEARTH_KIND(ScaleMass, "scale_mass")
HEARTH_KIND(SetFriction, "set_friction")
HEARTH_KIND(SetMaterial, "set_material")
HEARTH_KIND(SetLights, "set_lights")
HEARTH_KIND(MoveCamera, "move_camera")

template <class A>
void fields(A& a, HumanoidJoint& x) {
  a("name", x.name), a("kind", x.kind), a("axis_in_body", x.axis_in_body), a("low", x.low);
  a("high", x.high), a("max_speed", x.max_speed), a("kp", x.kp), a("kv", x.kv);
  a("force_limit", x.force_limit), a("armature", x.armature), a("damping", x.damping);
  a("nominal", x.nominal);
}
template <class A>
void fields(A& a, HumanoidGeom& x) {
  a("shape", x.shape), a("body_from_geom", x.body_from_geom), a("color_rgb", x.color_rgb);
  a("collides", x.collides), a("friction", x.friction);
}
template <class A>
void fields(A& a, HumanoidBody& x) {
  a("name", x.name), a("parent", x.parent), a("parent_from_body", x.parent_from_body);
  a("mass_kg", x.mass_kg), a("joints", x.joints), a("geoms", x.geoms);
}
template <class A>
void fields(A& a, HumanoidSite& x) {
  a("name", x.name), a("body", x.body), a("body_from_site", x.body_from_site);
}
template <class A>
void fields(A& a, Humanoid& x) {
  a("name", x.name), a("bodies", x.bodies), a("sites", x.sites);
  a("hand_length_m", x.hand_length_m);
}
template <class A>
void fields(A& a, FingerContact& x) {
  a("finger", x.finger), a("p_in_object_m", x.p_in_object_m);
  a("inward_normal_in_object", x.inward_normal_in_object), a("force_n", x.force_n);
}
template <class A>
void fields(A& a, Grasp& x) {
  a("side", x.side), a("object_id", x.object_id), a("close_start_s", x.close_start_s);
  a("close_end_s", x.close_end_s), a("lift_s", x.lift_s), a("land_s", x.land_s);
  a("release_start_s", x.release_start_s), a("release_end_s", x.release_end_s);
  a("object_from_wrist", x.object_from_wrist), a("contacts", x.contacts);
}
template <class A>
void fields(A& a, Motion& x) {
  a("humanoid", x.humanoid), a("rate_hz", x.rate_hz), a("lead_in_s", x.lead_in_s);
  a("joint_names", x.joint_names);
  a("position", x.position), a("grasps", x.grasps), a("wrist_error_m", x.wrist_error_m);
  a("unreachable_share", x.unreachable_share);
}
template <class A>
void fields(A& a, VisualGeom& x) {
  a("body_index", x.body_index), a("shape", x.shape), a("body_from_geom", x.body_from_geom);
  a("material", x.material);
}
template <class A>
void fields(A& a, Rollout& x) {
  a("engine", x.engine), a("humanoid", x.humanoid), a("model_sha256", x.model_sha256);
  a("control_rate_hz", x.control_rate_hz), a("substeps", x.substeps);
  a("actuator_names", x.actuator_names), a("action", x.action), a("qpos", x.qpos);
  a("qvel", x.qvel), a("body_names", x.body_names), a("body_pose", x.body_pose);
  a("visual_geoms", x.visual_geoms), a("object_id", x.object_id);
  a("hand_touches_object", x.hand_touches_object), a("assistance_n", x.assistance_n);
  a("wrist_error_m", x.wrist_error_m), a("max_penetration_m", x.max_penetration_m);
  a("state_hashes", x.state_hashes);
}
template <class A>
void fields(A& a, PredicateOutcome& x) {
  a("name", x.name), a("once", x.once), a("at_end", x.at_end), a("margin", x.margin);
}
template <class A>
void fields(A& a, Outcome& x) {
  a("predicates", x.predicates), a("success_once", x.success_once);
  a("success_at_end", x.success_at_end), a("object_error_m", x.object_error_m);
}
template <class A>
void fields(A& a, MoveStart& x) {
  a("object_id", x.object_id), a("dx_m", x.dx_m), a("dy_m", x.dy_m), a("yaw_rad", x.yaw_rad);
}
template <class A>
void fields(A& a, MoveGoal& x) {
  a("dx_m", x.dx_m), a("dy_m", x.dy_m), a("yaw_rad", x.yaw_rad);
}
template <class A>
void fields(A& a, RaiseSupport& x) {
  a("support_id", x.support_id), a("dz_m", x.dz_m);
}
template <class A>
void fields(A& a, ScaleObject& x) {
  a("object_id", x.object_id), a("factor", x.factor);
}
template <class A>
void fields(A& a, ScaleMass& x) {
  a("object_id", x.object_id), a("factor", x.factor);
}
template <class A>
void fields(A& a, SetFriction& x) {
  a("object_id", x.object_id), a("friction", x.friction);
}
template <class A>
void fields(A& a, SetMaterial& x) {
  a("target_id", x.target_id), a("material", x.material);
}
template <class A>
void fields(A& a, SetLights& x) {
  a("lights", x.lights), a("ambient_light", x.ambient_light);
}
template <class A>
void fields(A& a, MoveCamera& x) {
  a("camera_id", x.camera_id), a("offset_m", x.offset_m), a("rotation_rad", x.rotation_rad);
}
template <class A>
void fields(A& a, Variant& x) {
  a("seed", x.seed), a("index", x.index), a("preset", x.preset), a("edits", x.edits);
}
template <class A>
void fields(A& a, LedgerEntry& x) {
  a("variant", x.variant), a("accepted", x.accepted), a("reason", x.reason);
  a("detail", x.detail), a("outcome", x.outcome), a("episode_index", x.episode_index);
  a("final_state_hash", x.final_state_hash);
}
template <class A>
void fields(A& a, Ledger& x) {
  a("entries", x.entries);
}
template <class A>
void fields(A& a, Score& x) {
  a("name", x.name), a("estimand", x.estimand), a("unit", x.unit), a("value", x.value);
  a("low", x.low), a("high", x.high), a("delta", x.delta), a("noise_floor", x.noise_floor);
  a("n", x.n), a("verdict", x.verdict), a("needed", x.needed);
}
template <class A>
void fields(A& a, TakeScore& x) {
  a("clip_sha256", x.clip_sha256), a("draw", x.draw), a("sim_success", x.sim_success);
  a("real_success", x.real_success), a("object_path_m", x.object_path_m);
  a("wrist_path_m", x.wrist_path_m), a("contact_onset_s", x.contact_onset_s);
  a("contact_release_s", x.contact_release_s), a("duration_s", x.duration_s), a("note", x.note);
}
template <class A>
void fields(A& a, GapReport& x) {
  a("verdict", x.verdict), a("held_out", x.held_out), a("scores", x.scores);
  a("takes", x.takes), a("frozen_settings", x.frozen_settings);
}

static Result<Outcome> validated(Outcome outcome) { return outcome; }
static Result<LedgerEntry> validated(LedgerEntry entry) { return entry; }
static Result<Provenance> validated(Provenance provenance) { return provenance; }

}  // namespace hearth

HEARTH_NOUN_NAME(hearth::Humanoid, "humanoid")
HEARTH_NOUN_NAME(hearth::Motion, "motion")
HEARTH_NOUN_NAME(hearth::Rollout, "rollout")
HEARTH_NOUN_NAME(hearth::Outcome, "outcome")
HEARTH_NOUN_NAME(hearth::Variant, "variant")
HEARTH_NOUN_NAME(hearth::LedgerEntry, "ledger_entry")
HEARTH_NOUN_NAME(hearth::Ledger, "ledger")
HEARTH_NOUN_NAME(hearth::GapReport, "gap_report")
HEARTH_NOUN_NAME(hearth::Provenance, "provenance")
HEARTH_NOUN(hearth::Humanoid)
HEARTH_NOUN_FILES(hearth::Motion)
HEARTH_NOUN_FILES(hearth::Rollout)
HEARTH_NOUN(hearth::Outcome)
HEARTH_NOUN(hearth::Variant)
HEARTH_NOUN(hearth::LedgerEntry)
HEARTH_NOUN(hearth::Ledger)
HEARTH_NOUN(hearth::GapReport)
HEARTH_NOUN(hearth::Provenance)
