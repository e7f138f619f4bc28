// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A humanoid as a tree of bodies with primitive geoms, joints and servos. The engine builds it.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/hand.h>
#include <hearth/data/shape.h>

#include <array>
#include <string>
#include <vector>

namespace hearth {

enum class JointKind { hinge, slide };

/// One degree of freedom with its position servo: force = kp (ctrl - q) - kv dq, clamped.
struct HumanoidJoint {
  std::string name{};
  JointKind kind = JointKind::hinge;
  Vec3 axis_in_body{0, 0, 1};
  double low = 0.0;  ///< rad or m.
  double high = 0.0;
  double max_speed = 0.0;  ///< rad/s or m/s; never exceeded by a Motion.
  double kp = 0.0;
  double kv = 0.0;           ///< 0: computed as critical damping at the nominal posture.
  double force_limit = 0.0;  ///< Nm or N.
  double armature = 0.0;
  double damping = 0.0;
  double nominal = 0.0;  ///< Nominal posture.
  bool operator==(const HumanoidJoint&) const = default;
};

/// A primitive of a body.
struct HumanoidGeom {
  Shape shape{};
  Pose body_from_geom{};
  Vec3 color_rgb{0.7, 0.7, 0.75};  ///< Linear RGB.
  bool collides = false;           ///< Only hands collide with objects and supports.
  double friction = 0.8;
  bool operator==(const HumanoidGeom&) const = default;
};

/// Bodies come parent first; joints act in order, then geoms hang on the moved body.
struct HumanoidBody {
  std::string name{};
  std::string parent{};  ///< Empty: the world.
  Pose parent_from_body{};
  double mass_kg = 0.0;
  std::vector<HumanoidJoint> joints{};
  std::vector<HumanoidGeom> geoms{};
  bool operator==(const HumanoidBody&) const = default;
};

/// A named point of a body that matches a hand joint or the head.
struct HumanoidSite {
  std::string name{};  ///< "left_wrist", "right_tip_0" .. "right_tip_4", "head_camera".
  std::string body{};
  Pose body_from_site{};
  bool operator==(const HumanoidSite&) const = default;
};

struct Humanoid {
  std::string name{};
  std::vector<HumanoidBody> bodies{};
  std::vector<HumanoidSite> sites{};
  double hand_length_m = 0.0;  ///< Wrist to middle fingertip of its hands.
  bool operator==(const Humanoid&) const = default;
};

[[nodiscard]] Result<Humanoid> validated(Humanoid humanoid);

}  // namespace hearth
