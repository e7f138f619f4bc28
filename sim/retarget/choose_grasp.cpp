// SPDX-License-Identifier: Apache-2.0
#include "sim/retarget/choose_grasp.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace hearth {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kContactToleranceM = 0.003;
constexpr double kPenetrationToleranceM = 0.005;
constexpr double kClearanceToleranceM = 0.002;
constexpr double kImbalanceTolerance = 0.4;  // about 23 deg: inside the friction cone of .45
constexpr double kReachToleranceM = 0.006;
constexpr double kReachToleranceRad = 0.08;
constexpr std::size_t kTriedWithArm = 6;

// From above, leaning, and nearly from the side.
constexpr double kTilts[] = {0.0, 0.45, 0.9};

struct Option {
  AdaptedGrasp grasp;
  double turned_rad = 0.0;
  double style_cost = 0.0;
};

bool holds(const AdaptedGrasp& grasp) {
  return grasp.contact_error_m < kContactToleranceM &&
         grasp.penetration_m < kPenetrationToleranceM && grasp.imbalance < kImbalanceTolerance &&
         grasp.open_clearance_m > kClearanceToleranceM;
}

// The approach at a tilt from straight down whose thumb side is up.
GraspCandidate candidate_at(Vec3 thumb_to_fingers, double tilt, double radial_sign) {
  const Vec3 side = radial_sign * cross({0, 0, 1}, thumb_to_fingers);
  return {thumb_to_fingers, std::cos(tilt) * Vec3{0, 0, -1} + std::sin(tilt) * side};
}

AdaptedGrasp turned(AdaptedGrasp grasp, double yaw) {
  const Quat turn = quat_from_axis_angle({0, 0, 1}, yaw);
  grasp.candidate.thumb_to_fingers = turn * grasp.candidate.thumb_to_fingers;
  grasp.candidate.approach = turn * grasp.candidate.approach;
  grasp.object_from_wrist = Pose{{}, turn} * grasp.object_from_wrist;
  for (FingerContact& contact : grasp.contacts) {
    contact.p_in_object_m = turn * contact.p_in_object_m;
    contact.inward_normal_in_object = turn * contact.inward_normal_in_object;
  }
  return grasp;
}

double squeeze_n(const SceneObject& object, const RetargetOptions& options) {
  // Twice what holds the weight with 4 m/s^2 to spare, shared by two fingers.
  const double needed = object.mass_kg.value * (9.81 + 4.0) / std::max(0.1, object.friction.value);
  return std::clamp(0.5 * needed, options.finger_force_n, std::max(8.0, options.finger_force_n));
}

std::vector<AdaptedGrasp> adapted(HandModel& hand, const Shape& shape, double force_n) {
  std::vector<AdaptedGrasp> out;
  for (const double tilt : kTilts) {
    if (shape.kind == ShapeKind::box) {
      for (const Vec3 t : {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{-1, 0, 0}, Vec3{0, -1, 0}}) {
        // The other half of the faces is the same grasp turned by half a turn.
        if (t.x + t.y < 0.0) {
          out.push_back(turned(out[out.size() - 2], kPi));
        } else {
          out.push_back(
              adapt_grasp(hand, shape, candidate_at(t, tilt, hand.radial_sign()), force_n));
        }
      }
    } else {
      const AdaptedGrasp first =
          adapt_grasp(hand, shape, candidate_at({1, 0, 0}, tilt, hand.radial_sign()), force_n);
      for (int i = 0; i < 12; ++i) out.push_back(turned(first, i * kPi / 6.0));
    }
  }
  return out;
}

Error too_wide(const std::vector<AdaptedGrasp>& grasps, const Shape& shape,
               const std::string& object_id) {
  const auto badness = [](const AdaptedGrasp& g) {
    return std::max(g.contact_error_m, g.penetration_m);
  };
  const auto reason = [](const AdaptedGrasp& g) -> std::string {
    if (g.imbalance >= kImbalanceTolerance) return "thumb and fingers do not oppose";
    if (g.open_clearance_m <= kClearanceToleranceM) return "the open hand does not fit around it";
    return "the fingertips miss by " +
           std::to_string(std::max(g.contact_error_m, g.penetration_m)) + " m";
  };
  const AdaptedGrasp& best = *std::min_element(
      grasps.begin(), grasps.end(),
      [&](const AdaptedGrasp& a, const AdaptedGrasp& b) { return badness(a) < badness(b); });
  return Error{ErrorCode::infeasible,
               "too_wide: the hand cannot take an object of " + std::to_string(shape.size_m.x) +
                   " x " + std::to_string(shape.size_m.y) + " x " + std::to_string(shape.size_m.z) +
                   " m, " + reason(best),
               object_id};
}

}  // namespace

std::vector<Pose> key_wrists(const RecordedChore& chore, const CarryPath& carry,
                             const AdaptedGrasp& grasp, double approach_m) {
  const auto backed = [&](const Pose& world_from_object) {
    Pose wrist = world_from_object * grasp.object_from_wrist;
    wrist.position_m =
        wrist.position_m - world_from_object.rotation * (approach_m * grasp.candidate.approach);
    return wrist;
  };
  std::vector<Pose> keys = {backed(chore.world_from_start)};
  for (const double share : {0.0, 0.3, 0.6, 1.0}) {
    keys.push_back(carry.at(share) * grasp.object_from_wrist);
  }
  keys.push_back(backed(chore.world_from_goal));
  return keys;
}

Result<ChosenGrasp> choose_grasp(HandModel& hand, Kinematics& kinematics, const JointChain& base,
                                 const JointChain& arm, const RecordedChore& chore,
                                 const CarryPath& carry, const RecordedHand& recorded,
                                 const BasePrior& prior, const Home& home,
                                 const Surroundings& surroundings, const RetargetOptions& options) {
  const SceneObject& object = *find_object(home.scene, home.task.object_id);
  const std::vector<AdaptedGrasp> grasps = adapted(hand, chore.shape, squeeze_n(object, options));
  const Quat recorded_rotation =
      recorded.wrist_at(0.5 * (chore.onset_s + chore.move_start_s)).rotation;
  std::vector<Option> feasible;
  for (const AdaptedGrasp& grasp : grasps) {
    if (!holds(grasp)) continue;
    const Quat rotation = chore.world_from_start.rotation * grasp.object_from_wrist.rotation;
    const double turn = angle_between_rad(rotation, recorded_rotation);
    const double miss = grasp.contact_error_m / 0.001;
    const double narrow = std::max(0.0, 0.008 - grasp.open_clearance_m) / 0.002;
    double blocked = 0.0;
    for (const Pose& wrist : key_wrists(chore, carry, grasp, options.approach_m)) {
      blocked = std::max(blocked, obstacle_depth_m(hand, grasp.open, wrist, surroundings) / 0.005);
    }
    feasible.push_back({grasp, turn,
                        (turn / 0.35) * (turn / 0.35) + miss * miss + narrow * narrow +
                            std::min(blocked * blocked, 100.0)});
  }
  if (feasible.empty()) return too_wide(grasps, chore.shape, object.id);
  std::stable_sort(feasible.begin(), feasible.end(),
                   [](const Option& a, const Option& b) { return a.style_cost < b.style_cost; });

  ChosenGrasp best;
  double best_cost = 1e300;
  double best_miss_m = 1e300;
  for (std::size_t i = 0; i < feasible.size(); ++i) {
    if (i >= kTriedWithArm && best_cost < 1e300) break;
    const Option& option = feasible[i];
    const PlacedBase placed = place_base(kinematics, base, arm,
                                         key_wrists(chore, carry, option.grasp, options.approach_m),
                                         prior, home.scene.supports);
    best_miss_m = std::min(best_miss_m, placed.worst_position_m);
    if (placed.worst_position_m > kReachToleranceM) continue;
    if (placed.worst_rotation_rad > kReachToleranceRad) continue;
    const double cost = placed.cost + option.style_cost;
    if (cost >= best_cost) continue;
    best_cost = cost;
    best = {option.grasp, placed, option.turned_rad};
  }
  if (best_cost == 1e300) {
    return Error{ErrorCode::infeasible,
                 "unreachable: the wrist stays " + std::to_string(best_miss_m) +
                     " m from where it should grasp or place",
                 object.id};
  }
  return best;
}

}  // namespace hearth
