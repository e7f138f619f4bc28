// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/block_band.h"

#include <Eigen/Cholesky>

namespace hearth::hands {

void BlockBand::clear() {
  for (std::size_t t = 0; t < diagonal_.size(); ++t) {
    diagonal_[t].setZero();
    next_[t].setZero();
    second_[t].setZero();
    gradient_[t].setZero();
  }
}

std::vector<Eigen::VectorXd> BlockBand::solve(double damping) const {
  // H = L L^T with L holding per row t: far_[t] at t - 2, near[t] at t - 1, own[t] at t.
  const std::size_t count = diagonal_.size();
  std::vector<Block> own(count);
  std::vector<Block> near(count);
  std::vector<Block> far(count);
  std::vector<Column> y(count);
  for (std::size_t t = 0; t < count; ++t) {
    Block h = diagonal_[t];
    h.diagonal() += damping * (h.diagonal().array() + 1e-9).matrix();
    Column g = -gradient_[t];
    if (t >= 2) {
      // far = second^T own^-T: solve own far^T = second.
      Block transposed = second_[t - 2];
      own[t - 2].triangularView<Eigen::Lower>().solveInPlace(transposed);
      far[t] = transposed.transpose();
      h.noalias() -= far[t] * transposed;
      g.noalias() -= far[t] * y[t - 2];
    }
    if (t >= 1) {
      Block transposed = next_[t - 1];
      if (t >= 2) {
        transposed.noalias() -= near[t - 1] * far[t].transpose();
      }
      own[t - 1].triangularView<Eigen::Lower>().solveInPlace(transposed);
      near[t] = transposed.transpose();
      h.noalias() -= near[t] * transposed;
      g.noalias() -= near[t] * y[t - 1];
    }
    const Eigen::LLT<Block> cholesky(h);
    if (cholesky.info() != Eigen::Success) {
      return {};
    }
    own[t] = cholesky.matrixL();
    y[t] = own[t].triangularView<Eigen::Lower>().solve(g);
  }
  std::vector<Eigen::VectorXd> x(count);
  for (std::size_t t = count; t-- > 0;) {
    Column right = y[t];
    if (t + 1 < count) {
      right.noalias() -= near[t + 1].transpose() * x[t + 1];
    }
    if (t + 2 < count) {
      right.noalias() -= far[t + 2].transpose() * x[t + 2];
    }
    x[t] = own[t].triangularView<Eigen::Lower>().transpose().solve(right);
  }
  return x;
}

}  // namespace hearth::hands
