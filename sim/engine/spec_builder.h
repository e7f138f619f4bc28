// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: the only place that builds MuJoCo specs. String and vector handles of the library
/// belong to another C++ standard library than ours: they are passed to setters and never
/// dereferenced.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/humanoid.h>
#include <hearth/data/shape.h>

#include <memory>
#include <string>
#include <string_view>

#include "sim/engine/mujoco_handle.h"

namespace hearth::engine {

/// Contact behaviour of a geom.
struct ContactSettings {
  int contype = 0;
  int conaffinity = 0;
  int priority = 0;
  double friction = 0.8;
};

/// Builds one model. The first failure is kept and comes out of compile().
class SpecBuilder {
 public:
  SpecBuilder(double timestep_s, double impratio);

  [[nodiscard]] mjsBody* world();
  mjsBody* add_body(mjsBody* parent, std::string_view name, const Pose& parent_from_body);
  void add_free_joint(mjsBody* body, std::string_view name);
  void add_joint(mjsBody* body, const HumanoidJoint& joint);
  void add_position_servo(const HumanoidJoint& joint);
  void add_geom(mjsBody* body, std::string_view name, const Shape& shape,
                const Pose& body_from_geom, double mass_kg, const ContactSettings& contact);
  void add_floor(const ContactSettings& contact);

  /// Compiles; warnings count as failures. Writes the MJCF text.
  [[nodiscard]] Result<ModelPtr> compile(std::string& mjcf);

 private:
  struct SpecDeleter {
    void operator()(mjSpec* spec) const { mj_deleteSpec(spec); }
  };
  void set_name(mjsElement* element, std::string_view name);
  void fail(std::string message, std::string_view where);

  std::unique_ptr<mjSpec, SpecDeleter> spec_;
  std::string first_error_;
  std::string first_where_;
};

}  // namespace hearth::engine
