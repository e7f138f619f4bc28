// SPDX-License-Identifier: Apache-2.0
#include "settle_check.h"

#include <hearth/core/result.h>
#include <hearth/physics/settle.h>

#include <cmath>
#include <cstdio>
#include <string>

namespace hearth {
namespace {

constexpr double kMaxMoveM = 0.01;
constexpr double kMaxTurnRad = 0.0872665;  // 5 degrees
constexpr double kMaxSpeedMS = 0.01;

std::optional<PlaceProblem> settle_at(const char* place, const Scene& scene,
                                      const std::string& object_id) {
  const auto unstable = [&](const std::string& detail) {
    return PlaceProblem{"unstable", "at its " + std::string(place) + ": " + detail};
  };
  const Result<std::vector<SettledObject>> settled = settle(scene);
  if (!settled) {
    return unstable(to_string(settled.error()));
  }
  for (const SettledObject& object : *settled) {
    if (object.object_id != object_id) continue;
    const double moved_m = std::hypot(object.moved_m, object.dropped_m);
    if (moved_m <= kMaxMoveM && object.turned_rad <= kMaxTurnRad &&
        object.final_speed_m_s <= kMaxSpeedMS) {
      continue;
    }
    char text[128];
    std::snprintf(text, sizeof text, "moves %.1f mm, turns %.1f deg, ends at %.1f mm/s",
                  1e3 * moved_m, object.turned_rad * 57.29577951308232,
                  1e3 * object.final_speed_m_s);
    return unstable(text);
  }
  return std::nullopt;
}

}  // namespace

std::optional<PlaceProblem> settle_check(const Home& home) {
  if (auto problem = settle_at("start", home.scene, home.task.object_id)) {
    return problem;
  }
  Scene scene = home.scene;
  for (SceneObject& object : scene.objects) {
    if (object.id == home.task.object_id) object.world_from_object = home.task.world_from_goal;
  }
  return settle_at("goal", scene, home.task.object_id);
}

}  // namespace hearth
