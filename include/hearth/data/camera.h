// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Camera models and paths. Camera frame: x right, y down, z forward. Pixel (0, 0) is the centre of
/// the top left pixel.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>

#include <optional>
#include <string>
#include <vector>

namespace hearth {

enum class CameraModelKind {
  pinhole,         ///< No distortion.
  brown_conrady,   ///< k1, k2, p1, p2, k3 as in OpenCV (Brown 1966; Zhang 2000).
  kannala_brandt,  ///< Fisheye, k1..k4 on odd powers of the angle, as OpenCV's fisheye module
                   ///< (Kannala and Brandt 2006).
  fisheye624,      ///< Fisheye of Aria and Quest: k1..k6 are its k0..k5; p1, p2 its p0, p1; s1..s4
                   ///< its s0..s3 (thin prism). One focal length (15 numbers) is fx = fy; the
                   ///< 16-number form has both.
};

/// Where the intrinsics of a clip came from.
enum class IntrinsicsSource {
  unknown,
  file,       ///< A calibration file the user gave.
  container,  ///< Metadata inside the clip.
  guess,      ///< Assumed field of view: never silent.
  truth,      ///< A film's own camera.
  estimated,  ///< Focal length found by the bundle adjustment from the clip's own motion.
};

/// Intrinsics for one frame size.
struct CameraModel {
  CameraModelKind kind = CameraModelKind::pinhole;
  int width_px = 0;
  int height_px = 0;
  double fx_px = 0.0;
  double fy_px = 0.0;
  double cx_px = 0.0;
  double cy_px = 0.0;
  double k1 = 0.0;
  double k2 = 0.0;
  double p1 = 0.0;
  double p2 = 0.0;
  double k3 = 0.0;
  double k4 = 0.0;  ///< Fisheyes only.
  double k5 = 0.0;  ///< fisheye624 only, as the rest.
  double k6 = 0.0;
  double s1 = 0.0;
  double s2 = 0.0;
  double s3 = 0.0;
  double s4 = 0.0;
  IntrinsicsSource source = IntrinsicsSource::unknown;
  double focal_sigma_share = 0.0;  ///< One standard deviation of the focal length over its value.
  bool operator==(const CameraModel&) const = default;
};

/// Widest angle to the optical axis that any model is used for (89 deg): a ray is (x, y, 1).
inline constexpr double kWidestRayRad = 1.5533430342749532;

/// Returns the pixel at which a point with z > 0 is seen, or nothing behind the camera, wider than
/// kWidestRayRad, or (fisheyes) where the radial polynomial folds back.
[[nodiscard]] std::optional<Vec2> project(const CameraModel& camera, Vec3 p_in_camera);

/// Returns (x, y, 1): the ray through a pixel, distortion removed by iteration. Always finite: a
/// pixel outside the picture circle of a fisheye gets the widest ray in its direction.
[[nodiscard]] Vec3 ray_in_camera(const CameraModel& camera, Vec2 pixel_px);

/// True where a ray reaches the pixel; false outside the picture circle of a fisheye.
[[nodiscard]] bool lens_sees(const CameraModel& camera, Vec2 pixel_px);

/// @return invalid_argument naming the field: sizes and focal lengths positive, all finite, the
/// principal point within 15 % of the frame centre, coefficients that only another kind has zero.
[[nodiscard]] Result<CameraModel> validated(CameraModel camera);

/// One frame of a camera path.
struct CameraSample {
  TimeNs time_ns = 0;
  Pose world_from_camera{};
  bool observed = false;  ///< False: bridged or unknown.
  double position_sigma_m = 0.0;
  double rotation_sigma_rad = 0.0;
  bool operator==(const CameraSample&) const = default;
};

/// A camera over time, in the world. One sample per frame, times ascending.
struct CameraPath {
  bool is_static = false;  ///< Recognised as a camera that does not move: all poses are equal.
  std::vector<CameraSample> samples{};
  bool operator==(const CameraPath&) const = default;
};

/// @return invalid_argument for non-finite poses, non-unit quaternions or unsorted times.
[[nodiscard]] Result<CameraPath> validated(CameraPath path);

}  // namespace hearth
