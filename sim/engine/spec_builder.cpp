// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/spec_builder.h"

#include <algorithm>

namespace hearth::engine {

namespace {

void copy(double* to, Vec3 from) {
  to[0] = from.x;
  to[1] = from.y;
  to[2] = from.z;
}

void copy(double* to, Quat from) {
  to[0] = from.w;
  to[1] = from.x;
  to[2] = from.y;
  to[3] = from.z;
}

void set_shape(mjsGeom& geom, const Shape& shape) {
  const Vec3 half = 0.5 * shape.size_m;
  switch (shape.kind) {
    case ShapeKind::box:
      geom.type = mjGEOM_BOX;
      copy(geom.size, half);
      break;
    case ShapeKind::cylinder:
      geom.type = mjGEOM_CYLINDER;
      geom.size[0] = half.x;
      geom.size[1] = half.z;
      break;
    case ShapeKind::sphere:
      geom.type = mjGEOM_SPHERE;
      geom.size[0] = half.x;
      break;
    case ShapeKind::capsule:
      geom.type = mjGEOM_CAPSULE;
      geom.size[0] = half.x;
      geom.size[1] = std::max(half.z - half.x, 1e-4);
      break;
  }
}

void set_contact(mjsGeom& geom, const ContactSettings& contact) {
  geom.contype = contact.contype;
  geom.conaffinity = contact.conaffinity;
  geom.priority = contact.priority;
  geom.condim = 4;
  geom.friction[0] = contact.friction;
  geom.friction[1] =
      0.01 * contact.friction;  // m, torsion: radius of the contact patch of a fingertip
  geom.friction[2] = 0.0002;
  // Stiff, quick contacts: measured best for grasps by friction (hand geoms and objects alike).
  geom.solref[0] = 0.01;
  geom.solref[1] = 1.0;
  geom.solimp[0] = 0.9;
  geom.solimp[1] = 0.97;
  geom.solimp[2] = 0.002;
}

}  // namespace

SpecBuilder::SpecBuilder(double timestep_s, double impratio) : spec_(mj_makeSpec()) {
  require(spec_ != nullptr, "the engine cannot allocate a spec");
  spec_->compiler.degree = 0;
  spec_->compiler.conflict = mjCONFLICT_ERROR;
  spec_->option.timestep = timestep_s;
  spec_->option.impratio = impratio;
  spec_->option.integrator = mjINT_IMPLICITFAST;
  spec_->option.cone = mjCONE_ELLIPTIC;
  spec_->option.disableflags |= mjDSBL_AUTORESET;
  spec_->memory = 16 << 20;
}

void SpecBuilder::fail(std::string message, std::string_view where) {
  if (!first_error_.empty()) return;
  first_error_ = std::move(message);
  first_where_ = where;
}

void SpecBuilder::set_name(mjsElement* element, std::string_view name) {
  const std::string text(name);
  if (mjs_setName(element, text.c_str()) != 0) fail("name is used twice: " + text, name);
}

mjsBody* SpecBuilder::world() { return mjs_findBody(spec_.get(), "world"); }

mjsBody* SpecBuilder::add_body(mjsBody* parent, std::string_view name,
                               const Pose& parent_from_body) {
  mjsBody* body = mjs_addBody(parent, nullptr);
  set_name(body->element, name);
  copy(body->pos, parent_from_body.position_m);
  copy(body->quat, parent_from_body.rotation);
  return body;
}

void SpecBuilder::add_free_joint(mjsBody* body, std::string_view name) {
  mjsJoint* joint = mjs_addFreeJoint(body);
  joint->align = mjALIGNFREE_FALSE;
  set_name(joint->element, name);
}

void SpecBuilder::add_joint(mjsBody* body, const HumanoidJoint& joint) {
  mjsJoint* out = mjs_addJoint(body, nullptr);
  set_name(out->element, joint.name);
  body->gravcomp = 1.0;
  out->type = joint.kind == JointKind::hinge ? mjJNT_HINGE : mjJNT_SLIDE;
  copy(out->axis, joint.axis_in_body);
  out->limited = mjLIMITED_TRUE;
  out->range[0] = joint.low;
  out->range[1] = joint.high;
  out->actfrclimited = mjLIMITED_TRUE;
  out->actfrcrange[0] = -joint.force_limit;
  out->actfrcrange[1] = joint.force_limit;
  out->actgravcomp = 1;
  out->armature = joint.armature;
  out->damping[0] = joint.damping;
}

void SpecBuilder::add_position_servo(const HumanoidJoint& joint) {
  mjsActuator* actuator = mjs_addActuator(spec_.get(), nullptr);
  set_name(actuator->element, joint.name);
  actuator->trntype = mjTRN_JOINT;
  mjs_setString(actuator->target, joint.name.c_str());
  double kv = joint.kv;
  // The control stays unlimited: feed-forward is folded into it and would be lost at a joint's
  // limit.
  const char* error = mjs_setToPosition(actuator, joint.kp, &kv, nullptr, nullptr, 0.0);
  actuator->ctrllimited = mjLIMITED_FALSE;
  if (error != nullptr) fail(error, joint.name);
}

void SpecBuilder::add_geom(mjsBody* body, std::string_view name, const Shape& shape,
                           const Pose& body_from_geom, double mass_kg,
                           const ContactSettings& contact) {
  mjsGeom* geom = mjs_addGeom(body, nullptr);
  if (!name.empty()) set_name(geom->element, name);
  set_shape(*geom, shape);
  copy(geom->pos, body_from_geom.position_m);
  copy(geom->quat, body_from_geom.rotation);
  geom->mass = mass_kg;
  set_contact(*geom, contact);
}

void SpecBuilder::add_floor(const ContactSettings& contact) {
  mjsGeom* geom = mjs_addGeom(world(), nullptr);
  set_name(geom->element, "floor");
  geom->type = mjGEOM_PLANE;
  geom->size[0] = 0.0;
  geom->size[1] = 0.0;
  geom->size[2] = 1.0;
  geom->mass = 0.0;
  set_contact(*geom, contact);
}

Result<ModelPtr> SpecBuilder::compile(std::string& mjcf) {
  if (!first_error_.empty()) {
    return Error{ErrorCode::invalid_argument, first_error_, first_where_};
  }
  mjSpec* spec = spec_.get();
  mjModel* raw = nullptr;
  const Result<Done> run = guarded([&] { raw = mj_compile(spec, nullptr); }, "compile");
  ModelPtr model(raw);
  if (!model) {
    const char* text = mjs_getError(spec);
    return Error{ErrorCode::invalid_argument, text != nullptr ? text : "the model does not compile",
                 "compile"};
  }
  if (!run) return run.error();
  if (mjs_numWarnings(spec) > 0) {
    return Error{ErrorCode::invalid_argument, mjs_getWarning(spec, 0), "compile"};
  }
  char message[512] = {};
  int length = 0;
  char none = 0;
  const Result<Done> sized =
      guarded([&] { length = mj_saveXMLString(spec, &none, 1, message, sizeof(message)); }, "mjcf");
  static_cast<void>(sized);  // a short buffer is how one asks for the length
  mjcf.assign(static_cast<std::size_t>(std::max(length, 0)) + 1, '\0');
  const Result<Done> saved = guarded(
      [&] {
        length = mj_saveXMLString(spec, mjcf.data(), static_cast<int>(mjcf.size()), message,
                                  sizeof(message));
      },
      "mjcf");
  if (!saved) return saved.error();
  mjcf.resize(mjcf.find('\0') == std::string::npos ? mjcf.size() : mjcf.find('\0'));
  return model;
}

}  // namespace hearth::engine
