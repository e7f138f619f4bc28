// SPDX-License-Identifier: Apache-2.0
#include "sim/film/arms.h"

#include <cmath>
#include <limits>

namespace hearth::film_internal {
namespace {

constexpr float kFar = 1e3F;
constexpr float kFingerBlend = 0.0035F;  // metres, between the bones of a finger
constexpr float kPalmBlend = 0.012F;     // between the bones of the palm
constexpr float kRootBlend = 0.006F;     // between a finger and the palm
constexpr float kWristBlend = 0.022F;

float smooth_min(float a, float b, float k) {
  const float h = std::max(k - std::abs(a - b), 0.0F);
  return std::min(a, b) - h * h / (4.0F * k);
}

float distance(const SkinCone& c, F3 p) {
  const F3 ap = p - c.a;
  const float u = clamp01(dot(ap, c.ab) * c.inverse_length2);
  return norm(ap - u * c.ab) - (c.radius_a + u * c.radius_change);
}

SkinCone cone(Vec3 a, Vec3 b, double ra, double rb, Part part) {
  SkinCone c;
  c.a = f3(a);
  c.ab = f3(b - a);
  const float l2 = dot(c.ab, c.ab);
  c.inverse_length2 = l2 > 0.0F ? 1.0F / l2 : 0.0F;
  c.radius_a = static_cast<float>(ra);
  c.radius_change = static_cast<float>(rb - ra);
  c.center = c.a + 0.5F * c.ab;
  c.bound = 0.5F * std::sqrt(l2) + static_cast<float>(std::max(ra, rb)) + 0.003F;
  c.part = part;
  return c;
}

/// Back of each finger bone: across the bone, away from the side to which the finger bends.
void set_dorsal(Arm& arm, const HandState& state, const HandJoints& joints, HandSide side) {
  const Pose& pose = state.world_from_wrist;
  const double o = state.angles.thumb_opposition;
  const double mirror = side == HandSide::left ? -1.0 : 1.0;
  for (std::size_t i = 0; i < kFingerCones; ++i) {
    const std::size_t finger = i / 3;
    const std::size_t joint = 4 * finger + i % 3 + 1;
    const Vec3 bone = normalized(joints[joint + 1] - joints[joint]);
    const Vec3 outward =
        finger == 0 ? Vec3{std::sin(o), mirror * std::cos(o), 0.0} : Vec3{-1.0, 0.0, 0.0};
    const Vec3 local_back = finger == 0 ? outward + Vec3{-0.25, 0.0, 0.0} : outward;
    // Bent far, a finger's back turns toward the fingertips' direction.
    Vec3 back = pose.rotation * local_back;
    if (finger > 0) {
      const Vec3 side_axis = pose.rotation * Vec3{0, 1, 0};
      back = cross(bone, side_axis);
      if (dot(back, pose.rotation * Vec3{-1, 0, 0.35}) < 0.0) back = -back;
    }
    arm.cones[i].dorsal = f3(normalized(back - dot(back, bone) * bone));
    arm.cones[i].phalanx = static_cast<std::uint8_t>(i % 3);
  }
}

void add_forearm(Arm& arm, const HandShape& shape, const HandState& state, Vec3 elbow,
                 Vec3 shoulder, double sleeve_end) {
  const Pose& pose = state.world_from_wrist;
  const double s = shape.thickness;
  const Vec3 wrist = pose.position_m;
  const Vec3 aside = pose.rotation * Vec3{0, 1, 0};
  const Vec3 along = elbow - wrist;
  const Vec3 across = normalized(aside - (dot(aside, along) / dot(along, along)) * along);
  // Broad and flat at the wrist, round at the elbow: two cones side by side.
  for (const double sign : {-1.0, 1.0}) {
    arm.cones.push_back(cone(wrist + sign * 0.0105 * s * across,
                             wrist + 0.55 * along + sign * 0.010 * s * across, 0.0185 * s,
                             0.031 * s, Part::forearm));
  }
  arm.cones.push_back(cone(wrist + 0.5 * along, elbow, 0.034 * s, 0.041 * s, Part::forearm));
  const Vec3 cuff = wrist + sleeve_end * along;
  arm.cones.push_back(cone(cuff, elbow, 0.042 * s, 0.052 * s, Part::sleeve));
  arm.cones.push_back(cone(elbow, shoulder, 0.052 * s, 0.062 * s, Part::sleeve));
}

void set_bounds(Arm& arm) {
  const auto ball = [&](bool all, F3& center, float& radius) {
    F3 sum{};
    float n = 0.0F;
    for (const SkinCone& c : arm.cones) {
      if (!all && c.part >= Part::forearm) continue;
      sum = sum + c.center;
      n += 1.0F;
    }
    center = (1.0F / n) * sum;
    radius = 0.0F;
    for (const SkinCone& c : arm.cones) {
      if (!all && c.part >= Part::forearm) continue;
      radius = std::max(radius, norm(c.center - center) + c.bound);
    }
  };
  ball(false, arm.hand_center, arm.hand_bound);
  ball(true, arm.center, arm.bound);
}

}  // namespace

Arm make_arm(const HandShape& shape, const HandState& state, Vec3 elbow_in_world,
             Vec3 shoulder_in_world, HandSide side, double sleeve_end) {
  Arm arm;
  arm.scale = static_cast<float>(shape.length_m / kPopulationHandLengthM);
  const HandJoints joints = joints_in_frame(state.world_from_wrist, shape, state.angles, side);
  const auto cones = skin_cones(joints, shape);
  for (std::size_t i = 0; i < cones.size(); ++i) {
    const Part part = i < kFingerCones ? static_cast<Part>(i / 3) : Part::palm;
    arm.cones.push_back(cone(cones[i].a, cones[i].b, cones[i].radius_a, cones[i].radius_b, part));
  }
  set_dorsal(arm, state, joints, side);
  add_forearm(arm, shape, state, elbow_in_world, shoulder_in_world, sleeve_end);
  set_bounds(arm);
  return arm;
}

float skin_distance(const Arm& arm, std::span<const std::uint8_t> cones, F3 p) {
  std::array<float, 5> finger = {kFar, kFar, kFar, kFar, kFar};
  float palm = kFar;
  float forearm = kFar;
  float sleeve = kFar;
  for (const std::uint8_t i : cones) {
    const SkinCone& c = arm.cones[i];
    const float d = distance(c, p);
    switch (c.part) {
      case Part::palm:
        palm = smooth_min(palm, d, kPalmBlend);
        break;
      case Part::forearm:
        forearm = smooth_min(forearm, d, kPalmBlend);
        break;
      case Part::sleeve:
        sleeve = smooth_min(sleeve, d, kPalmBlend);
        break;
      default: {
        float& f = finger[static_cast<std::size_t>(c.part)];
        f = smooth_min(f, d, kFingerBlend);
      }
    }
  }
  const float body = smooth_min(palm, forearm, kWristBlend);
  float least = std::min(body, sleeve);
  for (const float f : finger) {
    if (f < kFar) least = std::min(least, smooth_min(f, body, kRootBlend));
  }
  return least;
}

SkinSpot skin_spot(const Arm& arm, std::span<const std::uint8_t> cones, F3 p, F3 normal) {
  SkinSpot spot;
  float least = std::numeric_limits<float>::max();
  std::uint8_t nearest = cones.empty() ? std::uint8_t{0} : cones.front();
  for (const std::uint8_t i : cones) {
    const float d = distance(arm.cones[i], p);
    if (d < least) {
      least = d;
      nearest = i;
    }
  }
  const SkinCone& c = arm.cones[nearest];
  spot.part = c.part;
  spot.hand = c.part < Part::forearm;
  const F3 ap = p - c.a;
  const float u = clamp01(dot(ap, c.ab) * c.inverse_length2);
  const float length = norm(c.ab);
  spot.along = u * length;
  spot.around = dot(ap, normalized(cross(c.ab, {0.3F, 0.1F, 0.9F})));
  if (c.part > Part::little) {
    spot.redness = c.part == Part::palm ? 0.25F * clamp01(u) : 0.0F;
    return spot;
  }
  const float back = dot(normal, c.dorsal);
  if (c.phalanx == 2) {
    const F3 axis = (1.0F / length) * c.ab;
    const float beyond = dot(ap, axis) / length;
    const F3 aside = cross(axis, c.dorsal);
    const float lateral = std::abs(dot(ap, aside)) / (c.radius_a + c.radius_change);
    spot.nail = smoothstep(0.50F, 0.58F, beyond) * smoothstep(1.30F, 1.22F, beyond) *
                smoothstep(0.80F, 0.70F, lateral) * smoothstep(0.25F, 0.40F, back);
    spot.redness = 0.7F * smoothstep(0.4F, 1.0F, u);
  }
  const float at_joint = std::max(1.0F - u * length / 0.007F, 0.0F);
  spot.crease = at_joint * smoothstep(0.0F, 0.6F, back);
  spot.redness = std::max(spot.redness, 0.6F * at_joint);
  return spot;
}

}  // namespace hearth::film_internal
