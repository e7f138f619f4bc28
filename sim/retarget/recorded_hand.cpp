// SPDX-License-Identifier: Apache-2.0
#include "sim/retarget/recorded_hand.h"

#include <algorithm>
#include <cmath>

namespace hearth {

namespace {

constexpr double kSmoothingS = 0.07;
constexpr double kThumbRestRad = 55.0 * 3.14159265358979323846 / 180.0;

double angle(Vec3 a, Vec3 b) { return std::atan2(norm(cross(a, b)), dot(a, b)); }

// Gaussian weights at row t, the window cut symmetrically so that the ends stay where they are.
template <class Use>
void for_window(std::size_t t, std::size_t rows, double sigma_rows, const Use& use) {
  const auto reach =
      std::min({static_cast<std::size_t>(std::ceil(3.0 * sigma_rows)), t, rows - 1 - t});
  for (std::size_t i = t - reach; i <= t + reach; ++i) {
    const double d = (static_cast<double>(i) - static_cast<double>(t)) / sigma_rows;
    use(i, std::exp(-0.5 * d * d));
  }
}

template <class T>
T at_row(const std::vector<T>& rows, double position, T (*mix)(const T&, const T&, double)) {
  const double last = static_cast<double>(rows.size()) - 1.0;
  const double p = std::clamp(position, 0.0, last);
  const auto low = static_cast<std::size_t>(p);
  const std::size_t high = std::min(low + 1, rows.size() - 1);
  return mix(rows[low], rows[high], p - static_cast<double>(low));
}

}  // namespace

void smooth(std::vector<Vec3>& points, double sigma_rows) {
  const std::vector<Vec3> in = points;
  for (std::size_t t = 0; t < in.size(); ++t) {
    Vec3 sum{};
    double weights = 0.0;
    for_window(t, in.size(), sigma_rows, [&](std::size_t i, double w) {
      sum = sum + w * in[i];
      weights += w;
    });
    points[t] = (1.0 / weights) * sum;
  }
}

void smooth(std::vector<Quat>& rotations, double sigma_rows) {
  const std::vector<Quat> in = rotations;
  for (std::size_t t = 0; t < in.size(); ++t) {
    Quat sum{0, 0, 0, 0};
    for_window(t, in.size(), sigma_rows, [&](std::size_t i, double w) {
      const Quat& q = in[i];
      const Quat& c = in[t];
      const double s = q.w * c.w + q.x * c.x + q.y * c.y + q.z * c.z < 0.0 ? -w : w;
      sum = {sum.w + s * q.w, sum.x + s * q.x, sum.y + s * q.y, sum.z + s * q.z};
    });
    rotations[t] = normalized(sum);
  }
}

Pose RecordedHand::wrist_at(double clip_s) const {
  return at_row<Pose>(world_from_wrist, clip_s * rate_hz,
                      [](const Pose& a, const Pose& b, double u) { return interpolate(a, b, u); });
}

FingerPosture RecordedHand::fingers_at(double clip_s) const {
  return at_row<FingerPosture>(fingers, clip_s * rate_hz,
                               [](const FingerPosture& a, const FingerPosture& b,
                                  double u) -> FingerPosture { return (1.0 - u) * a + u * b; });
}

FingerPosture fingers_from_joints(const HandSample& sample, HandSide side, const FingerPosture& low,
                                  const FingerPosture& high) {
  const double sign = side == HandSide::right ? 1.0 : -1.0;
  const Pose wrist_from_world = inverse(sample.world_from_wrist);
  const auto bone = [&](std::size_t from, std::size_t to) {
    return wrist_from_world.rotation *
           (sample.joints_in_world_m[to] - sample.joints_in_world_m[from]);
  };
  FingerPosture q;
  const Vec3 metacarpal = normalized(bone(1, 2));
  q(0) = std::atan2(metacarpal.x, sign * metacarpal.y);
  q(1) = kThumbRestRad - angle(metacarpal, {0, 0, 1});
  q(2) = angle(bone(1, 2), bone(2, 3));
  q(3) = angle(bone(2, 3), bone(3, 4));
  for (std::size_t f = 1; f < 5; ++f) {
    const std::size_t knuckle = 4 * f + 1;
    const auto i = static_cast<Eigen::Index>(4 * f);
    const Vec3 first = bone(knuckle, knuckle + 1);
    const Vec3 second = bone(knuckle + 1, knuckle + 2);
    q(i) = std::atan2(sign * first.y, std::hypot(first.x, first.z));
    q(i + 1) = std::atan2(first.x, first.z);
    q(i + 2) = angle(first, second);
    q(i + 3) = angle(second, bone(knuckle + 2, knuckle + 3));
  }
  return q.cwiseMax(low).cwiseMin(high);
}

RecordedHand resample_hand(const HandTrajectory& trajectory, double duration_s, double rate_hz,
                           const FingerPosture& low, const FingerPosture& high) {
  RecordedHand out;
  out.rate_hz = rate_hz;
  const auto rows = static_cast<std::size_t>(std::ceil(duration_s * rate_hz)) + 1;
  std::vector<std::size_t> known;
  std::vector<HandSample> samples(rows);
  for (std::size_t k = 0; k < rows; ++k) {
    const TimeNs time = ns_from_seconds(static_cast<double>(k) / rate_hz);
    if (sample_at(trajectory, time, samples[k])) known.push_back(k);
  }
  require(!known.empty(), "a recorded hand has samples");
  std::vector<Vec3> points(rows);
  std::vector<Quat> turns(rows);
  out.fingers.resize(rows);
  for (std::size_t k = 0; k < rows; ++k) {
    const auto after = std::lower_bound(known.begin(), known.end(), k);
    const std::size_t b = after == known.end() ? known.back() : *after;
    const std::size_t a = after == known.begin() || b == k ? b : *(after - 1);
    const std::size_t from = after == known.end() ? b : a;
    const double u =
        b == from ? 0.0 : static_cast<double>(k - from) / static_cast<double>(b - from);
    const Pose pose = interpolate(samples[from].world_from_wrist, samples[b].world_from_wrist, u);
    points[k] = pose.position_m;
    turns[k] = pose.rotation;
    out.fingers[k] = (1.0 - u) * fingers_from_joints(samples[from], trajectory.side, low, high) +
                     u * fingers_from_joints(samples[b], trajectory.side, low, high);
  }
  smooth(points, kSmoothingS * rate_hz);
  smooth(turns, kSmoothingS * rate_hz);
  std::vector<FingerPosture> fingers = out.fingers;
  for (std::size_t k = 0; k < rows; ++k) {
    FingerPosture sum = FingerPosture::Zero();
    double weights = 0.0;
    for_window(k, rows, kSmoothingS * rate_hz, [&](std::size_t i, double w) {
      sum += w * fingers[i];
      weights += w;
    });
    out.fingers[k] = sum / weights;
    out.world_from_wrist.push_back({points[k], turns[k]});
  }
  return out;
}

}  // namespace hearth
