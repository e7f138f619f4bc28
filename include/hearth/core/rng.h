// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011). A generator is named by (seed, unit, stream), so sample i never depends
/// on sample i - 1, on another purpose or on the number of workers.

#include <cstdint>
#include <string_view>

namespace hearth {

/// A stream of random numbers. Copies continue independently from the same place.
class Rng {
 public:
  /// @param seed    The user's seed.
  /// @param unit    Index of the item: variant, take, replicate.
  /// @param stream  Purpose, for example "object_yaw". One stream per purpose.
  Rng(std::uint64_t seed, std::uint64_t unit, std::string_view stream);

  [[nodiscard]] std::uint32_t next_u32();
  [[nodiscard]] std::uint64_t next_u64();
  /// Uniform in [0, 1), 53 bits.
  [[nodiscard]] double uniform();
  /// Uniform in [low, high).
  [[nodiscard]] double uniform(double low, double high);
  /// exp of a uniform value between log(low) and log(high); 0 < low <= high.
  [[nodiscard]] double log_uniform(double low, double high);
  /// Standard normal (Box-Muller on two uniforms).
  [[nodiscard]] double normal();
  /// Uniform in {0, ..., n - 1}; n >= 1.
  [[nodiscard]] std::uint64_t index(std::uint64_t n);

 private:
  std::uint32_t key_[2] = {0, 0};
  std::uint32_t counter_[4] = {0, 0, 0, 0};
  std::uint32_t block_[4] = {0, 0, 0, 0};
  int used_ = 4;
};

}  // namespace hearth
