// SPDX-License-Identifier: Apache-2.0
#include "sim/retarget/solve_clip.h"

#include <algorithm>
#include <cmath>

#include "sim/retarget/place_base.h"

namespace hearth {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kSpeedSigma = 0.4;           // rad or m per row
constexpr double kAccelerationSigma = 0.012;  // rad or m per row squared
constexpr double kSpeedShare = 0.9;           // of the limit, above which speed is discouraged
constexpr double kExcessSigma = 0.003;
constexpr double kPostureShare = 0.15;  // posture matters less than in base placement

// Symmetric positive definite matrix with `width` entries per row up to the diagonal.
class Band {
 public:
  Band(Index size, Index width) : values_(MatrixXd::Zero(width, size)) {}
  double& at(Index row, Index column) { return values_(row - column, column); }
  [[nodiscard]] Index size() const { return values_.cols(); }
  [[nodiscard]] Index width() const { return values_.rows(); }

  /// In-place Cholesky; false if not positive definite.
  bool factorize() {
    for (Index j = 0; j < size(); ++j) {
      const Index below = std::min(width(), size() - j);
      const double pivot = values_(0, j);
      if (!(pivot > 0.0)) return false;
      const double root = std::sqrt(pivot);
      values_.col(j).head(below) /= root;
      for (Index k = 1; k < below; ++k) {
        values_.col(j + k).head(below - k) -= values_(k, j) * values_.col(j).segment(k, below - k);
      }
    }
    return true;
  }

  void solve(VectorXd& b) const {
    for (Index j = 0; j < size(); ++j) {
      b(j) /= values_(0, j);
      const Index below = std::min(width(), size() - j) - 1;
      if (below > 0) b.segment(j + 1, below) -= b(j) * values_.col(j).segment(1, below);
    }
    for (Index j = size() - 1; j >= 0; --j) {
      const Index below = std::min(width(), size() - j) - 1;
      if (below > 0) b(j) -= values_.col(j).segment(1, below).dot(b.segment(j + 1, below));
      b(j) /= values_(0, j);
    }
  }

 private:
  MatrixXd values_;
};

struct ClipProblem {
  Kinematics& kinematics;
  const JointChain& chain;
  const std::vector<PoseTarget>& targets;
  const Table& postures;
  std::vector<double>& positions;
  double rate_hz;

  [[nodiscard]] Index rows() const { return static_cast<Index>(targets.size()); }
  [[nodiscard]] Index unknown(Index row, Index joint) const { return row * chain.size() + joint; }

  // Smoothness residuals; calls add(residual, unknowns, coefficients).
  template <class Add>
  void smoothness(const MatrixXd& q, const Add& add) const {
    for (Index t = 0; t < rows(); ++t) {
      for (Index j = 0; j < chain.size(); ++j) {
        const double weight = kPostureShare / posture_sigma(chain, j);
        add(weight * (q(t, j) - chain.nominal(j)), std::array<Index, 3>{unknown(t, j), -1, -1},
            std::array<double, 3>{weight, 0, 0});
        if (t < 1) continue;
        const double step = q(t, j) - q(t - 1, j);
        const std::array<Index, 3> two{unknown(t, j), unknown(t - 1, j), -1};
        add(step / kSpeedSigma, two, std::array<double, 3>{1 / kSpeedSigma, -1 / kSpeedSigma, 0});
        const double excess = std::abs(step) - kSpeedShare * chain.max_speed(j) / rate_hz;
        if (excess > 0.0) {
          const double sign = step > 0.0 ? 1.0 : -1.0;
          add(excess / kExcessSigma, two,
              std::array<double, 3>{sign / kExcessSigma, -sign / kExcessSigma, 0});
        }
        if (t < 2) continue;
        const double w = 1 / kAccelerationSigma;
        add(w * (q(t, j) - 2 * q(t - 1, j) + q(t - 2, j)),
            std::array<Index, 3>{unknown(t, j), unknown(t - 1, j), unknown(t - 2, j)},
            std::array<double, 3>{w, -2 * w, w});
      }
    }
  }

  PoseError wrist(const MatrixXd& q, Index t, bool with_jacobian) const {
    const auto first = postures.values.begin() + t * static_cast<Index>(postures.columns);
    std::copy_n(first, postures.columns, positions.begin());
    scatter(chain, q.row(t).transpose(), positions);
    kinematics.set_positions(positions);
    const PoseTarget& target = targets[static_cast<std::size_t>(t)];
    PoseError pose = pose_error(kinematics, chain, target.world_from_body, with_jacobian);
    pose.error.head<3>() /= target.position_sigma_m;
    pose.error.tail<3>() /= target.rotation_sigma_rad;
    if (with_jacobian) {
      pose.jacobian.topRows<3>() /= target.position_sigma_m;
      pose.jacobian.bottomRows<3>() /= target.rotation_sigma_rad;
    }
    return pose;
  }

  double cost(const MatrixXd& q) const {
    double sum = 0.0;
    for (Index t = 0; t < rows(); ++t) sum += wrist(q, t, false).error.squaredNorm();
    smoothness(q, [&](double residual, const auto&, const auto&) { sum += residual * residual; });
    return sum;
  }

  double assemble(const MatrixXd& q, Band& band, VectorXd& gradient) const {
    double sum = 0.0;
    for (Index t = 0; t < rows(); ++t) {
      const PoseError pose = wrist(q, t, true);
      sum += pose.error.squaredNorm();
      const MatrixXd block = pose.jacobian.transpose() * pose.jacobian;
      const VectorXd g = pose.jacobian.transpose() * pose.error;
      for (Index i = 0; i < chain.size(); ++i) {
        gradient(unknown(t, i)) += g(i);
        for (Index j = 0; j <= i; ++j) band.at(unknown(t, i), unknown(t, j)) += block(i, j);
      }
    }
    smoothness(q, [&](double residual, const auto& at, const auto& value) {
      sum += residual * residual;
      for (std::size_t a = 0; a < 3 && at[a] >= 0; ++a) {
        gradient(at[a]) += residual * value[a];
        for (std::size_t b = a; b < 3 && at[b] >= 0; ++b) {
          band.at(at[a], at[b]) += value[a] * value[b];
        }
      }
    });
    return sum;
  }
};

// Unknowns at a bound that the descent would push outward keep their value.
void freeze(const JointChain& chain, const MatrixXd& q, Band& band, VectorXd& gradient) {
  for (Index t = 0; t < q.rows(); ++t) {
    for (Index j = 0; j < chain.size(); ++j) {
      const Index u = t * chain.size() + j;
      const bool out = (q(t, j) <= chain.low(j) && gradient(u) > 0.0) ||
                       (q(t, j) >= chain.high(j) && gradient(u) < 0.0);
      if (!out) continue;
      gradient(u) = 0.0;
      for (Index k = 1; k < band.width(); ++k) {
        if (u + k < band.size()) band.at(u + k, u) = 0.0;
        if (u - k >= 0) band.at(u, u - k) = 0.0;
      }
    }
  }
}

}  // namespace

MatrixXd solve_clip(Kinematics& kinematics, const JointChain& chain,
                    const std::vector<PoseTarget>& targets, MatrixXd q, const Table& rows,
                    double rate_hz) {
  std::vector<double> positions(rows.columns);
  const ClipProblem problem{kinematics, chain, targets, rows, positions, rate_hz};
  const Index unknowns = q.size();
  const Index width = 3 * chain.size();
  double lambda = 1e-3;
  for (int iteration = 0; iteration < 25; ++iteration) {
    Band band(unknowns, width);
    VectorXd gradient = VectorXd::Zero(unknowns);
    const double before = problem.assemble(q, band, gradient);
    freeze(chain, q, band, gradient);
    bool accepted = false;
    double after = before;
    for (int attempt = 0; attempt < 6 && !accepted; ++attempt) {
      Band damped = band;
      for (Index u = 0; u < unknowns; ++u) damped.at(u, u) *= 1.0 + lambda;
      VectorXd step = -gradient;
      MatrixXd candidate = q;
      if (damped.factorize()) {
        damped.solve(step);
        for (Index t = 0; t < q.rows(); ++t) {
          for (Index j = 0; j < q.cols(); ++j) {
            candidate(t, j) =
                std::clamp(q(t, j) + step(problem.unknown(t, j)), chain.low(j), chain.high(j));
          }
        }
        after = problem.cost(candidate);
      }
      accepted = after < before;
      if (accepted) q = candidate;
      lambda = accepted ? std::max(1e-7, 0.2 * lambda) : std::min(1e6, 10.0 * lambda);
    }
    if (!accepted || before - after < 1e-4 * before) break;
  }
  return q;
}

}  // namespace hearth
