// SPDX-License-Identifier: Apache-2.0
#include "hand_track.h"

#include <algorithm>
#include <optional>

namespace hearth::foreign {
namespace {

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::array<double, kHandBones> median_bones(const std::vector<CameraHand>& hands) {
  std::array<double, kHandBones> bones{};
  for (std::size_t b = 0; b < kHandBones; ++b) {
    std::vector<double> lengths;
    for (const CameraHand& hand : hands) {
      const HandJoints& joints = hand.joints_in_camera_m;
      lengths.push_back(norm(joints[b + 1] - joints[static_cast<std::size_t>(kBoneParent[b])]));
    }
    bones[b] = median(std::move(lengths));
  }
  return bones;
}

/// What is wrong with these bones, if anything.
std::optional<std::string> wrong_with(const std::array<double, kHandBones>& bones) {
  const std::string remedy = "; the joints are in another order or unit than the format says";
  for (std::size_t b = 0; b < kHandBones; ++b) {
    if (!(bones[b] > 0.001 && bones[b] < 0.12)) {
      return "bone " + std::to_string(b) + " is " + std::to_string(bones[b]) + " m long" + remedy;
    }
  }
  // Four fingers: metacarpal, proximal, intermediate bone shrink; a tenth is left for noise.
  for (std::size_t first = 4; first < kHandBones; first += 4) {
    if (bones[first + 1] > 1.1 * bones[first] || bones[first + 2] > 1.1 * bones[first + 1]) {
      return "the bones of the finger at joint " + std::to_string(first + 1) +
             " grow toward its tip" + remedy;
    }
  }
  const double length = bones[8] + bones[9] + bones[10] + bones[11];
  if (!(length > 0.10 && length < 0.26)) {
    return "the hand is " + std::to_string(length) + " m long" + remedy;
  }
  return std::nullopt;
}

std::optional<HandObservation> observation(const CameraHand& hand, TimeNs time_ns,
                                           const CameraModel& camera, double sigma_m) {
  HandObservation seen;
  seen.frame = hand.frame;
  seen.time_ns = time_ns;
  seen.joints_in_camera_m = hand.joints_in_camera_m;
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    const std::optional<Vec2> pixel = project(camera, hand.joints_in_camera_m[j]);
    if (!pixel) return std::nullopt;
    seen.joints_px[j] = *pixel;
  }
  seen.presence = hand.presence;
  seen.observed = true;
  seen.sigma_px = sigma_m * camera.fx_px / hand.joints_in_camera_m[0].z;
  seen.depth_sigma_m = sigma_m;
  return seen;
}

}  // namespace

Result<HandTrack> hand_track(const CameraHandTrack& track, const std::vector<TimeNs>& frame_time_ns,
                             const CameraModel& camera, const std::string& where,
                             Diagnostics& diagnostics) {
  HandTrack out;
  out.id = track.id;
  out.side = track.side;
  out.side_confidence = 1.0;
  out.wearer = track.wearer;
  out.source = Source::imported;
  if (track.hands.empty()) return Error{ErrorCode::corrupt, "the track holds no hand", where};
  out.bone_length_m = median_bones(track.hands);
  if (const auto wrong = wrong_with(out.bone_length_m)) {
    return Error{ErrorCode::corrupt, *wrong, where};
  }
  out.hand_length_m =
      out.bone_length_m[8] + out.bone_length_m[9] + out.bone_length_m[10] + out.bone_length_m[11];
  for (const CameraHand& hand : track.hands) {
    require(hand.frame >= 0 && static_cast<std::size_t>(hand.frame) < frame_time_ns.size(),
            "a hand's frame exists");
    const auto seen = observation(hand, frame_time_ns[static_cast<std::size_t>(hand.frame)], camera,
                                  track.sigma_m);
    if (seen) out.observations.push_back(*seen);
  }
  if (out.observations.size() < track.hands.size()) {
    diagnostics.add(Severity::warning, "hand_behind_camera",
                    std::to_string(track.hands.size() - out.observations.size()) + " of " +
                        std::to_string(track.hands.size()) + " hands of track " + track.id +
                        " reach behind the camera or beyond the lens and are left out",
                    where);
  }
  return out;
}

}  // namespace hearth::foreign
