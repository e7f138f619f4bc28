// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Where a gyroscope's turning lies against a camera's, coarsely: parts of align_clock().

#include <hearth/perceive/align_clock.h>

#include <Eigen/Core>
#include <vector>

namespace hearth::clock {

inline constexpr int kMinIntervals = 40;  ///< Fewer frame intervals say nothing.

[[nodiscard]] inline Eigen::Vector3d eigen(Vec3 v) { return {v.x, v.y, v.z}; }

/// The gyroscope as a function of sensor time: its mean over an interval, exact for a rate that is
/// linear between samples.
class Gyro {
 public:
  explicit Gyro(const VectorStream& stream);
  [[nodiscard]] double first_s() const { return zero_s_; }
  [[nodiscard]] double last_s() const { return zero_s_ + time_s_.back(); }
  [[nodiscard]] bool covers(double from_s, double to_s) const {
    return from_s >= first_s() && to_s <= last_s();
  }
  [[nodiscard]] Eigen::Vector3d mean(double from_s, double to_s) const {
    return (integral_at(to_s) - integral_at(from_s)) / (to_s - from_s);
  }

 private:
  [[nodiscard]] Eigen::Vector3d integral_at(double at_s) const;

  double zero_s_ = 0.0;
  std::vector<double> time_s_{};
  std::vector<Eigen::Vector3d> rate_{};
  std::vector<Eigen::Vector3d> integral_{};
};

/// The camera's mean turning over one frame interval, episode time.
struct Interval {
  double from_s = 0.0;
  double to_s = 0.0;
  Eigen::Vector3d rate{};
};

/// Pearson's correlation; 0 where one side does not vary.
[[nodiscard]] double correlation(const std::vector<double>& a, const std::vector<double>& b);

struct Peak {
  double offset_s = 0.0;
  double height = -1.0;
};

struct Search {
  std::vector<Peak> peaks{};   ///< Best first.
  double fast_offset_s = 0.0;  ///< Best offset of the fast part of the turning alone.
};

/// Returns the offsets at which both turn equally much, by magnitude alone: the mounting does not
/// matter.
[[nodiscard]] Search search(const std::vector<Interval>& camera, const Gyro& gyro,
                            const AlignClockOptions& options);

}  // namespace hearth::clock
