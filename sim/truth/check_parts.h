// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The parts of check(): one alignment, one list of errors per quantity.

#include <hearth/truth/check.h>

#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// Errors of one quantity and of its constant prior.
struct Errors {
  std::vector<double> values;
  std::vector<double> baseline;
};

[[nodiscard]] CheckRow row_from(const std::string& stage, const std::string& quantity,
                                const std::string& unit, Errors errors);

/// How the run's frames map onto truth's world.
struct Alignment {
  std::optional<double> map_scale_m;  ///< True metres per map unit.
  double home_scale = 1.0;            ///< True metres per metre of the run's home.
  bool has_home = false;
  Pose true_world_from_camera0{};  ///< First camera that the home knows.
  Pose home_camera0_from_world{};

  /// Home's world -> truth's world, scaled about the first camera.
  [[nodiscard]] Vec3 true_from_home(Vec3 p_in_home) const;
  [[nodiscard]] Quat true_from_home(Quat home_from_body) const;
};

[[nodiscard]] Alignment align(const Truth& truth, const CheckedRun& run);

void check_hands(const Truth& truth, const CheckedRun& run, const CheckPriors& priors,
                 int min_hand_px, std::vector<CheckRow>& rows);
void check_camera(const Truth& truth, const CheckedRun& run, const Alignment& alignment,
                  const CheckPriors& priors, std::vector<CheckRow>& rows);
void check_scene(const Truth& truth, const CheckedRun& run, const Alignment& alignment,
                 const CheckPriors& priors, std::vector<CheckRow>& rows);
void check_contact(const Truth& truth, const CheckedRun& run, const CheckPriors& priors,
                   std::vector<CheckRow>& rows);

}  // namespace hearth
