// SPDX-License-Identifier: Apache-2.0
#include <hearth/retarget/retarget.h>
#include <hearth/retarget/speed_limit.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/retarget/choose_grasp.h"
#include "sim/retarget/eigen.h"
#include "sim/retarget/place_base.h"
#include "sim/retarget/plan_clip.h"
#include "sim/retarget/solve_clip.h"

namespace hearth {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kSnapM = 0.05;        // objects this near to their support's top are put on it
constexpr double kWristOffM = 0.03;    // counts as not reached
constexpr double kGraspMissM = 0.012;  // a wrist further off than this while grasping fails

Result<Done> check(const RetargetOptions& options) {
  const auto out_of_range = [](const char* field, const char* range) {
    return Error{ErrorCode::invalid_argument, std::string("must be in ") + range, field};
  };
  if (!(options.rate_hz >= 20 && options.rate_hz <= 120))
    return out_of_range("rate_hz", "[20, 120]");
  if (!(options.finger_force_n >= 1 && options.finger_force_n <= 10)) {
    return out_of_range("finger_force_n", "[1, 10]");
  }
  if (!(options.approach_m >= 0.04 && options.approach_m <= 0.2)) {
    return out_of_range("approach_m", "[0.04, 0.2]");
  }
  if (!(options.max_carry_speed_m_s > 0)) return out_of_range("max_carry_speed_m_s", "(0, inf)");
  if (!(options.min_lift_m >= 0)) return out_of_range("min_lift_m", "[0, inf)");
  return Done{};
}

// Upright at the yaw it has, standing on the support under it where that is near.
Pose upright_on(const Pose& world_from_object, const Support* support, double half_height,
                const char* what, Diagnostics& diagnostics) {
  Pose pose{world_from_object.position_m,
            quat_from_axis_angle({0, 0, 1}, yaw_rad(world_from_object.rotation))};
  if (support == nullptr) return pose;
  const double rest = support->world_from_support.position_m.z + half_height;
  const double off = pose.position_m.z - rest;
  if (std::abs(off) > kSnapM) return pose;
  pose.position_m.z = rest;
  if (std::abs(off) > 0.005) {
    diagnostics.add(Severity::note, "object_snapped_to_support",
                    std::string(what) + " is " + std::to_string(off) +
                        " m above its support, grasped as if it stood there",
                    support->id);
  }
  return pose;
}

const HandTrajectory* find_hand(const Home& home, HandSide side) {
  for (const HandTrajectory& hand : home.hands) {
    if (hand.side == side && !hand.spans.empty()) return &hand;
  }
  return nullptr;
}

double end_s(const Home& home) {
  TimeNs last = 0;
  for (const HandTrajectory& hand : home.hands) {
    for (const HandSpan& span : hand.spans) {
      const double length = static_cast<double>(span.samples.size() - 1) / hand.rate_hz;
      last = std::max(last, span.start_ns + ns_from_seconds(length));
    }
  }
  for (const CameraSample& sample : home.camera_path.samples) last = std::max(last, sample.time_ns);
  return seconds_from_ns(last);
}

Result<RecordedChore> read_chore(const Home& home, Diagnostics& diagnostics) {
  const Task& task = home.task;
  const SceneObject* object = find_object(home.scene, task.object_id);
  if (object == nullptr) {
    return Error{ErrorCode::infeasible, "no_grasp_recorded: the home has no object to move",
                 "/task/object_id"};
  }
  if (object->shape.kind != ShapeKind::box && object->shape.kind != ShapeKind::cylinder) {
    return Error{ErrorCode::unsupported, "only boxes and upright cylinders can be grasped",
                 object->id};
  }
  const ContactSpan* span = nullptr;
  for (const ContactSpan& candidate : home.contacts.spans) {
    const bool fits = candidate.object_id == task.object_id || candidate.object_id.empty();
    if (!fits || find_hand(home, candidate.side) == nullptr) continue;
    if (span == nullptr || candidate.confidence > span->confidence) span = &candidate;
  }
  if (span == nullptr) {
    return Error{ErrorCode::infeasible,
                 "no_grasp_recorded: no hand with a known path touches the object", object->id};
  }
  RecordedChore chore;
  chore.side = span->side;
  chore.shape = object->shape;
  chore.onset_s = seconds_from_ns(span->onset_ns);
  chore.release_s = seconds_from_ns(span->release_ns);
  chore.move_start_s = seconds_from_ns(span->move_start_ns);
  chore.move_stop_s = seconds_from_ns(span->move_stop_ns);
  if (!(chore.move_stop_s > chore.move_start_s + 0.1)) {
    chore.move_start_s = chore.onset_s + 0.15;
    chore.move_stop_s = std::max(chore.move_start_s + 0.5, chore.release_s - 0.1);
  }
  chore.duration_s = std::max(end_s(home), chore.move_stop_s);
  const double half_height = 0.5 * object->shape.size_m.z;
  chore.world_from_start =
      upright_on(object->world_from_object, find_support(home.scene, task.start_support_id),
                 half_height, "the object", diagnostics);
  chore.world_from_goal =
      upright_on(task.world_from_goal, find_support(home.scene, task.goal_support_id), half_height,
                 "the goal", diagnostics);
  return chore;
}

BasePrior base_prior(const Home& home, const RecordedChore& chore, const RecordedHand& recorded) {
  const Vec3 middle = 0.5 * (chore.world_from_start.position_m + chore.world_from_goal.position_m);
  BasePrior prior;
  Vec3 head{};
  double count = 0.0;
  for (const CameraSample& sample : home.camera_path.samples) {
    const double t = seconds_from_ns(sample.time_ns);
    if (t < chore.onset_s - 0.5 || t > chore.release_s + 0.5) continue;
    head = head + sample.world_from_camera.position_m;
    count += 1.0;
  }
  // Far from the object it is a camera that nobody wears.
  const bool worn = count > 0.0 && norm((1.0 / count) * head - middle) < 1.3;
  if (worn) {
    head = (1.0 / count) * head;
  } else {
    const Vec3 fingers = recorded.wrist_at(chore.onset_s).rotation * Vec3{0, 0, 1};
    const Vec3 ahead = normalized(Vec3{fingers.x, fingers.y, 0.0});
    head = middle - 0.45 * ahead;
    head.z = middle.z + 0.65;
    prior.sigma = {0.4, 0.4, 1.0, 0.2};
  }
  const double yaw = std::atan2(middle.y - head.y, middle.x - head.x);
  const Vec3 ahead{std::cos(yaw), std::sin(yaw), 0.0};
  const Vec3 feet = head - 0.12 * ahead;  // the eyes are ahead of the spine
  prior.base = {feet.x, feet.y, yaw, std::clamp(head.z - 1.60, -0.35, 0.12)};
  return prior;
}

struct Chains {
  JointChain base, arm, other_arm;
};

Result<Chains> make_chains(const Humanoid& humanoid, const Kinematics& kinematics, HandSide side) {
  const auto arm_joints = [](const std::string& prefix) {
    std::vector<std::string> names;
    for (const char* name : {"shoulder_flex", "shoulder_abduction", "shoulder_rotation", "elbow",
                             "pronation", "wrist_flex", "wrist_deviation"}) {
      names.push_back(prefix + name);
    }
    return names;
  };
  const std::string own = side_name(side) + "_";
  const std::string other =
      side_name(side == HandSide::right ? HandSide::left : HandSide::right) + "_";
  std::vector<std::string> joints = {"waist_yaw", "waist_pitch", "waist_roll"};
  for (const std::string& name : arm_joints(own)) joints.push_back(name);
  Result<JointChain> base =
      make_chain(humanoid, kinematics, {"base_x", "base_y", "base_yaw", "base_lift"}, own + "hand");
  Result<JointChain> arm = make_chain(humanoid, kinematics, joints, own + "hand");
  Result<JointChain> other_arm =
      make_chain(humanoid, kinematics, arm_joints(other), other + "hand");
  if (!base) return base.error();
  if (!arm) return arm.error();
  if (!other_arm) return other_arm.error();
  return Chains{*base, *arm, *other_arm};
}

// Postures of the key poses, spread over the rows: where the search over the clip begins.
MatrixXd starting_rows(const PlacedBase& base, const MotionTimes& times, std::size_t rows,
                       double rate_hz) {
  const Grasp& g = times.grasp;
  const double carry = g.land_s - g.lift_s;
  const std::vector<double> at = {
      times.pre_s, times.arrive_s,     g.lift_s + 0.3 * carry, g.lift_s + 0.6 * carry,
      g.land_s,    times.retreat_end_s};
  MatrixXd start(static_cast<Eigen::Index>(rows), base.arm.front().size());
  for (std::size_t k = 0; k < rows; ++k) {
    const double t = static_cast<double>(k) / rate_hz;
    std::size_t i = 0;
    while (i + 2 < at.size() && t > at[i + 1]) ++i;
    const double u = std::clamp((t - at[i]) / (at[i + 1] - at[i]), 0.0, 1.0);
    start.row(static_cast<Eigen::Index>(k)) =
        ((1.0 - u) * base.arm[i] + u * base.arm[i + 1]).transpose();
  }
  return start;
}

void write_columns(const JointChain& chain, const MatrixXd& values, Table& table) {
  for (std::size_t t = 0; t < table.rows; ++t) {
    for (Eigen::Index j = 0; j < chain.size(); ++j) {
      const auto column = static_cast<std::size_t>(chain.joints[static_cast<std::size_t>(j)]);
      table.values[t * table.columns + column] = values(static_cast<Eigen::Index>(t), j);
    }
  }
}

void write_fingers(const HandModel& hand, const std::vector<FingerPosture>& fingers, Table& table) {
  for (std::size_t t = 0; t < table.rows; ++t) {
    for (int i = 0; i < kFingerJoints; ++i) {
      const auto column = static_cast<std::size_t>(hand.joints()[static_cast<std::size_t>(i)]);
      table.values[t * table.columns + column] = fingers[t](i);
    }
  }
}

std::vector<double> row_of(const Table& table, std::size_t t) {
  const auto first = table.values.begin() + static_cast<std::ptrdiff_t>(t * table.columns);
  return {first, first + static_cast<std::ptrdiff_t>(table.columns)};
}

// Smallest distance of a hand to the supports, over some rows.
double support_clearance(const HandModel& hand, const JointChain& chain, const VectorXd& posture,
                         const std::vector<Support>& supports, Kinematics& kinematics,
                         const Table& table) {
  double smallest = 1.0;
  for (std::size_t t = 0; t < table.rows; t += 10) {
    std::vector<double> positions = row_of(table, t);
    scatter(chain, posture, positions);
    kinematics.set_positions(positions);
    for (const HandSphere& sphere : hand.spheres()) {
      const Vec3 p = kinematics.body_pose(sphere.body) * sphere.center_in_body_m;
      for (const Support& support : supports) {
        const Vec3 q = inverse(support.world_from_support) * p;
        const Vec3 outside{std::max(0.0, std::abs(q.x) - 0.5 * support.size_m.x),
                           std::max(0.0, std::abs(q.y) - 0.5 * support.size_m.y),
                           std::max({0.0, q.z, -support.size_m.z - q.z})};
        smallest = std::min(smallest, norm(outside) - sphere.radius_m);
      }
    }
  }
  return smallest;
}

// An arm that hangs, as far back as it must to keep its hand clear of the supports.
VectorXd hanging_arm(const HandModel& hand, const JointChain& chain,
                     const std::vector<Support>& supports, Kinematics& kinematics,
                     const Table& table) {
  VectorXd posture = chain.nominal;
  posture(2) = 0.0;
  posture(3) = 0.35;
  double best = -1.0;
  VectorXd best_posture = posture;
  for (const double back : {0.1, 0.3, 0.5, 0.7}) {
    for (const double aside : {0.15, 0.35}) {
      posture(0) = -back;
      posture(1) = aside;
      const double clear = support_clearance(hand, chain, posture, supports, kinematics, table);
      if (clear > best) {
        best = clear;
        best_posture = posture;
      }
      if (clear > 0.03) return posture;
    }
  }
  return best_posture;
}

// The arm that does nothing follows its recording loosely, or hangs.
void add_other_arm(const Home& home, const Humanoid& humanoid, const RecordedChore& chore,
                   const MotionTimes& times, const ClipPlan& plan, const JointChain& chain,
                   Kinematics& kinematics, double rate_hz, Table& table) {
  const HandSide side = chore.side == HandSide::right ? HandSide::left : HandSide::right;
  Result<HandModel> model = HandModel::make(humanoid, side, kinematics);
  if (!model) return;
  const auto rows = static_cast<Eigen::Index>(table.rows);
  FingerPosture loose = 0.3 * model->high();
  loose(0) = 0.5;
  loose = loose.cwiseMax(model->low()).cwiseMin(model->high());
  std::vector<FingerPosture> fingers(table.rows, loose);
  MatrixXd values;
  const HandTrajectory* trajectory = find_hand(home, side);
  if (trajectory == nullptr) {
    values = hanging_arm(*model, chain, home.scene.supports, kinematics, table)
                 .transpose()
                 .replicate(rows, 1);
  } else {
    const RecordedHand recorded =
        resample_hand(*trajectory, chore.duration_s, rate_hz, model->low(), model->high());
    std::vector<Pose> wrist;
    for (std::size_t t = 0; t < table.rows; ++t) {
      const double clip = times.clip_s(static_cast<double>(t) / rate_hz, chore);
      wrist.push_back(recorded.wrist_at(clip));
      fingers[t] = recorded.fingers_at(clip);
    }
    HandModel moving = *model;
    clear_obstacles(moving, fingers, std::vector<bool>(table.rows, false), plan.world_from_object,
                    chore.shape, surroundings_of(home), wrist);
    std::vector<PoseTarget> targets;
    for (const Pose& pose : wrist) targets.push_back({pose, 0.01, 0.2});
    values = chain.nominal.transpose().replicate(rows, 1);
    values = solve_clip(kinematics, chain, targets, values, table, rate_hz);
  }
  write_columns(chain, values, table);
  write_fingers(*model, fingers, table);
}

// Looks at the object and the hand.
void add_gaze(Kinematics& kinematics, const ClipPlan& plan, Table& table) {
  const int yaw = kinematics.joint_index("neck_yaw");
  const int pitch = kinematics.joint_index("neck_pitch");
  const int torso = kinematics.body_index("torso");
  if (yaw < 0 || pitch < 0 || torso < 0) return;
  std::vector<Vec3> angles(table.rows);
  for (std::size_t t = 0; t < table.rows; ++t) {
    kinematics.set_positions(row_of(table, t));
    const Vec3 target =
        0.5 * (plan.world_from_object[t].position_m + plan.wrist[t].world_from_body.position_m);
    const Vec3 p = inverse(kinematics.body_pose(torso)) * target - Vec3{0, 0, 0.58};
    angles[t] = {std::atan2(p.y, std::max(0.1, p.x)), std::atan2(-p.z, std::hypot(p.x, p.y)), 0};
  }
  smooth(angles, 5.0);
  for (std::size_t t = 0; t < table.rows; ++t) {
    table.values[t * table.columns + static_cast<std::size_t>(yaw)] =
        std::clamp(angles[t].x, -1.2, 1.2);
    table.values[t * table.columns + static_cast<std::size_t>(pitch)] =
        std::clamp(angles[t].y, -0.7, 0.95);
  }
}

void obey_limits(const Humanoid& humanoid, double rate_hz, Table& table, Diagnostics& diagnostics) {
  std::vector<double> max_step;
  std::size_t column = 0;
  for (const HumanoidBody& body : humanoid.bodies) {
    for (const HumanoidJoint& joint : body.joints) {
      max_step.push_back(joint.max_speed / rate_hz);
      for (std::size_t t = 0; t < table.rows; ++t) {
        double& value = table.values[t * table.columns + column];
        value = std::clamp(value, joint.low, joint.high);
      }
      ++column;
    }
  }
  const double changed = limit_speed(table, max_step);
  if (changed > 0.02) {
    diagnostics.add(
        Severity::note, "speed_limited",
        "joint speed limits moved a reference by up to " + std::to_string(changed) + " rad", {});
  }
}

struct WristErrors {
  double median_m = 0.0;
  double unreachable_share = 0.0;
  double worst_grasping_m = 0.0;
};

WristErrors measure(Kinematics& kinematics, const JointChain& arm, const ClipPlan& plan,
                    const MotionTimes& times, const Table& table, double rate_hz) {
  WristErrors out;
  std::vector<double> errors;
  for (std::size_t t = 0; t < table.rows; ++t) {
    kinematics.set_positions(row_of(table, t));
    const double error =
        norm(kinematics.body_pose(arm.body).position_m - plan.wrist[t].world_from_body.position_m);
    errors.push_back(error);
    const double s = static_cast<double>(t) / rate_hz;
    if (s >= times.arrive_s && s <= times.grasp.release_end_s) {
      out.worst_grasping_m = std::max(out.worst_grasping_m, error);
    }
    if (error > kWristOffM) out.unreachable_share += 1.0 / static_cast<double>(table.rows);
  }
  std::nth_element(errors.begin(), errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2),
                   errors.end());
  out.median_m = errors[errors.size() / 2];
  return out;
}

void say_difference(const RecordedChore& chore, const ChosenGrasp& chosen,
                    const RecordedHand& recorded, Diagnostics& diagnostics) {
  const Pose wrist = chore.world_from_start * chosen.grasp.object_from_wrist;
  const double apart = norm(recorded.wrist_at(chore.move_start_s).position_m - wrist.position_m);
  if (apart < 0.03 && chosen.turned_rad < 0.35) return;
  diagnostics.add(Severity::note, "grasp_differs_from_recording",
                  "the grasp is " + std::to_string(apart) + " m and " +
                      std::to_string(chosen.turned_rad) + " rad from the recorded wrist",
                  {});
}

}  // namespace

Result<Motion> retarget(const Home& home, const Humanoid& humanoid, const RetargetOptions& options,
                        Diagnostics& diagnostics) {
  if (const Result<Done> checked = check(options); !checked) return checked.error();
  const Result<RecordedChore> read = read_chore(home, diagnostics);
  if (!read) return read.error();
  const RecordedChore& chore = *read;

  Result<Kinematics> made = make_kinematics(humanoid);
  if (!made) return made.error();
  Kinematics kinematics = std::move(made).value();
  Result<HandModel> hand = HandModel::make(humanoid, chore.side, kinematics);
  if (!hand) return hand.error();
  HandModel model = std::move(hand).value();
  const Result<Chains> chains = make_chains(humanoid, kinematics, chore.side);
  if (!chains) return chains.error();

  const RecordedHand recorded = resample_hand(*find_hand(home, chore.side), chore.duration_s,
                                              options.rate_hz, model.low(), model.high());
  const ObjectTrack* track = find_track(home.object_tracks, home.task.object_id);
  if (track != nullptr && track->samples.size() < 2) track = nullptr;
  const Surroundings surroundings = surroundings_of(home);
  const CarryPath carry = plan_carry(chore, track, surroundings, options, diagnostics);
  const Result<ChosenGrasp> chosen =
      choose_grasp(model, kinematics, chains->base, chains->arm, chore, carry, recorded,
                   base_prior(home, chore, recorded), home, surroundings, options);
  if (!chosen) return chosen.error();
  say_difference(chore, *chosen, recorded, diagnostics);

  const MotionTimes times = plan_times(chore, carry.duration_s, diagnostics);
  const ClipPlan plan =
      plan_clip(model, chore, times, carry, chosen->grasp, recorded, surroundings, options);
  Motion motion;
  motion.humanoid = humanoid.name;
  motion.rate_hz = options.rate_hz;
  motion.lead_in_s = times.lead_in_s;
  for (const HumanoidBody& body : humanoid.bodies) {
    for (const HumanoidJoint& joint : body.joints) motion.joint_names.push_back(joint.name);
  }
  Table& table = motion.position;
  table.rows = plan.wrist.size();
  table.columns = motion.joint_names.size();
  table.values.assign(table.rows * table.columns, 0.0);
  const auto rows = static_cast<Eigen::Index>(table.rows);
  write_columns(chains->base, chosen->base.base.transpose().replicate(rows, 1), table);
  const MatrixXd arm = solve_clip(kinematics, chains->arm, plan.wrist,
                                  starting_rows(chosen->base, times, table.rows, options.rate_hz),
                                  table, options.rate_hz);
  write_columns(chains->arm, arm, table);
  write_fingers(model, plan.fingers, table);
  add_other_arm(home, humanoid, chore, times, plan, chains->other_arm, kinematics, options.rate_hz,
                table);
  add_gaze(kinematics, plan, table);
  obey_limits(humanoid, options.rate_hz, table, diagnostics);

  const WristErrors errors = measure(kinematics, chains->arm, plan, times, table, options.rate_hz);
  if (errors.worst_grasping_m > kGraspMissM) {
    return Error{ErrorCode::infeasible,
                 "unreachable: while grasping the wrist is up to " +
                     std::to_string(errors.worst_grasping_m) + " m from where it should be",
                 home.task.object_id};
  }
  motion.wrist_error_m = errors.median_m;
  motion.unreachable_share = errors.unreachable_share;
  Grasp grasp = times.grasp;
  grasp.side = chore.side;
  grasp.object_id = home.task.object_id;
  grasp.object_from_wrist = chosen->grasp.object_from_wrist;
  grasp.contacts = chosen->grasp.contacts;
  motion.grasps.push_back(std::move(grasp));
  return validated(std::move(motion));
}

}  // namespace hearth
