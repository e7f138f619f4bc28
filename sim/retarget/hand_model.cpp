// SPDX-License-Identifier: Apache-2.0
#include "sim/retarget/hand_model.h"

#include "sim/retarget/eigen.h"

namespace hearth {

std::string side_name(HandSide side) { return side == HandSide::right ? "right" : "left"; }

const std::array<std::array<const char*, 4>, 5>& finger_joint_names() {
  static constexpr std::array<std::array<const char*, 4>, 5> kNames = {{
      {"thumb_opposition", "thumb_cmc", "thumb_mcp", "thumb_ip"},
      {"index_abduction", "index_mcp", "index_pip", "index_dip"},
      {"middle_abduction", "middle_mcp", "middle_pip", "middle_dip"},
      {"ring_abduction", "ring_mcp", "ring_pip", "ring_dip"},
      {"little_abduction", "little_mcp", "little_pip", "little_dip"},
  }};
  return kNames;
}

namespace {

const HumanoidJoint* find_joint(const Humanoid& humanoid, const std::string& name) {
  for (const HumanoidBody& body : humanoid.bodies) {
    for (const HumanoidJoint& joint : body.joints) {
      if (joint.name == name) return &joint;
    }
  }
  return nullptr;
}

Error lacks(const std::string& what) {
  return Error{ErrorCode::invalid_argument, "the humanoid lacks " + what, "humanoid"};
}

// Spheres that cover a capsule, or the corners and the palm-side grid of a box.
void cover(const HumanoidGeom& geom, int body, std::vector<HandSphere>& spheres) {
  const Vec3 size = geom.shape.size_m;
  if (geom.shape.kind == ShapeKind::capsule) {
    const double radius = 0.5 * size.x;
    const double half = 0.5 * size.z - radius;
    for (const double u : {-1.0, -0.5, 0.0, 0.5, 1.0}) {
      spheres.push_back({body, geom.body_from_geom * Vec3{0, 0, u * half}, radius});
    }
    return;
  }
  for (const double x : {-1.0, 1.0}) {
    for (const double y : {-1.0, -0.33, 0.33, 1.0}) {
      for (const double z : {-1.0, -0.33, 0.33, 1.0}) {
        spheres.push_back(
            {body, geom.body_from_geom * Vec3{0.5 * x * size.x, 0.5 * y * size.y, 0.5 * z * size.z},
             0.0});
      }
    }
  }
}

}  // namespace

Result<HandModel> HandModel::make(const Humanoid& humanoid, HandSide side, Kinematics& kinematics) {
  HandModel model(kinematics);
  model.side_ = side;
  const std::string prefix = side_name(side) + "_";
  model.wrist_body_ = kinematics.body_index(prefix + "hand");
  if (model.wrist_body_ < 0) return lacks("body " + prefix + "hand");
  for (std::size_t f = 0; f < 5; ++f) {
    for (std::size_t j = 0; j < 4; ++j) {
      const std::string name = prefix + finger_joint_names()[f][j];
      const HumanoidJoint* joint = find_joint(humanoid, name);
      if (joint == nullptr) return lacks("joint " + name);
      const std::size_t i = 4 * f + j;
      model.joints_[i] = kinematics.joint_index(name);
      model.low_(static_cast<Eigen::Index>(i)) = joint->low;
      model.high_(static_cast<Eigen::Index>(i)) = joint->high;
    }
    const std::string tip = prefix + "tip_" + std::to_string(f);
    bool found = false;
    for (const HumanoidSite& site : humanoid.sites) {
      if (site.name != tip) continue;
      found = true;
      for (const HumanoidBody& body : humanoid.bodies) {
        if (body.name != site.body || body.geoms.empty()) continue;
        const double radius = 0.5 * body.geoms.front().shape.size_m.x;
        model.tips_[f] = {kinematics.body_index(body.name),
                          site.body_from_site * Vec3{0, 0, -radius}, radius};
      }
    }
    if (!found) return lacks("site " + tip);
  }
  for (const HumanoidBody& body : humanoid.bodies) {
    if (body.name.rfind(prefix, 0) != 0) continue;
    for (const HumanoidGeom& geom : body.geoms) {
      if (geom.collides) cover(geom, kinematics.body_index(body.name), model.spheres_);
    }
  }
  model.positions_.assign(static_cast<std::size_t>(kinematics.joint_count()), 0.0);
  return model;
}

void HandModel::set_fingers(const FingerPosture& posture) {
  for (int i = 0; i < kFingerJoints; ++i) {
    positions_[static_cast<std::size_t>(joints_[static_cast<std::size_t>(i)])] = posture(i);
  }
  kinematics_->set_positions(positions_);
}

SphereState HandModel::state(const HandSphere& sphere, bool with_jacobian) const {
  const Pose world_from_wrist = kinematics_->body_pose(wrist_body_);
  const Vec3 in_world = kinematics_->body_pose(sphere.body) * sphere.center_in_body_m;
  SphereState out;
  out.center_in_wrist = eigen(inverse(world_from_wrist) * in_world);
  out.jacobian.setZero();
  if (!with_jacobian) return out;
  const auto n = static_cast<Eigen::Index>(positions_.size());
  Eigen::Matrix<double, 3, Eigen::Dynamic, Eigen::RowMajor> full(3, n);
  kinematics_->jacobian(sphere.body, in_world, {full.data(), static_cast<std::size_t>(3 * n)}, {});
  const Eigen::Matrix3d wrist_from_world = eigen(world_from_wrist.rotation).transpose();
  for (int i = 0; i < kFingerJoints; ++i) {
    out.jacobian.col(i) = wrist_from_world * full.col(joints_[static_cast<std::size_t>(i)]);
  }
  return out;
}

}  // namespace hearth
