// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Whether a scene stands by itself.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/scene.h>

#include <string>
#include <vector>

namespace hearth {

/// Options of settle().
struct SettleOptions {
  double duration_s = 0.75;  ///< How long gravity acts; 0.1-10.
};

/// What became of one movable object.
struct SettledObject {
  std::string object_id{};
  Pose world_from_object{};  ///< At the end.
  double moved_m = 0.0;      ///< Horizontal distance from where it was put.
  double dropped_m = 0.0;    ///< How far it sank; negative if it was pushed up.
  double turned_rad = 0.0;
  double final_speed_m_s = 0.0;
};

/// Lets gravity act on the scene without anybody in it.
/// @param scene  validated().
/// @return one entry per movable object, in scene order; what compile() returns; infeasible if the
/// state becomes non-finite.
[[nodiscard]] Result<std::vector<SettledObject>> settle(const Scene& scene,
                                                        const SettleOptions& options = {});

}  // namespace hearth
