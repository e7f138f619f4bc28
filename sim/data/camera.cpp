// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/camera.h>

#include "check.h"

namespace hearth {
namespace {

bool is_fisheye(const CameraModel& c) {
  return c.kind == CameraModelKind::kannala_brandt || c.kind == CameraModelKind::fisheye624;
}

Vec2 brown(const CameraModel& c, Vec2 p) {
  const double r2 = dot(p, p);
  const double radial = 1.0 + r2 * (c.k1 + r2 * (c.k2 + r2 * c.k3));
  return {p.x * radial + 2.0 * c.p1 * p.x * p.y + c.p2 * (r2 + 2.0 * p.x * p.x),
          p.y * radial + c.p1 * (r2 + 2.0 * p.y * p.y) + 2.0 * c.p2 * p.x * p.y};
}

// Fisheyes: distance from the centre, in focal lengths, at an angle to the axis. The fifth and
// sixth coefficients of Kannala-Brandt are zero.
double radius_at(const CameraModel& c, double angle) {
  const double a2 = angle * angle;
  return angle *
         (1.0 + a2 * (c.k1 + a2 * (c.k2 + a2 * (c.k3 + a2 * (c.k4 + a2 * (c.k5 + a2 * c.k6))))));
}

double radius_slope(const CameraModel& c, double angle) {
  const double a2 = angle * angle;
  return 1.0 +
         a2 *
             (3.0 * c.k1 +
              a2 * (5.0 * c.k2 +
                    a2 * (7.0 * c.k3 + a2 * (9.0 * c.k4 + a2 * (11.0 * c.k5 + a2 * 13.0 * c.k6)))));
}

// Up to here the radius grows with the angle, looked at in steps; beyond it a pixel means nothing.
double widest_angle(const CameraModel& c, double up_to) {
  constexpr int kSteps = 16;
  for (int i = 1; i <= kSteps; ++i) {
    if (radius_slope(c, up_to * i / kSteps) <= 0.0) return up_to * (i - 1) / kSteps;
  }
  return up_to;
}

// Tangential and thin prism parts of fisheye624.
Vec2 bent(const CameraModel& c, Vec2 m) {
  if (c.kind != CameraModelKind::fisheye624) return m;
  const double r2 = dot(m, m);
  const double along = 2.0 * (m.x * c.p1 + m.y * c.p2);
  return {m.x * (1.0 + along) + r2 * (c.p1 + c.s1 + r2 * c.s2),
          m.y * (1.0 + along) + r2 * (c.p2 + c.s3 + r2 * c.s4)};
}

// The inverse of bent(): Newton's method from the seen place.
Vec2 straightened(const CameraModel& c, Vec2 seen) {
  if (c.kind != CameraModelKind::fisheye624) return seen;
  Vec2 m = seen;
  for (int i = 0; i < 12; ++i) {
    const double r2 = dot(m, m);
    const double along = 2.0 * (m.x * c.p1 + m.y * c.p2);
    const double by_r2_x = c.p1 + c.s1 + 2.0 * r2 * c.s2;
    const double by_r2_y = c.p2 + c.s3 + 2.0 * r2 * c.s4;
    const double xx = 1.0 + along + 2.0 * m.x * (c.p1 + by_r2_x);
    const double xy = 2.0 * (m.x * c.p2 + m.y * by_r2_x);
    const double yx = 2.0 * (m.y * c.p1 + m.x * by_r2_y);
    const double yy = 1.0 + along + 2.0 * m.y * (c.p2 + by_r2_y);
    const double det = xx * yy - xy * yx;
    if (!(std::abs(det) > 1e-6)) return m;
    const Vec2 off = bent(c, m) - seen;
    const Vec2 step{(yy * off.x - xy * off.y) / det, (xx * off.y - yx * off.x) / det};
    m = m - step;
    if (dot(step, step) < 1e-28) break;
  }
  return m;
}

// The angle of a radius between 0 and the radius at `widest`: Newton's method kept in a bracket.
double angle_at(const CameraModel& c, double radius, double widest) {
  double low = 0.0, high = widest;
  double angle = std::min(radius, widest);
  for (int i = 0; i < 60; ++i) {
    const double off = radius_at(c, angle) - radius;
    (off > 0.0 ? high : low) = angle;
    const double slope = radius_slope(c, angle);
    double next = slope > 0.0 ? angle - off / slope : low;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::abs(next - angle) < 1e-15) return next;
    angle = next;
  }
  return angle;
}

struct FisheyeRay {
  Vec2 direction{};
  double angle = 0.0;
  bool seen = false;
};

FisheyeRay fisheye_ray(const CameraModel& c, Vec2 pixel_px) {
  const Vec2 m =
      straightened(c, {(pixel_px.x - c.cx_px) / c.fx_px, (pixel_px.y - c.cy_px) / c.fy_px});
  FisheyeRay ray;
  const double radius = norm(m);
  if (!(radius > 1e-12) || !std::isfinite(radius)) {
    ray.seen = std::isfinite(radius);
    return ray;
  }
  ray.direction = (1.0 / radius) * m;
  const double widest = widest_angle(c, kWidestRayRad);
  ray.seen = radius <= radius_at(c, widest);
  ray.angle = ray.seen ? angle_at(c, radius, widest) : widest;
  return ray;
}

std::optional<Vec2> project_fisheye(const CameraModel& c, Vec3 p) {
  const double across = std::hypot(p.x, p.y);
  const double angle = std::atan2(across, p.z);
  if (angle > kWidestRayRad || widest_angle(c, angle) < angle) return std::nullopt;
  const double share = across > 1e-12 * p.z ? radius_at(c, angle) / across : 1.0 / p.z;
  const Vec2 m = bent(c, {share * p.x, share * p.y});
  return Vec2{c.fx_px * m.x + c.cx_px, c.fy_px * m.y + c.cy_px};
}

}  // namespace

std::optional<Vec2> project(const CameraModel& camera, Vec3 p_in_camera) {
  if (!(p_in_camera.z > 0.0)) return std::nullopt;
  if (is_fisheye(camera)) return project_fisheye(camera, p_in_camera);
  Vec2 p{p_in_camera.x / p_in_camera.z, p_in_camera.y / p_in_camera.z};
  if (camera.kind == CameraModelKind::brown_conrady) p = brown(camera, p);
  return Vec2{camera.fx_px * p.x + camera.cx_px, camera.fy_px * p.y + camera.cy_px};
}

Vec3 ray_in_camera(const CameraModel& camera, Vec2 pixel_px) {
  if (is_fisheye(camera)) {
    const FisheyeRay ray = fisheye_ray(camera, pixel_px);
    const double across = std::tan(ray.angle);
    return {across * ray.direction.x, across * ray.direction.y, 1.0};
  }
  const Vec2 seen{(pixel_px.x - camera.cx_px) / camera.fx_px,
                  (pixel_px.y - camera.cy_px) / camera.fy_px};
  if (camera.kind == CameraModelKind::pinhole) return {seen.x, seen.y, 1.0};
  Vec2 p = seen;
  // Contracts for every lens that a phone or head camera has; 20 steps reach 1e-12.
  for (int i = 0; i < 20; ++i) p = p + (seen - brown(camera, p));
  return {p.x, p.y, 1.0};
}

bool lens_sees(const CameraModel& camera, Vec2 pixel_px) {
  return !is_fisheye(camera) || fisheye_ray(camera, pixel_px).seen;
}

Result<CameraModel> validated(CameraModel camera) {
  Check check;
  check.that(camera.width_px > 0, "/width_px", "must be positive");
  check.that(camera.height_px > 0, "/height_px", "must be positive");
  check.positive(camera.fx_px, "/fx_px");
  check.positive(camera.fy_px, "/fy_px");
  const double off_x = std::abs(camera.cx_px - 0.5 * (camera.width_px - 1));
  const double off_y = std::abs(camera.cy_px - 0.5 * (camera.height_px - 1));
  check.that(off_x <= 0.15 * camera.width_px, "/cx_px",
             "principal point is more than 15 % off the frame centre; these intrinsics were made "
             "for another frame size than " +
                 std::to_string(camera.width_px) + "x" + std::to_string(camera.height_px));
  check.that(off_y <= 0.15 * camera.height_px, "/cy_px",
             "principal point is more than 15 % off the frame centre; these intrinsics were made "
             "for another frame size than " +
                 std::to_string(camera.width_px) + "x" + std::to_string(camera.height_px));
  const bool fisheye = is_fisheye(camera);
  const bool thin_prism = camera.kind == CameraModelKind::fisheye624;
  struct Coefficient {
    double value;
    const char* where;
    bool used;
  };
  for (const Coefficient& k : {Coefficient{camera.k1, "/k1", true},
                               {camera.k2, "/k2", true},
                               {camera.p1, "/p1", true},
                               {camera.p2, "/p2", true},
                               {camera.k3, "/k3", true},
                               {camera.k4, "/k4", fisheye},
                               {camera.k5, "/k5", thin_prism},
                               {camera.k6, "/k6", thin_prism},
                               {camera.s1, "/s1", thin_prism},
                               {camera.s2, "/s2", thin_prism},
                               {camera.s3, "/s3", thin_prism},
                               {camera.s4, "/s4", thin_prism}}) {
    check.finite(k.value, k.where);
    check.that(k.used || k.value == 0.0, k.where, "this kind of camera has no such coefficient");
  }
  check.not_below_zero(camera.focal_sigma_share, "/focal_sigma_share");
  return check.result(camera);
}

Result<CameraPath> validated(CameraPath path) {
  Check check;
  for (std::size_t i = 0; i < path.samples.size(); ++i) {
    const CameraSample& sample = path.samples[i];
    check.pose(sample.world_from_camera, at("samples", i) + "/world_from_camera");
    check.not_below_zero(sample.position_sigma_m, at("samples", i) + "/position_sigma_m");
    check.not_below_zero(sample.rotation_sigma_rad, at("samples", i) + "/rotation_sigma_rad");
    check.that(i == 0 || sample.time_ns > path.samples[i - 1].time_ns,
               at("samples", i) + "/time_ns", "times must ascend");
  }
  return check.result(std::move(path));
}

}  // namespace hearth
