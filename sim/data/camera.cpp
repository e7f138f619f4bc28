// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/camera.h>

#include "check.h"

namespace hearth {
namespace {

Vec2 distorted(const CameraModel& c, Vec2 p) {
  const double r2 = dot(p, p);
  const double radial = 1.0 + r2 * (c.k1 + r2 * (c.k2 + r2 * c.k3));
  return {p.x * radial + 2.0 * c.p1 * p.x * p.y + c.p2 * (r2 + 2.0 * p.x * p.x),
          p.y * radial + c.p1 * (r2 + 2.0 * p.y * p.y) + 2.0 * c.p2 * p.x * p.y};
}

}  // namespace

std::optional<Vec2> project(const CameraModel& camera, Vec3 p_in_camera) {
  if (!(p_in_camera.z > 0.0)) return std::nullopt;
  Vec2 p{p_in_camera.x / p_in_camera.z, p_in_camera.y / p_in_camera.z};
  if (camera.kind == CameraModelKind::brown_conrady) p = distorted(camera, p);
  return Vec2{camera.fx_px * p.x + camera.cx_px, camera.fy_px * p.y + camera.cy_px};
}

Vec3 ray_in_camera(const CameraModel& camera, Vec2 pixel_px) {
  const Vec2 seen{(pixel_px.x - camera.cx_px) / camera.fx_px,
                  (pixel_px.y - camera.cy_px) / camera.fy_px};
  if (camera.kind == CameraModelKind::pinhole) return {seen.x, seen.y, 1.0};
  Vec2 p = seen;
  // Contracts for every lens that a phone or head camera has; 20 steps reach 1e-12.
  for (int i = 0; i < 20; ++i) p = p + (seen - distorted(camera, p));
  return {p.x, p.y, 1.0};
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
  for (const double k : {camera.k1, camera.k2, camera.p1, camera.p2, camera.k3}) {
    check.finite(k, "/k1");
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
