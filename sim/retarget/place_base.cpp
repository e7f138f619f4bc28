// SPDX-License-Identifier: Apache-2.0
#include "sim/retarget/place_base.h"

#include <algorithm>
#include <cmath>

#include "sim/retarget/eigen.h"

namespace hearth {

namespace {

using Eigen::VectorXd;

constexpr double kKeySigmaM = 0.004;
constexpr double kKeySigmaRad = 0.04;
constexpr double kBodyToEdgeM = 0.14;  // from the base's axis to a support's edge

// How far the base's axis is inside the supports' outline grown by kBodyToEdgeM, and where to go.
void add_keep_out(const Eigen::Vector4d& base, const std::vector<Support>& supports,
                  NormalEquations& out) {
  for (const Support& support : supports) {
    const Vec3 p = inverse(support.world_from_support) *
                   Vec3{base(0), base(1), support.world_from_support.position_m.z};
    const double depth_x = 0.5 * support.size_m.x + kBodyToEdgeM - std::abs(p.x);
    const double depth_y = 0.5 * support.size_m.y + kBodyToEdgeM - std::abs(p.y);
    if (depth_x <= 0.0 || depth_y <= 0.0) continue;
    const Vec3 outward =
        depth_x < depth_y ? Vec3{p.x < 0 ? -1.0 : 1.0, 0, 0} : Vec3{0, p.y < 0 ? -1.0 : 1.0, 0};
    const Vec3 in_world = support.world_from_support.rotation * outward;
    const double sigma = support.extent_inferred ? 0.15 : 0.02;
    VectorXd row(2);
    row << -in_world.x / sigma, -in_world.y / sigma;
    out.add(std::min(depth_x, depth_y) / sigma, 0, row);
  }
}

struct BaseProblem {
  Kinematics& kinematics;
  JointChain whole;  // base, then arm
  const JointChain& arm;
  const std::vector<Pose>& keys;
  const BasePrior& prior;
  const std::vector<Support>& supports;
  std::vector<double> positions;

  void evaluate(const VectorXd& x, NormalEquations& out) {
    const Eigen::Index n = arm.size();
    for (Eigen::Index i = 0; i < 4; ++i) {
      out.add_single((x(i) - prior.base(i)) / prior.sigma(i), i, 1.0 / prior.sigma(i));
    }
    add_keep_out(x.head<4>(), supports, out);
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const Eigen::Index first = 4 + n * static_cast<Eigen::Index>(k);
      VectorXd values(4 + n);
      values << x.head<4>(), x.segment(first, n);
      scatter(whole, values, positions);
      kinematics.set_positions(positions);
      const PoseError pose = pose_error(kinematics, whole, keys[k], out.with_derivatives);
      for (int r = 0; r < 6; ++r) {
        const double weight = 1.0 / (r < 3 ? kKeySigmaM : kKeySigmaRad);
        VectorXd row = VectorXd::Zero(x.size());
        if (out.with_derivatives) {
          row.head<4>() = weight * pose.jacobian.row(r).head<4>().transpose();
          row.segment(first, n) = weight * pose.jacobian.row(r).tail(n).transpose();
        }
        out.add(weight * pose.error(r), row);
      }
      for (Eigen::Index i = 0; i < n; ++i) {
        const double weight = 1.0 / posture_sigma(arm, i);
        out.add_single(weight * (x(first + i) - arm.nominal(i)), first + i, weight);
      }
    }
  }

  PlacedBase read(const VectorXd& x, double cost) {
    PlacedBase out;
    out.base = x.head<4>();
    out.cost = cost;
    const Eigen::Index n = arm.size();
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const Eigen::Index first = 4 + n * static_cast<Eigen::Index>(k);
      VectorXd values(4 + n);
      values << x.head<4>(), x.segment(first, n);
      scatter(whole, values, positions);
      kinematics.set_positions(positions);
      const PoseError pose = pose_error(kinematics, whole, keys[k], false);
      out.arm.push_back(x.segment(first, n));
      out.worst_position_m = std::max(out.worst_position_m, pose.error.head<3>().norm());
      out.worst_rotation_rad = std::max(out.worst_rotation_rad, pose.error.tail<3>().norm());
    }
    return out;
  }
};

JointChain join(const JointChain& a, const JointChain& b) {
  JointChain out = b;
  out.joints = a.joints;
  out.joints.insert(out.joints.end(), b.joints.begin(), b.joints.end());
  const auto stack = [](const VectorXd& x, const VectorXd& y) {
    VectorXd both(x.size() + y.size());
    both << x, y;
    return both;
  };
  out.low = stack(a.low, b.low);
  out.high = stack(a.high, b.high);
  out.nominal = stack(a.nominal, b.nominal);
  out.max_speed = stack(a.max_speed, b.max_speed);
  return out;
}

}  // namespace

double posture_sigma(const JointChain& chain, Eigen::Index i) {
  // Narrow joints and the stiff waist stay near their nominal value, wide ones are free.
  const double range = chain.high(i) - chain.low(i);
  return chain.max_speed(i) < 3.0 ? 0.25 : std::clamp(0.35 * range, 0.35, 1.2);
}

PlacedBase place_base(Kinematics& kinematics, const JointChain& base, const JointChain& arm,
                      const std::vector<Pose>& keys, const BasePrior& prior,
                      const std::vector<Support>& supports) {
  BaseProblem problem{kinematics,
                      join(base, arm),
                      arm,
                      keys,
                      prior,
                      supports,
                      std::vector<double>(static_cast<std::size_t>(kinematics.joint_count()), 0.0)};
  const auto keys_count = static_cast<Eigen::Index>(keys.size());
  const Eigen::Index unknowns = 4 + arm.size() * keys_count;
  VectorXd low(unknowns);
  VectorXd high(unknowns);
  low << base.low, arm.low.replicate(keys_count, 1);
  high << base.high, arm.high.replicate(keys_count, 1);

  PlacedBase best;
  best.cost = 1e300;
  for (const double turn : {0.0, 0.7, -0.7}) {
    VectorXd x(unknowns);
    Eigen::Vector4d start = prior.base;
    start(2) += turn;
    x << start, arm.nominal.replicate(keys_count, 1);
    x = x.cwiseMax(low).cwiseMin(high);
    const double cost = minimize_in_box(
        x, low, high, [&](const VectorXd& at, NormalEquations& out) { problem.evaluate(at, out); },
        {.max_iterations = 40, .relative_decrease = 1e-3});
    if (cost < best.cost) best = problem.read(x, cost);
  }
  return best;
}

}  // namespace hearth
