// SPDX-License-Identifier: Apache-2.0
#include <hearth/perceive/align_clock.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "sim/perceive/clock_search.h"

namespace hearth {
namespace {

using clock::correlation;
using clock::eigen;
using clock::Gyro;
using clock::Interval;
using clock::kMinIntervals;
using clock::Peak;
using clock::Search;

constexpr int kSteps = 20;
constexpr double kBlockS = 1.0;    // residuals farther apart are taken as independent
constexpr double kApartS = 0.05;   // two peaks nearer than this are one
constexpr double kTwoSided = 2.1;  // 95 % of a t distribution with some 20 degrees of freedom

// Sensor time = episode time - offset - drift * (that - reference): the inverse of the clock's line
// to first order, exact enough for drifts below a thousandth.
struct Clock {
  double offset_s = 0.0;
  double drift = 0.0;
  double reference_s = 0.0;
  [[nodiscard]] double sensor(double episode_s) const {
    const double s = episode_s - offset_s;
    return s - drift * (s - reference_s) / (1.0 + drift);
  }
};

// Rotation that turns the gyroscope's vectors onto the camera's best.
Eigen::Matrix3d mounting(const std::vector<Eigen::Vector3d>& gyro,
                         const std::vector<Eigen::Vector3d>& camera) {
  Eigen::Vector3d mg = Eigen::Vector3d::Zero();
  Eigen::Vector3d mc = Eigen::Vector3d::Zero();
  for (std::size_t i = 0; i < gyro.size(); ++i) {
    mg += gyro[i] / static_cast<double>(gyro.size());
    mc += camera[i] / static_cast<double>(gyro.size());
  }
  Eigen::Matrix3d sum = Eigen::Matrix3d::Zero();
  for (std::size_t i = 0; i < gyro.size(); ++i) {
    sum += (camera[i] - mc) * (gyro[i] - mg).transpose();
  }
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(sum, Eigen::ComputeFullU | Eigen::ComputeFullV);
  Eigen::Matrix3d flip = Eigen::Matrix3d::Identity();
  flip(2, 2) = (svd.matrixU() * svd.matrixV().transpose()).determinant() < 0.0 ? -1.0 : 1.0;
  return svd.matrixU() * flip * svd.matrixV().transpose();
}

using Params = Eigen::Matrix<double, 8, 1>;  // offset, drift, turn (3), bias (3)
using Normal = Eigen::Matrix<double, 8, 8>;

struct State {
  Clock line{};
  Eigen::Matrix3d camera_from_imu = Eigen::Matrix3d::Identity();
  Eigen::Vector3d bias = Eigen::Vector3d::Zero();
};

State moved(State s, const Params& d) {
  s.line.offset_s += d(0);
  s.line.drift += d(1);
  const Eigen::Vector3d turn = d.segment<3>(2);
  if (turn.norm() > 0.0) {
    s.camera_from_imu =
        Eigen::AngleAxisd(turn.norm(), turn.normalized()).toRotationMatrix() * s.camera_from_imu;
  }
  s.bias += d.tail<3>();
  return s;
}

Eigen::Vector3d predicted(const State& s, const Gyro& gyro, const Interval& c) {
  return s.camera_from_imu * gyro.mean(s.line.sensor(c.from_s), s.line.sensor(c.to_s)) + s.bias;
}

double robust_sigma(std::vector<double> absolute) {
  const auto middle = absolute.begin() + static_cast<std::ptrdiff_t>(absolute.size() / 2);
  std::nth_element(absolute.begin(), middle, absolute.end());
  return std::max(1.4826 * *middle, 1e-9);
}

struct Fit {
  State state{};
  Normal covariance = Normal::Zero();
  double correlation = 0.0;
  double sigma = 0.0;
  int used = 0;
};

class Fitter {
 public:
  Fitter(const std::vector<Interval>& camera, const Gyro& gyro, bool with_drift)
      : camera_(camera), gyro_(gyro), with_drift_(with_drift) {}

  [[nodiscard]] Fit run(State state) const {
    for (int i = 0; i < kSteps; ++i) {
      const System system = linearise(state);
      const Params step = system.normal.ldlt().solve(system.right);
      if (!step.allFinite()) break;
      state = moved(state, step);
      if (std::abs(step(0)) < 1e-9 && step.tail<6>().norm() < 1e-9) break;
    }
    return finish(state);
  }

 private:
  struct System {
    Normal normal = Normal::Zero();
    Params right = Params::Zero();
    std::vector<Params> by_block{};  // sums of gradient over one second each
    double sigma = 0.0;
    int used = 0;
  };

  [[nodiscard]] std::vector<const Interval*> covered(const State& s) const {
    std::vector<const Interval*> result;
    constexpr double kMargin = 0.01;  // steps of the derivative stay inside
    for (const Interval& c : camera_) {
      if (gyro_.covers(s.line.sensor(c.from_s) - kMargin, s.line.sensor(c.to_s) + kMargin)) {
        result.push_back(&c);
      }
    }
    return result;
  }

  [[nodiscard]] System linearise(const State& s) const {
    System system;
    const auto used = covered(s);
    std::vector<Eigen::Vector3d> residual;
    std::vector<double> absolute;
    for (const Interval* c : used) {
      residual.push_back(c->rate - predicted(s, gyro_, *c));
      for (int k = 0; k < 3; ++k) absolute.push_back(std::abs(residual.back()(k)));
    }
    if (absolute.empty()) return system;
    system.sigma = robust_sigma(absolute);
    system.used = static_cast<int>(used.size());
    int block = -1;
    for (std::size_t i = 0; i < used.size(); ++i) {
      const Eigen::Matrix<double, 3, 8> jacobian = derivative(s, *used[i]);
      const int own = static_cast<int>(std::floor(used[i]->from_s / kBlockS));
      if (own != block) system.by_block.push_back(Params::Zero());
      block = own;
      for (int k = 0; k < 3; ++k) {
        const double r = residual[i](k);
        const double weight = std::min(1.0, 1.345 * system.sigma / std::max(std::abs(r), 1e-12));
        const Params row = jacobian.row(k).transpose();
        system.normal += weight * row * row.transpose();
        system.right += weight * r * row;
        system.by_block.back() += weight * r * row;
      }
    }
    if (!with_drift_) {
      system.normal.row(1).setZero();
      system.normal.col(1).setZero();
      system.normal(1, 1) = 1.0;
      system.right(1) = 0.0;
      for (Params& g : system.by_block) g(1) = 0.0;
    }
    return system;
  }

  [[nodiscard]] Eigen::Matrix<double, 3, 8> derivative(const State& s, const Interval& c) const {
    Eigen::Matrix<double, 3, 8> j;
    for (int k = 0; k < 2; ++k) {
      const double h = k == 0 ? 1e-4 : 1e-5;
      Params d = Params::Zero();
      d(k) = h;
      j.col(k) = (predicted(moved(s, d), gyro_, c) - predicted(moved(s, -d), gyro_, c)) / (2.0 * h);
    }
    const Eigen::Vector3d turned = predicted(s, gyro_, c) - s.bias;
    j.block<3, 3>(0, 2) << 0.0, turned.z(), -turned.y(), -turned.z(), 0.0, turned.x(), turned.y(),
        -turned.x(), 0.0;
    j.block<3, 3>(0, 5).setIdentity();
    return j;
  }

  [[nodiscard]] Fit finish(const State& s) const {
    Fit fit;
    fit.state = s;
    const System system = linearise(s);
    fit.sigma = system.sigma;
    fit.used = system.used;
    if (fit.used < kMinIntervals) return fit;
    std::vector<double> a;
    std::vector<double> b;
    for (const Interval* c : covered(s)) {
      const Eigen::Vector3d p = predicted(s, gyro_, *c);
      for (int k = 0; k < 3; ++k) {
        a.push_back(c->rate(k));
        b.push_back(p(k));
      }
    }
    fit.correlation = correlation(a, b);
    Normal meat = Normal::Zero();
    for (const Params& g : system.by_block) meat += g * g.transpose();
    const auto blocks = static_cast<double>(system.by_block.size());
    meat *= blocks / std::max(1.0, blocks - 2.0);
    // Residuals may look independent by luck: never less than if they were.
    const Normal inverse = system.normal.ldlt().solve(Normal::Identity());
    fit.covariance = inverse * meat * inverse;
    const Normal plain = fit.sigma * fit.sigma * inverse;
    for (int k = 0; k < 2; ++k) {
      fit.covariance(k, k) = std::max(fit.covariance(k, k), plain(k, k));
    }
    return fit;
  }

  const std::vector<Interval>& camera_;
  const Gyro& gyro_;
  bool with_drift_ = false;
};

Result<Done> check(const std::vector<TurnRate>& camera, const VectorStream& gyro,
                   const AlignClockOptions& o) {
  const auto bad = [](const char* where, const char* what) {
    return Error{ErrorCode::invalid_argument, what, where};
  };
  if (gyro.time_ns.size() != gyro.values.size()) {
    return bad("gyro_rad_s", "has as many times as values");
  }
  for (std::size_t k = 1; k < gyro.time_ns.size(); ++k) {
    if (gyro.time_ns[k] <= gyro.time_ns[k - 1]) return bad("gyro_rad_s", "times must ascend");
  }
  for (const TurnRate& c : camera) {
    if (c.to_ns <= c.from_ns) return bad("camera", "each interval must end after it begins");
  }
  if (!(o.max_offset_s > 0.0 && o.max_offset_s <= 60.0)) return bad("max_offset_s", "0 to 60");
  if (!(o.search_step_s > 0.0 && o.search_step_s <= 0.05)) return bad("search_step_s", "0 to .05");
  if (!(o.min_correlation > 0.0 && o.min_correlation < 1.0))
    return bad("min_correlation", "0 to 1");
  return Done{};
}

ClockFit unverifiable(ClockFit fit, const std::string& why, Diagnostics& diagnostics) {
  fit.verifiable = false;
  fit.why = why;
  diagnostics.add(Severity::warning, "clock_unverifiable",
                  "the sensor's clock cannot be checked against the pictures: " + why);
  return fit;
}

double percentile_rate(const std::vector<Interval>& camera) {
  std::vector<double> rate;
  for (const Interval& c : camera) rate.push_back(c.rate.norm());
  std::sort(rate.begin(), rate.end());
  return rate[static_cast<std::size_t>(0.95 * static_cast<double>(rate.size() - 1))];
}

// The fits from the highest peaks; the best first.
std::vector<Fit> fits_from(const std::vector<Peak>& peaks, const std::vector<Interval>& camera,
                           const Gyro& gyro, bool with_drift) {
  std::vector<Fit> fits;
  for (std::size_t k = 0; k < std::min<std::size_t>(peaks.size(), 4); ++k) {
    State start;
    start.line = {peaks[k].offset_s, 0.0, 0.5 * (gyro.first_s() + gyro.last_s())};
    std::vector<Eigen::Vector3d> g;
    std::vector<Eigen::Vector3d> c;
    for (const Interval& i : camera) {
      if (!gyro.covers(start.line.sensor(i.from_s), start.line.sensor(i.to_s))) continue;
      g.push_back(gyro.mean(start.line.sensor(i.from_s), start.line.sensor(i.to_s)));
      c.push_back(i.rate);
    }
    start.camera_from_imu = mounting(g, c);
    fits.push_back(Fitter(camera, gyro, with_drift).run(start));
  }
  std::stable_sort(fits.begin(), fits.end(),
                   [](const Fit& a, const Fit& b) { return a.correlation > b.correlation; });
  return fits;
}

ClockEstimate estimate(double value, double variance) {
  const double half = kTwoSided * std::sqrt(std::max(variance, 0.0));
  return {value, value - half, value + half};
}

ClockFit described(const Fit& fit) {
  ClockFit result;
  result.reference_s = fit.state.line.reference_s;
  result.offset_s = estimate(fit.state.line.offset_s, fit.covariance(0, 0));
  const Eigen::Quaterniond q(fit.state.camera_from_imu);
  result.camera_from_imu = normalized(Quat{q.w(), q.x(), q.y(), q.z()});
  result.gyro_bias_rad_s = {fit.state.bias.x(), fit.state.bias.y(), fit.state.bias.z()};
  result.correlation = fit.correlation;
  result.residual_rad_s = fit.sigma;
  result.intervals = fit.used;
  return result;
}

std::string two_digits(double v) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.2f", v);
  return text.data();
}

}  // namespace

std::vector<TurnRate> turn_rates(const Tracks& tracks) {
  std::vector<TurnRate> rates;
  for (std::size_t i = 1; i < tracks.camera.size(); ++i) {
    const MapCamera& a = tracks.camera[i - 1];
    const MapCamera& b = tracks.camera[i];
    if (a.chunk != b.chunk || !a.observed || !b.observed || b.frame != a.frame + 1) continue;
    const Quat turn = conjugate(a.map_from_camera.rotation) * b.map_from_camera.rotation;
    const double span_s = seconds_from_ns(b.time_ns - a.time_ns);
    rates.push_back({a.time_ns, b.time_ns, (1.0 / span_s) * rotation_vector_from_quat(turn)});
  }
  return rates;
}

Result<ClockFit> align_clock(const std::vector<TurnRate>& camera_rates,
                             const VectorStream& gyro_rad_s, const AlignClockOptions& options,
                             Diagnostics& diagnostics) {
  const Result<Done> checked = check(camera_rates, gyro_rad_s, options);
  if (!checked.ok()) return checked.error();
  if (options.stabilised) {
    return unverifiable({}, "the pictures are electronically stabilised", diagnostics);
  }
  if (static_cast<int>(camera_rates.size()) < kMinIntervals || gyro_rad_s.values.size() < 2) {
    return unverifiable({}, "too few samples of one of them", diagnostics);
  }
  const Gyro gyro(gyro_rad_s);
  std::vector<Interval> camera;
  for (const TurnRate& r : camera_rates) {
    camera.push_back({seconds_from_ns(r.from_ns), seconds_from_ns(r.to_ns), eigen(r.rate_rad_s)});
  }
  if (percentile_rate(camera) < options.min_rate_rad_s) {
    return unverifiable({}, "the camera hardly turns", diagnostics);
  }
  const Search found = clock::search(camera, gyro, options);
  if (found.peaks.empty()) return unverifiable({}, "they do not overlap in time", diagnostics);
  const double span_s =
      std::min(camera.back().to_s, gyro.last_s()) - std::max(camera.front().from_s, gyro.first_s());
  const bool with_drift = span_s >= options.min_drift_span_s;
  const std::vector<Fit> fits = fits_from(found.peaks, camera, gyro, with_drift);
  const Fit& best = fits.front();
  ClockFit result = described(best);
  if (with_drift) {
    result.drift_ppm = estimate(1e6 * best.state.line.drift, 1e12 * best.covariance(1, 1));
  }
  if (best.correlation < options.min_correlation) {
    return unverifiable(result, "the best correlation is " + two_digits(best.correlation),
                        diagnostics);
  }
  for (const Fit& rival : fits) {
    const double apart = std::abs(rival.state.line.offset_s - best.state.line.offset_s);
    if (apart > kApartS && rival.correlation > best.correlation - options.rival_margin) {
      return unverifiable(result, "two offsets fit alike", diagnostics);
    }
  }
  const double frame_s =
      (camera.back().to_s - camera.front().from_s) / static_cast<double>(camera.size());
  if (std::abs(found.fast_offset_s - best.state.line.offset_s) >
      frame_s + 2.0 * options.search_step_s) {
    return unverifiable(result, "fast and slow turning disagree by more than a frame", diagnostics);
  }
  result.verifiable = true;
  if (best.correlation < options.sure_correlation) {
    diagnostics.add(
        Severity::warning, "clock_uncertain",
        "the turning of camera and gyroscope correlates by only " + two_digits(best.correlation));
  }
  return result;
}

TimeNs episode_time(const ClockFit& fit, TimeNs sensor_ns) {
  const double drift = fit.drift_ppm ? 1e-6 * fit.drift_ppm->value : 0.0;
  const double since_s = seconds_from_ns(sensor_ns) - fit.reference_s;
  return sensor_ns + ns_from_seconds(fit.offset_s.value + drift * since_s);
}

}  // namespace hearth
