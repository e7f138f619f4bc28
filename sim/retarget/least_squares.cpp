// SPDX-License-Identifier: Apache-2.0
#include "sim/retarget/least_squares.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <vector>

namespace hearth {

void NormalEquations::reset(Eigen::Index unknowns) {
  cost = 0.0;
  if (!with_derivatives) return;
  gradient.setZero(unknowns);
  matrix.setZero(unknowns, unknowns);
}

void NormalEquations::add(double residual, Eigen::Index first,
                          const Eigen::Ref<const Eigen::VectorXd>& values) {
  cost += residual * residual;
  if (!with_derivatives) return;
  const Eigen::Index n = values.size();
  gradient.segment(first, n) += residual * values;
  matrix.block(first, first, n, n).selfadjointView<Eigen::Lower>().rankUpdate(values);
}

void NormalEquations::add_single(double residual, Eigen::Index column, double value) {
  cost += residual * residual;
  if (!with_derivatives) return;
  gradient(column) += residual * value;
  matrix(column, column) += value * value;
}

namespace {

// Solves (H + lambda diag(H)) dx = -g on the free unknowns; frozen ones do not move.
Eigen::VectorXd damped_step(const NormalEquations& at_x, const std::vector<Eigen::Index>& free,
                            double lambda) {
  const auto n = static_cast<Eigen::Index>(free.size());
  Eigen::MatrixXd h(n, n);
  Eigen::VectorXd g(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const Eigen::Index row = free[static_cast<std::size_t>(i)];
    g(i) = -at_x.gradient(row);
    for (Eigen::Index j = 0; j <= i; ++j) {
      const Eigen::Index column = free[static_cast<std::size_t>(j)];
      h(i, j) = at_x.matrix(std::max(row, column), std::min(row, column));
    }
    h(i, i) += lambda * (at_x.matrix(row, row) + 1e-6);
  }
  const Eigen::VectorXd solved = h.selfadjointView<Eigen::Lower>().ldlt().solve(g);
  Eigen::VectorXd step = Eigen::VectorXd::Zero(at_x.gradient.size());
  for (Eigen::Index i = 0; i < n; ++i) step(free[static_cast<std::size_t>(i)]) = solved(i);
  return step;
}

std::vector<Eigen::Index> free_unknowns(const Eigen::VectorXd& x, const Eigen::VectorXd& low,
                                        const Eigen::VectorXd& high, const Eigen::VectorXd& g) {
  std::vector<Eigen::Index> free;
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const bool pushes_out = (x(i) <= low(i) && g(i) > 0.0) || (x(i) >= high(i) && g(i) < 0.0);
    if (!pushes_out) free.push_back(i);
  }
  return free;
}

}  // namespace

double minimize_in_box(Eigen::VectorXd& x, const Eigen::VectorXd& low, const Eigen::VectorXd& high,
                       const EvaluateResiduals& evaluate, const LeastSquaresOptions& options) {
  NormalEquations current;
  current.reset(x.size());
  evaluate(x, current);
  NormalEquations trial;
  trial.with_derivatives = false;
  double lambda = 1e-3;
  for (int iteration = 0; iteration < options.max_iterations; ++iteration) {
    const std::vector<Eigen::Index> free = free_unknowns(x, low, high, current.gradient);
    if (free.empty()) break;
    bool accepted = false;
    double decrease = 0.0;
    for (int attempt = 0; attempt < 6 && !accepted; ++attempt) {
      const Eigen::VectorXd candidate =
          (x + damped_step(current, free, lambda)).cwiseMax(low).cwiseMin(high);
      trial.reset(x.size());
      evaluate(candidate, trial);
      if (trial.cost < current.cost) {
        accepted = true;
        decrease = current.cost - trial.cost;
        x = candidate;
        lambda = std::max(1e-7, 0.3 * lambda);
      } else {
        lambda = std::min(1e7, 10.0 * lambda);
      }
    }
    if (!accepted) break;
    const bool converged = decrease < options.relative_decrease * current.cost + 1e-10;
    current.reset(x.size());
    evaluate(x, current);
    if (converged) break;
  }
  return current.cost;
}

}  // namespace hearth
