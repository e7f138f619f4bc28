// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The metric household scene. World: Z up, floor at z = 0 where it is seen or assumed.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/camera.h>
#include <hearth/data/estimate.h>
#include <hearth/data/shape.h>

#include <string>
#include <vector>

namespace hearth {

/// A level surface that carries things. Support frame: origin in the middle of the top face, Z up.
struct Support {
  std::string id{};
  std::string category{};  ///< "table", "counter", "shelf".
  Pose world_from_support{};
  Vec3 size_m{};                ///< Full extents x, y and thickness (downward from the top face).
  Estimate height_m{};          ///< Top face above the floor.
  bool extent_inferred = true;  ///< The outline was assumed, not seen.
  double friction = 0.8;
  Material material{};
  bool operator==(const Support&) const = default;
};

/// A rigid object. Object frame: centre of its shape, z up when it stands.
struct SceneObject {
  std::string id{};
  std::string category{};  ///< "unknown" where nobody said.
  Shape shape{};
  Vec3 size_sigma_m{};
  Pose world_from_object{};  ///< At the start of the recording.
  double position_sigma_m = 0.0;
  double yaw_sigma_rad = 0.0;
  bool movable = true;
  Estimate mass_kg{};
  Estimate friction{};  ///< Sliding friction coefficient against skin and supports.
  Material material{};
  bool operator==(const SceneObject&) const = default;
};

/// A point light (sphere of radius_m: soft shadows).
struct Light {
  std::string id{};
  Vec3 p_in_world_m{};
  double radius_m = 0.1;
  double intensity = 1.0;  ///< 1 = a well-lit room at 2 m.
  double color_temperature_k = 4500.0;
  bool operator==(const Light&) const = default;
};

/// A camera of the scene. "head" is where the recording's camera began.
struct SceneCamera {
  std::string id{};
  CameraModel model{};
  Pose world_from_camera{};
  bool operator==(const SceneCamera&) const = default;
};

/// Walls and floor, an upright box open inside.
struct Room {
  bool seen = false;  ///< False: a plain default, for looks only.
  Vec3 center_in_world_m{0, 0, 1.3};
  Vec3 size_m{5, 5, 2.6};
  Material wall{};
  Material floor{};
  bool operator==(const Room&) const = default;
};

struct Scene {
  ScaleEstimate scale{};               ///< Metres per map unit of the tracks it was made from.
  Source up_source = Source::unknown;  ///< How vertical was found.
  double up_sigma_rad = 0.0;
  bool floor_seen = false;  ///< False: z = 0 lies the support's estimated height below it.
  std::vector<Support> supports{};
  std::vector<SceneObject> objects{};
  std::vector<Light> lights{};
  std::vector<SceneCamera> cameras{};
  Room room{};
  double ambient_light = 0.35;  ///< Share of light that casts no shadow.
  bool operator==(const Scene&) const = default;
};

/// Returns the element with this id, or null.
[[nodiscard]] const SceneObject* find_object(const Scene& scene, const std::string& id);
[[nodiscard]] const Support* find_support(const Scene& scene, const std::string& id);

/// @return invalid_argument naming the element and field: unique non-empty ids, positive sizes,
/// masses and frictions, unit quaternions, finite numbers.
[[nodiscard]] Result<Scene> validated(Scene scene);

}  // namespace hearth
