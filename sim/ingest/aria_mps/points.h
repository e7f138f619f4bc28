// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Semi-dense (or "global") points of Aria's machine perception services.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/core/result.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::aria {

/// One point in the trajectory's world.
struct SemidensePoint {
  std::int64_t uid = 0;
  int graph = 0;  ///< Index into SemidensePoints::graphs.
  Vec3 p_in_world_m{};
  double inverse_distance_sigma = 0.0;  ///< 1/m.
  double distance_sigma_m = 0.0;
};

struct SemidensePoints {
  std::vector<std::string> graphs{};
  std::vector<SemidensePoint> points{};
};

/// @return corrupt naming file:line:column; also for a negative sigma.
[[nodiscard]] Result<SemidensePoints> read_points(std::string_view csv, const std::string& file,
                                                  Diagnostics& diagnostics);

}  // namespace hearth::aria
