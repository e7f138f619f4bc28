// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What the physics did, and the judgement on it. Stored actions alone reproduce the stored states.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/array.h>
#include <hearth/data/shape.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

/// A drawable primitive, fixed to one body of a rollout or a scene.
struct VisualGeom {
  int body_index = 0;  ///< Into the list of body names; poses come per body.
  Shape shape{};
  Pose body_from_geom{};
  Material material{};
  bool operator==(const VisualGeom&) const = default;
};

/// One replay. Row k of the state tables is the state at k / control_rate_hz; row 0 the initial
/// one. Action row k drives the interval from state row k to k + 1: the servo target moves linearly
/// from action row k - 1 (row 0: from itself) to action row k.
struct Rollout {
  std::string engine{};  ///< For example "mujoco 4.0.1".
  std::string humanoid{};
  std::string model_sha256{};  ///< Of the model's MJCF text.
  double control_rate_hz = 30.0;
  int substeps = 0;  ///< Physics steps per action.
  std::vector<std::string> actuator_names{};
  TableF32 action{};  ///< steps x actuators, rad or m.
  Table qpos{};       ///< (steps + 1) x nq.
  Table qvel{};       ///< (steps + 1) x nv.
  std::vector<std::string> body_names{};
  Table body_pose{};  ///< (steps + 1) x 7 bodies: x y z, qw qx qy qz in world.
  std::vector<VisualGeom> visual_geoms{};
  std::string object_id{};  ///< The manipulated object; its body has this name.
  std::vector<std::uint8_t> hand_touches_object{};  ///< Per state row.
  double assistance_n = 0.0;   ///< Peak assisting force on objects; 0 unless asked for.
  double wrist_error_m = 0.0;  ///< Median distance of the active wrist to the retargeted one.
  double max_penetration_m = 0.0;
  std::vector<std::string> state_hashes{};  ///< sha256 of raw qpos and qvel, per state row.
  bool operator==(const Rollout&) const = default;
};

struct PredicateOutcome {
  std::string name{};
  bool once = false;
  bool at_end = false;
  double margin = 0.0;  ///< Best slack over time in the predicate's own unit; positive = fulfilled.
  bool operator==(const PredicateOutcome&) const = default;
};

struct Outcome {
  std::vector<PredicateOutcome> predicates{};
  bool success_once = false;
  bool success_at_end = false;
  double object_error_m = 0.0;  ///< Distance of the object to the goal at the end.
  bool operator==(const Outcome&) const = default;
};

[[nodiscard]] Result<Rollout> validated(Rollout rollout);

}  // namespace hearth
