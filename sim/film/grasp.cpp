// SPDX-License-Identifier: Apache-2.0
#include "sim/film/grasp.h"

#include <hearth/core/rng.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>

namespace hearth::film_internal {
namespace {

constexpr int kParameters = 6 + kHandAngleCount;
using Parameters = Eigen::Matrix<double, kParameters, 1>;
constexpr int kTries = 16;

/// What one try aims at.
struct Aim {
  Shape shape{};
  HandShape hand{};
  HandSide side = HandSide::right;
  double tip_depth_m = 0.03;  ///< Fingertips below the object's top.
  Pose nominal{};             ///< object_from_wrist before the fit.
  AngleVector prior{};
  std::array<bool, 5> wraps{};  ///< Fingers that have the object in front of them.
};

Pose pose_of(const Aim& aim, const Parameters& x) {
  return {aim.nominal.position_m + Vec3{x[0], x[1], x[2]},
          aim.nominal.rotation * quat_from_rotation_vector({x[3], x[4], x[5]})};
}

HandAngles angles_of(const Parameters& x) {
  AngleVector v{};
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = x[6 + static_cast<int>(i)];
  return angles_from_vector(v);
}

class Residuals {
 public:
  void add(double value, double sigma) { values_.push_back(value / sigma); }
  void add_below(double value, double limit, double sigma) {
    add(std::max(0.0, value - limit), sigma);
  }
  [[nodiscard]] Eigen::VectorXd vector() const {
    return Eigen::Map<const Eigen::VectorXd>(values_.data(), std::ssize(values_));
  }

 private:
  std::vector<double> values_;
};

/// Points along the skin's axes with their radii: four per cone.
template <class Visit>
void for_each_skin_ball(const HandJoints& joints, const HandShape& hand, const Visit& visit) {
  const auto cones = skin_cones(joints, hand);
  for (std::size_t c = 0; c < cones.size(); ++c) {
    for (int k = 0; k < 4; ++k) {
      const double u = (k + 0.5) / 4.0;
      visit(c, (1.0 - u) * cones[c].a + u * cones[c].b,
            (1.0 - u) * cones[c].radius_a + u * cones[c].radius_b);
    }
  }
}

Eigen::VectorXd residuals(const Aim& aim, const Parameters& x) {
  Residuals out;
  const Pose pose = pose_of(aim, x);
  const HandAngles angles = angles_of(x);
  const HandJoints joints = joints_in_frame(pose, aim.hand, angles, aim.side);
  const auto radii = skin_radii_m(aim.hand);
  const double half_z = 0.5 * aim.shape.size_m.z;
  const double contact_z = half_z - aim.tip_depth_m;
  const Vec3 thumb = joints[4];
  const Vec3 fingers = 0.5 * (joints[8] + joints[12]);

  for (const std::size_t f : {0U, 1U, 2U, 3U, 4U}) {
    const auto tip = static_cast<std::size_t>(kFingerTip[f]);
    const double gap = signed_distance_m(aim.shape, joints[tip]) - radii[tip];
    if (f < 3) {
      out.add(gap, 0.0004);
    } else if (aim.wraps[f]) {
      out.add(gap, 0.004);
    }
    out.add(joints[tip].z - contact_z, f == 0 ? 0.006 : 0.012);
  }
  // The thumb lies a little to its own side of the fingers' middle, where an eye above sees it.
  const double radial = aim.side == HandSide::right ? -0.010 : 0.010;
  out.add(thumb.x - fingers.x - radial, 0.004);
  out.add(thumb.z - fingers.z + 0.006, 0.008);  // thumbs lie a little lower
  out.add(0.5 * (thumb.x + fingers.x), 0.006);
  // Opposite faces: thumb in front, fingers behind.
  out.add_below(thumb.y + 0.5 * aim.shape.size_m.y, 0.0, 0.002);
  out.add_below(-fingers.y + 0.35 * aim.shape.size_m.y, 0.0, 0.002);

  for_each_skin_ball(joints, aim.hand, [&](std::size_t, Vec3 p, double r) {
    out.add_below(r - signed_distance_m(aim.shape, p), -0.0003, 0.0008);
    out.add_below(r + 0.004 - (p.z + half_z), 0.0, 0.002);
  });
  for (int i = 0; i < 3; ++i) out.add(x[i], 0.05);
  for (int i = 3; i < 6; ++i) out.add(x[i], i == 4 ? 0.05 : 0.10);
  const AngleVector v = vector_from_angles(angles);
  for (std::size_t i = 0; i < v.size(); ++i) {
    const bool spread = i < 16 && i % 4 == 1;
    const bool knuckle = i < 16 && i % 4 == 0;
    out.add(v[i] - aim.prior[i], spread ? 0.08 : knuckle || i == 17 ? 0.15 : 0.30);
    out.add_below(v[i], angle_high()[i], 0.02);
    out.add_below(-v[i], -angle_low()[i], 0.02);
  }
  for (std::size_t f = 0; f < 4; ++f) {  // fingers bend their last two joints together
    out.add(angles.finger[f].dip - 0.6 * angles.finger[f].pip, 0.2);
    if (f > 0) out.add(angles.finger[f].mcp - angles.finger[f - 1].mcp - 0.05, 0.2);
    if (f > 0) out.add(angles.finger[f].pip - angles.finger[f - 1].pip, 0.25);
  }
  return out.vector();
}

/// Levenberg-Marquardt with a numerical Jacobian.
Parameters solve(const Aim& aim, Parameters x, double& cost) {
  constexpr int kIterations = 60;
  constexpr double kStep = 1e-6;
  double damping = 1e-2;
  Eigen::VectorXd r = residuals(aim, x);
  cost = r.squaredNorm();
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    Eigen::MatrixXd jacobian(r.size(), kParameters);
    for (int i = 0; i < kParameters; ++i) {
      Parameters moved = x;
      moved[i] += kStep;
      jacobian.col(i) = (residuals(aim, moved) - r) / kStep;
    }
    const Eigen::Matrix<double, kParameters, kParameters> normal = jacobian.transpose() * jacobian;
    const Parameters gradient = jacobian.transpose() * r;
    bool improved = false;
    double gain = 0.0;
    for (int tries = 0; tries < 8 && !improved; ++tries) {
      Eigen::Matrix<double, kParameters, kParameters> damped = normal;
      damped.diagonal() *= 1.0 + damping;
      const Parameters step = damped.ldlt().solve(gradient);
      const Parameters candidate = x - step;
      const Eigen::VectorXd moved = residuals(aim, candidate);
      if (moved.squaredNorm() < cost) {
        gain = cost - moved.squaredNorm();
        x = candidate;
        r = moved;
        cost = moved.squaredNorm();
        damping = std::max(1e-7, damping / 4.0);
        improved = true;
      } else {
        damping *= 5.0;
      }
    }
    if (!improved || gain < 1e-7 * cost) break;
  }
  return x;
}

AngleVector grasp_prior() {
  HandAngles angles;
  for (std::size_t f = 0; f < 4; ++f) {
    const double inward = f == 0 ? 0.10 : f == 1 ? 0.0 : f == 2 ? -0.08 : -0.18;
    // Stretched over the top, bent down at the middle joint: a camera behind sees the fingers.
    angles.finger[f] = {0.20 + 0.03 * static_cast<double>(f), inward, 1.10, 0.50};
  }
  angles.thumb_abduction = 0.85;
  angles.thumb_opposition = 0.60;
  angles.thumb_mcp = 0.20;
  angles.thumb_ip = 0.25;
  return vector_from_angles(angles);
}

/// Fingers forward (+y) and `pitch` down, palm down.
Quat overhand(double pitch) {
  const Vec3 z = {0.0, std::cos(pitch), -std::sin(pitch)};
  const Vec3 x = {0.0, -std::sin(pitch), -std::cos(pitch)};
  return quat_from_axes(x, cross(z, x), z);
}

Aim make_aim(const Shape& shape, const HandShape& hand, HandSide side, double pitch,
             double depth_m) {
  Aim aim;
  aim.shape = shape;
  aim.hand = hand;
  aim.side = side;
  aim.tip_depth_m = depth_m;
  aim.prior = grasp_prior();
  aim.nominal.rotation = overhand(pitch);
  const HandJoints joints = joints_in_wrist(hand, angles_from_vector(aim.prior), side);
  const Vec3 tips = aim.nominal.rotation * (0.5 * (joints[8] + joints[12]));
  const Vec3 target = {0.0, 0.5 * shape.size_m.y + 0.007, 0.5 * shape.size_m.z - depth_m};
  aim.nominal.position_m = target - tips;
  const double half = shape.kind == ShapeKind::box ? 0.5 * shape.size_m.x : 0.4 * shape.size_m.x;
  for (std::size_t f = 3; f < 5; ++f) {
    const auto tip = static_cast<std::size_t>(kFingerTip[f]);
    const Vec3 p = aim.nominal * joints[tip];
    aim.wraps[f] = std::abs(p.x) < half - 0.003;
  }
  return aim;
}

/// The closed hand with fingers stretched and the thumb swung away.
HandAngles opened(const HandAngles& closed) {
  HandAngles open = closed;
  for (FingerAngles& finger : open.finger) {
    finger.mcp = std::max(-0.2, finger.mcp - 0.30);
    finger.pip = std::max(0.05, finger.pip - 0.22);
    finger.dip = std::max(0.02, finger.dip - 0.10);
  }
  // Swung aside rather than under the palm: seen from above, a hand shows its thumb.
  open.thumb_opposition = std::max(0.10, closed.thumb_opposition - 0.45);
  open.thumb_abduction = std::min(1.15, closed.thumb_abduction + 0.22);
  open.thumb_mcp = closed.thumb_mcp - 0.12;
  open.thumb_ip = closed.thumb_ip - 0.12;
  return open;
}

bool good(const Aim& aim, const Grasp& grasp) {
  const HandJoints joints =
      joints_in_frame(grasp.object_from_wrist, aim.hand, grasp.closed, aim.side);
  const double half_y = 0.5 * aim.shape.size_m.y;
  if (joints[4].y > -half_y || 0.5 * (joints[8].y + joints[12].y) < 0.5 * half_y) return false;
  for (const int finger : {0, 1, 2}) {
    if (std::abs(tip_gap_m(aim.shape, grasp.object_from_wrist, aim.hand, grasp.closed, aim.side,
                           finger)) > 0.001) {
      return false;
    }
  }
  return clearance_m(aim.shape, grasp.object_from_wrist, aim.hand, grasp.closed, aim.side) >
             -0.002 &&
         clearance_m(aim.shape, grasp.object_from_wrist, aim.hand, grasp.open, aim.side) > 0.001;
}

}  // namespace

double signed_distance_m(const Shape& shape, Vec3 p) {
  const Vec3 half = 0.5 * shape.size_m;
  switch (shape.kind) {
    case ShapeKind::box: {
      const Vec3 q = {std::abs(p.x) - half.x, std::abs(p.y) - half.y, std::abs(p.z) - half.z};
      const Vec3 out = {std::max(q.x, 0.0), std::max(q.y, 0.0), std::max(q.z, 0.0)};
      return norm(out) + std::min(std::max({q.x, q.y, q.z}), 0.0);
    }
    case ShapeKind::cylinder: {
      const double radial = std::hypot(p.x, p.y) - half.x;
      const double axial = std::abs(p.z) - half.z;
      return std::hypot(std::max(radial, 0.0), std::max(axial, 0.0)) +
             std::min(std::max(radial, axial), 0.0);
    }
    case ShapeKind::sphere:
      return norm(p) - half.x;
    case ShapeKind::capsule: {
      const double z = std::clamp(p.z, half.x - half.z, half.z - half.x);
      return norm(p - Vec3{0, 0, z}) - half.x;
    }
  }
  require(false, "known ShapeKind");
  return 0.0;
}

double clearance_m(const Shape& shape, const Pose& object_from_wrist, const HandShape& hand,
                   const HandAngles& angles, HandSide side) {
  const HandJoints joints = joints_in_frame(object_from_wrist, hand, angles, side);
  const auto radii = skin_radii_m(hand);
  double least = std::numeric_limits<double>::max();
  for_each_skin_ball(joints, hand, [&](std::size_t, Vec3 p, double r) {
    least = std::min(least, signed_distance_m(shape, p) - r);
  });
  for (const int tip : kFingerTip) {
    const auto j = static_cast<std::size_t>(tip);
    least = std::min(least, signed_distance_m(shape, joints[j]) - radii[j]);
  }
  return least;
}

double tip_gap_m(const Shape& shape, const Pose& object_from_wrist, const HandShape& hand,
                 const HandAngles& angles, HandSide side, int finger) {
  const auto tip = static_cast<std::size_t>(kFingerTip[static_cast<std::size_t>(finger)]);
  const Vec3 p = joints_in_frame(object_from_wrist, hand, angles, side)[tip];
  return signed_distance_m(shape, p) - skin_radii_m(hand)[tip];
}

Result<Grasp> find_grasp(const Shape& shape, const HandShape& hand, HandSide side,
                         std::uint64_t seed) {
  for (std::uint64_t attempt = 0; attempt < kTries; ++attempt) {
    Rng rng(seed, attempt, "film_grasp");
    const double pitch = rng.uniform(0.20, 0.32);
    const double depth = std::min(rng.uniform(0.024, 0.040), shape.size_m.z - 0.020);
    const Aim aim = make_aim(shape, hand, side, pitch, depth);
    Parameters x = Parameters::Zero();
    for (std::size_t i = 0; i < aim.prior.size(); ++i) x[6 + static_cast<int>(i)] = aim.prior[i];
    double cost = 0.0;
    x = solve(aim, x, cost);
    Grasp grasp;
    grasp.object_from_wrist = pose_of(aim, x);
    grasp.closed = angles_of(x);
    grasp.open = opened(grasp.closed);
    const Vec3 fingers = grasp.object_from_wrist.rotation * Vec3{0, 0, 1};
    grasp.pitch_rad = -std::asin(std::clamp(fingers.z, -1.0, 1.0));
    if (good(aim, grasp) && grasp.pitch_rad > 0.15 && grasp.pitch_rad < 0.45) return grasp;
  }
  return Error{ErrorCode::infeasible, "this hand found no overhand grasp of the object", "seed"};
}

}  // namespace hearth::film_internal
