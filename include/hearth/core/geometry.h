// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Vectors, rotations and rigid transforms. A Pose named `b_from_a` maps points of frame a to
/// frame b: `p_in_b = b_from_a * p_in_a`. Quaternions are Hamilton, unit, w first.

#include <array>
#include <cmath>

namespace hearth {

struct Vec2 {
  double x = 0.0;
  double y = 0.0;
  bool operator==(const Vec2&) const = default;
};

struct Vec3 {
  double x = 0.0;
  double y = 0.0;
  double z = 0.0;
  bool operator==(const Vec3&) const = default;
};

/// Unit quaternion; the default is the identity.
struct Quat {
  double w = 1.0;
  double x = 0.0;
  double y = 0.0;
  double z = 0.0;
  bool operator==(const Quat&) const = default;
};

/// Rigid transform: `p_in_b = rotation * p_in_a + position_m` for a Pose named `b_from_a`.
struct Pose {
  Vec3 position_m{};
  Quat rotation{};
  bool operator==(const Pose&) const = default;
};

/// Row-major 3x3 matrix.
using Mat3 = std::array<std::array<double, 3>, 3>;

[[nodiscard]] constexpr Vec2 operator+(Vec2 a, Vec2 b) { return {a.x + b.x, a.y + b.y}; }
[[nodiscard]] constexpr Vec2 operator-(Vec2 a, Vec2 b) { return {a.x - b.x, a.y - b.y}; }
[[nodiscard]] constexpr Vec2 operator*(double s, Vec2 a) { return {s * a.x, s * a.y}; }
[[nodiscard]] constexpr double dot(Vec2 a, Vec2 b) { return a.x * b.x + a.y * b.y; }
[[nodiscard]] inline double norm(Vec2 a) { return std::sqrt(dot(a, a)); }

[[nodiscard]] constexpr Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
[[nodiscard]] constexpr Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
[[nodiscard]] constexpr Vec3 operator-(Vec3 a) { return {-a.x, -a.y, -a.z}; }
[[nodiscard]] constexpr Vec3 operator*(double s, Vec3 a) { return {s * a.x, s * a.y, s * a.z}; }
[[nodiscard]] constexpr double dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
[[nodiscard]] constexpr Vec3 cross(Vec3 a, Vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
[[nodiscard]] inline double norm(Vec3 a) { return std::sqrt(dot(a, a)); }
/// Returns a / |a|, or the zero vector unchanged.
[[nodiscard]] Vec3 normalized(Vec3 a);
/// Returns a unit vector orthogonal to `a` (any one, deterministic).
[[nodiscard]] Vec3 any_orthogonal(Vec3 a);

[[nodiscard]] Quat normalized(Quat q);
[[nodiscard]] constexpr Quat conjugate(Quat q) { return {q.w, -q.x, -q.y, -q.z}; }
[[nodiscard]] Quat operator*(Quat a, Quat b);
[[nodiscard]] Vec3 operator*(Quat q, Vec3 v);
/// Rotation by |v| radians about v.
[[nodiscard]] Quat quat_from_rotation_vector(Vec3 v_rad);
/// The rotation vector of q, its norm in [0, pi].
[[nodiscard]] Vec3 rotation_vector_from_quat(Quat q);
[[nodiscard]] Quat quat_from_axis_angle(Vec3 axis, double angle_rad);
[[nodiscard]] Quat quat_from_matrix(const Mat3& m);
[[nodiscard]] Mat3 matrix_from_quat(Quat q);
/// The rotation whose columns are the given right-handed orthonormal axes.
[[nodiscard]] Quat quat_from_axes(Vec3 x_axis, Vec3 y_axis, Vec3 z_axis);
/// The shortest rotation that turns unit vector `from` into unit vector `to`.
[[nodiscard]] Quat quat_between(Vec3 from, Vec3 to);
/// Spherical interpolation on the shorter arc, u in [0, 1].
[[nodiscard]] Quat slerp(Quat a, Quat b, double u);
/// The angle between two rotations, in [0, pi].
[[nodiscard]] double angle_between_rad(Quat a, Quat b);
/// Heading about +Z of a rotation, in (-pi, pi].
[[nodiscard]] double yaw_rad(Quat q);

[[nodiscard]] Pose operator*(const Pose& c_from_b, const Pose& b_from_a);
[[nodiscard]] Vec3 operator*(const Pose& b_from_a, Vec3 p_in_a);
[[nodiscard]] Pose inverse(const Pose& b_from_a);
[[nodiscard]] Pose interpolate(const Pose& a, const Pose& b, double u);

[[nodiscard]] bool is_finite(Vec2 v);
[[nodiscard]] bool is_finite(Vec3 v);
[[nodiscard]] bool is_finite(Quat q);
[[nodiscard]] bool is_finite(const Pose& p);
/// True where | |q| - 1 | <= 1e-6.
[[nodiscard]] bool is_unit(Quat q);

}  // namespace hearth
