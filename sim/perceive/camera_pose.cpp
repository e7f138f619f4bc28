// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/camera_pose.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/perceive/camera_median.h"

namespace hearth {
namespace {

Vec3 unit_ray(Vec2 r) { return normalized(Vec3{r.x, r.y, 1.0}); }

Quat weighted_rotation(const std::vector<RayPair>& pairs, const std::vector<double>& weights) {
  Eigen::Matrix3d h = Eigen::Matrix3d::Zero();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Vec3 a = unit_ray(pairs[i].a);
    const Vec3 b = unit_ray(pairs[i].b);
    h += weights[i] * Eigen::Vector3d(b.x, b.y, b.z) * Eigen::RowVector3d(a.x, a.y, a.z);
  }
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(h, Eigen::ComputeFullU | Eigen::ComputeFullV);
  Eigen::Matrix3d d = Eigen::Matrix3d::Identity();
  d(2, 2) = (svd.matrixU() * svd.matrixV().transpose()).determinant() < 0.0 ? -1.0 : 1.0;
  const Eigen::Matrix3d r = svd.matrixU() * d * svd.matrixV().transpose();
  Mat3 m{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) {
      m[i][k] = r(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k));
    }
  }
  return quat_from_matrix(m);
}

using Vector6 = Eigen::Matrix<double, 6, 1>;
using Matrix6 = Eigen::Matrix<double, 6, 6>;

double huber_cost(double r2, double huber) {
  const double r = std::sqrt(r2);
  return r <= huber ? 0.5 * r2 : huber * (r - 0.5 * huber);
}

double resection_cost(const std::vector<Sighting>& sightings, const Pose& pose, double focal_px,
                      double huber_px) {
  double cost = 0.0;
  for (const Sighting& s : sightings) {
    const std::optional<Vec2> seen = project_ray(pose, s.point);
    const double r2 = seen ? focal_px * focal_px * dot(*seen - s.ray, *seen - s.ray) : 1e4;
    cost += huber_cost(r2, huber_px);
  }
  return cost;
}

// Normal equations of the resection, weights of Huber; rotation vector on the left, then position.
void resection_normals(const std::vector<Sighting>& sightings, const Pose& pose, double focal_px,
                       double huber_px, Matrix6& h, Vector6& g) {
  h.setZero();
  g.setZero();
  for (const Sighting& s : sightings) {
    const Vec3 rx = pose.rotation * Vec3{s.point[0], s.point[1], s.point[2]};
    const double w = s.point[3];
    const Vec3 p = rx + w * pose.position_m;
    if (!(p.z > 1e-6)) continue;
    const Eigen::Vector2d r(focal_px * (p.x / p.z - s.ray.x), focal_px * (p.y / p.z - s.ray.y));
    const double inv = focal_px / p.z;
    Eigen::Matrix<double, 2, 3> by_p;
    by_p << inv, 0, -p.x * inv / p.z, 0, inv, -p.y * inv / p.z;
    Eigen::Matrix<double, 3, 6> p_by_pose;
    p_by_pose << 0, rx.z, -rx.y, w, 0, 0,  //
        -rx.z, 0, rx.x, 0, w, 0,           //
        rx.y, -rx.x, 0, 0, 0, w;
    const Eigen::Matrix<double, 2, 6> j = by_p * p_by_pose;
    const double n = r.norm();
    const double weight = n <= huber_px ? 1.0 : huber_px / n;
    h += weight * j.transpose() * j;
    g += weight * j.transpose() * r;
  }
}

Pose moved(const Pose& pose, const Vector6& step) {
  const Quat turn = quat_from_rotation_vector({step[0], step[1], step[2]});
  return {pose.position_m + Vec3{step[3], step[4], step[5]}, normalized(turn * pose.rotation)};
}

Pose refined(const std::vector<Sighting>& sightings, Pose pose, double focal_px, double huber_px) {
  double cost = resection_cost(sightings, pose, focal_px, huber_px);
  double damping = 1e-4;
  for (int iteration = 0; iteration < 25; ++iteration) {
    Matrix6 h;
    Vector6 g;
    resection_normals(sightings, pose, focal_px, huber_px, h, g);
    bool better = false;
    for (int attempt = 0; attempt < 6 && !better; ++attempt) {
      Matrix6 damped = h;
      damped.diagonal() += damping * h.diagonal() + Vector6::Constant(1e-9);
      const Vector6 step = -damped.ldlt().solve(g);
      if (!step.allFinite()) break;
      const Pose next = moved(pose, step);
      const double next_cost = resection_cost(sightings, next, focal_px, huber_px);
      if (next_cost < cost) {
        better = cost - next_cost > 1e-7 * cost;
        pose = next;
        cost = next_cost;
        damping = std::max(1e-9, damping * 0.2);
        if (!better) return pose;
      } else {
        damping *= 8.0;
      }
    }
    if (!better) break;
  }
  return pose;
}

}  // namespace

Quat rotation_between(const std::vector<RayPair>& pairs, double focal_px) {
  if (pairs.size() < 2) return {};
  std::vector<double> weights(pairs.size(), 1.0);
  Quat rotation;
  for (int iteration = 0; iteration < 12; ++iteration) {
    rotation = weighted_rotation(pairs, weights);
    const std::vector<double> residuals = rotation_residuals_px(pairs, rotation, focal_px);
    const double scale = std::max(0.3, 1.5 * median(residuals));
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const double u = residuals[i] / scale;
      weights[i] = 1.0 / (1.0 + u * u);  // Cauchy: parallax and moving things count little.
    }
  }
  return rotation;
}

std::vector<double> rotation_residuals_px(const std::vector<RayPair>& pairs, Quat b_from_a,
                                          double focal_px) {
  std::vector<double> residuals;
  residuals.reserve(pairs.size());
  for (const RayPair& pair : pairs) {
    const Vec3 turned = b_from_a * Vec3{pair.a.x, pair.a.y, 1.0};
    if (!(turned.z > 1e-6)) {
      residuals.push_back(1e3);
      continue;
    }
    residuals.push_back(focal_px * norm(Vec2{turned.x / turned.z, turned.y / turned.z} - pair.b));
  }
  return residuals;
}

Resection resect(const std::vector<Sighting>& sightings, const std::vector<Pose>& guesses,
                 double focal_px, double huber_px, double max_residual_px) {
  Resection best;
  double best_cost = std::numeric_limits<double>::infinity();
  for (const Pose& guess : guesses) {
    // Wide first, so that a guess some ten pixels off is drawn in; then tight.
    Pose pose = refined(sightings, guess, focal_px, 8.0 * huber_px);
    pose = refined(sightings, pose, focal_px, huber_px);
    Resection found;
    found.camera_from_map = pose;
    double cost = 0.0;
    double sum = 0.0;
    const double limit2 = max_residual_px * max_residual_px;
    std::vector<Sighting> agreeing;
    for (const Sighting& s : sightings) {
      const std::optional<Vec2> seen = project_ray(pose, s.point);
      const double r2 =
          seen ? focal_px * focal_px * dot(*seen - s.ray, *seen - s.ray) : 2.0 * limit2;
      cost += std::min(r2, limit2);
      if (r2 > limit2) continue;
      ++found.inliers;
      sum += r2;
      agreeing.push_back(s);
    }
    if (cost >= best_cost) continue;
    best_cost = cost;
    if (found.inliers > 0) found.rms_px = std::sqrt(sum / found.inliers);
    if (found.inliers >= 6) {
      found.camera_from_map = refined(agreeing, pose, focal_px, huber_px);
      Matrix6 h;
      Vector6 g;
      resection_normals(agreeing, found.camera_from_map, focal_px, 1e9, h, g);
      h.diagonal().array() += 1e-9;
      const Matrix6 covariance = h.inverse();
      found.sigma.rotation_rad =
          std::sqrt(std::max(0.0, covariance.topLeftCorner<3, 3>().trace() / 3.0));
      found.sigma.position =
          std::sqrt(std::max(0.0, covariance.bottomRightCorner<3, 3>().trace() / 3.0));
    }
    best = found;
  }
  return best;
}

std::optional<HomogeneousPoint> triangulate(const std::vector<PosedRay>& views) {
  if (views.size() < 2) return std::nullopt;
  Eigen::Matrix4d normals = Eigen::Matrix4d::Zero();
  for (const PosedRay& view : views) {
    const Mat3 r = matrix_from_quat(view.camera_from_map.rotation);
    const Vec3& t = view.camera_from_map.position_m;
    const Eigen::RowVector4d row_x(r[0][0], r[0][1], r[0][2], t.x);
    const Eigen::RowVector4d row_y(r[1][0], r[1][1], r[1][2], t.y);
    const Eigen::RowVector4d row_z(r[2][0], r[2][1], r[2][2], t.z);
    const Eigen::RowVector4d ex = view.ray.x * row_z - row_x;
    const Eigen::RowVector4d ey = view.ray.y * row_z - row_y;
    normals += ex.transpose() * ex + ey.transpose() * ey;
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix4d> solver(normals);
  Eigen::Vector4d point = solver.eigenvectors().col(0);
  const auto z_in = [&point](const PosedRay& view) {
    const Vec3 p = view.camera_from_map.rotation * Vec3{point[0], point[1], point[2]} +
                   point[3] * view.camera_from_map.position_m;
    return p.z;
  };
  if (z_in(views.front()) < 0.0) point = -point;
  if (point[3] < 0.0) point[3] = 0.0;
  // Gauss-Newton on the reprojection error: the algebraic one favours near points.
  for (int iteration = 0; iteration < 6; ++iteration) {
    point.normalize();
    Eigen::Matrix4d h = 1e-12 * Eigen::Matrix4d::Identity();
    Eigen::Vector4d g = Eigen::Vector4d::Zero();
    for (const PosedRay& view : views) {
      const Mat3 r = matrix_from_quat(view.camera_from_map.rotation);
      const Vec3& t = view.camera_from_map.position_m;
      Eigen::Matrix<double, 3, 4> pose;
      pose << r[0][0], r[0][1], r[0][2], t.x, r[1][0], r[1][1], r[1][2], t.y, r[2][0], r[2][1],
          r[2][2], t.z;
      const Eigen::Vector3d p = pose * point;
      if (!(p.z() > 1e-6)) return std::nullopt;
      Eigen::Matrix<double, 2, 3> by_p;
      by_p << 1.0 / p.z(), 0, -p.x() / (p.z() * p.z()), 0, 1.0 / p.z(), -p.y() / (p.z() * p.z());
      const Eigen::Matrix<double, 2, 4> j = by_p * pose;
      const Eigen::Vector2d res(p.x() / p.z() - view.ray.x, p.y() / p.z() - view.ray.y);
      h += j.transpose() * j;
      g += j.transpose() * res;
    }
    // Along the point itself nothing changes; hold it.
    h += point * point.transpose() * h.trace();
    const Eigen::Vector4d step = -h.ldlt().solve(g);
    if (!step.allFinite()) return std::nullopt;
    point += step;
    if (point[3] < 0.0) point[3] = 0.0;
  }
  point.normalize();
  for (const PosedRay& view : views) {
    if (!(z_in(view) > 1e-6)) return std::nullopt;
  }
  return HomogeneousPoint{point[0], point[1], point[2], point[3]};
}

double widest_angle_rad(const std::vector<PosedRay>& views) {
  std::vector<Vec3> rays;
  rays.reserve(views.size());
  for (const PosedRay& v : views) {
    rays.push_back(conjugate(v.camera_from_map.rotation) * unit_ray(v.ray));
  }
  double widest = 0.0;
  // Against the first and the widest from it: within a factor two of the true diameter.
  std::size_t far = 0;
  for (std::size_t i = 1; i < rays.size(); ++i) {
    const double angle = 2.0 * std::asin(std::min(1.0, 0.5 * norm(rays[i] - rays[0])));
    if (angle > widest) {
      widest = angle;
      far = i;
    }
  }
  for (const Vec3& ray : rays) {
    widest = std::max(widest, 2.0 * std::asin(std::min(1.0, 0.5 * norm(ray - rays[far]))));
  }
  return widest;
}

}  // namespace hearth
