// SPDX-License-Identifier: Apache-2.0
#include "poses.h"

namespace hearth::foreign {

std::optional<Pose> pose_from_rows(std::span<const double, 12> m) {
  for (const double value : m) {
    if (!std::isfinite(value)) return std::nullopt;
  }
  Mat3 r{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) r[i][j] = m[4 * i + j];
  }
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      const double product = r[0][i] * r[0][j] + r[1][i] * r[1][j] + r[2][i] * r[2][j];
      if (!(std::abs(product - (i == j ? 1.0 : 0.0)) <= 1e-3)) return std::nullopt;
    }
  }
  const Vec3 x{r[0][0], r[1][0], r[2][0]};
  const Vec3 y{r[0][1], r[1][1], r[2][1]};
  const Vec3 z{r[0][2], r[1][2], r[2][2]};
  if (dot(cross(x, y), z) < 0.0) return std::nullopt;
  return Pose{{m[3], m[7], m[11]}, normalized(quat_from_matrix(r))};
}

}  // namespace hearth::foreign
