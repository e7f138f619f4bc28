// SPDX-License-Identifier: Apache-2.0
// Terms and weights after the recipe of docs/retarget.md, measured on 200 noisy pick-and-place
// trials.
#include "sim/retarget/adapt_grasp.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

#include "sim/retarget/eigen.h"
#include "sim/retarget/least_squares.h"

namespace hearth {

namespace {

using Eigen::Matrix3d;
using Eigen::Vector3d;
using Eigen::VectorXd;

constexpr double kContactDepthM = 0.002;  // tips aim this far inside the face
constexpr double kContactSigmaM = 0.001;
constexpr double kEdgeMarginM = 0.004;
constexpr double kLevelSigmaM = 0.008;
constexpr double kClearanceM = 0.0015;  // other points stay this far outside the object
constexpr double kTableClearanceM = 0.004;
constexpr double kWristSigmaM = 0.012;
constexpr double kWristSigmaRad = 0.17;
constexpr double kJointSigmaRad = 0.35;
constexpr double kOpeningRad = 0.3;
constexpr double kOpenClearanceM = 0.008;  // more opening until every tip has this gap

// Thumb to fingers and approach in the wrist frame; they are orthogonal.
const Vector3d kNaturalOpposition{-0.6, 0.0, 0.8};
const Vector3d kNaturalApproach{0.8, 0.0, 0.6};

struct Distance {
  double value = 0.0;
  Vector3d gradient = Vector3d::UnitZ();
};

Distance distance_to_box(const Vector3d& p, const Vector3d& half) {
  const Vector3d q = p.cwiseAbs() - half;
  const Vector3d outside = q.cwiseMax(0.0);
  const double length = outside.norm();
  const Vector3d sign(p.x() < 0 ? -1 : 1, p.y() < 0 ? -1 : 1, p.z() < 0 ? -1 : 1);
  if (length > 0.0) return {length, (outside / length).cwiseProduct(sign)};
  Eigen::Index axis = 0;
  const double inside = q.maxCoeff(&axis);
  Vector3d gradient = Vector3d::Zero();
  gradient(axis) = sign(axis);
  return {inside, gradient};
}

Distance distance_to_cylinder(const Vector3d& p, double radius, double half_height) {
  const double rho = std::hypot(p.x(), p.y());
  const Vector3d radial = rho > 1e-9 ? Vector3d(p.x() / rho, p.y() / rho, 0.0) : Vector3d::UnitX();
  const Vector3d axial(0, 0, p.z() < 0 ? -1 : 1);
  const double dr = rho - radius;
  const double dz = std::abs(p.z()) - half_height;
  if (dr > 0 && dz > 0) {
    const double length = std::hypot(dr, dz);
    return {length, (dr * radial + dz * axial) / length};
  }
  return dr > dz ? Distance{dr, radial} : Distance{dz, axial};
}

struct Target {
  Shape shape;
  Vector3d half;
  Vector3d t;        // thumb to fingers
  Vector3d lateral;  // horizontal, along the faces
  Vector3d approach;
  double contact_height = 0.0;  // preferred height of the tips
  std::vector<int> fingers;     // those that oppose the thumb

  [[nodiscard]] Distance distance(const Vector3d& p) const {
    return shape.kind == ShapeKind::box ? distance_to_box(p, half)
                                        : distance_to_cylinder(p, half.x(), half.z());
  }
  // Distance of p from the side face a finger touches, and that face's outward normal at p.
  [[nodiscard]] Distance side_distance(const Vector3d& p, double sign) const {
    if (shape.kind == ShapeKind::box) {
      const double extent = half.cwiseProduct(t.cwiseAbs()).sum();
      return {sign * t.dot(p) - extent, sign * t};
    }
    const double rho = std::max(1e-6, std::hypot(p.x(), p.y()));
    return {rho - half.x(), Vector3d(p.x() / rho, p.y() / rho, 0.0)};
  }
};

Target make_target(const HandModel& hand, const Shape& shape, const GraspCandidate& candidate) {
  Target target;
  target.shape = shape;
  target.half = 0.5 * eigen(shape.size_m);
  target.t = eigen(candidate.thumb_to_fingers);
  target.approach = eigen(candidate.approach);
  target.lateral = Vector3d::UnitZ().cross(target.t);
  const double down = -target.approach.z();
  const double height = 2.0 * target.half.z();
  // From above: as deep as tips and palm allow, not below the middle. From the side: the middle,
  // but high enough for the lower half of the hand.
  const double deep_m = std::min({0.04, height - 0.016, std::max(0.5 * height, 0.025)});
  const double from_above = target.half.z() - deep_m;
  const double from_side = std::max(0.0, -target.half.z() + 0.06);
  target.contact_height =
      down * from_above + (1.0 - down) * std::min(from_side, target.half.z() - 0.02);
  target.fingers = {1, 2};
  const double along_faces = shape.kind == ShapeKind::box
                                 ? 2.0 * target.half.cwiseProduct(target.lateral.cwiseAbs()).sum()
                                 : 0.0;
  const double room_for_three = down * along_faces + (1.0 - down) * height;
  if (room_for_three > 0.058) target.fingers.push_back(3);
  static_cast<void>(hand);
  return target;
}

FingerPosture nominal_posture(const HandModel& hand) {
  FingerPosture q;
  q << 1.25, 0.1, 0.2, 0.3,  //
      0, 0.6, 0.65, 0.3,     //
      0, 0.6, 0.65, 0.3,     //
      0, 0.65, 0.7, 0.35,    //
      0, 0.7, 0.75, 0.35;
  return q.cwiseMax(hand.low()).cwiseMin(hand.high());
}

// Limits of the closed hand: short of where it could not open any more.
FingerPosture closed_low(const HandModel& hand) {
  FingerPosture low = hand.low();
  low(1) += 0.25;
  low(2) += 0.10;
  for (int f = 1; f < 5; ++f) low(4 * f + 2) += 0.15;
  return low;
}

// A pinch of the object's width in the wrist frame, opposing along the hand's natural axis.
FingerPosture pinch_posture(HandModel& hand, const Target& target) {
  const FingerPosture nominal = nominal_posture(hand);
  const double width = 2.0 * (target.shape.kind == ShapeKind::box
                                  ? target.half.cwiseProduct(target.t.cwiseAbs()).sum()
                                  : target.half.x());
  const auto evaluate = [&](const VectorXd& x, NormalEquations& out) {
    hand.set_fingers(x);
    const SphereState thumb = hand.state(hand.tips()[0], out.with_derivatives);
    Vector3d gap = -thumb.center_in_wrist;
    Eigen::Matrix<double, 3, kFingerJoints> jacobian = -thumb.jacobian;
    const double share = 1.0 / static_cast<double>(target.fingers.size());
    double radius = 0.0;
    for (const int f : target.fingers) {
      const HandSphere& tip = hand.tips()[static_cast<std::size_t>(f)];
      const SphereState state = hand.state(tip, out.with_derivatives);
      gap += share * state.center_in_wrist;
      jacobian += share * state.jacobian;
      radius += share * tip.radius_m;
    }
    const double wanted = width + hand.tips()[0].radius_m + radius - 2 * kContactDepthM;
    const Vector3d error = (gap - wanted * kNaturalOpposition) / 0.004;
    for (int k = 0; k < 3; ++k) out.add(error(k), jacobian.row(k).transpose() / 0.004);
    for (int i = 0; i < kFingerJoints; ++i) out.add_single((x(i) - nominal(i)) / 0.5, i, 2.0);
    // Fingers stay level with each other, those that do not touch as well.
    for (int joint = 1; joint < 4; ++joint) {
      for (int f = 2; f < 5; ++f) {
        VectorXd row = VectorXd::Zero(kFingerJoints);
        row(4 * f + joint) = 1.0 / 0.2;
        row(4 + joint) = -1.0 / 0.2;
        out.add((x(4 * f + joint) - x(4 + joint)) / 0.2, row);
      }
    }
  };
  const FingerPosture low = closed_low(hand);
  VectorXd x = nominal.cwiseMax(low);
  minimize_in_box(x, low, hand.high(), evaluate, {.max_iterations = 25});
  return x;
}

struct WristFrame {
  Vector3d position;
  Matrix3d rotation;  // object_from_wrist
};

// Turns and places the pinching hand so that its opposition meets the faces at the wanted height.
WristFrame place_hand(HandModel& hand, const Target& target, const FingerPosture& posture) {
  hand.set_fingers(posture);
  const Vector3d thumb = hand.state(hand.tips()[0], false).center_in_wrist;
  Vector3d fingers = Vector3d::Zero();
  for (const int f : target.fingers) {
    fingers += hand.state(hand.tips()[static_cast<std::size_t>(f)], false).center_in_wrist;
  }
  fingers /= static_cast<double>(target.fingers.size());
  const Vector3d t = (fingers - thumb).normalized();
  const Vector3d a = (kNaturalApproach - kNaturalApproach.dot(t) * t).normalized();
  Matrix3d in_wrist;
  in_wrist << t, a, t.cross(a);
  Matrix3d in_object;
  in_object << target.t, target.approach, target.t.cross(target.approach);
  WristFrame frame;
  frame.rotation = in_object * in_wrist.transpose();
  const Vector3d middle(0, 0, target.contact_height);
  frame.position = middle - frame.rotation * (0.5 * (thumb + fingers));
  return frame;
}

Matrix3d left_jacobian(const Vector3d& w) {
  const double angle = w.norm();
  const Matrix3d k = cross_matrix(w);
  if (angle < 1e-6) return Matrix3d::Identity() + 0.5 * k;
  return Matrix3d::Identity() + (1 - std::cos(angle)) / (angle * angle) * k +
         (angle - std::sin(angle)) / (angle * angle * angle) * k * k;
}

Matrix3d rotation_from(const Vector3d& w) { return eigen(quat_from_rotation_vector(vec3(w))); }

bool is_contact_tip(const HandModel& hand, const Target& target, const HandSphere& sphere) {
  const auto same = [&](int f) {
    const HandSphere& tip = hand.tips()[static_cast<std::size_t>(f)];
    return tip.body == sphere.body && norm(tip.center_in_body_m - sphere.center_in_body_m) < 1e-4;
  };
  return same(0) || std::any_of(target.fingers.begin(), target.fingers.end(), same);
}

// The residuals of the adapter. Unknowns: wrist position 3, rotation vector 3, fingers 20.
class Adapter {
 public:
  Adapter(HandModel& hand, const Target& target, const WristFrame& start,
          const FingerPosture& posture)
      : hand_(hand), target_(target), start_(start), posture_(posture) {
    for (const HandSphere& sphere : hand.spheres()) {
      if (!is_contact_tip(hand, target, sphere)) others_.push_back(sphere);
    }
  }

  struct Point {
    Vector3d p;
    Eigen::Matrix<double, 3, 26> jacobian;
  };

  [[nodiscard]] WristFrame frame(const VectorXd& x) const {
    return {start_.position + x.head<3>(), rotation_from(x.segment<3>(3)) * start_.rotation};
  }

  void evaluate(const VectorXd& x, NormalEquations& out) {
    hand_.set_fingers(x.tail<kFingerJoints>());
    const WristFrame wrist = frame(x);
    const Matrix3d left = left_jacobian(x.segment<3>(3));
    add_contacts(wrist, left, out);
    for (const HandSphere& sphere : others_) add_clearance(sphere, wrist, left, out);
    for (int f = 0; f < 5; ++f) {
      add_table(hand_.tips()[static_cast<std::size_t>(f)], wrist, left, out);
    }
    for (int i = 0; i < 3; ++i) {
      out.add_single(x(i) / kWristSigmaM, i, 1 / kWristSigmaM);
      out.add_single(x(3 + i) / kWristSigmaRad, 3 + i, 1 / kWristSigmaRad);
    }
    for (int i = 0; i < kFingerJoints; ++i) {
      out.add_single((x(6 + i) - posture_(i)) / kJointSigmaRad, 6 + i, 1 / kJointSigmaRad);
    }
  }

  [[nodiscard]] Point point(const HandSphere& sphere, const WristFrame& wrist, const Matrix3d& left,
                            bool with_jacobian) const {
    const SphereState state = hand_.state(sphere, with_jacobian);
    const Vector3d arm = wrist.rotation * state.center_in_wrist;
    Point out{wrist.position + arm, {}};
    if (with_jacobian) {
      out.jacobian.leftCols<3>().setIdentity();
      out.jacobian.middleCols<3>(3) = -cross_matrix(arm) * left;
      out.jacobian.rightCols<kFingerJoints>() = wrist.rotation * state.jacobian;
    }
    return out;
  }

 private:
  static void add_row(double residual, const Vector3d& direction, const Point& point, double sigma,
                      NormalEquations& out) {
    out.add(residual / sigma, (point.jacobian.transpose() * direction) / sigma);
  }

  void add_contact(const Point& tip, double radius, double sign, NormalEquations& out) const {
    const Distance side = target_.side_distance(tip.p, sign);
    add_row(side.value - radius + kContactDepthM, side.gradient, tip, kContactSigmaM, out);
    const double top = target_.half.z() - kEdgeMarginM;
    if (tip.p.z() > top) add_row(tip.p.z() - top, Vector3d::UnitZ(), tip, kContactSigmaM, out);
    if (target_.shape.kind != ShapeKind::box) return;
    const double edge = target_.half.cwiseProduct(target_.lateral.cwiseAbs()).sum() - kEdgeMarginM;
    const double across = target_.lateral.dot(tip.p);
    if (std::abs(across) > edge) {
      const double over = across > 0 ? across - edge : across + edge;
      add_row(over, target_.lateral, tip, kContactSigmaM, out);
    }
  }

  void add_contacts(const WristFrame& wrist, const Matrix3d& left, NormalEquations& out) const {
    const Point thumb = point(hand_.tips()[0], wrist, left, out.with_derivatives);
    add_contact(thumb, hand_.tips()[0].radius_m, -1.0, out);
    Point mean{Vector3d::Zero(), Eigen::Matrix<double, 3, 26>::Zero()};
    const double share = 1.0 / static_cast<double>(target_.fingers.size());
    for (const int f : target_.fingers) {
      const HandSphere& tip = hand_.tips()[static_cast<std::size_t>(f)];
      const Point at = point(tip, wrist, left, out.with_derivatives);
      add_contact(at, tip.radius_m, 1.0, out);
      mean.p += share * at.p;
      if (out.with_derivatives) mean.jacobian += share * at.jacobian;
    }
    Point difference{thumb.p - mean.p, {}};
    if (out.with_derivatives) difference.jacobian = thumb.jacobian - mean.jacobian;
    add_row(difference.p.z(), Vector3d::UnitZ(), difference, kLevelSigmaM, out);
    add_row(target_.lateral.dot(difference.p), target_.lateral, difference, kLevelSigmaM, out);
    add_row(target_.lateral.dot(mean.p), target_.lateral, mean, kLevelSigmaM, out);
    add_row(mean.p.z() - target_.contact_height, Vector3d::UnitZ(), mean, 0.012, out);
  }

  void add_clearance(const HandSphere& sphere, const WristFrame& wrist, const Matrix3d& left,
                     NormalEquations& out) const {
    const Vector3d p = point(sphere, wrist, left, false).p;
    const Distance distance = target_.distance(p);
    const double gap = distance.value - sphere.radius_m - kClearanceM;
    if (gap < 0.0) {
      add_row(gap, distance.gradient, point(sphere, wrist, left, out.with_derivatives), 0.002, out);
    }
    add_table(sphere, wrist, left, out);
  }

  void add_table(const HandSphere& sphere, const WristFrame& wrist, const Matrix3d& left,
                 NormalEquations& out) const {
    const double p_z = point(sphere, wrist, left, false).p.z();
    const double gap = p_z - sphere.radius_m + target_.half.z() - kTableClearanceM;
    if (gap >= 0.0) return;
    add_row(gap, Vector3d::UnitZ(), point(sphere, wrist, left, out.with_derivatives), 0.002, out);
  }

  HandModel& hand_;
  const Target& target_;
  WristFrame start_;
  FingerPosture posture_;
  std::vector<HandSphere> others_;
};

Quat quat_from(const Matrix3d& m) {
  return quat_from_axes(vec3(m.col(0)), vec3(m.col(1)), vec3(m.col(2)));
}

// Smallest gap between the contact tips of a posture and their faces.
double tip_clearance(HandModel& hand, const Target& target, const WristFrame& wrist,
                     const FingerPosture& posture) {
  hand.set_fingers(posture);
  const auto gap = [&](int finger, double sign) {
    const HandSphere& tip = hand.tips()[static_cast<std::size_t>(finger)];
    const Vector3d p = wrist.position + wrist.rotation * hand.state(tip, false).center_in_wrist;
    return target.side_distance(p, sign).value - tip.radius_m;
  };
  double smallest = gap(0, -1.0);
  for (const int f : target.fingers) smallest = std::min(smallest, gap(f, 1.0));
  return smallest;
}

FingerPosture opened(const HandModel& hand, const FingerPosture& closed, double by) {
  FingerPosture open = closed;
  open(1) -= by;  // thumb
  open(2) -= 0.5 * by;
  open(3) -= 0.5 * by;
  for (int f = 1; f < 5; ++f) {
    open(4 * f + 1) -= by;
    open(4 * f + 2) -= by;
  }
  return open.cwiseMax(hand.low()).cwiseMin(hand.high());
}

void measure(HandModel& hand, const Target& target, const WristFrame& wrist, double finger_force_n,
             AdaptedGrasp& out) {
  hand.set_fingers(out.closed);
  const auto place = [&](const HandSphere& sphere) {
    return Vector3d(wrist.position + wrist.rotation * hand.state(sphere, false).center_in_wrist);
  };
  const auto add = [&](int finger, double sign, double force) {
    const HandSphere& tip = hand.tips()[static_cast<std::size_t>(finger)];
    const Vector3d p = place(tip);
    const Distance side = target.side_distance(p, sign);
    out.contact_error_m =
        std::max(out.contact_error_m, std::abs(side.value - tip.radius_m + kContactDepthM));
    out.contact_error_m = std::max(out.contact_error_m, p.z() - target.half.z());
    out.contacts.push_back(
        {finger, vec3(p - side.value * side.gradient), vec3(-side.gradient), force});
  };
  add(0, -1.0, finger_force_n * static_cast<double>(target.fingers.size()));
  for (const int f : target.fingers) add(f, 1.0, finger_force_n);
  Vec3 sum{};
  for (const FingerContact& contact : out.contacts) {
    const double share =
        contact.finger == 0 ? 1.0 : 1.0 / static_cast<double>(target.fingers.size());
    sum = sum + share * contact.inward_normal_in_object;
  }
  out.imbalance = norm(sum);
  for (const HandSphere& sphere : hand.spheres()) {
    const Vector3d p = place(sphere);
    double depth = sphere.radius_m - (p.z() + target.half.z());
    if (!is_contact_tip(hand, target, sphere)) {
      depth = std::max(depth, sphere.radius_m - target.distance(p).value);
    }
    out.penetration_m = std::max(out.penetration_m, depth);
  }
  for (const double share : {1.0, 1.4, 1.8}) {
    out.open = opened(hand, out.closed, share * kOpeningRad);
    out.open_clearance_m = tip_clearance(hand, target, wrist, out.open);
    if (out.open_clearance_m > kOpenClearanceM) break;
  }
}

}  // namespace

GraspCandidate natural_directions(Quat frame_from_wrist) {
  return {frame_from_wrist * vec3(kNaturalOpposition), frame_from_wrist * vec3(kNaturalApproach)};
}

AdaptedGrasp adapt_grasp(HandModel& hand, const Shape& shape, const GraspCandidate& candidate,
                         double finger_force_n) {
  const Target target = make_target(hand, shape, candidate);
  const FingerPosture posture = pinch_posture(hand, target);
  WristFrame wrist = place_hand(hand, target, posture);
  FingerPosture fingers = posture;
  VectorXd low = VectorXd::Constant(26, -1.0);
  VectorXd high = VectorXd::Constant(26, 1.0);
  low.tail<kFingerJoints>() = closed_low(hand);
  high.tail<kFingerJoints>() = hand.high();
  // The second round starts where the first one ended, so that the priors no longer pull at
  // contacts.
  for (int round = 0; round < 2; ++round) {
    Adapter adapter(hand, target, wrist, fingers);
    VectorXd x = VectorXd::Zero(26);
    x.tail<kFingerJoints>() = fingers;
    minimize_in_box(
        x, low, high,
        [&](const VectorXd& at, NormalEquations& equations) { adapter.evaluate(at, equations); },
        {.max_iterations = 30});
    wrist = adapter.frame(x);
    fingers = x.tail<kFingerJoints>();
  }
  AdaptedGrasp out;
  out.candidate = candidate;
  out.object_from_wrist = {vec3(wrist.position), quat_from(wrist.rotation)};
  out.closed = fingers;
  measure(hand, target, wrist, finger_force_n, out);
  return out;
}

}  // namespace hearth
