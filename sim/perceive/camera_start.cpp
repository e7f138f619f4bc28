// SPDX-License-Identifier: Apache-2.0
#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>

#include "sim/perceive/camera_pose.h"

namespace hearth {
namespace {

struct Candidate {
  Pose b_from_a{};
  int in_front = 0;
};

int count_in_front(const std::vector<RayPair>& pairs, const Pose& b_from_a) {
  int count = 0;
  for (const RayPair& pair : pairs) {
    // Depths z_a, z_b of the closest approach: z_b * b = z_a * R a + t.
    const Vec3 ra = b_from_a.rotation * Vec3{pair.a.x, pair.a.y, 1.0};
    const Vec3 b{pair.b.x, pair.b.y, 1.0};
    const double aa = dot(ra, ra), ab = dot(ra, b), bb = dot(b, b);
    const double det = aa * bb - ab * ab;
    if (!(det > 1e-14)) continue;
    const double at = dot(ra, b_from_a.position_m), bt = dot(b, b_from_a.position_m);
    if (ab * bt - bb * at > 0.0 && aa * bt - ab * at > 0.0) ++count;
  }
  return count;
}

Quat quat_from_mat(const cv::Mat& r) {
  Mat3 m{};
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 3; ++k) {
      m[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)] = r.at<double>(i, k);
    }
  }
  return quat_from_matrix(m);
}

void add_both_signs(std::vector<Candidate>& out, const std::vector<RayPair>& pairs, Quat r,
                    Vec3 t) {
  const double n = norm(t);
  if (!(n > 1e-9)) return;
  for (const double sign : {1.0, -1.0}) {
    const Pose pose{(sign / n) * t, r};
    out.push_back({pose, count_in_front(pairs, pose)});
  }
}

// About the pure rotation R: t is orthogonal to (R a) x b of every pair that moves.
Vec3 small_motion_direction(const std::vector<RayPair>& pairs, Quat r) {
  Eigen::Vector3d direction(1, 0, 0);
  std::vector<double> weights(pairs.size(), 1.0);
  for (int iteration = 0; iteration < 10; ++iteration) {
    Eigen::Matrix3d m = Eigen::Matrix3d::Zero();
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const Vec3 n =
          cross(r * Vec3{pairs[i].a.x, pairs[i].a.y, 1.0}, Vec3{pairs[i].b.x, pairs[i].b.y, 1.0});
      const Eigen::Vector3d v(n.x, n.y, n.z);
      m += weights[i] * v * v.transpose();
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(m);
    direction = solver.eigenvectors().col(0);
    std::vector<double> residuals;
    for (const RayPair& pair : pairs) {
      const Vec3 n = cross(r * Vec3{pair.a.x, pair.a.y, 1.0}, Vec3{pair.b.x, pair.b.y, 1.0});
      residuals.push_back(std::abs(direction.dot(Eigen::Vector3d(n.x, n.y, n.z))));
    }
    std::vector<double> sorted = residuals;
    std::nth_element(sorted.begin(),
                     sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
    const double scale = std::max(1e-6, 2.0 * sorted[sorted.size() / 2]);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const double u = residuals[i] / scale;
      weights[i] = 1.0 / (1.0 + u * u);
    }
  }
  return {direction.x(), direction.y(), direction.z()};
}

}  // namespace

std::optional<Pose> resection_by_samples(const std::vector<Sighting>& sightings, double focal_px,
                                         double max_residual_px) {
  std::vector<cv::Point3d> points;
  std::vector<cv::Point2d> rays;
  for (const Sighting& s : sightings) {
    if (s.point[3] < 1e-4) continue;
    points.emplace_back(s.point[0] / s.point[3], s.point[1] / s.point[3], s.point[2] / s.point[3]);
    rays.emplace_back(s.ray.x, s.ray.y);
  }
  if (points.size() < 8) return std::nullopt;
  cv::Mat turn, position, inliers, matrix;
  try {
    const bool found = cv::solvePnPRansac(
        points, rays, cv::Mat::eye(3, 3, CV_64F), cv::noArray(), turn, position, false, 150,
        static_cast<float>(max_residual_px / focal_px), 0.99, inliers, cv::SOLVEPNP_AP3P);
    if (!found) return std::nullopt;
    cv::Rodrigues(turn, matrix);
  } catch (const cv::Exception&) {
    return std::nullopt;
  }
  const Pose pose{{position.at<double>(0), position.at<double>(1), position.at<double>(2)},
                  normalized(quat_from_mat(matrix))};
  if (!is_finite(pose)) return std::nullopt;
  return pose;
}

std::vector<Pose> two_view_starts(const std::vector<RayPair>& pairs, double focal_px) {
  if (pairs.size() < 8) return {};
  std::vector<cv::Point2d> a, b;
  for (const RayPair& pair : pairs) {
    a.emplace_back(pair.a.x, pair.a.y);
    b.emplace_back(pair.b.x, pair.b.y);
  }
  std::vector<Candidate> found;
  const cv::Mat identity = cv::Mat::eye(3, 3, CV_64F);
  try {
    const cv::Mat essential =
        cv::findEssentialMat(a, b, identity, cv::RANSAC, 0.999, 1.0 / focal_px, 400);
    for (int row = 0; row + 3 <= essential.rows && row < 9; row += 3) {
      cv::Mat r1, r2, t;
      cv::decomposeEssentialMat(essential.rowRange(row, row + 3), r1, r2, t);
      const Vec3 direction{t.at<double>(0), t.at<double>(1), t.at<double>(2)};
      add_both_signs(found, pairs, quat_from_mat(r1), direction);
      add_both_signs(found, pairs, quat_from_mat(r2), direction);
    }
    const cv::Mat homography = cv::findHomography(a, b, cv::RANSAC, 1.5 / focal_px);
    if (!homography.empty()) {
      std::vector<cv::Mat> rotations, translations, normals;
      cv::decomposeHomographyMat(homography, identity, rotations, translations, normals);
      for (std::size_t i = 0; i < rotations.size(); ++i) {
        const cv::Mat& t = translations[i];
        add_both_signs(found, pairs, quat_from_mat(rotations[i]),
                       {t.at<double>(0), t.at<double>(1), t.at<double>(2)});
      }
    }
  } catch (const cv::Exception&) {
    // Degenerate pairs: the start from small motion below still stands.
  }
  const Quat turn = rotation_between(pairs, focal_px);
  add_both_signs(found, pairs, turn, small_motion_direction(pairs, turn));
  std::stable_sort(found.begin(), found.end(),
                   [](const Candidate& x, const Candidate& y) { return x.in_front > y.in_front; });
  std::vector<Pose> starts;
  for (const Candidate& c : found) {
    if (c.in_front * 2 < static_cast<int>(pairs.size()) || starts.size() == 8) break;
    const bool known = std::any_of(starts.begin(), starts.end(), [&c](const Pose& p) {
      return angle_between_rad(p.rotation, c.b_from_a.rotation) < 0.002 &&
             dot(p.position_m, c.b_from_a.position_m) > 0.998;
    });
    if (!known) starts.push_back(c.b_from_a);
  }
  return starts;
}

}  // namespace hearth
