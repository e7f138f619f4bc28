// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/camera_lens.h"

#include <ceres/ceres.h>

#include <algorithm>
#include <cmath>

#include "sim/perceive/camera_bundle_terms.h"
#include "sim/perceive/camera_map_steps.h"

namespace hearth {
namespace {

// What lenses of phones and head cameras have, before a clip says anything.
constexpr double kPriorK1 = 0.12;
// As for poses: errors of one followed point are alike from frame to frame.
constexpr double kNoiseInflation = 4.0;
constexpr int kRounds = 3;
constexpr double kFirstSlack = 1.7;  // A wrong focal length bends rays towards the border.
constexpr std::size_t kLeastKeyframes = 5;
constexpr std::size_t kMostKeyframes = 30;
// A motion that leaves more of the guess's interval than this told nothing.
constexpr double kTellingShare = 0.7;
// What the model leaves out (centre of the lens, rolling shutter) moves the focal length by about
// this (compared with film truth).
constexpr double kModelShare = 0.03;

// Pixel residual of one sighting; pose block, point block, lens block (log focal scale, k1).
class LensResidual final : public ceres::SizedCostFunction<2, 7, 4, 2> {
 public:
  LensResidual(Vec2 guessed_ray, double focal_px) : ray_(guessed_ray), focal_px_(focal_px) {}

  bool Evaluate(double const* const* parameters, double* residuals,
                double** jacobians) const override {
    const Eigen::Map<const Eigen::Vector4d> q(parameters[0]);
    const Eigen::Map<const Eigen::Vector3d> t(parameters[0] + 4);
    const Eigen::Map<const Eigen::Vector3d> x(parameters[1]);
    const Eigen::Vector3d p = rotate(q, x) + parameters[1][3] * t;
    const double focal = focal_px_ * std::exp(parameters[2][0]);
    const double k1 = parameters[2][1];
    if (p.z() < 1e-6) {
      residuals[0] = residuals[1] = 100.0;
      const int sizes[] = {14, 8, 4};
      for (int b = 0; jacobians != nullptr && b < 3; ++b) {
        if (jacobians[b] != nullptr) std::fill_n(jacobians[b], sizes[b], 0.0);
      }
      return true;
    }
    const Eigen::Vector2d ray(p.x() / p.z(), p.y() / p.z());
    const double r2 = ray.squaredNorm();
    const Eigen::Vector2d seen = focal * (1.0 + k1 * r2) * ray;
    residuals[0] = seen.x() - focal_px_ * ray_.x;
    residuals[1] = seen.y() - focal_px_ * ray_.y;
    if (jacobians == nullptr) return true;
    const Eigen::Matrix2d by_ray =
        focal * ((1.0 + k1 * r2) * Eigen::Matrix2d::Identity() + 2.0 * k1 * ray * ray.transpose());
    ray_jacobians(by_ray, parameters[0], parameters[1], p, jacobians[0], jacobians[1]);
    if (jacobians[2] != nullptr) {
      Eigen::Map<Eigen::Matrix<double, 2, 2, Eigen::RowMajor>> j(jacobians[2]);
      j.col(0) = seen;
      j.col(1) = focal * r2 * ray;
    }
    return true;
  }

 private:
  Vec2 ray_;
  double focal_px_;
};

// What was known of the lens before: pulls it back, in units of the noise.
class LensPrior final : public ceres::SizedCostFunction<2, 2> {
 public:
  LensPrior(double by_focal, double by_k1) : by_focal_(by_focal), by_k1_(by_k1) {}

  bool Evaluate(double const* const* parameters, double* residuals,
                double** jacobians) const override {
    residuals[0] = by_focal_ * parameters[0][0];
    residuals[1] = by_k1_ * parameters[0][1];
    if (jacobians != nullptr && jacobians[0] != nullptr) {
      jacobians[0][0] = by_focal_;
      jacobians[0][1] = jacobians[0][2] = 0.0;
      jacobians[0][3] = by_k1_;
    }
    return true;
  }

 private:
  double by_focal_;
  double by_k1_;
};

double noise_px_of(const Bundle& bundle, double focal_px) {
  double sum = 0.0;
  int count = 0;
  for (const BundleObservation& o : bundle.observations) {
    const std::optional<Vec2> seen =
        project_ray(bundle.camera_from_map[static_cast<std::size_t>(o.camera)],
                    bundle.points[static_cast<std::size_t>(o.point)]);
    if (!seen) continue;
    const double r = focal_px * norm(*seen - o.ray);
    sum += std::min(r * r, 9.0);
    ++count;
  }
  return count > 0 ? std::max(0.05, std::sqrt(0.5 * sum / count)) : 1.0;
}

}  // namespace

std::optional<Vec2> ray_through(const Lens& lens, Vec2 guessed_ray) {
  const Vec2 bent = (1.0 / lens.focal_scale) * guessed_ray;
  const double seen = norm(bent);
  if (lens.k1 == 0.0 || seen < 1e-12) return bent;
  // Newton's method on r (1 + k1 r^2) = seen, below the fold of a negative k1.
  const double fold = lens.k1 < 0.0 ? std::sqrt(-1.0 / (3.0 * lens.k1)) : 1e9;
  double r = std::min(seen, 0.9 * fold);
  for (int i = 0; i < 30; ++i) {
    const double slope = 1.0 + 3.0 * lens.k1 * r * r;
    const double step = (r * (1.0 + lens.k1 * r * r) - seen) / std::max(slope, 0.05);
    r = std::clamp(r - step, 0.0, fold);
    if (std::abs(step) < 1e-13) break;
  }
  if (r > 0.97 * fold || std::abs(r * (1.0 + lens.k1 * r * r) - seen) > 1e-6) return std::nullopt;
  return (r / seen) * bent;
}

CameraProblem seen_through(const CameraProblem& guessed, const Lens& lens) {
  CameraProblem problem;
  problem.frames = guessed.frames;
  problem.focal_px = guessed.focal_px * lens.focal_scale;
  problem.frame_time_s = guessed.frame_time_s;
  problem.tracks.reserve(guessed.tracks.size());
  for (const RayTrack& track : guessed.tracks) {
    RayTrack seen;
    for (const RayObservation& o : track.observations) {
      const std::optional<Vec2> ray = ray_through(lens, o.ray);
      if (ray) seen.observations.push_back({o.frame, *ray});
    }
    problem.tracks.push_back(std::move(seen));
  }
  return problem;
}

std::optional<LensEstimate> adjust_lens(Bundle& bundle, double focal_px, double prior_share,
                                        const Lens& start, double huber_px) {
  std::vector<PoseBlock> cameras;
  for (const Pose& pose : bundle.camera_from_map) cameras.push_back(block_from_pose(pose));
  std::vector<HomogeneousPoint> points = bundle.points;
  std::array<double, 2> lens{std::log(start.focal_scale), start.k1};
  ceres::Problem::Options problem_options;
  problem_options.manifold_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
  problem_options.loss_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
  ceres::ProductManifold<ceres::QuaternionManifold, ceres::EuclideanManifold<3>> pose_manifold;
  ceres::SphereManifold<4> point_manifold;
  ceres::HuberLoss loss(huber_px);
  ceres::Problem problem(problem_options);
  auto ordering = std::make_shared<ceres::ParameterBlockOrdering>();
  Bundle rays = bundle;
  for (BundleObservation& o : rays.observations) o.ray = ray_through(start, o.ray).value_or(o.ray);
  const double noise_px = kNoiseInflation * noise_px_of(rays, focal_px * start.focal_scale);
  std::vector<char> camera_used(cameras.size(), 0), point_used(points.size(), 0);
  for (const BundleObservation& o : bundle.observations) {
    const auto c = static_cast<std::size_t>(o.camera);
    const auto p = static_cast<std::size_t>(o.point);
    if (!project_ray(bundle.camera_from_map[c], points[p])) continue;
    problem.AddResidualBlock(new LensResidual(o.ray, focal_px), &loss, cameras[c].data(),
                             points[p].data(), lens.data());
    camera_used[c] = point_used[p] = 1;
  }
  if (problem.NumResidualBlocks() == 0) return std::nullopt;
  problem.AddResidualBlock(new LensPrior(noise_px / prior_share, noise_px / kPriorK1), nullptr,
                           lens.data());
  for (std::size_t p = 0; p < points.size(); ++p) {
    if (point_used[p] == 0) continue;
    problem.SetManifold(points[p].data(), &point_manifold);
    ordering->AddElementToGroup(points[p].data(), 0);
  }
  bool anchored = false;
  for (std::size_t c = 0; c < cameras.size(); ++c) {
    if (camera_used[c] == 0) continue;
    ordering->AddElementToGroup(cameras[c].data(), 1);
    if (!anchored) {
      problem.SetParameterBlockConstant(cameras[c].data());
    } else {
      problem.SetManifold(cameras[c].data(), &pose_manifold);
    }
    anchored = true;
  }
  ordering->AddElementToGroup(lens.data(), 1);
  ceres::Solver::Options solver;
  solver.linear_solver_ordering = ordering;
  solver.linear_solver_type = ceres::DENSE_SCHUR;
  solver.dense_linear_algebra_library_type = ceres::EIGEN;
  solver.num_threads = 1;
  solver.max_num_iterations = 40;
  solver.function_tolerance = 1e-6;
  solver.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  solve_quietly(solver, problem, summary);
  if (!summary.IsSolutionUsable()) return std::nullopt;

  LensEstimate found;
  found.lens = {std::exp(lens[0]), lens[1]};
  for (std::size_t c = 0; c < cameras.size(); ++c) {
    bundle.camera_from_map[c] = pose_from_block(cameras[c]);
  }
  normalize_points(points);
  bundle.points = std::move(points);
  std::erase_if(bundle.observations, [&found](BundleObservation& o) {
    const std::optional<Vec2> ray = ray_through(found.lens, o.ray);
    if (ray) o.ray = *ray;
    return !ray;
  });
  int far = 0;
  double far_way = -1.0;
  for (std::size_t c = 0; c < bundle.camera_from_map.size(); ++c) {
    const double way =
        norm((bundle.camera_from_map[c] * inverse(bundle.camera_from_map[0])).position_m);
    if (way > far_way) {
      far_way = way;
      far = static_cast<int>(c);
    }
  }
  const double focal = focal_px * found.lens.focal_scale;
  const double after_px = kNoiseInflation * noise_px_of(bundle, focal);
  LensSigma sigma{prior_share / after_px, kPriorK1 / after_px};
  if (camera_sigmas(bundle, focal, 0, far, &sigma).empty()) return std::nullopt;
  found.focal_sigma_share = after_px * sigma.focal_share;
  found.k1_sigma = after_px * sigma.k1;
  return found;
}

std::optional<Calibration> calibrate(const CameraProblem& guessed, const std::vector<int>& frames,
                                     double prior_share, const TrackCameraOptions& options) {
  TrackCameraOptions rough = options;
  Calibration found;
  Lens lens;
  for (int round = 0; round < kRounds; ++round) {
    rough.max_residual_px = options.max_residual_px * (round == 0 ? kFirstSlack : 1.0);
    const CameraProblem problem = seen_through(guessed, lens);
    const std::optional<CameraMap> map =
        sketch_map(problem, frames, rough, kMostKeyframes, found.cameras);
    if (!map || map->keyframes.size() < kLeastKeyframes) return std::nullopt;
    const MapBuilder builder{&problem, &rough, sightings_by_frame(problem)};
    Bundle bundle = bundle_of(builder, *map, map->keyframes).bundle;
    for (BundleObservation& o : bundle.observations) {
      o.ray = (lens.focal_scale * (1.0 + lens.k1 * dot(o.ray, o.ray))) * o.ray;
    }
    const std::optional<LensEstimate> next =
        adjust_lens(bundle, guessed.focal_px, prior_share, lens, options.huber_px);
    if (!next) return std::nullopt;
    found.estimate = *next;
    found.cameras.clear();
    for (std::size_t k = 0; k < map->keyframes.size(); ++k) {
      found.cameras.push_back({map->keyframes[k], bundle.camera_from_map[k]});
    }
    const double moved = std::abs(std::log(next->lens.focal_scale / lens.focal_scale));
    lens = next->lens;
    if (round > 0 && moved < 0.01) break;
  }
  double& share = found.estimate.focal_sigma_share;
  if (share > kTellingShare * prior_share) return std::nullopt;
  share = std::hypot(share, kModelShare);
  return found;
}

}  // namespace hearth
