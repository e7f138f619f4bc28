// SPDX-License-Identifier: Apache-2.0
#include "sim/film/tracer.h"

#include <hearth/core/rng.h>

#include <cmath>

#include "sim/film/shading.h"

namespace hearth::film_internal {
namespace {

constexpr int kTilePx = 16;

/// Indices of the cones that may be seen in a tile, per arm.
struct TileCones {
  std::array<std::vector<std::uint8_t>, 2> arm{};
};

struct Seen {
  float distance = kNothing;
  F3 p{};
  F3 normal{};
  int arm = -1;
  const Body* body = nullptr;  ///< Null and arm < 0: the room.
};

Instant instant_at(const Take& take, const Studio& studio, double time_s) {
  const Moment moment = moment_at(take.play, time_s);
  Instant now;
  for (std::size_t side = 0; side < 2; ++side) {
    now.arm[side] = make_arm(take.play.hand, moment.hand[side], moment.elbow_in_world[side],
                             take.play.person.shoulder_in_world[side],
                             side == 1 ? HandSide::right : HandSide::left, studio.look.sleeve_end);
  }
  now.moved = studio.set.moved;
  now.moved.world_from_body = fpose(moment.world_from_object);
  now.world_from_camera = fpose(camera_at(take.camera, time_s));
  return now;
}

/// Cones whose ball, seen from any moment, touches the tile.
TileCones cones_in_tile(const std::array<Instant, kMoments>& moments, const Studio& studio, int x0,
                        int y0) {
  TileCones out;
  const int x1 = std::min(x0 + kTilePx, studio.width_px);
  const int y1 = std::min(y0 + kTilePx, studio.height_px);
  const auto ray = [&](int x, int y) {
    return studio.rays[static_cast<std::size_t>(y * (studio.width_px + 1) + x)];
  };
  const F3 corner = normalized(ray(x0, y0));
  const F3 axis = normalized(corner + normalized(ray(x1, y0)) + normalized(ray(x0, y1)) +
                             normalized(ray(x1, y1)));
  const float cosine = dot(axis, corner);
  const float sine = std::sqrt(std::max(0.0F, 1.0F - cosine * cosine));
  const float tangent = sine / cosine;
  for (std::size_t side = 0; side < 2; ++side) {
    const std::size_t count = moments[0].arm[side].cones.size();
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t m = 0; m < kMoments; m += kMoments - 1) {
        const SkinCone& c = moments[m].arm[side].cones[i];
        const F3 p = moments[m].world_from_camera.to_local(c.center);
        const float along = dot(p, axis);
        const float aside = std::sqrt(std::max(0.0F, dot(p, p) - along * along));
        // Room for blends, and for what moves between the first and the last moment.
        const float reach = c.bound + 0.012F;
        if (along > -reach && aside * cosine - along * sine < reach + 0.1F * tangent * reach) {
          out.arm[side].push_back(static_cast<std::uint8_t>(i));
          break;
        }
      }
    }
  }
  return out;
}

void trace_arm(const Arm& arm, std::span<const std::uint8_t> cones, int side, F3 o, F3 d,
               Seen& seen) {
  float near = kNothing;
  float far = 0.0F;
  for (const std::uint8_t i : cones) {
    const SkinCone& c = arm.cones[i];
    const F3 to = c.center - o;
    const float along = dot(to, d);
    const float gap2 = dot(to, to) - along * along;
    const float reach = c.bound + 0.004F;
    if (gap2 > reach * reach) continue;
    const float half = std::sqrt(reach * reach - gap2);
    near = std::min(near, along - half);
    far = std::max(far, along + half);
  }
  far = std::min(far, seen.distance);
  float t = std::max(near, 0.02F);
  constexpr int kSteps = 70;
  for (int step = 0; step < kSteps && t < far; ++step) {
    const float gap = skin_distance(arm, cones, o + t * d);
    // A ray that still creeps along the skin at the end has practically met it.
    if (gap < 0.0003F || (step + 1 == kSteps && gap < 0.002F)) {
      seen.distance = t;
      seen.arm = side;
      seen.body = nullptr;
      return;
    }
    t += 0.95F * gap;
  }
}

F3 skin_normal(const Arm& arm, std::span<const std::uint8_t> cones, F3 p) {
  constexpr float kStep = 0.0006F;
  const auto at = [&](float x, float y, float z) {
    return skin_distance(arm, cones, p + F3{x, y, z});
  };
  const float a = at(kStep, -kStep, -kStep);
  const float b = at(-kStep, -kStep, kStep);
  const float c = at(-kStep, kStep, -kStep);
  const float e = at(kStep, kStep, kStep);
  return normalized({a - b - c + e, -a - b + c + e, -a + b - c + e});
}

Seen look(const StageSet& set, const Instant& now, const TileCones& tile, F3 o, F3 d) {
  Seen seen;
  for (const Body& body : set.bodies) {
    const float t = enter(body, o, d);
    if (t < seen.distance) {
      seen.distance = t;
      seen.body = &body;
    }
  }
  if (const float t = enter(now.moved, o, d); t < seen.distance) {
    seen.distance = t;
    seen.body = &now.moved;
  }
  for (int side = 0; side < 2; ++side) {
    const auto s = static_cast<std::size_t>(side);
    if (!tile.arm[s].empty()) trace_arm(now.arm[s], tile.arm[s], side, o, d, seen);
  }
  if (seen.arm >= 0) {
    const auto s = static_cast<std::size_t>(seen.arm);
    seen.p = o + seen.distance * d;
    seen.normal = skin_normal(now.arm[s], tile.arm[s], seen.p);
  } else if (seen.body != nullptr) {
    seen.p = o + seen.distance * d;
    seen.normal = normal_at(*seen.body, seen.p);
  } else {
    const WallHit wall = leave_room(set.room, o, d);
    seen.distance = wall.distance;
    seen.p = o + wall.distance * d;
    seen.normal = wall.normal;
  }
  return seen;
}

/// Draws one frame; owns nothing that outlives it.
class FrameTracer {
 public:
  FrameTracer(const Take& take, const Studio& studio, int frame, double time_s)
      : take_(take), studio_(studio), frame_(static_cast<std::uint32_t>(frame)) {
    for (int m = 0; m < kMoments; ++m) {
      const double shift = (static_cast<double>(m) + 0.5) / kMoments - 0.5;
      moments_[static_cast<std::size_t>(m)] =
          instant_at(take, studio, std::max(0.0, time_s + shift * studio.shutter_s));
    }
  }

  LightImage trace() {
    LightImage image;
    image.light.resize(static_cast<std::size_t>(studio_.width_px * studio_.height_px));
    for (int y = 0; y < studio_.height_px; y += kTilePx) {
      for (int x = 0; x < studio_.width_px; x += kTilePx) trace_tile(x, y, image);
    }
    return image;
  }

 private:
  void trace_tile(int x0, int y0, LightImage& image) {
    const TileCones tile = cones_in_tile(moments_, studio_, x0, y0);
    const int x1 = std::min(x0 + kTilePx, studio_.width_px);
    const int y1 = std::min(y0 + kTilePx, studio_.height_px);
    for (int y = y0; y < y1; ++y) {
      for (int x = x0; x < x1; ++x) {
        image.light[static_cast<std::size_t>(y * studio_.width_px + x)] =
            trace_pixel(x, y, tile, image.hand_px);
      }
    }
  }

  F3 trace_pixel(int x, int y, const TileCones& tile, std::array<int, 2>& hand_px) {
    const auto ux = static_cast<std::uint32_t>(x);
    const auto uy = static_cast<std::uint32_t>(y);
    const std::uint32_t pixel = hashed(ux + 4096U * uy, frame_, 17);
    const int samples = take_.options.samples_per_px;
    F3 sum{};
    std::array<int, 2> on_hand{};
    // Shadows are found once per pixel and kind of thing, colours for every sample.
    Incoming light{};
    int light_arm = -2;
    const Body* light_body = nullptr;
    for (int s = 0; s < samples; ++s) {
      const std::uint32_t h = hashed(pixel, static_cast<std::uint32_t>(s), 3);
      const auto m = static_cast<std::size_t>(
          (static_cast<std::uint32_t>(s * kMoments / samples) + pixel % kMoments) % kMoments);
      const Instant& now = moments_[m];
      const float row = (static_cast<float>(s) + unit_float(h)) / static_cast<float>(samples);
      const F3 ray = camera_ray(x, y, unit_float(mixed(h)), row);
      const F3 o = now.world_from_camera.origin;
      const F3 d = normalized(now.world_from_camera.turn(ray));
      const Seen seen = look(studio_.set, now, tile, o, d);
      const Body* kind = seen.body == &now.moved ? &moments_[0].moved : seen.body;
      if (seen.arm != light_arm || kind != light_body) {
        light = incoming(studio_.set, now, seen.p, seen.normal, seen.arm, seen.body, mixed(pixel));
        light_arm = seen.arm;
        light_body = kind;
      }
      sum = sum + color(now, seen, d, tile, light, on_hand);
    }
    for (std::size_t side = 0; side < 2; ++side) {
      if (2 * on_hand[side] > samples || (samples == 1 && on_hand[side] == 1)) ++hand_px[side];
    }
    return (1.0F / static_cast<float>(samples)) * sum;
  }

  F3 camera_ray(int x, int y, float u, float v) const {
    const auto at = [&](int i, int k) {
      return studio_.rays[static_cast<std::size_t>((y + k) * (studio_.width_px + 1) + x + i)];
    };
    return mix(mix(at(0, 0), at(1, 0), u), mix(at(0, 1), at(1, 1), u), v);
  }

  /// Light that reaches a fold of skin: between fingers the free way outward is short.
  static float folds(const Arm& arm, std::span<const std::uint8_t> cones, const Seen& seen) {
    constexpr float kNear = 0.004F;
    constexpr float kFar = 0.012F;
    const float near = skin_distance(arm, cones, seen.p + kNear * seen.normal) / kNear;
    const float far = skin_distance(arm, cones, seen.p + kFar * seen.normal) / kFar;
    return 0.35F + 0.65F * clamp01(0.5F * (near + far));
  }

  F3 color(const Instant& now, const Seen& seen, F3 d, const TileCones& tile, const Incoming& light,
           std::array<int, 2>& on_hand) const {
    const StageSet& set = studio_.set;
    const float slant = std::max(0.15F, std::abs(dot(d, seen.normal)));
    const float footprint = seen.distance / studio_.focal_px / std::sqrt(slant);
    if (seen.arm >= 0) {
      const auto s = static_cast<std::size_t>(seen.arm);
      const SkinSpot spot = skin_spot(now.arm[s], tile.arm[s], seen.p, seen.normal);
      if (spot.hand) ++on_hand[s];
      // Texture sticks to the hand: coordinates relative to its centre.
      const F3 local = seen.p - now.arm[s].hand_center;
      const F3 c = skin_color(studio_.look, spot, local, footprint);
      if (spot.part == Part::sleeve) {
        return shade(set, light, seen.p, seen.normal, -d, c, 0.0F);
      }
      return folds(now.arm[s], tile.arm[s], seen) *
             shade_skin(set, light, seen.p, seen.normal, -d, c, 0.05F + 0.20F * spot.nail);
    }
    if (seen.body != nullptr) {
      const F3 c = color_of(set, *seen.body, seen.p, seen.normal, footprint);
      return shade(set, light, seen.p, seen.normal, -d, c, seen.body->surface.gloss);
    }
    return shade(set, light, seen.p, seen.normal, -d,
                 room_color(set, seen.p, seen.normal, footprint), 0.0F);
  }

  const Take& take_;
  const Studio& studio_;
  std::uint32_t frame_ = 0;
  std::array<Instant, kMoments> moments_{};
};

}  // namespace

Studio make_studio(const Take& take) {
  Studio studio;
  studio.set = make_stage_set(take);
  studio.look = draw_arm_look(take.options.seed);
  const CameraModel& camera = take.home.camera;
  studio.width_px = camera.width_px;
  studio.height_px = camera.height_px;
  studio.focal_px = static_cast<float>(camera.fx_px);
  Rng rng(take.options.seed, 0, "film_shutter");
  studio.shutter_s = rng.uniform(0.005, 0.017);
  studio.rays.reserve(static_cast<std::size_t>((camera.width_px + 1) * (camera.height_px + 1)));
  for (int y = 0; y <= camera.height_px; ++y) {
    for (int x = 0; x <= camera.width_px; ++x) {
      studio.rays.push_back(f3(ray_in_camera(camera, {x - 0.5, y - 0.5})));
    }
  }
  return studio;
}

LightImage trace_frame(const Take& take, const Studio& studio, int frame, double time_s) {
  return FrameTracer(take, studio, frame, time_s).trace();
}

}  // namespace hearth::film_internal
