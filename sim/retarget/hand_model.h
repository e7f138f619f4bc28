// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: one hand of a humanoid as spheres on a tree of joints, seen from its wrist.

#include <hearth/data/hand.h>
#include <hearth/data/humanoid.h>
#include <hearth/engine/kinematics.h>

#include <Eigen/Core>
#include <array>
#include <string>
#include <vector>

namespace hearth {

inline constexpr int kFingerJoints = 20;  ///< Thumb first, then index to little, four each.
using FingerPosture = Eigen::Matrix<double, kFingerJoints, 1>;

/// A sphere fixed to a body of the hand.
struct HandSphere {
  int body = 0;
  Vec3 center_in_body_m{};
  double radius_m = 0.0;
};

/// Where a sphere is, and how it moves with the finger joints.
struct SphereState {
  Eigen::Vector3d center_in_wrist;
  Eigen::Matrix<double, 3, kFingerJoints> jacobian;
};

[[nodiscard]] std::string side_name(HandSide side);

/// Borrows the kinematics: it must outlive the model and is moved by evaluate().
class HandModel {
 public:
  /// @return invalid_argument naming the joint or body that a hearth hand needs and this one lacks.
  [[nodiscard]] static Result<HandModel> make(const Humanoid& humanoid, HandSide side,
                                              Kinematics& kinematics);

  [[nodiscard]] const std::array<int, kFingerJoints>& joints() const { return joints_; }
  [[nodiscard]] const FingerPosture& low() const { return low_; }
  [[nodiscard]] const FingerPosture& high() const { return high_; }
  [[nodiscard]] const std::array<HandSphere, 5>& tips() const { return tips_; }
  [[nodiscard]] const std::vector<HandSphere>& spheres() const { return spheres_; }
  [[nodiscard]] HandSide side() const { return side_; }
  [[nodiscard]] int wrist_body() const { return wrist_body_; }
  /// +1 for the right hand: the thumb is on the side of +y of the wrist frame.
  [[nodiscard]] double radial_sign() const { return side_ == HandSide::right ? 1.0 : -1.0; }

  /// Moves the fingers; state() refers to this posture.
  void set_fingers(const FingerPosture& posture);
  [[nodiscard]] SphereState state(const HandSphere& sphere, bool with_jacobian) const;

 private:
  explicit HandModel(Kinematics& kinematics) : kinematics_(&kinematics) {}

  Kinematics* kinematics_;
  HandSide side_ = HandSide::right;
  int wrist_body_ = -1;
  std::array<int, kFingerJoints> joints_{};
  FingerPosture low_ = FingerPosture::Zero();
  FingerPosture high_ = FingerPosture::Zero();
  std::array<HandSphere, 5> tips_{};
  std::vector<HandSphere> spheres_{};
  std::vector<double> positions_{};
};

/// The joint names of finger f (0 thumb .. 4 little), base to tip, without the side.
[[nodiscard]] const std::array<std::array<const char*, 4>, 5>& finger_joint_names();

}  // namespace hearth
