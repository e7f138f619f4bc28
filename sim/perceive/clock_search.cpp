// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/clock_search.h"

#include <algorithm>
#include <cmath>

namespace hearth::clock {
namespace {

constexpr double kSlowS = 1.5;  // turning is slow if it lasts longer than this

// Less its mean over the neighbourhood: what is left is fast.
std::vector<double> fast_part(const std::vector<double>& values,
                              const std::vector<Interval>& camera) {
  std::vector<double> result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    double sum = 0.0;
    int count = 0;
    std::size_t k = i;
    while (k > 0 && camera[i].from_s - camera[k - 1].from_s < 0.5 * kSlowS) --k;
    for (; k < values.size() && camera[k].from_s - camera[i].from_s < 0.5 * kSlowS; ++k) {
      sum += values[k];
      ++count;
    }
    result[i] = values[i] - sum / count;
  }
  return result;
}

}  // namespace

Gyro::Gyro(const VectorStream& stream) {
  const TimeNs zero = stream.time_ns.front();
  for (std::size_t k = 0; k < stream.values.size(); ++k) {
    time_s_.push_back(seconds_from_ns(stream.time_ns[k] - zero));
    rate_.push_back(eigen(stream.values[k]));
  }
  integral_.assign(rate_.size(), Eigen::Vector3d::Zero());
  for (std::size_t k = 1; k < rate_.size(); ++k) {
    integral_[k] =
        integral_[k - 1] + 0.5 * (time_s_[k] - time_s_[k - 1]) * (rate_[k] + rate_[k - 1]);
  }
  zero_s_ = seconds_from_ns(zero);
}

Eigen::Vector3d Gyro::integral_at(double at_s) const {
  const double t = at_s - zero_s_;
  const auto next = std::upper_bound(time_s_.begin(), time_s_.end(), t);
  const auto k = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(
      next - time_s_.begin() - 1, 0, static_cast<std::ptrdiff_t>(time_s_.size()) - 2));
  const double span = time_s_[k + 1] - time_s_[k];
  const double u = std::clamp((t - time_s_[k]) / span, 0.0, 1.0);
  return integral_[k] + span * u * (rate_[k] + 0.5 * u * (rate_[k + 1] - rate_[k]));
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  double ma = 0.0;
  double mb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ma += a[i] / n;
    mb += b[i] / n;
  }
  double aa = 0.0;
  double bb = 0.0;
  double ab = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
    ab += (a[i] - ma) * (b[i] - mb);
  }
  return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

Search search(const std::vector<Interval>& camera, const Gyro& gyro,
              const AlignClockOptions& options) {
  Search result;
  std::vector<Peak> all;
  Peak fast;
  const int reach = static_cast<int>(std::ceil(options.max_offset_s / options.search_step_s));
  for (int lag = -reach; lag <= reach; ++lag) {
    const double offset = lag * options.search_step_s;
    std::vector<double> a;
    std::vector<double> b;
    std::vector<Interval> used;
    for (const Interval& c : camera) {
      if (!gyro.covers(c.from_s - offset, c.to_s - offset)) continue;
      a.push_back(c.rate.norm());
      b.push_back(gyro.mean(c.from_s - offset, c.to_s - offset).norm());
      used.push_back(c);
    }
    if (static_cast<int>(a.size()) < kMinIntervals) continue;
    all.push_back({offset, correlation(a, b)});
    const double high = correlation(fast_part(a, used), fast_part(b, used));
    if (high > fast.height) fast = {offset, high};
  }
  result.fast_offset_s = fast.offset_s;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const bool rises = k == 0 || all[k].height >= all[k - 1].height;
    const bool falls = k + 1 == all.size() || all[k].height > all[k + 1].height;
    if (rises && falls) result.peaks.push_back(all[k]);
  }
  std::stable_sort(result.peaks.begin(), result.peaks.end(),
                   [](const Peak& a, const Peak& b) { return a.height > b.height; });
  return result;
}

}  // namespace hearth::clock
