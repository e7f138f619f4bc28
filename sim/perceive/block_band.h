// SPDX-License-Identifier: Apache-2.0
#pragma once

// Symmetric positive systems in which a frame is tied to the next two only. Private to the module.

#include <Eigen/Core>
#include <cstddef>
#include <vector>

namespace hearth::hands {

/// Normal equations of a hand fit: 43 unknowns a frame (wrist 3, twenty bones 2 each).
class BlockBand {
 public:
  static constexpr int kSize = 43;
  using Block = Eigen::Matrix<double, kSize, kSize>;
  using Column = Eigen::Matrix<double, kSize, 1>;

  explicit BlockBand(std::size_t frames)
      : diagonal_(frames), next_(frames), second_(frames), gradient_(frames) {}

  void clear();
  [[nodiscard]] Block& diagonal(std::size_t t) { return diagonal_[t]; }
  /// The block of frames (t, t + ahead), ahead 0, 1 or 2.
  [[nodiscard]] Block& block(std::size_t t, std::size_t ahead) {
    return ahead == 0 ? diagonal_[t] : ahead == 1 ? next_[t] : second_[t];
  }
  [[nodiscard]] Column& gradient(std::size_t t) { return gradient_[t]; }

  /// Solves (H + damping diag(H)) x = -gradient by block Cholesky; empty if H is not positive.
  [[nodiscard]] std::vector<Eigen::VectorXd> solve(double damping) const;

 private:
  std::vector<Block> diagonal_;
  std::vector<Block> next_;
  std::vector<Block> second_;
  std::vector<Column> gradient_;
};

}  // namespace hearth::hands
