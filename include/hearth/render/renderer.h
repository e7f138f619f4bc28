// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Draws primitives: colour, depth and body masks in one pass, by ray casting on the CPU.
/// Method, light model and limits: docs/render.md.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/camera.h>
#include <hearth/data/image.h>
#include <hearth/data/rollout.h>
#include <hearth/data/scene.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace hearth {

/// What lights a drawing.
struct Lighting {
  /// Irradiance on a facing surface at d metres: intensity * (2 / d)^2, d at least 0.2. No light at
  /// all: everything is lit evenly.
  std::vector<Light> lights{};
  double ambient_light = 0.35;  ///< Share of light without shadow, 0..1; creases get less of it.
  double exposure = 0.5;  ///< Radiance times this is shown; linear up to 0.6, then a shoulder.
  Vec3 background_rgb{0.55, 0.57, 0.6};  ///< Linear RGB shown where nothing is hit.
};

/// Options of Renderer::render().
struct RenderOptions {
  int samples_per_pixel = 4;  ///< 1..16 rays through pixels on an edge; other pixels need one.
  bool shadows = true;        ///< Shadow rays to every light; soft where a light has a radius.
  bool occlusion = true;      ///< Darkens creases: short rays find what is near.
  double occlusion_m = 0.25;  ///< How far those rays look.
  bool packets = true;        ///< Four rays at a time: faster, same bytes.
  int jobs = 0;               ///< Threads, 0 = all cores; same bytes.
};

/// One picture in three ways. Depth and bodies are those of the pixel's centre, exact.
struct RenderedFrame {
  ImageRgb8 color{};
  ImageDepth depth{};  ///< Camera z in metres; 0 where nothing was hit.
  ImageMask bodies{};  ///< body_index of the geom that was hit; -1 where nothing was hit.
};

/// Draws a fixed set of geoms whose bodies move. Each primitive is exact, not tessellated, and is
/// seen from outside only: a camera inside a body looks out of it. Same input, same bytes, for any
/// `jobs` and `packets`. One thread may use a Renderer at a time; different Renderers are
/// independent.
class Renderer {
 public:
  /// @param geoms     In any order. Where two surfaces coincide the earlier geom is seen.
  /// @param lighting  Lights in world coordinates.
  /// @return invalid_argument for a bad shape, material, pose or light (`where` names it, for
  /// example `geoms/3/shape/size_m`); unsupported if the ray caster cannot start on this machine.
  [[nodiscard]] static Result<Renderer> make(std::vector<VisualGeom> geoms,
                                             const Lighting& lighting);

  Renderer(Renderer&&) noexcept;
  Renderer& operator=(Renderer&&) noexcept;
  ~Renderer();

  /// Draws all geoms at the given poses.
  ///
  /// @param world_from_body  One pose per body index that occurs.
  /// @param camera           Distortion is honoured: a point is seen where project() puts it.
  /// @return invalid_argument for a missing or non-finite pose, a bad camera or option.
  [[nodiscard]] Result<RenderedFrame> render(std::span<const Pose> world_from_body,
                                             const CameraModel& camera,
                                             const Pose& world_from_camera,
                                             const RenderOptions& options);

 private:
  struct State;
  explicit Renderer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace hearth
