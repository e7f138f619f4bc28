// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The things of a home as primitives in single precision: rays, shadows, nearness.

#include <cstdint>
#include <vector>

#include "sim/film/fvec.h"
#include "sim/film/take.h"
#include "sim/film/textures.h"

namespace hearth::film_internal {

/// A solid. Room walls are the inside of a box.
struct Body {
  ShapeKind kind = ShapeKind::box;
  FPose world_from_body{};
  F3 half{};
  float bound = 0.0F;
  Surface surface{};
  bool furniture = false;  ///< Too large to shade the work: throws no shadow.
};

/// A print lying on a tabletop or hanging on the back wall; no thickness.
struct Decal {
  bool on_wall = false;
  float center_u = 0.0F;  ///< World x.
  float center_v = 0.0F;  ///< World y on the top, z on the wall.
  float half_u = 0.1F;
  float half_v = 0.1F;
  float cosine = 1.0F;
  float sine = 0.0F;
  std::uint32_t seed = 0;
};

/// Albedo of a large flat thing, computed once: procedural patterns cost too much per sample.
struct Baked {
  float low_u = 0.0F;    ///< World x of the first column.
  float low_v = 0.0F;    ///< World y or z of the first row.
  float texel = 0.001F;  ///< Metres.
  int columns = 0;
  int rows = 0;
  std::vector<F3> color{};
};

struct Lamp {
  F3 position{};
  float radius = 0.1F;
  F3 power{};  ///< Irradiance at 2 m.
};

struct StageSet {
  std::vector<Body> bodies{};  ///< Static; the first is the support, the last is not the room.
  Body moved{};                ///< The manipulated object; its pose is set per moment.
  Body room{};
  Surface floor{};
  std::vector<Decal> decals{};
  std::vector<Lamp> lamps{};
  F3 ambient{};
  Baked top_print{};   ///< The support's upper face.
  Baked wall_print{};  ///< The part of the wall behind it that can be seen.
  float top = 0.9F;
};

[[nodiscard]] StageSet make_stage_set(const Take& take);

/// Nearest entry of a ray into a body beyond `near`, or a huge number.
[[nodiscard]] float enter(const Body& body, F3 origin, F3 direction);
[[nodiscard]] F3 normal_at(const Body& body, F3 p_in_world);
[[nodiscard]] float body_distance(const Body& body, F3 p_in_world);

/// The far wall of the room from inside, with the inward normal.
struct WallHit {
  float distance = 0.0F;
  F3 normal{};
};
[[nodiscard]] WallHit leave_room(const Body& room, F3 origin, F3 direction);

/// Albedo of a body or a wall at a point on it.
[[nodiscard]] F3 color_of(const StageSet& set, const Body& body, F3 p_in_world, F3 normal,
                          float footprint);
[[nodiscard]] F3 room_color(const StageSet& set, F3 p_in_world, F3 normal, float footprint);

inline constexpr float kNothing = 1e6F;

}  // namespace hearth::film_internal
