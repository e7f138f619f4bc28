// SPDX-License-Identifier: Apache-2.0
#include "take.h"

#include <algorithm>
#include <cmath>

#include "hdf5_file.h"

namespace hearth::egodex {
namespace {

constexpr std::size_t kMaxFrames = 1'000'000;
constexpr double kMaxPositionM = 100.0;
constexpr double kMinConfidence = 0.1;  // Two-humped with a floor of .003.

/// T poses of one name.
using Poses = std::vector<Pose>;

/// A rotation from the upper left of a 4x4 matrix, or nothing where it is none.
std::optional<Pose> pose_of(const double* m) {
  const Mat3 r{{{m[0], m[1], m[2]}, {m[4], m[5], m[6]}, {m[8], m[9], m[10]}}};
  const Vec3 x = {m[0], m[4], m[8]};
  const Vec3 y = {m[1], m[5], m[9]};
  const Vec3 z = {m[2], m[6], m[10]};
  const double off = std::max({std::abs(norm(x) - 1.0), std::abs(norm(y) - 1.0),
                               std::abs(dot(x, y)), norm(cross(x, y) - z)});
  const bool last_row = m[12] == 0.0 && m[13] == 0.0 && m[14] == 0.0 && m[15] == 1.0;
  if (!(off <= 2e-3) || !last_row) return std::nullopt;
  return Pose{{m[3], m[7], m[11]}, normalized(quat_from_matrix(r))};
}

Result<Poses> read_poses(const Hdf5File& file, const std::string& name, const std::string& path,
                         std::size_t frames) {
  const std::string where = name + ":" + path;
  const Result<Dense> dense = file.dense(path, 16 * kMaxFrames);
  if (!dense) return dense.error();
  const std::vector<std::size_t>& shape = dense->shape;
  if (shape.size() != 3 || shape[1] != 4 || shape[2] != 4 || (frames > 0 && shape[0] != frames)) {
    return Error{ErrorCode::corrupt, "transforms are T x 4 x 4 with the T of the camera", where};
  }
  Poses poses;
  for (std::size_t t = 0; t < shape[0]; ++t) {
    const std::optional<Pose> pose = pose_of(&dense->values[16 * t]);
    if (!pose || !is_finite(*pose) || norm(pose->position_m) > kMaxPositionM) {
      return Error{ErrorCode::corrupt,
                   "frame " + std::to_string(t) + " holds no rigid transform within 100 m", where};
    }
    poses.push_back(*pose);
  }
  return poses;
}

/// The worst confidence of a hand's joints per frame; empty where the file has none.
Result<std::vector<double>> read_confidence(const Hdf5File& file, const std::string& name,
                                            const std::string& side, std::size_t frames) {
  std::vector<double> worst;
  if (!file.has("/confidences")) return worst;
  worst.assign(frames, 1.0);
  for (const char* joint : joint_names()) {
    const std::string path = "/confidences/" + side + joint;
    if (!file.has(path)) continue;
    const Result<Dense> dense = file.dense(path, kMaxFrames);
    if (!dense) return dense.error();
    if (dense->values.size() != frames) {
      return Error{ErrorCode::corrupt, "confidences are one per frame", name + ":" + path};
    }
    for (std::size_t t = 0; t < frames; ++t) {
      const double value = dense->values[t];
      if (!(value >= 0.0 && value <= 1.0)) {
        return Error{ErrorCode::corrupt, "a confidence lies in 0..1", name + ":" + path};
      }
      worst[t] = std::min(worst[t], value);
    }
  }
  return worst;
}

Result<std::vector<std::optional<TakeHand>>> read_hand(const Hdf5File& file,
                                                       const std::string& name,
                                                       const std::string& side, std::size_t frames,
                                                       Diagnostics& diagnostics) {
  std::vector<std::optional<TakeHand>> hands(frames, TakeHand{});
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    const std::string path = "/transforms/" + side + joint_names()[j];
    const Result<Poses> poses = read_poses(file, name, path, frames);
    if (!poses) return poses.error();
    for (std::size_t t = 0; t < frames; ++t) {
      hands[t]->joints_in_world_m[j] = (*poses)[t].position_m;
    }
  }
  const Result<std::vector<double>> confidence = read_confidence(file, name, side, frames);
  if (!confidence) return confidence.error();
  std::size_t lost = 0;
  for (std::size_t t = 0; t < confidence->size(); ++t) {
    hands[t]->confidence = (*confidence)[t];
    if ((*confidence)[t] > kMinConfidence) continue;
    hands[t].reset();
    ++lost;
  }
  if (lost > 0) {
    diagnostics.add(Severity::note, "hand_not_trusted",
                    std::to_string(lost) + " of " + std::to_string(frames) + " frames of the " +
                        side + " hand have a joint of confidence .1 or less and are left out",
                    name);
  }
  return hands;
}

}  // namespace

const std::array<const char*, kHandJoints>& joint_names() {
  static constexpr std::array<const char*, kHandJoints> kNames = {"Hand",
                                                                  "ThumbKnuckle",
                                                                  "ThumbIntermediateBase",
                                                                  "ThumbIntermediateTip",
                                                                  "ThumbTip",
                                                                  "IndexFingerKnuckle",
                                                                  "IndexFingerIntermediateBase",
                                                                  "IndexFingerIntermediateTip",
                                                                  "IndexFingerTip",
                                                                  "MiddleFingerKnuckle",
                                                                  "MiddleFingerIntermediateBase",
                                                                  "MiddleFingerIntermediateTip",
                                                                  "MiddleFingerTip",
                                                                  "RingFingerKnuckle",
                                                                  "RingFingerIntermediateBase",
                                                                  "RingFingerIntermediateTip",
                                                                  "RingFingerTip",
                                                                  "LittleFingerKnuckle",
                                                                  "LittleFingerIntermediateBase",
                                                                  "LittleFingerIntermediateTip",
                                                                  "LittleFingerTip"};
  return kNames;
}

Result<Take> read_take(const std::filesystem::path& path, Diagnostics& diagnostics) {
  const std::string name = path.string();
  const Result<Hdf5File> file = open_hdf5(path);
  if (!file) return file.error();
  Take take;
  const Result<Dense> k = file->dense("/camera/intrinsic", 9);
  if (!k) return k.error();
  if (k->shape != std::vector<std::size_t>{3, 3} || !(k->values[0] > 0.0 && k->values[4] > 0.0)) {
    return Error{ErrorCode::corrupt, "must be a 3 x 3 camera matrix", name + ":/camera/intrinsic"};
  }
  take.fx_px = k->values[0];
  take.fy_px = k->values[4];
  take.cx_px = k->values[2];
  take.cy_px = k->values[5];
  Result<Poses> camera = read_poses(*file, name, "/transforms/camera", 0);
  if (!camera) return camera.error();
  take.world_from_camera = std::move(camera).value();
  const std::size_t frames = take.world_from_camera.size();
  auto left = read_hand(*file, name, "left", frames, diagnostics);
  if (!left) return left.error();
  take.left = std::move(left).value();
  auto right = read_hand(*file, name, "right", frames, diagnostics);
  if (!right) return right.error();
  take.right = std::move(right).value();
  if (!file->has("/confidences")) {
    diagnostics.add(Severity::guess, "confidence_missing",
                    "the take has no confidences: every hand in it is believed", name);
  }
  take.task = file->text_attribute("task").value_or("");
  take.description = file->text_attribute("llm_description")
                         .value_or(file->text_attribute("description").value_or(""));
  return take;
}

}  // namespace hearth::egodex
