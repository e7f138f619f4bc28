// SPDX-License-Identifier: Apache-2.0
#include "hand_poses.h"

#include <algorithm>

#include "sim/ingest/foreign/json_place.h"

namespace hearth::hot3d {
namespace {

using foreign::JsonPlace;

RiggedHand hand_of(const JsonPlace& place) {
  RiggedHand hand;
  if (place.has("pose") || place.has("betas")) {
    place.fail(ErrorCode::unsupported,
               "these are MANO parameters: their translation is not the wrist and the model they "
               "need cannot be shipped; give the UmeTrack file of the same recording");
    return hand;
  }
  const JsonPlace wrist = place["wrist_xform"];
  const std::vector<double> q = wrist["q_wxyz"].numbers(4);
  hand.world_from_wrist = {wrist["t_xyz"].vec3(),
                           wrist["q_wxyz"].unit_quat(q[0], q[1], q[2], q[3])};
  const std::vector<double> angles = place["joint_angles"].numbers(kRigJoints);
  std::copy(angles.begin(), angles.end(), hand.angles_rad.begin());
  if (place.has("hand_confidence")) hand.confidence = place["hand_confidence"].number();
  if (!(hand.confidence >= 0.0 && hand.confidence <= 1.0)) {
    place["hand_confidence"].fail(ErrorCode::corrupt, "a confidence lies in 0..1");
  }
  return hand;
}

}  // namespace

Result<std::vector<HandPoseLine>> read_hand_poses(std::string_view jsonl, const std::string& file) {
  const Result<std::vector<std::string_view>> lines = foreign::json_lines(jsonl, file);
  if (!lines) return lines.error();
  std::vector<HandPoseLine> result;
  for (std::size_t i = 0; i < lines->size(); ++i) {
    foreign::JsonText text((*lines)[i], file + ":line " + std::to_string(i + 1));
    const JsonPlace root = text.root();
    HandPoseLine line;
    line.time_ns = root["timestamp_ns"].integer();
    const JsonPlace hands = root["hand_poses"];
    for (const std::string& key : hands.keys()) {
      if (key == "0") {
        line.left = hand_of(hands[key]);
      } else if (key == "1") {
        line.right = hand_of(hands[key]);
      } else {
        hands[key].fail(ErrorCode::corrupt, "a hand is 0 (left) or 1 (right)");
      }
    }
    if (!result.empty() && line.time_ns <= result.back().time_ns) {
      root["timestamp_ns"].fail(ErrorCode::corrupt, "times must ascend");
    }
    if (text.error()) return *text.error();
    result.push_back(std::move(line));
  }
  if (result.empty()) return Error{ErrorCode::corrupt, "the file has no lines", file};
  return result;
}

}  // namespace hearth::hot3d
