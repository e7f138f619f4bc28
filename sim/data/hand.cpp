// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/hand.h>

#include <algorithm>
#include <cmath>

#include "check.h"

namespace hearth {
namespace {

// Bone lengths of a hand of unit length along wrist, 9, 10, 11, 12. Metacarpals and phalanges
// follow Buryanov & Kotiuk, "Proportions of hand segments", Int. J. Morphol. 28(3), 2010, with the
// carpal part added to the metacarpals and the thumb's base bone from wrist crease to CMC.
constexpr std::array<double, kHandBones> kUnitBones = {
    0.205, 0.235, 0.175, 0.140,  // thumb
    0.505, 0.215, 0.130, 0.105,  // index
    0.500, 0.240, 0.145, 0.115,  // middle
    0.465, 0.225, 0.140, 0.115,  // ring
    0.445, 0.175, 0.105, 0.100,  // little
};

}  // namespace

std::array<double, kHandBones> population_bone_lengths_m(double hand_length_m) {
  std::array<double, kHandBones> bones = kUnitBones;
  for (double& bone : bones) bone *= hand_length_m;
  return bones;
}

double hand_length_m(const HandJoints& joints) {
  return norm(joints[9] - joints[0]) + norm(joints[10] - joints[9]) +
         norm(joints[11] - joints[10]) + norm(joints[12] - joints[11]);
}

Pose wrist_pose(const HandJoints& joints, HandSide side) {
  const Vec3 z = normalized(joints[9] - joints[0]);
  Vec3 palmar = cross(joints[5] - joints[0], joints[17] - joints[0]);
  if (side == HandSide::left) palmar = -palmar;
  const Vec3 x = normalized(palmar - dot(palmar, z) * z);
  if (norm(x) < 0.5 || norm(z) < 0.5) return {joints[0], {}};
  return {joints[0], quat_from_axes(x, cross(z, x), z)};
}

bool sample_at(const HandTrajectory& hand, TimeNs time_ns, HandSample& sample) {
  const double period_ns = 1e9 / hand.rate_hz;
  for (const HandSpan& span : hand.spans) {
    const double position = static_cast<double>(time_ns - span.start_ns) / period_ns;
    const double last = static_cast<double>(span.samples.size()) - 1.0;
    if (span.samples.empty() || position < -1e-6 || position > last + 1e-6) continue;
    const auto low = static_cast<std::size_t>(std::clamp(std::floor(position), 0.0, last));
    const std::size_t high = std::min(low + 1, span.samples.size() - 1);
    const double u = std::clamp(position - static_cast<double>(low), 0.0, 1.0);
    const HandSample& a = span.samples[low];
    const HandSample& b = span.samples[high];
    sample = u < 0.5 ? a : b;
    sample.world_from_wrist = interpolate(a.world_from_wrist, b.world_from_wrist, u);
    for (std::size_t j = 0; j < a.joints_in_world_m.size(); ++j) {
      sample.joints_in_world_m[j] = (1.0 - u) * a.joints_in_world_m[j] + u * b.joints_in_world_m[j];
    }
    sample.observed = a.observed && b.observed;
    return true;
  }
  return false;
}

Result<HandTrajectory> validated(HandTrajectory hand) {
  Check check;
  check.positive(hand.rate_hz, "/rate_hz");
  check.positive(hand.hand_length_m.value, "/hand_length_m/value");
  double end_ns = -1e300;
  for (std::size_t s = 0; s < hand.spans.size(); ++s) {
    const HandSpan& span = hand.spans[s];
    const std::string where = at("spans", s);
    check.that(!span.samples.empty(), where + "/samples", "must not be empty");
    check.that(static_cast<double>(span.start_ns) > end_ns, where + "/start_ns",
               "spans must ascend and not overlap");
    end_ns = static_cast<double>(span.start_ns) +
             (static_cast<double>(span.samples.size()) - 1.0) * 1e9 / hand.rate_hz;
    for (std::size_t i = 0; i < span.samples.size(); ++i) {
      const std::string place = where + at("samples", i);
      check.pose(span.samples[i].world_from_wrist, place + "/world_from_wrist");
      for (const Vec3& joint : span.samples[i].joints_in_world_m) {
        check.that(is_finite(joint), place + "/joints_in_world_m", "must be finite");
      }
      for (const auto& row : span.samples[i].wrist_covariance_m2) {
        for (const double v : row) check.that(std::isfinite(v), place, "must be finite");
      }
    }
  }
  return check.result(std::move(hand));
}

}  // namespace hearth
