// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/time.h>
#include <hearth/task/object_path.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace hearth {

Result<ObjectTrack> object_path(const Rollout& rollout, const std::string& body_name) {
  const auto found = std::find(rollout.body_names.begin(), rollout.body_names.end(), body_name);
  if (found == rollout.body_names.end()) {
    return Error{ErrorCode::not_found, "no body of the rollout is named '" + body_name + "'",
                 "body_names"};
  }
  if (rollout.body_pose.columns != 7 * rollout.body_names.size() ||
      rollout.body_pose.values.size() != rollout.body_pose.rows * rollout.body_pose.columns) {
    return Error{ErrorCode::invalid_argument, "the pose table must have 7 columns per body",
                 "body_pose"};
  }
  if (!(rollout.control_rate_hz > 0.0)) {
    return Error{ErrorCode::invalid_argument, "the control rate must be positive",
                 "control_rate_hz"};
  }
  const auto first = 7 * static_cast<std::size_t>(found - rollout.body_names.begin());
  ObjectTrack track;
  track.object_id = body_name;
  track.samples.resize(rollout.body_pose.rows);
  for (std::size_t row = 0; row < track.samples.size(); ++row) {
    const double* p = &rollout.body_pose.values[row * rollout.body_pose.columns + first];
    ObjectPoseSample& sample = track.samples[row];
    sample.time_ns = ns_from_seconds(static_cast<double>(row) / rollout.control_rate_hz);
    sample.world_from_object = Pose{{p[0], p[1], p[2]}, {p[3], p[4], p[5], p[6]}};
    sample.observed = true;
  }
  return track;
}

std::vector<std::uint8_t> touches_from_contacts(const Contacts& contacts,
                                                const ObjectTrack& track) {
  std::vector<std::uint8_t> touches(track.samples.size(), 0);
  for (const ContactSpan& span : contacts.spans) {
    if (!span.object_id.empty() && span.object_id != track.object_id) {
      continue;
    }
    for (std::size_t i = 0; i < touches.size(); ++i) {
      const TimeNs t_ns = track.samples[i].time_ns;
      if (t_ns >= span.onset_ns && t_ns <= span.release_ns) {
        touches[i] = 1;
      }
    }
  }
  return touches;
}

double reach_along(const Shape& shape, Quat rotation, Vec3 direction) {
  const Vec3 d = conjugate(rotation) * direction;
  const Vec3 half = 0.5 * shape.size_m;
  switch (shape.kind) {
    case ShapeKind::box:
      return half.x * std::abs(d.x) + half.y * std::abs(d.y) + half.z * std::abs(d.z);
    case ShapeKind::cylinder:
      return half.x * std::sqrt(d.x * d.x + d.y * d.y) + half.z * std::abs(d.z);
    case ShapeKind::sphere:
      return half.x;
    case ShapeKind::capsule:
      return half.x + std::max(0.0, half.z - half.x) * std::abs(d.z);
  }
  return half.z;
}

double bottom_m(const Shape& shape, const Pose& world_from_shape) {
  return world_from_shape.position_m.z -
         reach_along(shape, world_from_shape.rotation, Vec3{0, 0, -1});
}

}  // namespace hearth
