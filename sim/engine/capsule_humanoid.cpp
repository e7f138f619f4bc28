// SPDX-License-Identifier: Apache-2.0
// Numbers: assets/README.md.
#include <hearth/engine/capsule_humanoid.h>
#include <hearth/engine/kinematics.h>

#include <array>
#include <cmath>
#include <span>

namespace hearth {

namespace {

constexpr Vec3 kSkin{0.55, 0.36, 0.26};
constexpr Vec3 kShirt{0.12, 0.22, 0.38};
constexpr Vec3 kTrousers{0.10, 0.10, 0.12};
constexpr double kHandFriction = 0.8;

struct ServoNumbers {
  double low, high, max_speed, kp, force_limit, armature, damping;
};

HumanoidJoint make_joint(std::string name, Vec3 axis, const ServoNumbers& n, double nominal = 0.0,
                         JointKind kind = JointKind::hinge) {
  return {std::move(name), kind,       axis,      n.low,  n.high, n.max_speed, n.kp, 0.0,
          n.force_limit,   n.armature, n.damping, nominal};
}

// A capsule from a to b, round ends of `radius` included beyond them.
HumanoidGeom make_capsule(Vec3 a, Vec3 b, double radius, Vec3 color, bool collides = false) {
  const double length = norm(b - a);
  return {{ShapeKind::capsule, {2 * radius, 2 * radius, length + 2 * radius}},
          {0.5 * (a + b), quat_between({0, 0, 1}, normalized(b - a))},
          color,
          collides,
          kHandFriction};
}

HumanoidGeom make_box(Vec3 center, Vec3 size, Vec3 color, bool collides = false) {
  return {{ShapeKind::box, size}, {center, {}}, color, collides, kHandFriction};
}

void add_trunk(Humanoid& humanoid) {
  const JointKind slide = JointKind::slide;
  const ServoNumbers base_xy{-20, 20, 0.8, 2e4, 600, 1, 10};
  const ServoNumbers base_yaw{-9, 9, 1.5, 4e3, 200, 0.5, 2};
  const ServoNumbers lift{-0.5, 0.2, 0.5, 4e4, 1500, 1, 10};
  humanoid.bodies.push_back({"base",
                             "",
                             {{0, 0, 0}, {}},
                             14.0,
                             {make_joint("base_x", {1, 0, 0}, base_xy, 0, slide),
                              make_joint("base_y", {0, 1, 0}, base_xy, 0, slide),
                              make_joint("base_yaw", {0, 0, 1}, base_yaw)},
                             {make_capsule({0, 0.09, 0.07}, {0, 0.09, 0.80}, 0.07, kTrousers),
                              make_capsule({0, -0.09, 0.07}, {0, -0.09, 0.80}, 0.07, kTrousers)}});
  humanoid.bodies.push_back({"pelvis",
                             "base",
                             {{0, 0, 0.95}, {}},
                             10.0,
                             {make_joint("base_lift", {0, 0, 1}, lift, 0, slide)},
                             {make_capsule({0, -0.08, 0}, {0, 0.08, 0}, 0.11, kTrousers)}});
  humanoid.bodies.push_back(
      {"torso",
       "pelvis",
       {{0, 0, 0.10}, {}},
       22.0,
       {make_joint("waist_yaw", {0, 0, 1}, {-1, 1, 2, 1500, 150, 0.1, 2}),
        make_joint("waist_pitch", {0, 1, 0}, {-0.4, 1.3, 2, 2500, 250, 0.1, 2}),
        make_joint("waist_roll", {1, 0, 0}, {-0.5, 0.5, 2, 2500, 250, 0.1, 2})},
       {make_capsule({0, 0, 0.02}, {0, 0, 0.20}, 0.12, kShirt),
        make_capsule({0, -0.11, 0.30}, {0, 0.11, 0.30}, 0.09, kShirt)}});
  humanoid.bodies.push_back({"head",
                             "torso",
                             {{0, 0, 0.43}, {}},
                             5.0,
                             {make_joint("neck_yaw", {0, 0, 1}, {-1.3, 1.3, 4, 60, 20, 0.02, 0.2}),
                              make_joint("neck_pitch", {0, 1, 0}, {-0.8, 1, 4, 60, 20, 0.02, 0.2})},
                             {make_capsule({0, 0, -0.02}, {0, 0, 0.06}, 0.05, kSkin),
                              make_capsule({0.02, 0, 0.12}, {0.02, 0, 0.17}, 0.085, kSkin)}});
  // Camera frame: x right, y down, z forward; between the eyes, looking 20 deg down is the neck's
  // part.
  humanoid.sites.push_back({"head_camera",
                            "head",
                            {{0.10, 0, 0.15}, quat_from_axes({0, -1, 0}, {0, 0, -1}, {1, 0, 0})}});
}

struct FingerNumbers {
  const char* name;
  Vec3 knuckle;  // in the hand frame of a right hand
  std::array<double, 3> length_m;
  std::array<double, 3> radius_m;
};

constexpr std::array<FingerNumbers, 4> kFingers = {{
    {"index", {0, 0.023, 0.091}, {0.045, 0.027, 0.024}, {0.0095, 0.0088, 0.0082}},
    {"middle", {0, 0, 0.093}, {0.050, 0.031, 0.025}, {0.0098, 0.0090, 0.0084}},
    {"ring", {0, -0.021, 0.087}, {0.046, 0.029, 0.025}, {0.0093, 0.0085, 0.0080}},
    {"little", {0, -0.041, 0.080}, {0.036, 0.022, 0.021}, {0.0085, 0.0080, 0.0075}},
}};

constexpr std::array<double, 3> kThumbLength{0.044, 0.034, 0.028};
constexpr std::array<double, 3> kThumbRadius{0.0105, 0.0100, 0.0095};

// A phalanx with its joints; its capsule ends `radius` before the next joint or the tip's surface.
HumanoidBody make_phalanx(std::string name, std::string parent, const Pose& parent_from_body,
                          double length, double radius, std::vector<HumanoidJoint> joints) {
  return {
      std::move(name),   std::move(parent),
      parent_from_body,  4.0e3 * length * radius * radius,
      std::move(joints), {make_capsule({0, 0, 0}, {0, 0, length - radius}, radius, kSkin, true)}};
}

void add_finger(Humanoid& humanoid, const std::string& side, double sign,
                const FingerNumbers& finger, int number) {
  const std::string name = side + "_" + finger.name;
  const Vec3 flex{0, 1, 0};
  const Vec3 knuckle{finger.knuckle.x, sign * finger.knuckle.y, finger.knuckle.z};
  humanoid.bodies.push_back(make_phalanx(
      name + "_proximal", side + "_hand", {knuckle, {}}, finger.length_m[0], finger.radius_m[0],
      {make_joint(name + "_abduction", {-sign, 0, 0}, {-0.3, 0.3, 10, 4, 0.8, 4e-4, 0.01}),
       make_joint(name + "_mcp", flex, {-0.25, 1.6, 12, 5, 1.2, 4e-4, 0.01}, 0.35)}));
  humanoid.bodies.push_back(
      make_phalanx(name + "_middle", name + "_proximal", {{0, 0, finger.length_m[0]}, {}},
                   finger.length_m[1], finger.radius_m[1],
                   {make_joint(name + "_pip", flex, {0, 1.85, 12, 4, 0.8, 4e-4, 0.01}, 0.45)}));
  humanoid.bodies.push_back(make_phalanx(
      name + "_distal", name + "_middle", {{0, 0, finger.length_m[1]}, {}}, finger.length_m[2],
      finger.radius_m[2],
      {make_joint(name + "_dip", flex, {-0.05, 1.3, 12, 2.5, 0.5, 4e-4, 0.01}, 0.25)}));
  humanoid.sites.push_back({side + "_tip_" + std::to_string(number),
                            name + "_distal",
                            {{0, 0, finger.length_m[2]}, {}}});
}

void add_thumb(Humanoid& humanoid, const std::string& side, double sign) {
  constexpr double kRestRad = 55.0 * 3.14159265358979323846 / 180.0;
  const std::string name = side + "_thumb";
  const Vec3 flex{sign, 0, 0};
  // The opposition turns about the palm's long axis, before the rest angle to the radial side.
  const Quat rest = quat_from_axis_angle({1, 0, 0}, -sign * kRestRad);
  const Vec3 opposition_axis = conjugate(rest) * Vec3{0, 0, -sign};
  humanoid.bodies.push_back(make_phalanx(
      name + "_proximal", side + "_hand", {{0.012, sign * 0.026, 0.022}, rest}, kThumbLength[0],
      kThumbRadius[0],
      {make_joint(name + "_opposition", opposition_axis, {-0.2, 1.95, 10, 5, 1.2, 4e-4, 0.01}, 0.5),
       make_joint(name + "_cmc", flex, {-0.45, 0.95, 10, 5, 1.2, 4e-4, 0.01})}));
  humanoid.bodies.push_back(
      make_phalanx(name + "_middle", name + "_proximal", {{0, 0, kThumbLength[0]}, {}},
                   kThumbLength[1], kThumbRadius[1],
                   {make_joint(name + "_mcp", flex, {-0.15, 1, 10, 4, 0.8, 4e-4, 0.01}, 0.15)}));
  humanoid.bodies.push_back(
      make_phalanx(name + "_distal", name + "_middle", {{0, 0, kThumbLength[1]}, {}},
                   kThumbLength[2], kThumbRadius[2],
                   {make_joint(name + "_ip", flex, {-0.15, 1.3, 10, 2.5, 0.5, 4e-4, 0.01}, 0.15)}));
  humanoid.sites.push_back({side + "_tip_0", name + "_distal", {{0, 0, kThumbLength[2]}, {}}});
}

// The hand frame is the wrist frame of data/hand.h: z to the middle knuckle, x out of the palm.
void add_hand(Humanoid& humanoid, const std::string& side, double sign) {
  const Quat hanging = quat_from_axes({0, sign, 0}, {sign, 0, 0}, {0, 0, -1});
  humanoid.bodies.push_back(
      {side + "_hand",
       side + "_forearm",
       {{0, 0, -0.26}, hanging},
       0.35,
       {make_joint(side + "_pronation", {0, 0, -sign}, {-1.6, 1.6, 8, 150, 20, 0.01, 0.3}),
        make_joint(side + "_wrist_flex", {0, 1, 0}, {-1.3, 1.3, 8, 150, 20, 0.008, 0.2}),
        make_joint(side + "_wrist_deviation", {-sign, 0, 0}, {-0.6, 0.6, 8, 150, 20, 0.008, 0.2})},
       {make_box({-0.003, -sign * 0.008, 0.048}, {0.022, 0.074, 0.078}, kSkin, true)}});
  humanoid.sites.push_back({side + "_wrist", side + "_hand", {}});
  add_thumb(humanoid, side, sign);
  int number = 1;
  for (const FingerNumbers& finger : kFingers) add_finger(humanoid, side, sign, finger, number++);
}

void add_arm(Humanoid& humanoid, const std::string& side, double sign) {
  humanoid.bodies.push_back(
      {side + "_upper_arm",
       "torso",
       {{0, -sign * 0.19, 0.36}, {}},
       2.0,
       {make_joint(side + "_shoulder_flex", {0, -1, 0}, {-1, 3, 5, 500, 60, 0.03, 1}, 0.35),
        make_joint(side + "_shoulder_abduction", {-sign, 0, 0}, {-0.5, 2.6, 5, 500, 60, 0.03, 1},
                   0.2),
        make_joint(side + "_shoulder_rotation", {0, 0, sign}, {-1.5, 1.5, 6, 400, 40, 0.02, 0.8},
                   0.15)},
       {make_capsule({0, 0, 0}, {0, 0, -0.27}, 0.042, kShirt)}});
  humanoid.bodies.push_back(
      {side + "_forearm",
       side + "_upper_arm",
       {{0, 0, -0.29}, {}},
       1.3,
       {make_joint(side + "_elbow", {0, -1, 0}, {0, 2.5, 7, 400, 40, 0.02, 0.8}, 1.6)},
       {make_capsule({0, 0, 0}, {0, 0, -0.25}, 0.033, kSkin)}});
  add_hand(humanoid, side, sign);
}

Result<Done> set_velocity_gains(Humanoid& humanoid) {
  Result<Kinematics> kinematics = make_kinematics(humanoid);
  if (!kinematics) return kinematics.error();
  std::vector<double> nominal;
  for (const HumanoidBody& body : humanoid.bodies) {
    for (const HumanoidJoint& joint : body.joints) nominal.push_back(joint.nominal);
  }
  Kinematics at_nominal = std::move(kinematics).value();
  at_nominal.set_positions(nominal);
  std::vector<double> inertia(nominal.size());
  at_nominal.inertia_diagonal(inertia);
  std::size_t i = 0;
  for (HumanoidBody& body : humanoid.bodies) {
    for (HumanoidJoint& joint : body.joints) {
      joint.kv = 2.0 * std::sqrt(joint.kp * inertia[i++]) - joint.damping;
    }
  }
  return Done{};
}

}  // namespace

Result<Humanoid> capsule_humanoid() {
  Humanoid humanoid;
  humanoid.name = "capsule";
  humanoid.hand_length_m = 0.093 + 0.050 + 0.031 + 0.025;
  add_trunk(humanoid);
  add_arm(humanoid, "left", -1.0);
  add_arm(humanoid, "right", 1.0);
  if (const Result<Done> done = set_velocity_gains(humanoid); !done) return done.error();
  return validated(std::move(humanoid));
}

Result<Humanoid> humanoid_named(const std::string& name) {
  if (name == "capsule") return capsule_humanoid();
  return Error{ErrorCode::not_found, "there is no humanoid \"" + name + "\"; there is: capsule",
               "humanoid"};
}

}  // namespace hearth
