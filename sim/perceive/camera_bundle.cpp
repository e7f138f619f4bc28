// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/camera_bundle.h"

#include <ceres/ceres.h>
#include <glog/logging.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Geometry>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>

#include "sim/perceive/camera_bundle_terms.h"

namespace hearth {
namespace {

using RowMajor27 = Eigen::Matrix<double, 2, 7, Eigen::RowMajor>;
using RowMajor24 = Eigen::Matrix<double, 2, 4, Eigen::RowMajor>;

// Pixel residual of one sighting; pose block (qw qx qy qz tx ty tz), point block (x y z w).
class RayResidual final : public ceres::SizedCostFunction<2, 7, 4> {
 public:
  RayResidual(Vec2 ray, double focal_px) : ray_(ray), focal_px_(focal_px) {}

  bool Evaluate(double const* const* parameters, double* residuals,
                double** jacobians) const override {
    const Eigen::Map<const Eigen::Vector4d> q(parameters[0]);
    const Eigen::Map<const Eigen::Vector3d> t(parameters[0] + 4);
    const Eigen::Map<const Eigen::Vector3d> x(parameters[1]);
    const double w = parameters[1][3];
    const Eigen::Vector3d p = rotate(q, x) + w * t;
    if (p.z() < 1e-6) return behind(residuals, jacobians);
    const double inv = 1.0 / p.z();
    residuals[0] = focal_px_ * (p.x() * inv - ray_.x);
    residuals[1] = focal_px_ * (p.y() * inv - ray_.y);
    if (jacobians == nullptr) return true;
    ray_jacobians(focal_px_ * Eigen::Matrix2d::Identity(), parameters[0], parameters[1], p,
                  jacobians[0], jacobians[1]);
    return true;
  }

 private:
  // A point behind the camera costs a lot but stops no other block.
  static bool behind(double* residuals, double** jacobians) {
    residuals[0] = residuals[1] = 100.0;
    if (jacobians != nullptr && jacobians[0] != nullptr) std::fill_n(jacobians[0], 14, 0.0);
    if (jacobians != nullptr && jacobians[1] != nullptr) std::fill_n(jacobians[1], 8, 0.0);
    return true;
  }

  Vec2 ray_;
  double focal_px_;
};

// The solver logs what it recovers from to stderr; a library prints nothing.
class QuietSolver {
 public:
  QuietSolver() : before_(FLAGS_minloglevel) { FLAGS_minloglevel = google::GLOG_FATAL; }
  ~QuietSolver() { FLAGS_minloglevel = before_; }
  QuietSolver(const QuietSolver&) = delete;
  QuietSolver& operator=(const QuietSolver&) = delete;

 private:
  decltype(FLAGS_minloglevel) before_;
};

}  // namespace

void ray_jacobians(const Eigen::Matrix2d& by_seen, const double* pose, const double* point,
                   const Eigen::Vector3d& p, double* by_pose, double* by_point) {
  const Eigen::Map<const Eigen::Vector4d> q(pose);
  const Eigen::Map<const Eigen::Vector3d> t(pose + 4);
  const double inv = 1.0 / p.z();
  Eigen::Matrix<double, 2, 3> by_p;
  by_p << inv, 0, -p.x() * inv * inv, 0, inv, -p.y() * inv * inv;
  by_p = by_seen * by_p;
  const Eigen::Vector4d quat = q;
  if (by_pose != nullptr) {
    Eigen::Map<RowMajor27> j(by_pose);
    const Eigen::Vector3d x(point[0], point[1], point[2]);
    j.leftCols<4>() = by_p * rotation_by_quaternion(quat, x);
    j.rightCols<3>() = point[3] * by_p;
  }
  if (by_point != nullptr) {
    Eigen::Map<RowMajor24> j(by_point);
    for (int k = 0; k < 3; ++k) j.col(k) = by_p * rotate(quat, Eigen::Vector3d::Unit(k));
    j.col(3) = by_p * t;
  }
}

void solve_quietly(const ceres::Solver::Options& options, ceres::Problem& problem,
                   ceres::Solver::Summary& summary) {
  const QuietSolver quiet;
  ceres::Solve(options, &problem, &summary);
}

void normalize_points(std::vector<HomogeneousPoint>& points) {
  for (HomogeneousPoint& p : points) {
    if (p[3] < 0.0) p[3] = 0.0;
    const double n = std::sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2] + p[3] * p[3]);
    for (double& v : p) v /= n;
  }
}

std::optional<Vec2> project_ray(const Pose& camera_from_map, const HomogeneousPoint& point) {
  const Vec3 p = camera_from_map.rotation * Vec3{point[0], point[1], point[2]} +
                 point[3] * camera_from_map.position_m;
  if (!(p.z > 1e-6)) return std::nullopt;
  return Vec2{p.x / p.z, p.y / p.z};
}

bool adjust(Bundle& bundle, const BundleOptions& options) {
  std::vector<PoseBlock> cameras;
  cameras.reserve(bundle.camera_from_map.size());
  for (const Pose& pose : bundle.camera_from_map) cameras.push_back(block_from_pose(pose));
  std::vector<HomogeneousPoint> points = bundle.points;

  ceres::Problem::Options problem_options;
  problem_options.manifold_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
  problem_options.loss_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
  ceres::ProductManifold<ceres::QuaternionManifold, ceres::EuclideanManifold<3>> pose_manifold;
  ceres::SphereManifold<4> point_manifold;
  ceres::HuberLoss loss(options.huber_px);
  ceres::Problem problem(problem_options);
  auto* ordering = new ceres::ParameterBlockOrdering;
  std::vector<char> camera_used(cameras.size(), 0);
  std::vector<char> point_used(points.size(), 0);
  for (const BundleObservation& o : bundle.observations) {
    const auto c = static_cast<std::size_t>(o.camera);
    const auto p = static_cast<std::size_t>(o.point);
    if (!project_ray(bundle.camera_from_map[c], points[p])) continue;
    problem.AddResidualBlock(new RayResidual(o.ray, options.focal_px), &loss, cameras[c].data(),
                             points[p].data());
    camera_used[c] = 1;
    point_used[p] = 1;
  }
  for (std::size_t p = 0; p < points.size(); ++p) {
    if (point_used[p] == 0) continue;
    problem.SetManifold(points[p].data(), &point_manifold);
    ordering->AddElementToGroup(points[p].data(), 0);
  }
  int free_cameras = 0;
  for (std::size_t c = 0; c < cameras.size(); ++c) {
    if (camera_used[c] == 0) continue;
    ordering->AddElementToGroup(cameras[c].data(), 1);
    if (bundle.camera_fixed[c] != 0) {
      problem.SetParameterBlockConstant(cameras[c].data());
    } else {
      problem.SetManifold(cameras[c].data(), &pose_manifold);
      ++free_cameras;
    }
  }
  ceres::Solver::Options solver;
  solver.linear_solver_ordering.reset(ordering);
  solver.linear_solver_type = free_cameras <= 120 ? ceres::DENSE_SCHUR : ceres::SPARSE_SCHUR;
  solver.sparse_linear_algebra_library_type = ceres::EIGEN_SPARSE;
  solver.dense_linear_algebra_library_type = ceres::EIGEN;
  solver.num_threads = 1;
  solver.max_num_iterations = options.max_iterations;
  solver.function_tolerance = 1e-5;
  solver.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  if (problem.NumResidualBlocks() == 0) return false;
  solve_quietly(solver, problem, summary);
  if (!summary.IsSolutionUsable()) return false;

  for (std::size_t c = 0; c < cameras.size(); ++c) {
    if (bundle.camera_fixed[c] == 0) bundle.camera_from_map[c] = pose_from_block(cameras[c]);
  }
  normalize_points(points);
  bundle.points = std::move(points);
  return true;
}

std::vector<CameraSigma> camera_sigmas(const Bundle& bundle, double focal_px, int origin,
                                       int scale_camera, LensSigma* lens) {
  const auto cameras = static_cast<Eigen::Index>(bundle.camera_from_map.size());
  const Eigen::Index size = 6 * cameras + (lens != nullptr ? 2 : 0);
  const Eigen::Index lens_at = 6 * cameras;
  Eigen::MatrixXd reduced = Eigen::MatrixXd::Zero(size, size);
  std::vector<std::vector<const BundleObservation*>> by_point(bundle.points.size());
  for (const BundleObservation& o : bundle.observations) {
    by_point[static_cast<std::size_t>(o.point)].push_back(&o);
  }
  using Block = Eigen::Matrix<double, 6, 3>;
  for (std::size_t p = 0; p < by_point.size(); ++p) {
    const HomogeneousPoint& h = bundle.points[p];
    const Eigen::Vector3d x(h[0], h[1], h[2]);
    // Tangent of the unit 4-sphere at the point: three orthonormal directions.
    const Eigen::Vector4d point(h[0], h[1], h[2], h[3]);
    Eigen::Matrix<double, 4, 1> column = point;
    const Eigen::HouseholderQR<Eigen::Matrix<double, 4, 1>> qr(column);
    const Eigen::Matrix4d basis = qr.householderQ();
    const Eigen::Matrix<double, 4, 3> tangent = basis.rightCols<3>();
    Eigen::Matrix3d point_block = Eigen::Matrix3d::Zero();
    std::vector<std::pair<int, Block>> cross_blocks;
    Eigen::Matrix<double, 2, 3> lens_block = Eigen::Matrix<double, 2, 3>::Zero();
    for (const BundleObservation* o : by_point[p]) {
      const Pose& pose = bundle.camera_from_map[static_cast<std::size_t>(o->camera)];
      const Vec3 rx = pose.rotation * Vec3{h[0], h[1], h[2]};
      const Vec3 q = rx + h[3] * pose.position_m;
      if (!(q.z > 1e-6)) continue;
      const double inv = focal_px / q.z;
      Eigen::Matrix<double, 2, 3> by_p;
      by_p << inv, 0, -q.x * inv / q.z, 0, inv, -q.y * inv / q.z;
      Eigen::Matrix<double, 3, 6> p_by_camera;    // Rotation vector on the left, then translation.
      p_by_camera << 0, rx.z, -rx.y, h[3], 0, 0,  //
          -rx.z, 0, rx.x, 0, h[3], 0,             //
          rx.y, -rx.x, 0, 0, 0, h[3];
      Eigen::Matrix<double, 3, 4> p_by_point;
      const Mat3 r = matrix_from_quat(pose.rotation);
      for (int i = 0; i < 3; ++i) {
        for (int k = 0; k < 3; ++k) {
          p_by_point(i, k) = r[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)];
        }
      }
      p_by_point.col(3) << pose.position_m.x, pose.position_m.y, pose.position_m.z;
      const Eigen::Matrix<double, 2, 6> jc = by_p * p_by_camera;
      const Eigen::Matrix<double, 2, 3> jp = by_p * (p_by_point * tangent);
      reduced.block<6, 6>(6 * o->camera, 6 * o->camera) += jc.transpose() * jc;
      point_block += jp.transpose() * jp;
      cross_blocks.emplace_back(o->camera, jc.transpose() * jp);
      if (lens == nullptr) continue;
      Eigen::Matrix2d jl;  // By log focal length and k1: both move the ray along itself.
      jl.col(0) << focal_px * q.x / q.z, focal_px * q.y / q.z;
      jl.col(1) = jl.col(0) * (q.x * q.x + q.y * q.y) / (q.z * q.z);
      reduced.block<6, 2>(6 * o->camera, lens_at) += jc.transpose() * jl;
      reduced.block<2, 2>(lens_at, lens_at) += jl.transpose() * jl;
      lens_block += jl.transpose() * jp;
    }
    point_block.diagonal().array() += 1e-9;
    const Eigen::Matrix3d inverse_block = point_block.inverse();
    for (const auto& [a, block_a] : cross_blocks) {
      const Block left = block_a * inverse_block;
      for (const auto& [b, block_b] : cross_blocks) {
        reduced.block<6, 6>(6 * a, 6 * b) -= left * block_b.transpose();
      }
      if (lens != nullptr) reduced.block<6, 2>(6 * a, lens_at) -= left * lens_block.transpose();
    }
    if (lens != nullptr) {
      reduced.block<2, 2>(lens_at, lens_at) -= lens_block * inverse_block * lens_block.transpose();
    }
  }
  if (lens != nullptr) {
    reduced.bottomLeftCorner(2, lens_at) = reduced.topRightCorner(lens_at, 2).transpose();
    reduced(lens_at, lens_at) += 1.0 / (lens->focal_share * lens->focal_share);
    reduced(lens_at + 1, lens_at + 1) += 1.0 / (lens->k1 * lens->k1);
  }
  // The gauge: the origin does not move, the scale camera not along its line to the origin.
  const double strong = 1e12;
  for (Eigen::Index k = 0; k < 6; ++k) reduced(6 * origin + k, 6 * origin + k) += strong;
  const Vec3 t = bundle.camera_from_map[static_cast<std::size_t>(scale_camera)].position_m;
  const Eigen::Vector3d line = Eigen::Vector3d(t.x, t.y, t.z).normalized();
  reduced.block<3, 3>(6 * scale_camera + 3, 6 * scale_camera + 3) +=
      strong * line * line.transpose();
  reduced.diagonal().array() += 1e-6;
  const Eigen::LDLT<Eigen::MatrixXd> ldlt(reduced);
  if (ldlt.info() != Eigen::Success || !ldlt.isPositive()) return {};
  const Eigen::MatrixXd covariance = ldlt.solve(Eigen::MatrixXd::Identity(size, size));
  if (lens != nullptr) {
    lens->focal_share = std::sqrt(std::max(0.0, covariance(lens_at, lens_at)));
    lens->k1 = std::sqrt(std::max(0.0, covariance(lens_at + 1, lens_at + 1)));
  }
  std::vector<CameraSigma> sigmas(static_cast<std::size_t>(cameras));
  for (Eigen::Index c = 0; c < cameras; ++c) {
    // The camera centre is -R^T t: a turn moves it by its own lever, so transform the block.
    const Pose& pose = bundle.camera_from_map[static_cast<std::size_t>(c)];
    const Vec3 p = pose.position_m;
    Eigen::Matrix<double, 3, 6> centre_by_camera;
    centre_by_camera << 0, p.z, -p.y, -1, 0, 0,  //
        -p.z, 0, p.x, 0, -1, 0,                  //
        p.y, -p.x, 0, 0, 0, -1;
    const Eigen::Matrix<double, 6, 6> block = covariance.block<6, 6>(6 * c, 6 * c);
    const Eigen::Matrix3d centre = centre_by_camera * block * centre_by_camera.transpose();
    CameraSigma& s = sigmas[static_cast<std::size_t>(c)];
    s.rotation_rad = std::sqrt(std::max(0.0, block.topLeftCorner<3, 3>().trace() / 3.0));
    s.position = std::sqrt(std::max(0.0, centre.trace() / 3.0));
  }
  return sigmas;
}

}  // namespace hearth
