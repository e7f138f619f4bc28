// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Private: Levenberg-Marquardt in a box by an active set, dense (retarget's problems have < 120
/// unknowns). A joint at its bound whose step would push outward is frozen for that step.

#include <Eigen/Core>
#include <functional>

namespace hearth {

/// Gathers cost, gradient and Gauss-Newton matrix of a sum of squared residuals.
struct NormalEquations {
  double cost = 0.0;
  Eigen::VectorXd gradient;  ///< J^T r.
  Eigen::MatrixXd matrix;    ///< J^T J, lower triangle.
  bool with_derivatives = true;

  void reset(Eigen::Index unknowns);
  /// Adds one residual whose row of J is zero apart from `values` starting at column `first`.
  void add(double residual, Eigen::Index first, const Eigen::Ref<const Eigen::VectorXd>& values);
  /// Adds one residual with a full row.
  void add(double residual, const Eigen::Ref<const Eigen::VectorXd>& row) { add(residual, 0, row); }
  /// Adds one residual that depends on a single unknown.
  void add_single(double residual, Eigen::Index column, double value);
};

using EvaluateResiduals = std::function<void(const Eigen::VectorXd& x, NormalEquations& out)>;

struct LeastSquaresOptions {
  int max_iterations = 30;
  double relative_decrease = 1e-5;  ///< Stop when the cost falls by less than this share.
};

/// Minimises in place; `x` starts and stays within [low, high]. Returns the final cost.
double minimize_in_box(Eigen::VectorXd& x, const Eigen::VectorXd& low, const Eigen::VectorXd& high,
                       const EvaluateResiduals& evaluate, const LeastSquaresOptions& options = {});

}  // namespace hearth
