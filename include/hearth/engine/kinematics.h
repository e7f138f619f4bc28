// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Forward kinematics and Jacobians of a humanoid, as the physics engine computes them.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/humanoid.h>

#include <memory>
#include <span>
#include <string>

namespace hearth {

/// Body poses and Jacobians at one posture. One per thread; movable.
class Kinematics {
 public:
  ~Kinematics();
  Kinematics(Kinematics&&) noexcept;
  Kinematics& operator=(Kinematics&&) noexcept;

  [[nodiscard]] int joint_count() const;
  /// Index of a joint or body in the humanoid's order, or -1.
  [[nodiscard]] int joint_index(const std::string& name) const;
  [[nodiscard]] int body_index(const std::string& name) const;

  /// Moves the humanoid to a posture: joint_count() values, rad or m.
  void set_positions(std::span<const double> positions);
  /// world_from_body at that posture.
  [[nodiscard]] Pose body_pose(int body) const;
  /// Writes d(p_in_world)/dq and the rotation Jacobian (world axes) of a point fixed to a body,
  /// each 3 x joint_count() row-major. Either span may be empty.
  void jacobian(int body, Vec3 p_in_world, std::span<double> position_jacobian,
                std::span<double> rotation_jacobian) const;
  /// Writes the diagonal of the joint-space inertia, armature included.
  void inertia_diagonal(std::span<double> diagonal);

  friend Result<Kinematics> make_kinematics(const Humanoid& humanoid);

 private:
  struct State;
  explicit Kinematics(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// @return what compile() returns for the humanoid alone.
[[nodiscard]] Result<Kinematics> make_kinematics(const Humanoid& humanoid);

}  // namespace hearth
