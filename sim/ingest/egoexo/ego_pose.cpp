// SPDX-License-Identifier: Apache-2.0
#include "ego_pose.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "sim/ingest/foreign/json_place.h"

namespace hearth::egoexo {
namespace {

using foreign::JsonPlace;

constexpr double kMaxPositionM = 100.0;
constexpr int kMaxFrame = 10'000'000;
constexpr std::int64_t kMinViews = 2;

/// Names of the joints behind "left_" or "right_", in hearth's order.
std::array<std::string, kHandJoints> joint_names() {
  std::array<std::string, kHandJoints> names;
  names[0] = "wrist";
  const std::array<std::string, 5> fingers = {"thumb", "index", "middle", "ring", "pinky"};
  for (std::size_t f = 0; f < fingers.size(); ++f) {
    for (std::size_t k = 0; k < 4; ++k) {
      names[1 + 4 * f + k] = fingers[f] + "_" + std::to_string(k + 1);
    }
  }
  return names;
}

std::optional<int> frame_number(const std::string& key) {
  int frame = 0;
  const auto [end, code] = std::from_chars(key.data(), key.data() + key.size(), frame);
  if (code != std::errc() || end != key.data() + key.size() || frame < 0 || frame > kMaxFrame) {
    return std::nullopt;
  }
  return frame;
}

/// A joint that two cameras or more saw; nothing where it is absent or rests on one.
std::optional<Vec3> joint_of(const JsonPlace& joints, const std::string& name) {
  if (!joints.has(name) || joints[name].is_null()) return std::nullopt;
  const JsonPlace joint = joints[name];
  const Vec3 p = {joint["x"].number(), joint["y"].number(), joint["z"].number()};
  if (norm(p) > kMaxPositionM) joint.fail(ErrorCode::corrupt, "lies more than 100 m away");
  if (joint.has("num_views_for_3d") && joint["num_views_for_3d"].integer() < kMinViews) {
    return std::nullopt;
  }
  return p;
}

/// All 21 joints of a side, or nothing; `started` where there were some.
std::optional<HandJoints> hand_of(const JsonPlace& joints, const std::string& side,
                                  std::int64_t& incomplete) {
  static const std::array<std::string, kHandJoints> kNames = joint_names();
  HandJoints hand;
  int found = 0;
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    const std::optional<Vec3> p = joint_of(joints, side + "_" + kNames[j]);
    if (!p) continue;
    hand[j] = *p;
    ++found;
  }
  if (found == kHandJoints) return hand;
  incomplete += found > 0 ? 1 : 0;
  return std::nullopt;
}

/// world_from_camera of a 3x4 matrix camera from world.
Pose inverse_of(const JsonPlace& matrix) {
  std::array<std::vector<double>, 3> rows;
  for (std::size_t i = 0; i < 3; ++i) rows[i] = matrix[i].numbers(4);
  if (matrix.size() != 3) matrix.fail(ErrorCode::corrupt, "must be a 3 x 4 matrix");
  const Vec3 a = {rows[0][0], rows[0][1], rows[0][2]};
  const Vec3 b = {rows[1][0], rows[1][1], rows[1][2]};
  const Vec3 c = {rows[2][0], rows[2][1], rows[2][2]};
  const double off = std::max({std::abs(norm(a) - 1.0), std::abs(norm(b) - 1.0),
                               std::abs(dot(a, b)), norm(cross(a, b) - c)});
  const Vec3 t = {rows[0][3], rows[1][3], rows[2][3]};
  if (!(off <= 2e-3) || norm(t) > kMaxPositionM) {
    matrix.fail(ErrorCode::corrupt, "is no rigid transform within 100 m");
    return {};
  }
  const Quat q = quat_from_matrix({{{a.x, a.y, a.z}, {b.x, b.y, b.z}, {c.x, c.y, c.z}}});
  return inverse(Pose{t, normalized(q)});
}

CameraModel model_of(const JsonPlace& matrix) {
  const std::vector<double> x = matrix[std::size_t{0}].numbers(3);
  const std::vector<double> y = matrix[std::size_t{1}].numbers(3);
  CameraModel model;
  model.fx_px = x[0];
  model.cx_px = x[2];
  model.fy_px = y[1];
  model.cy_px = y[2];
  model.source = IntrinsicsSource::file;
  // The file does not say the size of the undistorted picture: its middle is the principal point.
  if (model.cx_px > 10.0 && model.cx_px < 1e4 && model.cy_px > 10.0 && model.cy_px < 1e4) {
    model.width_px = static_cast<int>(std::lround(2.0 * model.cx_px + 1.0));
    model.height_px = static_cast<int>(std::lround(2.0 * model.cy_px + 1.0));
  }
  if (const Result<CameraModel> valid = validated(model); !valid) {
    matrix.fail(ErrorCode::corrupt, "is no camera matrix: " + valid.error().message);
  }
  return model;
}

}  // namespace

Result<std::map<int, FrameHands>> read_annotation(std::string_view json, const std::string& file,
                                                  Diagnostics& diagnostics) {
  foreign::JsonText text(json, file);
  const JsonPlace root = text.root();
  std::map<int, FrameHands> frames;
  std::int64_t incomplete = 0;
  std::int64_t further = 0;
  for (const std::string& key : root.keys()) {
    const std::optional<int> frame = frame_number(key);
    if (!frame) {
      root[key].fail(ErrorCode::corrupt, "keys are frame numbers");
      break;
    }
    const JsonPlace list = root[key];
    if (list.size() == 0) continue;
    further += static_cast<std::int64_t>(list.size()) - 1;
    if (!list[std::size_t{0}].has("annotation3D")) continue;
    const JsonPlace joints = list[std::size_t{0}]["annotation3D"];
    (void)joints.keys();
    FrameHands hands;
    hands.left = hand_of(joints, "left", incomplete);
    hands.right = hand_of(joints, "right", incomplete);
    if (text.error()) break;
    if (hands.left || hands.right) frames[*frame] = hands;
  }
  if (text.error()) return *text.error();
  if (incomplete > 0) {
    diagnostics.add(
        Severity::warning, "hand_incomplete",
        std::to_string(incomplete) + " hands lack a joint that two cameras saw and are left out",
        file);
  }
  if (further > 0) {
    diagnostics.add(Severity::note, "annotations_ignored",
                    std::to_string(further) + " further annotations of the same frames", file);
  }
  return frames;
}

Result<Glasses> read_cameras(std::string_view json, const std::string& file,
                             Diagnostics& diagnostics) {
  foreign::JsonText text(json, file);
  const JsonPlace root = text.root();
  const std::vector<std::string> keys = root.keys();
  const auto name = std::find_if(keys.begin(), keys.end(),
                                 [](const std::string& key) { return key.rfind("aria", 0) == 0; });
  if (text.error()) return *text.error();
  if (name == keys.end()) {
    return Error{ErrorCode::corrupt, "there is no camera that begins with aria", file};
  }
  const JsonPlace camera = root[*name];
  Glasses glasses;
  glasses.model = model_of(camera["camera_intrinsics"]);
  const JsonPlace poses = camera["camera_extrinsics"];
  for (const std::string& key : poses.keys()) {
    const std::optional<int> frame = frame_number(key);
    if (!frame) poses[key].fail(ErrorCode::corrupt, "keys are frame numbers");
    if (text.error()) break;
    glasses.world_from_camera[*frame] = inverse_of(poses[key]);
  }
  if (text.error()) return *text.error();
  if (glasses.world_from_camera.empty()) {
    return Error{ErrorCode::corrupt, "the glasses have no pose", file + ":/" + *name};
  }
  diagnostics.add(Severity::guess, "frame_size_inferred",
                  "pictures of " + std::to_string(glasses.model.width_px) + "x" +
                      std::to_string(glasses.model.height_px) +
                      ": the principal point is taken for their middle",
                  file);
  return glasses;
}

}  // namespace hearth::egoexo
