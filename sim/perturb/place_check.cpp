// SPDX-License-Identifier: Apache-2.0
#include <hearth/perturb/place_check.h>
#include <hearth/task/object_path.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace hearth {
namespace {

constexpr double kClearanceM = 0.001;
constexpr double kRestToleranceM = 0.02;
constexpr int kMaxIterations = 256;

std::string millimetres(double metres) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f mm", 1000.0 * metres);
  return text;
}

/// The farthest point of a shape along a direction of the world.
Vec3 farthest_point(const Shape& shape, const Pose& pose, Vec3 direction) {
  const Vec3 d = conjugate(pose.rotation) * direction;
  const Vec3 half = 0.5 * shape.size_m;
  const double round = std::sqrt(d.x * d.x + d.y * d.y);
  const double length = norm(d);
  Vec3 p{};
  switch (shape.kind) {
    case ShapeKind::box:
      p = {std::copysign(half.x, d.x), std::copysign(half.y, d.y), std::copysign(half.z, d.z)};
      break;
    case ShapeKind::cylinder:
      if (round > 0.0) p = {half.x * d.x / round, half.x * d.y / round, 0.0};
      p.z = std::copysign(half.z, d.z);
      break;
    case ShapeKind::sphere:
      if (length > 0.0) p = (half.x / length) * d;
      break;
    case ShapeKind::capsule:
      if (length > 0.0) p = (half.x / length) * d;
      p.z += std::copysign(std::max(0.0, half.z - half.x), d.z);
      break;
  }
  return pose * p;
}

/// The point of segment a-b closest to the origin.
Vec3 closest_to_origin(Vec3 a, Vec3 b) {
  const Vec3 ab = b - a;
  const double length2 = dot(ab, ab);
  const double u = length2 > 0.0 ? std::clamp(-dot(a, ab) / length2, 0.0, 1.0) : 0.0;
  return a + u * ab;
}

struct Place {
  const char* name;
  Pose world_from_object;
  const Support* support;
};

std::optional<PlaceProblem> check_support(const SceneObject& object, const Place& place) {
  if (place.support == nullptr) {
    return std::nullopt;
  }
  const Pose support_from_object =
      inverse(place.support->world_from_support) * place.world_from_object;
  const double reach_x_m = reach_along(object.shape, support_from_object.rotation, Vec3{1, 0, 0});
  const double reach_y_m = reach_along(object.shape, support_from_object.rotation, Vec3{0, 1, 0});
  const double margin_m = 0.5 * std::min(reach_x_m, reach_y_m);
  const double inside_m =
      std::min(0.5 * place.support->size_m.x - std::abs(support_from_object.position_m.x),
               0.5 * place.support->size_m.y - std::abs(support_from_object.position_m.y));
  if (inside_m >= margin_m) {
    return std::nullopt;
  }
  return PlaceProblem{"off_support", std::string(place.name) + " lies " + millimetres(inside_m) +
                                         " inside the edge of '" + place.support->id + "', needs " +
                                         millimetres(margin_m)};
}

std::optional<PlaceProblem> check_overlap(const Scene& scene, const SceneObject& object,
                                          const Place& place) {
  const auto problem = [&](const std::string& id) {
    return PlaceProblem{"overlap", std::string(place.name) + " meets '" + id + "'"};
  };
  for (const SceneObject& other : scene.objects) {
    if (other.id != object.id &&
        overlaps(object.shape, place.world_from_object, other.shape, other.world_from_object)) {
      return problem(other.id);
    }
  }
  const double bottom = bottom_m(object.shape, place.world_from_object);
  for (const Support& support : scene.supports) {
    const bool below = support.world_from_support.position_m.z <= bottom + kRestToleranceM;
    if (&support == place.support || support.extent_inferred || below) {
      continue;
    }
    const Shape slab{ShapeKind::box, support.size_m};
    const Pose middle = support.world_from_support * Pose{{0, 0, -0.5 * support.size_m.z}, {}};
    if (overlaps(object.shape, place.world_from_object, slab, middle)) {
      return problem(support.id);
    }
  }
  return std::nullopt;
}

}  // namespace

bool overlaps(const Shape& a, const Pose& world_from_a, const Shape& b, const Pose& world_from_b) {
  // Smallest vector of the set { point of a - point of b }; a supporting plane that keeps it off
  // the origin by more than the clearance proves the shapes apart.
  Vec3 v = world_from_a.position_m - world_from_b.position_m;
  for (int i = 0; i < kMaxIterations; ++i) {
    const double length = norm(v);
    if (length <= kClearanceM) {
      return true;
    }
    const Vec3 w = farthest_point(a, world_from_a, -v) - farthest_point(b, world_from_b, v);
    if (dot(v, w) > kClearanceM * length) {
      return false;
    }
    v = closest_to_origin(v, w);
  }
  return true;
}

std::optional<PlaceProblem> place_check(const Home& home) {
  const SceneObject* object = find_object(home.scene, home.task.object_id);
  if (object == nullptr) {
    return PlaceProblem{"off_support", "the task's object is not in the scene"};
  }
  const Place places[] = {
      {"start", object->world_from_object, find_support(home.scene, home.task.start_support_id)},
      {"goal", home.task.world_from_goal, find_support(home.scene, home.task.goal_support_id)}};
  for (const Place& place : places) {
    if (auto problem = check_support(*object, place)) return problem;
    if (auto problem = check_overlap(home.scene, *object, place)) return problem;
  }
  return std::nullopt;
}

}  // namespace hearth
