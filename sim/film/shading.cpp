// SPDX-License-Identifier: Apache-2.0
#include "sim/film/shading.h"

#include <cmath>

namespace hearth::film_internal {
namespace {

constexpr float kNearby = 0.05F;  // metres within which things darken each other

/// Closest approach of a ray (origin o, unit d, length `far`) to a cone's axis: unshadowed share.
float past_cone(const SkinCone& c, F3 o, F3 d, float far, float lamp_radius) {
  const F3 w = o - c.a;
  const float b = dot(d, c.ab);
  const float l2 = dot(c.ab, c.ab);
  const float dw = dot(d, w);
  const float aw = dot(c.ab, w);
  const float det = l2 - b * b;
  float u = det > 1e-9F ? (aw - b * dw) / det : 0.5F;
  u = clamp01(u);
  const float t = std::clamp(u * b - dw, 0.0F, far);
  const F3 gap = w + t * d - u * c.ab;
  const float radius = c.radius_a + u * c.radius_change;
  if (t < 0.5F * radius) return 1.0F;
  const float soft = std::max(lamp_radius * t / std::max(far - t, 0.05F), 0.0008F);
  return smoothstep(-soft, soft, norm(gap) - radius);
}

float past_arm(const Arm& arm, F3 o, F3 d, float far, float lamp_radius, bool own) {
  const F3 to = arm.center - o;
  const float along = dot(to, d);
  const float reach = arm.bound + 0.08F;
  if (along < -reach || dot(to, to) - along * along > reach * reach) return 1.0F;
  float open = 1.0F;
  for (const SkinCone& c : arm.cones) {
    const F3 tc = c.center - o;
    const float ac = dot(tc, d);
    const float rc = c.bound + 0.06F;
    if (ac < -c.bound || dot(tc, tc) - ac * ac > rc * rc) continue;
    // Skin does not shadow itself from closer than a finger's breadth.
    if (own && dot(tc, tc) < (c.bound + 0.012F) * (c.bound + 0.012F)) continue;
    open = std::min(open, past_cone(c, o, d, far, lamp_radius));
    if (open <= 0.0F) return 0.0F;
  }
  return open;
}

/// Four rays to the lamp's disc, turned from pixel to pixel, where the body is near the way.
float past_body(const Body& body, F3 o, const Lamp& lamp, F3 d, float far, float turn) {
  const F3 to = body.world_from_body.origin - o;
  const float along = dot(to, d);
  const float reach = body.bound + lamp.radius * std::max(along, 0.0F) / far;
  if (along < -body.bound || dot(to, to) - along * along > reach * reach) return 1.0F;
  const F3 side = normalized(cross(d, std::abs(d.z) < 0.9F ? F3{0, 0, 1} : F3{1, 0, 0}));
  const F3 up = cross(side, d);
  float open = 0.0F;
  for (int i = 0; i < 4; ++i) {
    const float angle = 1.5707963F * (static_cast<float>(i) + turn);
    const float r = lamp.radius * (i % 2 == 0 ? 0.85F : 0.45F);
    const F3 aim = lamp.position + r * (std::cos(angle) * side + std::sin(angle) * up);
    const F3 way = aim - o;
    const float length = norm(way);
    if (enter(body, o, (1.0F / length) * way) >= length) open += 0.25F;
  }
  return open;
}

float near_arm(const Arm& arm, F3 p) {
  const float reach = arm.bound + kNearby;
  const F3 to = p - arm.center;
  if (dot(to, to) > reach * reach) return 1.0F;
  float open = 1.0F;
  for (const SkinCone& c : arm.cones) {
    const F3 tc = p - c.center;
    if (dot(tc, tc) > (c.bound + kNearby) * (c.bound + kNearby)) continue;
    const F3 ap = p - c.a;
    const float u = clamp01(dot(ap, c.ab) * c.inverse_length2);
    const float d = norm(ap - u * c.ab) - (c.radius_a + u * c.radius_change);
    const float close = clamp01(1.0F - std::max(d, 0.0F) / kNearby);
    open = std::min(open, 1.0F - 0.62F * close * close);
  }
  return open;
}

float near_body(const Body& body, F3 p) {
  const F3 to = p - body.world_from_body.origin;
  const float reach = body.bound + kNearby;
  if (dot(to, to) > reach * reach) return 1.0F;
  const float close = clamp01(1.0F - body_distance(body, p) / kNearby);
  return 1.0F - 0.55F * close * close;
}

F3 lamp_light(const Lamp& lamp, F3 p, F3 normal, F3& to_lamp, float& cosine) {
  const F3 way = lamp.position - p;
  const float d2 = dot(way, way);
  to_lamp = (1.0F / std::sqrt(d2)) * way;
  cosine = dot(normal, to_lamp);
  // Less than the square at close range: real lamps are large and have shades.
  return (4.0F / (d2 + 0.6F)) * lamp.power;
}

/// Blinn's half-vector lobe of power 2 to the `doublings`.
float highlight(F3 normal, F3 to_lamp, F3 to_eye, int doublings) {
  float c = clamp01(dot(normal, normalized(to_lamp + to_eye)));
  for (int i = 0; i < doublings; ++i) c *= c;
  return c;
}

}  // namespace

Incoming incoming(const StageSet& set, const Instant& now, F3 p, F3 normal, int own_arm,
                  const Body* own, std::uint32_t dither) {
  Incoming in;
  const float turn = unit_float(dither);
  const F3 lifted = p + 0.0015F * normal;
  for (std::size_t i = 0; i < set.lamps.size() && i < in.lamp.size(); ++i) {
    const Lamp& lamp = set.lamps[i];
    const F3 way = lamp.position - lifted;
    if (dot(normal, way) <= 0.0F && own_arm < 0) {
      in.lamp[i] = 0.0F;
      continue;
    }
    const float far = norm(way);
    const F3 d = (1.0F / far) * way;
    float open = 1.0F;
    for (int side = 0; side < 2; ++side) {
      const auto s = static_cast<std::size_t>(side);
      open = std::min(open, past_arm(now.arm[s], lifted, d, far, lamp.radius, side == own_arm));
    }
    if (open > 0.0F && own != &now.moved) {
      open = std::min(open, past_body(now.moved, lifted, lamp, d, far, turn));
    }
    for (const Body& body : set.bodies) {
      if (open <= 0.0F) break;
      if (&body != own && !body.furniture)
        open = std::min(open, past_body(body, lifted, lamp, d, far, turn));
    }
    in.lamp[i] = open;
  }
  for (int side = 0; side < 2; ++side) {
    if (side != own_arm) in.around *= near_arm(now.arm[static_cast<std::size_t>(side)], p);
  }
  if (own != &now.moved) in.around *= near_body(now.moved, p);
  for (const Body& body : set.bodies) {
    if (&body != own && (!body.furniture || &body == set.bodies.data())) {
      in.around *= near_body(body, p);
    }
  }
  return in;
}

F3 shade(const StageSet& set, const Incoming& in, F3 p, F3 normal, F3 to_eye, F3 albedo,
         float gloss) {
  const float sky = 0.72F + 0.28F * normal.z;
  F3 out = in.around * sky * (set.ambient * albedo);
  for (std::size_t i = 0; i < set.lamps.size() && i < in.lamp.size(); ++i) {
    if (in.lamp[i] <= 0.0F) continue;
    F3 to_lamp{};
    float cosine = 0.0F;
    const F3 light = lamp_light(set.lamps[i], p, normal, to_lamp, cosine);
    if (cosine <= 0.0F) continue;
    const float shine = gloss > 0.01F ? gloss * highlight(normal, to_lamp, to_eye, 5) : 0.0F;
    out = out + in.lamp[i] * cosine * (light * (albedo + F3{shine, shine, shine}));
  }
  return out;
}

F3 shade_skin(const StageSet& set, const Incoming& in, F3 p, F3 normal, F3 to_eye, F3 albedo,
              float gloss) {
  const float sky = 0.72F + 0.28F * normal.z;
  F3 out = in.around * sky * (set.ambient * albedo);
  for (std::size_t i = 0; i < set.lamps.size() && i < in.lamp.size(); ++i) {
    F3 to_lamp{};
    float cosine = 0.0F;
    const F3 light = lamp_light(set.lamps[i], p, normal, to_lamp, cosine);
    // Red light travels farther under the skin than blue.
    const F3 wrapped = {clamp01((cosine + 0.30F) / 1.30F), clamp01((cosine + 0.16F) / 1.16F),
                        clamp01((cosine + 0.10F) / 1.10F)};
    const float shine = gloss * clamp01(cosine) * highlight(normal, to_lamp, to_eye, 4);
    out = out + in.lamp[i] * (light * (wrapped * albedo + F3{shine, shine, shine}));
  }
  return out;
}

F3 skin_color(const ArmLook& look, const SkinSpot& spot, F3 p, float footprint) {
  if (spot.part == Part::sleeve) {
    Surface cloth = surface_of(look.sleeve, Finish::cloth, 991);
    return albedo(cloth, spot.around, spot.along, 0.5F, footprint);
  }
  F3 c = f3(look.skin_rgb);
  const float mottle = fractal_noise(p.x * 55.0F + p.z * 31.0F, p.y * 55.0F - p.z * 37.0F,
                                     footprint * 55.0F, 3, 4711);
  c = (1.0F + 0.14F * mottle) * c;
  const F3 red = {1.0F, 0.80F, 0.76F};
  c = mix(c, red * c, spot.redness);
  c = (1.0F - 0.28F * spot.crease) * c;
  const F3 nail = mix(1.25F * c, {0.62F, 0.44F, 0.38F}, 0.35F);
  return mix(c, nail, spot.nail);
}

}  // namespace hearth::film_internal
