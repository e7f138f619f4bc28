// SPDX-License-Identifier: Apache-2.0
#include "hand_rig.h"

#include <cmath>

#include "sim/ingest/foreign/json_place.h"

namespace hearth::hot3d {
namespace {

using foreign::JsonPlace;

constexpr double kMetresPerMillimetre = 1e-3;
constexpr std::int64_t kNone = 255;  // What the file writes for "no parent".

/// A whole number that may be written as 4.0.
std::int64_t whole(const JsonPlace& place) {
  const double value = place.number();
  if (value != std::floor(value) || value < 0.0 || value > 255.0) {
    place.fail(ErrorCode::corrupt, "must be a whole number in 0..255");
    return 0;
  }
  return static_cast<std::int64_t>(value);
}

/// The chain that pose_rig() assumes: each finger's first joint has no parent.
void check_parents(const JsonPlace& parents) {
  if (parents.size() != kRigJoints) {
    parents.fail(ErrorCode::corrupt, "must be a list of 22 joints");
    return;
  }
  for (std::size_t i = 0; i < kRigFingerJoints; ++i) {
    const std::int64_t expected = i % 4 == 0 ? kNone : static_cast<std::int64_t>(i) - 1;
    if (whole(parents[i]) != expected) {
      parents[i].fail(ErrorCode::corrupt, "the joints form another chain than four per finger");
    }
  }
}

RigLandmark landmark_of(const JsonPlace& model, std::size_t i) {
  RigLandmark landmark;
  landmark.p_at_rest_m = kMetresPerMillimetre * model["landmark_rest_positions"][i].vec3();
  const JsonPlace bones = model["landmark_rest_bone_indices"][i];
  const JsonPlace weights = model["landmark_rest_bone_weights"][i];
  const std::vector<double> weight = weights.numbers(3);
  double sum = 0.0;
  for (std::size_t k = 0; k < 3; ++k) {
    const std::int64_t bone = whole(bones[k]);
    if (bone >= kRigBones) bones[k].fail(ErrorCode::corrupt, "there is no such bone");
    landmark.bone[k] = static_cast<int>(bone);
    landmark.weight[k] = weight[k];
    sum += weight[k];
  }
  if (!(std::abs(sum - 1.0) <= 1e-3)) weights.fail(ErrorCode::corrupt, "weights must sum to 1");
  return landmark;
}

/// A turn about an axis through a resting position.
Pose turn(Vec3 p_at_rest_m, Vec3 axis, double angle_rad) {
  const Quat rotation = quat_from_axis_angle(axis, angle_rad);
  return {p_at_rest_m - rotation * p_at_rest_m, rotation};
}

}  // namespace

Result<HandRig> read_hand_rig(std::string_view json, const std::string& file) {
  foreign::JsonText text(json, file);
  const JsonPlace model = text.root()["hand_model"];
  HandRig rig;
  check_parents(model["joint_parent"]);
  const JsonPlace rest = model["joint_rest_positions"];
  const JsonPlace axes = model["joint_rotation_axes"];
  for (std::size_t i = 0; i < kRigFingerJoints; ++i) {
    rig.p_at_rest_m[i] = kMetresPerMillimetre * rest[i].vec3();
    const Vec3 axis = axes[i].vec3();
    if (!text.error() && !(std::abs(norm(axis) - 1.0) <= 1e-3)) {
      axes[i].fail(ErrorCode::corrupt, "an axis must have length 1");
    }
    rig.axis[i] = normalized(axis);
  }
  if (model["landmark_rest_positions"].size() != kRigLandmarks) {
    model["landmark_rest_positions"].fail(ErrorCode::corrupt, "must be a list of 21 points");
  }
  for (std::size_t i = 0; i < kRigLandmarks; ++i) rig.landmarks[i] = landmark_of(model, i);
  if (text.error()) return *text.error();
  const double length_m = hand_length_m(joints_from_rig(pose_rig(rig, HandSide::left, {}, {})));
  if (!(length_m >= 0.1 && length_m <= 0.3)) {
    return Error{ErrorCode::corrupt,
                 "the hand is " + std::to_string(length_m) + " m long; lengths are millimetres",
                 file + ":/hand_model/landmark_rest_positions"};
  }
  return rig;
}

RigPose pose_rig(const HandRig& rig, HandSide side, const Pose& world_from_wrist,
                 const JointAngles& angles_rad) {
  std::array<Pose, kRigBones> bones{};
  RigPose posed;
  for (std::size_t finger = 0; finger < 5; ++finger) {
    Pose chain;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t joint = 4 * finger + k;
      if (joint == 1) posed.thumb_root_m = chain * rig.p_at_rest_m[joint];
      chain = chain * turn(rig.p_at_rest_m[joint], rig.axis[joint], angles_rad[joint]);
      if (k > 0) bones[2 + 3 * finger + k - 1] = chain;
    }
  }
  for (std::size_t i = 0; i < kRigLandmarks; ++i) {
    const RigLandmark& landmark = rig.landmarks[i];
    for (std::size_t k = 0; k < 3; ++k) {
      const Pose& bone = bones[static_cast<std::size_t>(landmark.bone[k])];
      posed.landmarks_m[i] =
          posed.landmarks_m[i] + landmark.weight[k] * (bone * landmark.p_at_rest_m);
    }
  }
  const auto into_world = [&](Vec3 p) {
    if (side == HandSide::right) p.x = -p.x;
    return world_from_wrist * p;
  };
  for (Vec3& p : posed.landmarks_m) p = into_world(p);
  posed.thumb_root_m = into_world(posed.thumb_root_m);
  return posed;
}

HandJoints joints_from_rig(const RigPose& pose) {
  const std::array<Vec3, kRigLandmarks>& l = pose.landmarks_m;
  return {l[5],  pose.thumb_root_m,
          l[6],  l[7],
          l[0],  l[8],
          l[9],  l[10],
          l[1],  l[11],
          l[12], l[13],
          l[2],  l[14],
          l[15], l[16],
          l[3],  l[17],
          l[18], l[19],
          l[4]};
}

}  // namespace hearth::hot3d
