// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Bundle adjustment. Points are homogeneous unit 4-vectors, so that points
/// too far for a depth still hold the rotation (Triggs et al. 2000, section 2.1).

#include <hearth/core/geometry.h>

#include <array>
#include <optional>
#include <vector>

namespace hearth {

/// x : y : z : w of a map point, unit length, w >= 0; w = 0 lies at infinity.
using HomogeneousPoint = std::array<double, 4>;

/// Returns (x, y) / z of the point in the camera, or nothing where it is not in front of it.
[[nodiscard]] std::optional<Vec2> project_ray(const Pose& camera_from_map,
                                              const HomogeneousPoint& point);

/// One sighting: `ray` is (x/z, y/z) of the undistorted ray.
struct BundleObservation {
  int camera = 0;
  int point = 0;
  Vec2 ray{};
};

/// Cameras and points are both the start and the result.
struct Bundle {
  std::vector<Pose> camera_from_map{};
  std::vector<char> camera_fixed{};
  std::vector<HomogeneousPoint> points{};
  std::vector<BundleObservation> observations{};
};

struct BundleOptions {
  double focal_px = 500.0;  ///< Residuals are ray differences times this.
  double huber_px = 1.5;
  int max_iterations = 30;
};

/// Moves cameras that are not fixed and all points to the least robust reprojection error. Returns
/// false where the solver gave nothing usable; the bundle is then unchanged. One thread: same bytes
/// every time.
[[nodiscard]] bool adjust(Bundle& bundle, const BundleOptions& options);

/// One standard deviation of a camera.
struct CameraSigma {
  double position = 0.0;
  double rotation_rad = 0.0;
};

/// One standard deviation of a lens: of the logarithm of its focal length, and of k1.
struct LensSigma {
  double focal_share = 0.0;
  double k1 = 0.0;
};

/// Returns the sigmas of all cameras, points marginalised, camera `origin` and the distance to
/// camera `scale_camera` held, for residuals of one pixel. Empty where the system is singular.
///
/// @param lens  Not null: the lens is unknown too. In: what was known before, in the same unit
///              (sigmas for residuals of one pixel); out: what is known now.
[[nodiscard]] std::vector<CameraSigma> camera_sigmas(const Bundle& bundle, double focal_px,
                                                     int origin, int scale_camera,
                                                     LensSigma* lens = nullptr);

}  // namespace hearth
