// SPDX-License-Identifier: Apache-2.0
#include "sim/reconstruct/level.h"

#include <hearth/core/rng.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace hearth::recon {
namespace {

constexpr double kDeg = 0.017453292519943295;
// Head cameras at work look down about this much; the spread of the mean roll over a clip.
constexpr double kUsualPitchRad = 38.0 * kDeg;
constexpr double kUsualPitchSigmaRad = 13.0 * kDeg;
constexpr double kRollSigmaRad = 4.0 * kDeg;
constexpr double kMaxRollRad = 14.0 * kDeg;
constexpr double kWeakPlaneSigmaRad = 5.0 * kDeg;
// Half thickness of a surface, as a share of its distance from the camera.
constexpr double kThicknessShare = 0.013;

struct View {
  Vec3 eye{};
  Vec3 right{};
  Vec3 down{};
  Vec3 forward{};
};

View mean_view(const Map& map) {
  View view;
  double count = 0.0;
  for (std::size_t f = 0; f < map.known.size(); ++f) {
    if (map.known[f] == 0) continue;
    const Pose& pose = map.map_from_camera[f];
    view.eye = view.eye + pose.position_m;
    view.right = view.right + pose.rotation * Vec3{1, 0, 0};
    view.down = view.down + pose.rotation * Vec3{0, 1, 0};
    view.forward = view.forward + pose.rotation * Vec3{0, 0, 1};
    count += 1.0;
  }
  if (count > 0.0) view.eye = (1.0 / count) * view.eye;
  view.right = normalized(view.right);
  view.down = normalized(view.down);
  view.forward = normalized(view.forward);
  return view;
}

// Points near the rays of the touches count most: the surface that matters lies there.
std::vector<double> touch_weights(const Map& map, const std::vector<TouchRay>& touches) {
  std::vector<double> weights;
  for (const Vec3& p : map.points) {
    double nearest = touches.empty() ? 0.0 : 3.0;
    for (const TouchRay& ray : touches) {
      const Vec3 to = normalized(p - ray.origin_in_map);
      const double angle = std::acos(std::clamp(dot(to, ray.direction_in_map), -1.0, 1.0));
      nearest = std::min(nearest, angle);
    }
    weights.push_back(std::exp(-0.5 * nearest * nearest / (0.3 * 0.3)) + 0.05);
  }
  return weights;
}

double thickness_at(const View& view, Vec3 p) { return kThicknessShare * norm(p - view.eye); }

// A plane that a level work surface could be, as a head camera sees it.
bool could_be_level(const View& view, Vec3 normal) {
  const double roll = std::asin(std::clamp(dot(normal, view.right), -1.0, 1.0));
  const double pitch = std::asin(std::clamp(-dot(normal, view.forward), -1.0, 1.0));
  return std::abs(roll) < kMaxRollRad && pitch > 2.0 * kDeg && pitch < 80.0 * kDeg &&
         dot(normal, view.down) < 0.0;
}

// How well a normal agrees with the usual posture: 1 at the mean.
double posture_weight(const View& view, Vec3 normal) {
  const double roll = std::asin(std::clamp(dot(normal, view.right), -1.0, 1.0));
  const double pitch = std::asin(std::clamp(-dot(normal, view.forward), -1.0, 1.0));
  const double r = roll / (1.5 * kRollSigmaRad);
  const double p = (pitch - kUsualPitchRad) / (1.5 * kUsualPitchSigmaRad);
  return std::exp(-0.5 * (r * r + p * p));
}

struct PlaneFit {
  Vec3 normal{};
  double offset = 0.0;
  double score = -1.0;
  double sigma_rad = 0.0;
  int inliers = 0;
};

// Weighted total least squares over soft inliers, repeated.
void refine(PlaneFit& plane, const Map& map, const View& view, const std::vector<double>& weights) {
  for (int round = 0; round < 6; ++round) {
    double sum = 0.0;
    Vec3 mean{};
    std::vector<double> soft(map.points.size(), 0.0);
    for (std::size_t i = 0; i < map.points.size(); ++i) {
      const double r = (dot(plane.normal, map.points[i]) - plane.offset) /
                       (1.5 * thickness_at(view, map.points[i]));
      if (std::abs(r) >= 1.0) continue;
      soft[i] = weights[i] * (1.0 - r * r) * (1.0 - r * r);
      sum += soft[i];
      mean = mean + soft[i] * map.points[i];
    }
    if (sum <= 0.0) return;
    mean = (1.0 / sum) * mean;
    Eigen::Matrix3d scatter = Eigen::Matrix3d::Zero();
    plane.inliers = 0;
    for (std::size_t i = 0; i < map.points.size(); ++i) {
      if (soft[i] <= 0.0) continue;
      ++plane.inliers;
      const Vec3 d = map.points[i] - mean;
      const Eigen::Vector3d v(d.x, d.y, d.z);
      scatter += soft[i] / sum * v * v.transpose();
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(scatter);
    const Eigen::Vector3d n = solver.eigenvectors().col(0);
    Vec3 normal{n.x(), n.y(), n.z()};
    if (dot(normal, plane.normal) < 0.0) normal = -normal;
    plane.normal = normalized(normal);
    plane.offset = dot(plane.normal, mean);
    const double thin = std::max(solver.eigenvalues()(0), 0.0);
    const double wide = std::max(solver.eigenvalues()(1), 1e-12);
    plane.sigma_rad = std::sqrt(thin / wide / std::max(1, plane.inliers - 3));
  }
}

PlaneFit best_plane(const Map& map, const View& view, const std::vector<double>& weights,
                    std::uint64_t seed) {
  PlaneFit best;
  if (map.points.size() < 12) return best;
  std::vector<double> cumulative;
  double total = 0.0;
  for (const double w : weights) cumulative.push_back(total += w);
  Rng rng(seed, 0, "plane_ransac");
  const auto draw = [&]() {
    const double u = rng.uniform() * total;
    const auto it = std::upper_bound(cumulative.begin(), cumulative.end(), u);
    return std::min(static_cast<std::size_t>(it - cumulative.begin()), map.points.size() - 1);
  };
  for (int i = 0; i < 1500; ++i) {
    const Vec3 a = map.points[draw()];
    const Vec3 b = map.points[draw()];
    const Vec3 c = map.points[draw()];
    Vec3 normal = cross(b - a, c - a);
    const double area = norm(normal);
    if (area < 1e-4 * dot(a - view.eye, a - view.eye)) continue;
    normal = (1.0 / area) * normal;
    if (dot(normal, view.eye - a) < 0.0) normal = -normal;
    if (!could_be_level(view, normal)) continue;
    const double offset = dot(normal, a);
    double score = 0.0;
    for (std::size_t k = 0; k < map.points.size(); ++k) {
      const double r = (dot(normal, map.points[k]) - offset) / thickness_at(view, map.points[k]);
      if (std::abs(r) < 1.0) score += weights[k] * (1.0 - r * r);
    }
    score *= 0.3 + 0.7 * posture_weight(view, normal);
    if (score > best.score) best = {normal, offset, score, 0.0, 0};
  }
  if (best.score > 0.0) refine(best, map, view, weights);
  return best;
}

std::string degrees(double rad) {
  const int tenths = static_cast<int>(std::lround(rad / kDeg * 10.0));
  return std::to_string(tenths / 10) + "." + std::to_string(std::abs(tenths % 10)) + " deg";
}

}  // namespace

Up find_up(const Tracks& tracks, const Map& map, const std::vector<TouchRay>& touches,
           std::uint64_t seed, Diagnostics& diagnostics) {
  if (tracks.up_in_map) {
    return {normalized(*tracks.up_in_map), 0.5 * kDeg,
            tracks.source == "truth" ? Source::truth : Source::measured};
  }
  const View view = mean_view(map);
  const std::vector<double> weights = touch_weights(map, touches);
  double total = 0.0;
  for (const double w : weights) total += w;
  const PlaneFit plane = best_plane(map, view, weights, seed);
  if (plane.inliers >= 15 && plane.score > 0.12 * total && could_be_level(view, plane.normal)) {
    // The plane tells both angles; the usual roll steadies one of them.
    const double sigma = std::max(plane.sigma_rad, 1.0 * kDeg);
    const double roll = std::asin(std::clamp(dot(plane.normal, view.right), -1.0, 1.0));
    const double share = sigma * sigma / (sigma * sigma + kRollSigmaRad * kRollSigmaRad);
    const Vec3 about = cross(plane.normal, view.right);
    const Vec3 up = quat_from_rotation_vector(-share * roll * normalized(about)) * plane.normal;
    diagnostics.add(Severity::note, "up_from_surface",
                    "vertical was taken from the work surface, " + std::to_string(plane.inliers) +
                        " points, roll of the camera " + degrees(roll) + ", sigma " +
                        degrees(2.0 * sigma));
    return {normalized(up), 2.0 * sigma, Source::measured};
  }
  if (plane.inliers >= 30 && plane.score > 0.03 * total && could_be_level(view, plane.normal)) {
    // A plane among much else: posture steadies both of its angles.
    const double share_roll =
        kWeakPlaneSigmaRad * kWeakPlaneSigmaRad /
        (kWeakPlaneSigmaRad * kWeakPlaneSigmaRad + kRollSigmaRad * kRollSigmaRad);
    const double share_pitch =
        kWeakPlaneSigmaRad * kWeakPlaneSigmaRad /
        (kWeakPlaneSigmaRad * kWeakPlaneSigmaRad + kUsualPitchSigmaRad * kUsualPitchSigmaRad);
    const double roll = std::asin(std::clamp(dot(plane.normal, view.right), -1.0, 1.0));
    const double pitch = std::asin(std::clamp(-dot(plane.normal, view.forward), -1.0, 1.0));
    const double r = std::sin((1.0 - share_roll) * roll);
    const double f = std::sin(pitch + share_pitch * (kUsualPitchRad - pitch));
    const Vec3 up = r * view.right - f * view.forward -
                    std::sqrt(std::max(0.0, 1.0 - r * r - f * f)) * view.down;
    diagnostics.add(Severity::guess, "up_from_few_points",
                    "vertical rests on a surface of only " + std::to_string(plane.inliers) +
                        " of " + std::to_string(map.points.size()) +
                        " points and on how head cameras are usually held, sigma " +
                        degrees(kWeakPlaneSigmaRad));
    return {normalized(up), kWeakPlaneSigmaRad, Source::measured};
  }
  Vec3 up = -std::cos(kUsualPitchRad) * view.down - std::sin(kUsualPitchRad) * view.forward;
  up = normalized(up - dot(up, view.right) * view.right);
  diagnostics.add(Severity::guess, "up_guessed",
                  "no level surface was found; vertical was assumed from how head cameras are "
                  "usually held, sigma " +
                      degrees(kUsualPitchSigmaRad));
  return {up, kUsualPitchSigmaRad, Source::prior};
}

std::vector<Level> find_levels(const Map& map, const Up& up, const std::vector<TouchRay>& touches) {
  std::vector<Level> levels;
  if (map.points.size() < 12) return levels;
  const View view = mean_view(map);
  const std::vector<double> weights = touch_weights(map, touches);
  double total = 0.0;
  for (const double w : weights) total += w;
  std::vector<std::uint8_t> used(map.points.size(), 0);
  std::vector<double> heights;
  for (const Vec3& p : map.points) heights.push_back(dot(up.in_map, p));
  const double eye = dot(up.in_map, view.eye);
  for (int round = 0; round < 4; ++round) {
    double best_score = 0.0;
    double best = 0.0;
    for (std::size_t c = 0; c < heights.size(); ++c) {
      if (used[c] != 0 || heights[c] >= eye) continue;
      double score = 0.0;
      for (std::size_t i = 0; i < heights.size(); ++i) {
        const double r = (heights[i] - heights[c]) / thickness_at(view, map.points[i]);
        if (used[i] == 0 && std::abs(r) < 1.0) score += weights[i] * (1.0 - r * r);
      }
      if (score > best_score) {
        best_score = score;
        best = heights[c];
      }
    }
    if (best_score < (round == 0 ? 0.04 : 0.06) * total) break;
    Level level;
    level.near_touch = best_score / total;
    for (int step = 0; step < 8; ++step) {  // Tukey mean
      double sum = 0.0;
      double weight = 0.0;
      double square = 0.0;
      int count = 0;
      for (std::size_t i = 0; i < heights.size(); ++i) {
        const double r = (heights[i] - best) / (1.5 * thickness_at(view, map.points[i]));
        if (used[i] != 0 || std::abs(r) >= 1.0) continue;
        const double w = weights[i] * (1.0 - r * r) * (1.0 - r * r);
        sum += w * heights[i];
        weight += w;
        square += w * (heights[i] - best) * (heights[i] - best);
        ++count;
      }
      if (weight <= 0.0) break;
      best = sum / weight;
      level.sigma = std::sqrt(square / weight / std::max(1, count / 4));
    }
    level.height = best;
    for (std::size_t i = 0; i < heights.size(); ++i) {
      if (used[i] != 0 || std::abs(heights[i] - best) > 1.5 * thickness_at(view, map.points[i])) {
        continue;
      }
      level.inliers.push_back(map.points[i]);
      used[i] = 1;
    }
    // Leave a margin around the surface, or its fringe would be the next one.
    for (std::size_t i = 0; i < heights.size(); ++i) {
      if (std::abs(heights[i] - best) < 3.0 * thickness_at(view, map.points[i])) used[i] = 1;
    }
    if (level.inliers.size() >= 10) levels.push_back(std::move(level));
  }
  return levels;
}

}  // namespace hearth::recon
