// SPDX-License-Identifier: Apache-2.0
#include "adapt_motion.h"

#include <algorithm>
#include <string>
#include <vector>

namespace hearth {
namespace {

/// How a pose changed: displacement of its origin and turn of its axes.
struct Change {
  Vec3 offset_m{};
  Quat turn{};
  bool operator==(const Change&) const = default;
};

Change change_of(const Pose& before, const Pose& after) {
  if (before == after) {
    return {};
  }
  return {after.position_m - before.position_m,
          normalized(after.rotation * conjugate(before.rotation))};
}

/// When the task's object moves.
struct MoveWindow {
  bool known = false;
  TimeNs start_ns = 0;
  TimeNs stop_ns = 0;
};

bool holds_task_object(const ContactSpan& span, const Home& home) {
  return span.object_id.empty() || span.object_id == home.task.object_id;
}

MoveWindow move_window(const Home& home) {
  MoveWindow window;
  for (const ContactSpan& span : home.contacts.spans) {
    if (!holds_task_object(span, home)) continue;
    window.start_ns =
        window.known ? std::min(window.start_ns, span.move_start_ns) : span.move_start_ns;
    window.stop_ns = window.known ? std::max(window.stop_ns, span.move_stop_ns) : span.move_stop_ns;
    window.known = true;
  }
  return window;
}

/// The rigid motion that the edits ask for, as a function of time.
class Adaptation {
 public:
  Adaptation(const Home& source, const Home& edited) : window_(move_window(source)) {
    const SceneObject* before = find_object(source.scene, source.task.object_id);
    const SceneObject* after = find_object(edited.scene, source.task.object_id);
    if (before == nullptr || after == nullptr) return;
    rest_ = before->world_from_object;
    start_ = change_of(before->world_from_object, after->world_from_object);
    goal_ = change_of(source.task.world_from_goal, edited.task.world_from_goal);
    track_ = find_track(source.object_tracks, source.task.object_id);
    if (track_ != nullptr && track_->samples.empty()) track_ = nullptr;
  }

  [[nodiscard]] bool identity() const { return start_ == Change{} && goal_ == Change{}; }
  [[nodiscard]] bool window_known() const { return window_.known; }

  /// Minimum-jerk share of the way from start to goal.
  [[nodiscard]] double share_at(TimeNs time_ns) const {
    if (!window_.known || time_ns <= window_.start_ns) return 0.0;
    if (time_ns >= window_.stop_ns) return 1.0;
    const double u = static_cast<double>(time_ns - window_.start_ns) /
                     static_cast<double>(window_.stop_ns - window_.start_ns);
    return u * u * u * (10.0 + u * (-15.0 + 6.0 * u));
  }

  /// edited_world_from_source_world at a time: turns about the object's centre, then moves.
  [[nodiscard]] Pose at(TimeNs time_ns) const {
    const double u = share_at(time_ns);
    const Vec3 pivot = track_ != nullptr ? pose_at(*track_, time_ns).position_m : rest_.position_m;
    const Vec3 offset = (1.0 - u) * start_.offset_m + u * goal_.offset_m;
    const Quat turn = normalized(slerp(start_.turn, goal_.turn, u));
    return {pivot + offset - turn * pivot, turn};
  }

 private:
  MoveWindow window_;
  Pose rest_{};
  Change start_{};
  Change goal_{};
  const ObjectTrack* track_ = nullptr;
};

Mat3 rotated_covariance(Quat turn, const Mat3& covariance) {
  const Mat3 r = matrix_from_quat(turn);
  Mat3 half{};
  Mat3 result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      for (std::size_t k = 0; k < 3; ++k) half[i][j] += r[i][k] * covariance[k][j];
    }
  }
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      for (std::size_t k = 0; k < 3; ++k) result[i][j] += half[i][k] * r[j][k];
    }
  }
  return result;
}

void move_sample(const Pose& change, HandSample& sample) {
  sample.world_from_wrist = change * sample.world_from_wrist;
  sample.world_from_wrist.rotation = normalized(sample.world_from_wrist.rotation);
  for (Vec3& joint : sample.joints_in_world_m) joint = change * joint;
  sample.wrist_covariance_m2 = rotated_covariance(change.rotation, sample.wrist_covariance_m2);
}

template <class MotionAt>
void move_hand(HandTrajectory& hand, const MotionAt& motion_at) {
  for (HandSpan& span : hand.spans) {
    for (std::size_t i = 0; i < span.samples.size(); ++i) {
      const TimeNs time_ns = span.start_ns + ns_from_seconds(static_cast<double>(i) / hand.rate_hz);
      move_sample(motion_at(time_ns), span.samples[i]);
    }
  }
}

bool acts(const HandTrajectory& hand, const Home& home) {
  return std::any_of(home.contacts.spans.begin(), home.contacts.spans.end(),
                     [&](const ContactSpan& span) {
                       return span.side == hand.side && holds_task_object(span, home);
                     });
}

double start_support_rise_m(const Home& source, const Home& edited) {
  const Support* before = find_support(source.scene, source.task.start_support_id);
  const Support* after = find_support(edited.scene, source.task.start_support_id);
  if (before == nullptr || after == nullptr) return 0.0;
  return after->world_from_support.position_m.z - before->world_from_support.position_m.z;
}

}  // namespace

void adapt_motion(const Home& source, Home& edited, Diagnostics& diagnostics) {
  const Adaptation adaptation(source, edited);
  const double rise_m = start_support_rise_m(source, edited);
  if (!adaptation.identity() && !adaptation.window_known()) {
    diagnostics.add(Severity::warning, "hand_not_adapted",
                    "no contact says when the object is held, so hands follow its start only",
                    source.task.object_id);
  }
  for (HandTrajectory& hand : edited.hands) {
    if (acts(hand, source) || !adaptation.window_known()) {
      if (!adaptation.identity()) {
        move_hand(hand, [&](TimeNs time_ns) { return adaptation.at(time_ns); });
      }
    } else if (rise_m != 0.0) {
      move_hand(hand, [&](TimeNs) { return Pose{{0, 0, rise_m}, {}}; });
    }
  }
  if (adaptation.identity()) {
    return;
  }
  for (ObjectTrack& track : edited.object_tracks.tracks) {
    if (track.object_id != source.task.object_id) continue;
    for (ObjectPoseSample& sample : track.samples) {
      sample.world_from_object = adaptation.at(sample.time_ns) * sample.world_from_object;
      sample.world_from_object.rotation = normalized(sample.world_from_object.rotation);
    }
  }
}

}  // namespace hearth
