// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Draws variants of a home: recipes, not copies. Ranges and limits: docs/perturb.md.

#include <hearth/core/result.h>
#include <hearth/data/home.h>
#include <hearth/data/variant.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

/// Half-widths and bounds of what a variant may change; uniform unless said.
struct VariantRanges {
  double start_m = 0.10;           ///< +- along world x and y, the object's start.
  double goal_m = 0.10;            ///< +- along world x and y, the goal.
  double yaw_rad = 0.523599;       ///< +- about Z, start and goal each (30 degrees).
  double support_height_m = 0.05;  ///< +- for each support that the task uses.
  double size_low = 0.85;          ///< Factor per axis; round shapes stay round.
  double size_high = 1.15;
  double mass_low = 0.5;  ///< Factor, log-uniform, on top of what the size does.
  double mass_high = 2.0;
  double friction_low = 0.5;  ///< Coefficient of the object.
  double friction_high = 1.0;
  int lights_low = 1;  ///< Number of lights.
  int lights_high = 3;
  double intensity_low = 0.4;  ///< Times the mean intensity of the home's lights.
  double intensity_high = 1.6;
  double color_temperature_low_k = 2700.0;
  double color_temperature_high_k = 7500.0;
  double camera_m = 0.03;         ///< +- per axis, every camera.
  double camera_rad = 0.0872665;  ///< +- about each axis (5 degrees).
};

/// Returns the ranges of a preset. Presets: "near".
/// @return invalid_argument, where "preset", for any other name.
[[nodiscard]] Result<VariantRanges> variant_ranges(const std::string& preset);

/// Options of sample_variants().
struct SampleVariantsOptions {
  int count = 8;           ///< 0 .. 1,000,000 proposals.
  std::uint64_t seed = 0;  ///< Variant i depends on (home, preset, seed, i) alone.
  std::string preset = "near";
};

/// Returns `count` proposals, not yet checked for anything: they span the preset's ranges whole.
///
/// Each drawn quantity has its own random stream, so that a new one never shifts the others, and
/// the first 3 of 9 variants equal the 3 of 3. Colours of the object, the supports, the other
/// objects, walls and floor are free. Lights hang 1.0 to 2.2 m above the start support, up to 1.5 m
/// to the side. Sources: Philox streams as in core/rng.h; the ranges are those of preset "near".
///
/// @param home  validated(); its task must name an object of the scene.
/// @return invalid_argument (where "count" or "preset"), not_found if the task's object is missing.
[[nodiscard]] Result<std::vector<Variant>> sample_variants(const Home& home,
                                                           const SampleVariantsOptions& options);

/// Returns a variant drawn from the home's own uncertainty: start, goal, yaw, support height and
/// object size, each normal with the sigma that the home states. Mass and friction are left alone:
/// in a score they are frozen from another home. preset is "uncertainty", index is `draw`.
///
/// Sizes stay within half and double of the estimate; other draws are cut at three sigma.
/// @return not_found if the task's object is missing.
[[nodiscard]] Result<Variant> draw_uncertainty(const Home& home, std::uint64_t seed,
                                               std::uint64_t draw);

}  // namespace hearth
