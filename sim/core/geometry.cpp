// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/geometry.h>

#include <algorithm>
#include <numbers>

namespace hearth {

Vec3 normalized(Vec3 a) {
  const double length = norm(a);
  return length > 0.0 ? (1.0 / length) * a : a;
}

Vec3 any_orthogonal(Vec3 a) {
  const Vec3 helper = std::abs(a.x) < 0.6 * norm(a) ? Vec3{1, 0, 0} : Vec3{0, 1, 0};
  return normalized(cross(a, helper));
}

Quat normalized(Quat q) {
  const double length = std::sqrt(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z);
  if (!(length > 0.0)) return {};
  return {q.w / length, q.x / length, q.y / length, q.z / length};
}

Quat operator*(Quat a, Quat b) {
  return {
      a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z, a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
      a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x, a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w};
}

Vec3 operator*(Quat q, Vec3 v) {
  const Vec3 u{q.x, q.y, q.z};
  const Vec3 t = 2.0 * cross(u, v);
  return v + q.w * t + cross(u, t);
}

Quat quat_from_rotation_vector(Vec3 v_rad) {
  const double angle = norm(v_rad);
  // Below 1e-8 rad the series error is under one unit in the last place.
  const double s = angle < 1e-8 ? 0.5 : std::sin(0.5 * angle) / angle;
  return normalized(Quat{std::cos(0.5 * angle), s * v_rad.x, s * v_rad.y, s * v_rad.z});
}

Vec3 rotation_vector_from_quat(Quat q) {
  if (q.w < 0.0) q = {-q.w, -q.x, -q.y, -q.z};
  const Vec3 u{q.x, q.y, q.z};
  const double s = norm(u);
  const double scale = s < 1e-9 ? 2.0 : 2.0 * std::atan2(s, q.w) / s;
  return scale * u;
}

Quat quat_from_axis_angle(Vec3 axis, double angle_rad) {
  return quat_from_rotation_vector(angle_rad * normalized(axis));
}

Quat quat_from_matrix(const Mat3& m) {
  const double trace = m[0][0] + m[1][1] + m[2][2];
  Quat q;
  if (trace > 0.0) {
    const double s = 2.0 * std::sqrt(trace + 1.0);
    q = {0.25 * s, (m[2][1] - m[1][2]) / s, (m[0][2] - m[2][0]) / s, (m[1][0] - m[0][1]) / s};
  } else if (m[0][0] > m[1][1] && m[0][0] > m[2][2]) {
    const double s = 2.0 * std::sqrt(1.0 + m[0][0] - m[1][1] - m[2][2]);
    q = {(m[2][1] - m[1][2]) / s, 0.25 * s, (m[0][1] + m[1][0]) / s, (m[0][2] + m[2][0]) / s};
  } else if (m[1][1] > m[2][2]) {
    const double s = 2.0 * std::sqrt(1.0 + m[1][1] - m[0][0] - m[2][2]);
    q = {(m[0][2] - m[2][0]) / s, (m[0][1] + m[1][0]) / s, 0.25 * s, (m[1][2] + m[2][1]) / s};
  } else {
    const double s = 2.0 * std::sqrt(1.0 + m[2][2] - m[0][0] - m[1][1]);
    q = {(m[1][0] - m[0][1]) / s, (m[0][2] + m[2][0]) / s, (m[1][2] + m[2][1]) / s, 0.25 * s};
  }
  return normalized(q);
}

Mat3 matrix_from_quat(Quat q) {
  const Vec3 x = q * Vec3{1, 0, 0};
  const Vec3 y = q * Vec3{0, 1, 0};
  const Vec3 z = q * Vec3{0, 0, 1};
  return {{{x.x, y.x, z.x}, {x.y, y.y, z.y}, {x.z, y.z, z.z}}};
}

Quat quat_from_axes(Vec3 x_axis, Vec3 y_axis, Vec3 z_axis) {
  return quat_from_matrix({{{x_axis.x, y_axis.x, z_axis.x},
                            {x_axis.y, y_axis.y, z_axis.y},
                            {x_axis.z, y_axis.z, z_axis.z}}});
}

Quat quat_between(Vec3 from, Vec3 to) {
  const double c = dot(from, to);
  if (c < -1.0 + 1e-12) return quat_from_axis_angle(any_orthogonal(from), std::numbers::pi);
  const Vec3 axis = cross(from, to);
  return normalized(Quat{1.0 + c, axis.x, axis.y, axis.z});
}

Quat slerp(Quat a, Quat b, double u) {
  const Vec3 delta = rotation_vector_from_quat(conjugate(a) * b);
  return normalized(a * quat_from_rotation_vector(u * delta));
}

double angle_between_rad(Quat a, Quat b) {
  return norm(rotation_vector_from_quat(conjugate(a) * b));
}

double yaw_rad(Quat q) {
  const Vec3 x = q * Vec3{1, 0, 0};
  return std::atan2(x.y, x.x);
}

Pose operator*(const Pose& c_from_b, const Pose& b_from_a) {
  return {c_from_b.rotation * b_from_a.position_m + c_from_b.position_m,
          normalized(c_from_b.rotation * b_from_a.rotation)};
}

Vec3 operator*(const Pose& b_from_a, Vec3 p_in_a) {
  return b_from_a.rotation * p_in_a + b_from_a.position_m;
}

Pose inverse(const Pose& b_from_a) {
  const Quat back = conjugate(b_from_a.rotation);
  return {-(back * b_from_a.position_m), back};
}

Pose interpolate(const Pose& a, const Pose& b, double u) {
  return {(1.0 - u) * a.position_m + u * b.position_m, slerp(a.rotation, b.rotation, u)};
}

bool is_finite(Vec2 v) { return std::isfinite(v.x) && std::isfinite(v.y); }
bool is_finite(Vec3 v) { return std::isfinite(v.x) && std::isfinite(v.y) && std::isfinite(v.z); }
bool is_finite(Quat q) { return std::isfinite(q.w) && is_finite(Vec3{q.x, q.y, q.z}); }
bool is_finite(const Pose& p) { return is_finite(p.position_m) && is_finite(p.rotation); }

bool is_unit(Quat q) {
  const double length = std::sqrt(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z);
  return std::abs(length - 1.0) <= 1e-6;
}

}  // namespace hearth
