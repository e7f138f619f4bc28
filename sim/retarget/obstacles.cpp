// SPDX-License-Identifier: Apache-2.0
#include "sim/retarget/obstacles.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/retarget/recorded_hand.h"

namespace hearth {

namespace {

constexpr double kObjectMarginM = 0.025;
constexpr double kSupportMarginM = 0.015;

struct PlacedSphere {
  Vec3 center_in_wrist_m;
  double radius_m;
};

std::vector<PlacedSphere> placed_spheres(HandModel& hand, const FingerPosture& fingers) {
  hand.set_fingers(fingers);
  std::vector<PlacedSphere> out;
  for (const HandSphere& sphere : hand.spheres()) {
    const Eigen::Vector3d p = hand.state(sphere, false).center_in_wrist;
    out.push_back({{p.x(), p.y(), p.z()}, sphere.radius_m});
  }
  return out;
}

// The shorter way out of the upright object for all of the hand: up, or away from its axis.
Vec3 way_out(const std::vector<PlacedSphere>& spheres, const Pose& wrist, Vec3 center,
             const Shape& shape) {
  const Vec3 palm = wrist * Vec3{0, 0, 0.08} - center;
  const Vec3 away = normalized(Vec3{palm.x, palm.y, 0.0});
  const double radius = shape.kind == ShapeKind::box
                            ? 0.5 * std::hypot(shape.size_m.x, shape.size_m.y)
                            : 0.5 * shape.size_m.x;
  double up = 0.0;
  double aside = 0.0;
  for (const PlacedSphere& sphere : spheres) {
    const Vec3 p = wrist * sphere.center_in_wrist_m - center;
    const double reach = sphere.radius_m + kObjectMarginM;
    const double inside = radius + reach - std::hypot(p.x, p.y);
    const double below = 0.5 * shape.size_m.z + reach - p.z;
    if (inside <= 0.0 || below <= 0.0) continue;
    up = std::max(up, below);
    // Along `away` until the distance from the axis is enough.
    const double along = p.x * away.x + p.y * away.y;
    const double across2 = p.x * p.x + p.y * p.y - along * along;
    const double needed = (radius + reach) * (radius + reach) - across2;
    aside = std::max(aside, std::sqrt(std::max(0.0, needed)) - along);
  }
  return up <= aside ? Vec3{0, 0, up} : aside * away;
}

// The shortest way for all of the hand out of one box: up, sideways, and down where there is room.
Vec3 way_around(const std::vector<PlacedSphere>& spheres, const Pose& wrist,
                const Obstacle& obstacle) {
  const Pose box_from_world = inverse(obstacle.world_from_box);
  std::array<double, 6> needed{};  // +x, -x, +y, -y, +z, -z
  bool inside = false;
  for (const PlacedSphere& sphere : spheres) {
    const Vec3 p = box_from_world * (wrist * sphere.center_in_wrist_m);
    const Vec3 room = obstacle.half_m + (sphere.radius_m + kSupportMarginM) * Vec3{1, 1, 1};
    if (std::abs(p.x) >= room.x || std::abs(p.y) >= room.y || std::abs(p.z) >= room.z) continue;
    inside = true;
    const double out[6] = {room.x - p.x, room.x + p.x, room.y - p.y,
                           room.y + p.y, room.z - p.z, room.z + p.z};
    for (std::size_t i = 0; i < 6; ++i) needed[i] = std::max(needed[i], out[i]);
  }
  if (!inside) return {};
  const std::size_t directions = obstacle.passable_below ? 6 : 5;
  std::size_t best = 0;
  for (std::size_t i = 1; i < directions; ++i) {
    if (needed[i] < needed[best]) best = i;
  }
  constexpr Vec3 kDirection[6] = {{1, 0, 0},  {-1, 0, 0}, {0, 1, 0},
                                  {0, -1, 0}, {0, 0, 1},  {0, 0, -1}};
  return obstacle.world_from_box.rotation * (needed[best] * kDirection[best]);
}

// How far the hand must rise to be clear of every support under it.
double way_up(const std::vector<PlacedSphere>& spheres, const Pose& wrist,
              const std::vector<Support>& supports) {
  double up = 0.0;
  for (const Support& support : supports) {
    for (const PlacedSphere& sphere : spheres) {
      const Vec3 q = inverse(support.world_from_support) * (wrist * sphere.center_in_wrist_m);
      const double reach = sphere.radius_m + kSupportMarginM;
      if (std::abs(q.x) > 0.5 * support.size_m.x + reach) continue;
      if (std::abs(q.y) > 0.5 * support.size_m.y + reach) continue;
      if (q.z < reach && q.z > -0.3) up = std::max(up, reach - q.z);
    }
  }
  return up;
}

// Each row takes the longest shift of its neighbourhood, then all are smoothed.
void spread(std::vector<Vec3>& shift) {
  constexpr std::size_t kWindow = 4;
  const std::vector<Vec3> in = shift;
  for (std::size_t k = 0; k < in.size(); ++k) {
    const std::size_t first = k < kWindow ? 0 : k - kWindow;
    for (std::size_t i = first; i < std::min(in.size(), k + kWindow + 1); ++i) {
      if (norm(in[i]) > norm(shift[k])) shift[k] = in[i];
    }
  }
  smooth(shift, 2.0);
}

}  // namespace

void clear_obstacles(HandModel& hand, const std::vector<FingerPosture>& fingers,
                     const std::vector<bool>& pinned, const std::vector<Pose>& world_from_object,
                     const Shape& shape, const Surroundings& surroundings,
                     std::vector<Pose>& wrist) {
  // Neighbours may give way in different directions, which smoothing averages: again until all are
  // out.
  for (int round = 0; round < 8; ++round) {
    std::vector<Vec3> shift(wrist.size());
    double longest = 0.0;
    for (std::size_t k = 0; k < wrist.size(); ++k) {
      if (pinned[k]) continue;
      const std::vector<PlacedSphere> spheres = placed_spheres(hand, fingers[k]);
      Pose pose = wrist[k];
      shift[k] = way_out(spheres, pose, world_from_object[k].position_m, shape);
      pose.position_m = pose.position_m + shift[k];
      for (const Obstacle& obstacle : surroundings.obstacles) {
        const Vec3 around = way_around(spheres, pose, obstacle);
        shift[k] = shift[k] + around;
        pose.position_m = pose.position_m + around;
      }
      shift[k].z += way_up(spheres, pose, surroundings.under);
      longest = std::max(longest, norm(shift[k]));
    }
    if (longest < 0.002) return;
    spread(shift);
    for (std::size_t k = 0; k < wrist.size(); ++k) {
      if (!pinned[k]) wrist[k].position_m = wrist[k].position_m + shift[k];
    }
  }
}

double obstacle_depth_m(HandModel& hand, const FingerPosture& fingers, const Pose& wrist,
                        const Surroundings& surroundings) {
  double deepest = 0.0;
  const std::vector<PlacedSphere> spheres = placed_spheres(hand, fingers);
  for (const Obstacle& obstacle : surroundings.obstacles) {
    deepest = std::max(deepest, norm(way_around(spheres, wrist, obstacle)));
  }
  return deepest;
}

void raise_over(const Surroundings& surroundings, const Shape& shape, std::vector<Vec3>& centers) {
  const double radius = 0.5 * std::hypot(shape.size_m.x, shape.size_m.y) + 0.02;
  std::vector<Vec3> shift(centers.size());
  for (std::size_t k = 0; k < centers.size(); ++k) {
    for (const Obstacle& obstacle : surroundings.obstacles) {
      if (obstacle.passable_below) continue;
      const Vec3 p = inverse(obstacle.world_from_box) * centers[k];
      if (std::abs(p.x) > obstacle.half_m.x + radius) continue;
      if (std::abs(p.y) > obstacle.half_m.y + radius) continue;
      const double needed = obstacle.half_m.z + 0.5 * shape.size_m.z + 0.03 - p.z;
      shift[k].z = std::max(shift[k].z, needed);
    }
  }
  spread(shift);
  const double last = static_cast<double>(centers.size()) - 1.0;
  for (std::size_t k = 0; k < centers.size(); ++k) {
    // The ends stay: an obstacle beside start or goal is the task's own difficulty.
    const double from_end = std::min(static_cast<double>(k), last - static_cast<double>(k));
    centers[k].z += std::min(1.0, from_end / 8.0) * shift[k].z;
  }
}

Surroundings surroundings_of(const Home& home) {
  Surroundings out;
  const Task& task = home.task;
  double lowest_top = 1e9;
  for (const Support& support : home.scene.supports) {
    const bool carries = support.id == task.start_support_id || support.id == task.goal_support_id;
    if (!carries) continue;
    out.under.push_back(support);
    lowest_top = std::min(lowest_top, support.world_from_support.position_m.z);
  }
  const auto add = [&](const Pose& world_from_box, Vec3 size) {
    const double bottom = world_from_box.position_m.z - 0.5 * size.z;
    out.obstacles.push_back({world_from_box, 0.5 * size, bottom > lowest_top + 0.2});
  };
  for (const Support& support : home.scene.supports) {
    if (support.id == task.start_support_id || support.id == task.goal_support_id) continue;
    add(support.world_from_support * Pose{{0, 0, -0.5 * support.size_m.z}, {}}, support.size_m);
  }
  for (const SceneObject& object : home.scene.objects) {
    if (object.id != task.object_id) add(object.world_from_object, object.shape.size_m);
  }
  return out;
}

}  // namespace hearth
