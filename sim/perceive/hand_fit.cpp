// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/hand_fit.h"

#include <hearth/core/result.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

#include "sim/perceive/block_band.h"

namespace hearth::hands {
namespace {

using Vec = Eigen::Vector3d;
using Tangent = Eigen::Matrix<double, 3, 2>;

constexpr double kHuber = 2.0;  // Standard deviations.
// Fingertips are read less well than knuckles.
constexpr std::array<double, kHandJoints> kJointWeight = {1.0, 0.6, 0.8, 0.8, 0.6, 1.0, 0.8,
                                                          0.7, 0.6, 1.0, 0.8, 0.7, 0.6, 1.0,
                                                          0.8, 0.7, 0.6, 1.0, 0.8, 0.7, 0.6};

Vec eigen(Vec3 v) { return {v.x, v.y, v.z}; }

/// State of one frame: where the wrist is and where each bone points.
struct State {
  Vec wrist = Vec::Zero();
  std::array<Vec, kHandBones> bone{};
};

/// Two directions across a unit vector, steady from frame to frame for steady vectors.
Tangent tangent(const Vec& d) {
  int least = 0;
  d.cwiseAbs().minCoeff(&least);
  Tangent t;
  t.col(0) = d.cross(Vec::Unit(least)).normalized();
  t.col(1) = d.cross(t.col(0));
  return t;
}

class BatchFit {
 public:
  BatchFit(const std::vector<FitFrame>& frames, const HandShape& shape, const FitOptions& options)
      : frames_(frames), shape_(shape), options_(options), band_(frames.size()) {
    for (std::size_t b = 0; b < kHandBones; ++b) {
      chain_[b + 1] = kBoneParent[b] == 0 ? std::vector<std::size_t>{}
                                          : chain_[static_cast<std::size_t>(kBoneParent[b])];
      chain_[b + 1].push_back(b);
    }
    for (const FitFrame& frame : frames) {
      std::array<Vec, kHandBones> directions;
      for (std::size_t b = 0; b < kHandBones; ++b) {
        directions[b] = eigen(normalized(frame.shape_m[b + 1] -
                                         frame.shape_m[static_cast<std::size_t>(kBoneParent[b])]));
      }
      net_direction_.push_back(directions);
    }
  }

  std::vector<HandJoints> run() {
    start();
    double damping = 1e-3;
    double cost = linearize(states_);
    for (int i = 0; i < options_.max_iterations && damping < 1e9; ++i) {
      const std::vector<Eigen::VectorXd> step = band_.solve(damping);
      const std::vector<State> moved = applied(step);
      const double moved_cost = step.empty() ? cost : cost_of(moved);
      if (!(moved_cost < cost)) {
        damping *= 8.0;
        continue;
      }
      const bool settled = cost - moved_cost < 1e-5 * cost;
      states_ = moved;
      damping = std::max(1e-9, 0.3 * damping);
      if (settled) {
        break;
      }
      cost = linearize(states_);
    }
    std::vector<HandJoints> hands;
    for (const State& state : states_) {
      HandJoints joints;
      for (std::size_t j = 0; j < kHandJoints; ++j) {
        const Vec p = joint(state, j);
        joints[j] = {p.x(), p.y(), p.z()};
      }
      hands.push_back(joints);
    }
    return hands;
  }

 private:
  void start() {
    for (const HandJoints& joints : bound_hand(frames_, shape_)) {
      State state;
      state.wrist = eigen(joints[0]);
      for (std::size_t b = 0; b < kHandBones; ++b) {
        const Vec direction =
            eigen(joints[b + 1] - joints[static_cast<std::size_t>(kBoneParent[b])]);
        state.bone[b] = direction.norm() > 1e-9 ? direction.normalized() : Vec::UnitZ();
      }
      states_.push_back(state);
    }
  }

  [[nodiscard]] Vec joint(const State& state, std::size_t j) const {
    Vec p = state.wrist;
    for (const std::size_t b : chain_[j]) {
      p += shape_.bone_m[b] * state.bone[b];
    }
    return p;
  }

  [[nodiscard]] std::vector<State> applied(const std::vector<Eigen::VectorXd>& step) const {
    std::vector<State> moved = states_;
    for (std::size_t t = 0; t < step.size(); ++t) {
      moved[t].wrist += step[t].head<3>();
      for (std::size_t b = 0; b < kHandBones; ++b) {
        const auto at = static_cast<Eigen::Index>(3 + 2 * b);
        const Tangent across = tangent(states_[t].bone[b]);
        moved[t].bone[b] = (states_[t].bone[b] + across * step[t].segment<2>(at)).normalized();
      }
    }
    return moved;
  }

  double cost_of(const std::vector<State>& states) { return accumulate(states, false); }
  double linearize(const std::vector<State>& states) { return accumulate(states, true); }

  double accumulate(const std::vector<State>& states, bool derivatives) {
    if (derivatives) {
      band_.clear();
    }
    double cost = 0.0;
    for (std::size_t t = 0; t < states.size(); ++t) {
      if (frames_[t].observed) {
        cost += add_reprojection(states[t], t, derivatives);
        cost += add_directions(states[t], t, derivatives);
      }
      cost += add_palm(states[t], t, derivatives);
    }
    for (std::size_t t = 1; t + 1 < states.size(); ++t) {
      cost += add_acceleration(states, t, derivatives);
    }
    return cost;
  }

  double add_reprojection(const State& state, std::size_t t, bool derivatives) {
    double cost = 0.0;
    for (std::size_t j = 0; j < kHandJoints; ++j) {
      const Vec p = joint(state, j);
      const double z = std::max(p.z(), 0.02);
      const double scale =
          options_.focal_px / options_.sigma_px * kJointWeight[j] * frames_[t].weight;
      const Eigen::Vector2d r =
          scale * Eigen::Vector2d(p.x() / z - frames_[t].ray[j].x, p.y() / z - frames_[t].ray[j].y);
      const double length = r.norm();
      const double robust = length <= kHuber ? 1.0 : kHuber / length;
      cost += length <= kHuber ? 0.5 * length * length : kHuber * (length - 0.5 * kHuber);
      if (!derivatives) {
        continue;
      }
      Eigen::Matrix<double, 2, 3> by_point;
      by_point << 1.0 / z, 0.0, -p.x() / (z * z), 0.0, 1.0 / z, -p.y() / (z * z);
      by_point *= scale;
      Eigen::Matrix<double, 2, 3 + 2 * 4> jacobian;
      std::array<Eigen::Index, 5> at{};
      jacobian.leftCols<3>() = by_point;
      std::size_t n = 0;
      for (const std::size_t b : chain_[j]) {
        jacobian.middleCols<2>(static_cast<Eigen::Index>(3 + 2 * n)) =
            by_point * (shape_.bone_m[b] * tangent(state.bone[b]));
        at[++n] = static_cast<Eigen::Index>(3 + 2 * b);
      }
      for (std::size_t a = 0; a <= n; ++a) {
        const auto ja = a == 0 ? jacobian.middleCols(0, 3)
                               : jacobian.middleCols(static_cast<Eigen::Index>(1 + 2 * a), 2);
        band_.gradient(t).segment(at[a], ja.cols()) += robust * ja.transpose() * r;
        for (std::size_t c = 0; c <= n; ++c) {
          const auto jc = c == 0 ? jacobian.middleCols(0, 3)
                                 : jacobian.middleCols(static_cast<Eigen::Index>(1 + 2 * c), 2);
          band_.diagonal(t).block(at[a], at[c], ja.cols(), jc.cols()) +=
              robust * ja.transpose() * jc;
        }
      }
    }
    return cost;
  }

  double add_directions(const State& state, std::size_t t, bool derivatives) {
    double cost = 0.0;
    const double scale = frames_[t].weight / options_.direction_sigma;
    for (std::size_t b = 0; b < kHandBones; ++b) {
      const Vec r = scale * (state.bone[b] - net_direction_[t][b]);
      cost += 0.5 * r.squaredNorm();
      if (derivatives) {
        const Tangent j = scale * tangent(state.bone[b]);
        const auto at = static_cast<Eigen::Index>(3 + 2 * b);
        band_.gradient(t).segment<2>(at) += j.transpose() * r;
        band_.diagonal(t).block<2, 2>(at, at) += j.transpose() * j;
      }
    }
    return cost;
  }

  /// Knuckles keep their distances; both ends are one bone from the wrist.
  double add_palm(const State& state, std::size_t t, bool derivatives) {
    double cost = 0.0;
    for (std::size_t i = 0; i < kPalmPairs.size(); ++i) {
      const auto a = static_cast<std::size_t>(kPalmPairs[i][0] - 1);
      const auto b = static_cast<std::size_t>(kPalmPairs[i][1] - 1);
      const Vec between = shape_.bone_m[b] * state.bone[b] - shape_.bone_m[a] * state.bone[a];
      const double length = std::max(between.norm(), 1e-6);
      const double scale = 1.0 / (options_.palm_sigma_share * shape_.palm_m[i]);
      const double r = scale * (length - shape_.palm_m[i]);
      cost += 0.5 * r * r;
      if (derivatives) {
        const Eigen::RowVector3d u = scale / length * between.transpose();
        const Eigen::RowVector2d ja = -shape_.bone_m[a] * u * tangent(state.bone[a]);
        const Eigen::RowVector2d jb = shape_.bone_m[b] * u * tangent(state.bone[b]);
        const auto at = static_cast<Eigen::Index>(3 + 2 * a);
        const auto bt = static_cast<Eigen::Index>(3 + 2 * b);
        auto& h = band_.diagonal(t);
        h.block<2, 2>(at, at) += ja.transpose() * ja;
        h.block<2, 2>(bt, bt) += jb.transpose() * jb;
        h.block<2, 2>(at, bt) += ja.transpose() * jb;
        h.block<2, 2>(bt, at) += jb.transpose() * ja;
        band_.gradient(t).segment<2>(at) += r * ja.transpose();
        band_.gradient(t).segment<2>(bt) += r * jb.transpose();
      }
    }
    return cost;
  }

  /// Second differences over true times, of the wrist and of each bone's end against its start.
  double add_acceleration(const std::vector<State>& states, std::size_t t, bool derivatives) {
    const double before_s = seconds_from_ns(frames_[t].time_ns - frames_[t - 1].time_ns);
    const double after_s = seconds_from_ns(frames_[t + 1].time_ns - frames_[t].time_ns);
    const double span_s = 0.5 * (before_s + after_s);
    // One standard deviation holds at 30 Hz; the sum over a second must not depend on the rate.
    const double per_frame = std::sqrt(30.0 * span_s);
    const std::array<double, 3> c = {
        per_frame / (before_s * span_s),
        -per_frame / (before_s * span_s) - per_frame / (after_s * span_s),
        per_frame / (after_s * span_s)};
    double cost = 0.0;
    const double wrist_scale = 1.0 / options_.wrist_acceleration_m_s2;
    const Vec wrist = wrist_scale * (c[0] * states[t - 1].wrist + c[1] * states[t].wrist +
                                     c[2] * states[t + 1].wrist);
    cost += 0.5 * wrist.squaredNorm();
    if (derivatives) {
      for (std::size_t a = 0; a < 3; ++a) {
        band_.gradient(t - 1 + a).head<3>() += wrist_scale * c[a] * wrist;
        for (std::size_t b = a; b < 3; ++b) {
          band_.block(t - 1 + a, b - a).topLeftCorner<3, 3>() +=
              wrist_scale * wrist_scale * c[a] * c[b] * Eigen::Matrix3d::Identity();
        }
      }
    }
    for (std::size_t b = 0; b < kHandBones; ++b) {
      cost += add_bone_acceleration(states, t, b, c, derivatives);
    }
    return cost;
  }

  double add_bone_acceleration(const std::vector<State>& states, std::size_t t, std::size_t b,
                               const std::array<double, 3>& c, bool derivatives) {
    const double scale = shape_.bone_m[b] / options_.bone_acceleration_m_s2;
    const Vec r = scale * (c[0] * states[t - 1].bone[b] + c[1] * states[t].bone[b] +
                           c[2] * states[t + 1].bone[b]);
    if (derivatives) {
      const auto at = static_cast<Eigen::Index>(3 + 2 * b);
      std::array<Tangent, 3> j;
      for (std::size_t a = 0; a < 3; ++a) {
        j[a] = scale * c[a] * tangent(states[t - 1 + a].bone[b]);
      }
      for (std::size_t a = 0; a < 3; ++a) {
        band_.gradient(t - 1 + a).segment<2>(at) += j[a].transpose() * r;
        for (std::size_t e = a; e < 3; ++e) {
          band_.block(t - 1 + a, e - a).block<2, 2>(at, at) += j[a].transpose() * j[e];
        }
      }
    }
    return 0.5 * r.squaredNorm();
  }

  const std::vector<FitFrame>& frames_;
  const HandShape& shape_;
  const FitOptions& options_;
  BlockBand band_;
  std::array<std::vector<std::size_t>, kHandJoints> chain_{};
  std::vector<std::array<Vec, kHandBones>> net_direction_;
  std::vector<State> states_;
};

}  // namespace

std::vector<HandJoints> fit_hand(const std::vector<FitFrame>& frames, const HandShape& shape,
                                 const FitOptions& options) {
  return BatchFit(frames, shape, options).run();
}

}  // namespace hearth::hands
