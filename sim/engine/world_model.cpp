// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/hash.h>
#include <hearth/engine/engine_info.h>
#include <hearth/engine/world_model.h>

#include "sim/engine/mujoco_handle.h"
#include "sim/engine/spec_builder.h"

namespace hearth {

namespace {

using engine::ContactSettings;
using engine::SpecBuilder;

// Collision classes. Objects meet everything; hands meet objects and supports, never each other.
constexpr int kHand = 1;
constexpr int kObject = 2;
constexpr int kSupport = 4;

constexpr double kFloorFriction = 0.8;

void add_supports(const Scene& scene, SpecBuilder& builder) {
  builder.add_floor({kSupport, kHand | kObject, 0, kFloorFriction});
  for (const Support& support : scene.supports) {
    mjsBody* body = builder.add_body(builder.world(), support.id, support.world_from_support);
    const Pose below{{0, 0, -0.5 * support.size_m.z}, {}};
    builder.add_geom(body, {}, {ShapeKind::box, support.size_m}, below, 0.0,
                     {kSupport, kHand | kObject, 0, support.friction});
  }
}

void add_humanoid(const Humanoid& humanoid, SpecBuilder& builder) {
  std::vector<mjsBody*> bodies;
  for (const HumanoidBody& body : humanoid.bodies) {
    mjsBody* parent = builder.world();
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      if (humanoid.bodies[i].name == body.parent) parent = bodies[i];
    }
    mjsBody* made = builder.add_body(parent, "humanoid/" + body.name, body.parent_from_body);
    bodies.push_back(made);
    for (const HumanoidJoint& joint : body.joints) builder.add_joint(made, joint);
    double volume = 0.0;
    for (const HumanoidGeom& geom : body.geoms) volume += volume_m3(geom.shape);
    for (const HumanoidGeom& geom : body.geoms) {
      const ContactSettings contact =
          geom.collides ? ContactSettings{kHand, 0, 0, geom.friction} : ContactSettings{};
      builder.add_geom(made, {}, geom.shape, geom.body_from_geom,
                       body.mass_kg * volume_m3(geom.shape) / volume, contact);
    }
  }
  for (const HumanoidBody& body : humanoid.bodies) {
    for (const HumanoidJoint& joint : body.joints) builder.add_position_servo(joint);
  }
}

void add_objects(const Scene& scene, SpecBuilder& builder) {
  for (const SceneObject& object : scene.objects) {
    mjsBody* body = builder.add_body(builder.world(), object.id, object.world_from_object);
    if (object.movable) builder.add_free_joint(body, object.id);
    // Priority: the object's friction counts in each of its contacts, not the larger of the two.
    builder.add_geom(body, {}, object.shape, {}, object.mass_kg.value,
                     {kObject, kHand | kObject | kSupport, 1, object.friction.value});
  }
}

Material plain(Vec3 color) { return {color, color, Pattern::plain, 0.1, 0.7}; }

void list_visuals(const Scene& scene, const Humanoid& humanoid, WorldModel::Handle& handle) {
  int body = 1;
  for (const Support& support : scene.supports) {
    handle.visual_geoms.push_back({body++,
                                   {ShapeKind::box, support.size_m},
                                   {{0, 0, -0.5 * support.size_m.z}, {}},
                                   support.material});
  }
  for (const HumanoidBody& part : humanoid.bodies) {
    for (const HumanoidGeom& geom : part.geoms) {
      handle.visual_geoms.push_back({body, geom.shape, geom.body_from_geom, plain(geom.color_rgb)});
    }
    ++body;
  }
  for (const SceneObject& object : scene.objects) {
    handle.visual_geoms.push_back({body++, object.shape, {}, object.material});
  }
}

Result<Done> list_names(const Scene& scene, const Humanoid& humanoid, WorldModel::Handle& handle) {
  const mjModel* model = handle.model.get();
  handle.body_names = {"world"};
  for (const Support& support : scene.supports) handle.body_names.push_back(support.id);
  for (const HumanoidBody& body : humanoid.bodies) {
    handle.body_names.push_back("humanoid/" + body.name);
    for (const HumanoidJoint& joint : body.joints) handle.actuator_names.push_back(joint.name);
  }
  for (const SceneObject& object : scene.objects) handle.body_names.push_back(object.id);
  handle.humanoid_joints = static_cast<int>(handle.actuator_names.size());
  require(static_cast<std::size_t>(model->nbody) == handle.body_names.size(), "bodies got lost");
  for (std::size_t i = 0; i < handle.body_names.size(); ++i) {
    const char* name = mj_id2name(model, mjOBJ_BODY, static_cast<int>(i));
    if (name == nullptr || handle.body_names[i] != name) {
      return Error{ErrorCode::invalid_argument, "the humanoid's bodies must come depth first",
                   handle.body_names[i]};
    }
  }
  return Done{};
}

Result<Done> check(const CompileOptions& options) {
  if (!(options.timestep_s > 0.0 && options.timestep_s <= 0.01)) {
    return Error{ErrorCode::invalid_argument, "timestep must be in (0, 0.01] s", "timestep_s"};
  }
  if (!(options.impratio >= 1.0 && options.impratio <= 1000.0)) {
    return Error{ErrorCode::invalid_argument, "impratio must be in [1, 1000]", "impratio"};
  }
  return check_engine();
}

}  // namespace

WorldModel::WorldModel(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
WorldModel::~WorldModel() = default;
WorldModel::WorldModel(WorldModel&&) noexcept = default;
WorldModel& WorldModel::operator=(WorldModel&&) noexcept = default;

int WorldModel::position_count() const { return static_cast<int>(handle_->model->nq); }
int WorldModel::velocity_count() const { return static_cast<int>(handle_->model->nv); }
const std::vector<std::string>& WorldModel::body_names() const { return handle_->body_names; }
const std::vector<std::string>& WorldModel::actuator_names() const {
  return handle_->actuator_names;
}
const std::vector<VisualGeom>& WorldModel::visual_geoms() const { return handle_->visual_geoms; }
const std::string& WorldModel::mjcf() const { return handle_->mjcf; }
const std::string& WorldModel::mjcf_sha256() const { return handle_->mjcf_sha256; }

Result<WorldModel> compile(const Scene& scene, const Humanoid& humanoid,
                           const CompileOptions& options) {
  if (const Result<Done> checked = check(options); !checked) return checked.error();
  SpecBuilder builder(options.timestep_s, options.impratio);
  add_supports(scene, builder);
  add_humanoid(humanoid, builder);
  add_objects(scene, builder);

  auto handle = std::make_unique<WorldModel::Handle>();
  Result<engine::ModelPtr> model = builder.compile(handle->mjcf);
  if (!model) return model.error();
  handle->model = std::move(model).value();
  handle->mjcf_sha256 = sha256_hex(handle->mjcf);
  if (const Result<Done> named = list_names(scene, humanoid, *handle); !named) {
    return named.error();
  }
  list_visuals(scene, humanoid, *handle);
  return WorldModel(std::move(handle));
}

}  // namespace hearth
