// SPDX-License-Identifier: Apache-2.0
#include "sim/retarget/arm_chain.h"

#include "sim/retarget/eigen.h"

namespace hearth {

Result<JointChain> make_chain(const Humanoid& humanoid, const Kinematics& kinematics,
                              const std::vector<std::string>& joints, const std::string& body) {
  JointChain chain;
  chain.body = kinematics.body_index(body);
  if (chain.body < 0) {
    return Error{ErrorCode::invalid_argument, "the humanoid lacks body " + body, "humanoid"};
  }
  const auto n = static_cast<Eigen::Index>(joints.size());
  chain.low.resize(n);
  chain.high.resize(n);
  chain.nominal.resize(n);
  chain.max_speed.resize(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const std::string& name = joints[static_cast<std::size_t>(i)];
    const int index = kinematics.joint_index(name);
    if (index < 0) {
      return Error{ErrorCode::invalid_argument, "the humanoid lacks joint " + name, "humanoid"};
    }
    chain.joints.push_back(index);
    for (const HumanoidBody& part : humanoid.bodies) {
      for (const HumanoidJoint& joint : part.joints) {
        if (joint.name != name) continue;
        chain.low(i) = joint.low;
        chain.high(i) = joint.high;
        chain.nominal(i) = joint.nominal;
        chain.max_speed(i) = joint.max_speed;
      }
    }
  }
  return chain;
}

PoseError pose_error(const Kinematics& kinematics, const JointChain& chain,
                     const Pose& world_from_target, bool with_jacobian) {
  const Pose at = kinematics.body_pose(chain.body);
  PoseError out;
  out.error.head<3>() = eigen(at.position_m - world_from_target.position_m);
  out.error.tail<3>() =
      eigen(rotation_vector_from_quat(at.rotation * conjugate(world_from_target.rotation)));
  if (!with_jacobian) return out;
  const auto n = static_cast<Eigen::Index>(kinematics.joint_count());
  using Full = Eigen::Matrix<double, 3, Eigen::Dynamic, Eigen::RowMajor>;
  Full position(3, n);
  Full rotation(3, n);
  const auto size = static_cast<std::size_t>(3 * n);
  kinematics.jacobian(chain.body, at.position_m, {position.data(), size}, {rotation.data(), size});
  out.jacobian.resize(6, chain.size());
  for (Eigen::Index i = 0; i < chain.size(); ++i) {
    const int joint = chain.joints[static_cast<std::size_t>(i)];
    out.jacobian.col(i).head<3>() = position.col(joint);
    out.jacobian.col(i).tail<3>() = rotation.col(joint);
  }
  return out;
}

void scatter(const JointChain& chain, const Eigen::Ref<const Eigen::VectorXd>& values,
             std::vector<double>& positions) {
  for (Eigen::Index i = 0; i < chain.size(); ++i) {
    positions[static_cast<std::size_t>(chain.joints[static_cast<std::size_t>(i)])] = values(i);
  }
}

}  // namespace hearth
