// SPDX-License-Identifier: Apache-2.0
#include "sim/physics/plan_actions.h"

#include <hearth/engine/world_model.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "sim/engine/mujoco_handle.h"

namespace hearth {

namespace {

constexpr double kSqueezeRampS = 0.25;
constexpr double kReleaseRampS = 0.05;
constexpr double kGravityM_S2 = 9.81;

double clamp01(double x) { return std::clamp(x, 0.0, 1.0); }

// The reference with the fingers of the grasping hand held as open as just before they closed.
Table with_open_fingers(const Motion& motion) {
  Table table = motion.position;
  for (const Grasp& grasp : motion.grasps) {
    const std::string side = grasp.side == HandSide::right ? "right_" : "left_";
    const auto row = [&](double s) {
      const double last = static_cast<double>(table.rows) - 1.0;
      return static_cast<std::size_t>(std::clamp(s * motion.rate_hz, 0.0, last));
    };
    const std::size_t open = row(grasp.close_start_s);
    for (std::size_t c = 0; c < table.columns; ++c) {
      const std::string& name = motion.joint_names[c];
      const bool finger = name.rfind(side + "thumb", 0) == 0 ||
                          name.rfind(side + "index", 0) == 0 ||
                          name.rfind(side + "middle", 0) == 0 ||
                          name.rfind(side + "ring", 0) == 0 || name.rfind(side + "little", 0) == 0;
      if (!finger) continue;
      const double value = table.values[open * table.columns + c];
      for (std::size_t t = open; t <= row(grasp.release_end_s); ++t) {
        table.values[t * table.columns + c] = value;
      }
    }
  }
  return table;
}

struct Reference {
  Table position;
  Table velocity;
  Table acceleration;
};

// Central differences; accelerations smoothed over three rows.
Reference differentiate(Table position, double rate_hz) {
  Reference out;
  out.velocity = position;
  out.acceleration = position;
  const std::size_t rows = position.rows;
  const std::size_t columns = position.columns;
  const auto q = [&](std::size_t t, std::size_t c) { return position.values[t * columns + c]; };
  for (std::size_t c = 0; c < columns; ++c) {
    std::vector<double> raw(rows, 0.0);
    for (std::size_t t = 0; t < rows; ++t) {
      const std::size_t before = t == 0 ? 0 : t - 1;
      const std::size_t after = std::min(t + 1, rows - 1);
      const double v = 0.5 * rate_hz * (q(after, c) - q(before, c));
      out.velocity.values[t * columns + c] = t == 0 || t + 1 == rows ? 0.0 : v;
      raw[t] = rate_hz * rate_hz * (q(after, c) - 2.0 * q(t, c) + q(before, c));
    }
    for (std::size_t t = 0; t < rows; ++t) {
      const double before = raw[t == 0 ? 0 : t - 1];
      const double after = raw[std::min(t + 1, rows - 1)];
      out.acceleration.values[t * columns + c] = 0.25 * before + 0.5 * raw[t] + 0.25 * after;
    }
  }
  out.position = std::move(position);
  return out;
}

// Everything about one grasp that the force terms need.
struct Holding {
  const Grasp& grasp;
  double mass_kg = 0.0;
  int wrist_body = -1;
  std::vector<int> tip_body{};

  [[nodiscard]] double squeeze(double t) const {
    return clamp01((t - grasp.close_end_s) / kSqueezeRampS) *
           clamp01(1.0 - (t - grasp.release_start_s) / kReleaseRampS);
  }
  [[nodiscard]] double load(double t) const {
    return clamp01((t - grasp.lift_s) / 0.1) * clamp01((grasp.land_s - t) / 0.1);
  }
};

Result<Holding> make_holding(const Grasp& grasp, const Home& home, const Humanoid& humanoid,
                             const mjModel& model) {
  Holding out{grasp};
  const SceneObject* object = find_object(home.scene, grasp.object_id);
  if (object == nullptr) {
    return Error{ErrorCode::invalid_argument,
                 "the motion grasps an object that is not in the scene", grasp.object_id};
  }
  out.mass_kg = object->mass_kg.value;
  const std::string side = grasp.side == HandSide::right ? "right" : "left";
  const auto body_id = [&](const std::string& name) {
    return mj_name2id(&model, mjOBJ_BODY, ("humanoid/" + name).c_str());
  };
  out.wrist_body = body_id(side + "_hand");
  for (const FingerContact& contact : grasp.contacts) {
    int tip = -1;
    for (const HumanoidSite& site : humanoid.sites) {
      if (site.name == side + "_tip_" + std::to_string(contact.finger)) tip = body_id(site.body);
    }
    if (tip < 0) {
      return Error{ErrorCode::invalid_argument, "the humanoid lacks a fingertip of the grasp",
                   side + "_tip_" + std::to_string(contact.finger)};
    }
    out.tip_body.push_back(tip);
  }
  if (out.wrist_body < 0) {
    return Error{ErrorCode::invalid_argument, "the humanoid lacks the grasping hand",
                 side + "_hand"};
  }
  return out;
}

// Adds J^T f of a force at a world point of a body to the generalized forces.
void add_force(const mjModel& model, const mjData& data, int body, Vec3 point, Vec3 force,
               std::vector<double>& jacobian, std::vector<double>& generalized) {
  const mjtNum p[3] = {point.x, point.y, point.z};
  mj_jac(&model, &data, jacobian.data(), nullptr, p, body);
  const auto nv = static_cast<std::size_t>(model.nv);
  for (std::size_t i = 0; i < generalized.size(); ++i) {
    generalized[i] +=
        jacobian[i] * force.x + jacobian[nv + i] * force.y + jacobian[2 * nv + i] * force.z;
  }
}

Pose body_pose(const mjData& data, int body) {
  const mjtNum* p = data.xpos + 3 * body;
  const mjtNum* q = data.xquat + 4 * body;
  return {{p[0], p[1], p[2]}, {q[0], q[1], q[2], q[3]}};
}

void add_grasp_forces(const mjModel& model, const mjData& data, const Holding& holding, double t,
                      double squeeze_factor, std::vector<double>& jacobian,
                      std::vector<double>& generalized) {
  const Pose world_from_object =
      body_pose(data, holding.wrist_body) * inverse(holding.grasp.object_from_wrist);
  const double squeeze = squeeze_factor * holding.squeeze(t);
  for (std::size_t i = 0; i < holding.tip_body.size() && squeeze > 0.0; ++i) {
    const FingerContact& contact = holding.grasp.contacts[i];
    const Vec3 inward = world_from_object.rotation * contact.inward_normal_in_object;
    add_force(model, data, holding.tip_body[i], world_from_object * contact.p_in_object_m,
              squeeze * contact.force_n * inward, jacobian, generalized);
  }
  const double weight = holding.load(t) * holding.mass_kg * kGravityM_S2;
  if (weight > 0.0) {
    add_force(model, data, holding.wrist_body, world_from_object.position_m, {0, 0, weight},
              jacobian, generalized);
  }
}

Result<Done> check(const Motion& motion, const Humanoid& humanoid, const ReplayOptions& options) {
  const auto bad = [](const char* message, const char* where) {
    return Error{ErrorCode::invalid_argument, message, where};
  };
  if (!(options.substeps >= 4 && options.substeps <= 50))
    return bad("must be in [4, 50]", "substeps");
  if (!(options.after_s >= 0 && options.after_s <= 10))
    return bad("must be in [0, 10] s", "after_s");
  if (!(options.squeeze_factor >= 0 && options.squeeze_factor <= 3)) {
    return bad("must be in [0, 3]", "squeeze_factor");
  }
  std::vector<std::string> names;
  for (const HumanoidBody& body : humanoid.bodies) {
    for (const HumanoidJoint& joint : body.joints) names.push_back(joint.name);
  }
  if (names != motion.joint_names) {
    return bad("the motion's joints are not those of the humanoid", "joint_names");
  }
  return Done{};
}

// The world without objects and contacts: inverse dynamics of the humanoid alone.
Result<WorldModel> humanoid_alone(const Humanoid& humanoid, double timestep_s) {
  return compile(Scene{}, humanoid, {.timestep_s = timestep_s});
}

}  // namespace

Result<TableF32> plan_actions(const Home& home, const Motion& motion, const Humanoid& humanoid,
                              const ReplayOptions& options, Diagnostics& diagnostics) {
  if (const Result<Done> checked = check(motion, humanoid, options); !checked) {
    return checked.error();
  }
  const Result<WorldModel> world =
      humanoid_alone(humanoid, 1.0 / (motion.rate_hz * options.substeps));
  if (!world) return world.error();
  const mjModel& model = *world->handle().model;
  const engine::DataPtr data = engine::make_data(model);
  std::vector<Holding> holdings;
  for (const Grasp& grasp : motion.grasps) {
    if (!options.close_fingers) break;
    Result<Holding> holding = make_holding(grasp, home, humanoid, model);
    if (!holding) return holding.error();
    holdings.push_back(std::move(holding).value());
  }
  const Reference reference = differentiate(
      options.close_fingers ? motion.position : with_open_fingers(motion), motion.rate_hz);

  const std::size_t joints = motion.joint_names.size();
  const auto after = static_cast<std::size_t>(std::lround(options.after_s * motion.rate_hz));
  TableF32 actions;
  actions.rows = motion.position.rows - 1 + after;
  actions.columns = joints;
  actions.values.resize(actions.rows * joints);
  std::vector<double> jacobian(3 * static_cast<std::size_t>(model.nv));
  std::vector<double> force(joints);
  std::size_t saturated = 0;
  for (std::size_t k = 0; k < actions.rows; ++k) {
    const std::size_t row = std::min(k + 1, motion.position.rows - 1);
    const std::size_t first = row * joints;
    const double t = static_cast<double>(row) / motion.rate_hz;
    std::copy_n(reference.position.values.begin() + static_cast<std::ptrdiff_t>(first), joints,
                data->qpos);
    std::copy_n(reference.velocity.values.begin() + static_cast<std::ptrdiff_t>(first), joints,
                data->qvel);
    std::copy_n(reference.acceleration.values.begin() + static_cast<std::ptrdiff_t>(first), joints,
                data->qacc);
    const Result<Done> inverse_dynamics =
        engine::guarded([&] { mj_inverse(&model, data.get()); }, "inverse dynamics");
    if (!inverse_dynamics) return inverse_dynamics.error();
    for (std::size_t i = 0; i < joints; ++i) {
      // The actuators carry the gravity compensation, so the servo need not.
      force[i] = data->qfrc_inverse[i] - data->qfrc_gravcomp[i];
    }
    for (const Holding& holding : holdings) {
      add_grasp_forces(model, *data, holding, t, options.squeeze_factor, jacobian, force);
    }
    for (std::size_t i = 0; i < joints; ++i) {
      const double kp = model.actuator_gainprm[mjNGAIN * static_cast<int>(i)];
      const double kv = -model.actuator_biasprm[mjNBIAS * static_cast<int>(i) + 2];
      const double limit = model.jnt_actfrcrange[2 * static_cast<int>(i) + 1];
      if (std::abs(force[i] + data->qfrc_gravcomp[i]) > limit) ++saturated;
      const double target = data->qpos[i] + (kv * data->qvel[i] + force[i]) / kp;
      actions.values[k * joints + i] = static_cast<float>(target);
    }
  }
  if (saturated > 0) {
    diagnostics.add(Severity::note, "servo_saturated",
                    std::to_string(saturated) + " planned joint forces exceed their limit", {});
  }
  return actions;
}

}  // namespace hearth
