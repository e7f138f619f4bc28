// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "check_parts.h"

namespace hearth {
namespace {

double width_m(const SceneObject& object) {
  return 0.5 * (object.shape.size_m.x + object.shape.size_m.y);
}

// Where the fingertips are when the run thinks contact begins: the cube of the constant prior.
std::optional<Vec3> prior_object(const Home& home) {
  if (home.contacts.spans.empty()) return std::nullopt;
  const ContactSpan& span = home.contacts.spans.front();
  for (const HandTrajectory& hand : home.hands) {
    HandSample sample;
    if (hand.side != span.side || !sample_at(hand, span.onset_ns, sample)) continue;
    return 0.5 * (sample.joints_in_world_m[4] + sample.joints_in_world_m[8]);
  }
  return std::nullopt;
}

struct SceneErrors {
  Errors support;
  Errors position;
  Errors width;
  Errors abstained;
  Errors end;
  Errors tilt;
};

void add_support(const Truth& truth, const Home& home, const Alignment& alignment,
                 const CheckPriors& priors, SceneErrors& errors) {
  const Support* real = find_support(truth.home.scene, truth.home.task.start_support_id);
  if (real == nullptr) return;
  const Support* found = find_support(home.scene, home.task.start_support_id);
  if (found == nullptr && !home.scene.supports.empty()) found = &home.scene.supports.front();
  const double real_z = real->world_from_support.position_m.z;
  errors.support.baseline = {std::abs(priors.support_height_m - real_z)};
  if (found == nullptr) return;
  // Along each world's own vertical, so that a wrong up counts.
  const double camera_z = inverse(alignment.home_camera0_from_world).position_m.z;
  const double below = alignment.home_scale * (camera_z - found->world_from_support.position_m.z);
  const double real_below = alignment.true_world_from_camera0.position_m.z - real_z;
  errors.support.values = {std::abs(below - real_below)};
}

void add_object(const Truth& truth, const Home& home, const Alignment& alignment,
                const CheckPriors& priors, SceneErrors& errors) {
  const SceneObject* real = find_object(truth.home.scene, truth.home.task.object_id);
  if (real == nullptr) return;
  const SceneObject* found = find_object(home.scene, home.task.object_id);
  errors.abstained.values = {found == nullptr ? 1.0 : 0.0};
  errors.width.baseline = {std::abs(priors.object_width_m / width_m(*real) - 1.0)};
  const std::optional<Vec3> prior = prior_object(home);
  const Vec3 start = real->world_from_object.position_m;
  const Vec3 goal = truth.home.task.world_from_goal.position_m;
  if (prior) errors.position.baseline = {norm(alignment.true_from_home(*prior) - start)};
  if (found == nullptr) return;
  const Vec3 found_start = found->world_from_object.position_m;
  errors.position.values = {
      norm(alignment.true_from_home(found_start) - start),
      norm(alignment.true_from_home(home.task.world_from_goal.position_m) - goal)};
  errors.width.values = {std::abs(alignment.home_scale * width_m(*found) / width_m(*real) - 1.0)};
}

void add_end(const Truth& truth, const ObjectTrack& replayed, const Alignment& alignment,
             SceneErrors& errors) {
  if (replayed.samples.empty()) return;
  const Pose& end = replayed.samples.back().world_from_object;
  const Vec3 miss =
      alignment.true_from_home(end.position_m) - truth.home.task.world_from_goal.position_m;
  errors.end.values = {norm(miss)};
  const Vec3 up = alignment.true_from_home(end.rotation) * Vec3{0, 0, 1};
  errors.tilt.values = {std::acos(std::clamp(up.z, -1.0, 1.0))};
  const SceneObject* real = find_object(truth.home.scene, truth.home.task.object_id);
  if (real == nullptr) return;
  // The constant prior: nothing moves.
  errors.end.baseline = {
      norm(real->world_from_object.position_m - truth.home.task.world_from_goal.position_m)};
}

}  // namespace

void check_scene(const Truth& truth, const CheckedRun& run, const Alignment& alignment,
                 const CheckPriors& priors, std::vector<CheckRow>& rows) {
  SceneErrors errors;
  if (run.home != nullptr && alignment.has_home) {
    add_support(truth, *run.home, alignment, priors, errors);
    add_object(truth, *run.home, alignment, priors, errors);
    if (run.replayed_object != nullptr) {
      add_end(truth, *run.replayed_object, alignment, errors);
    }
  } else {
    errors.abstained.values = {1.0};
  }
  rows.push_back(row_from("reconstruct", "support_height", "m", errors.support));
  rows.push_back(row_from("reconstruct", "object_position", "m", errors.position));
  rows.push_back(row_from("reconstruct", "object_width", "share", errors.width));
  rows.push_back(row_from("reconstruct", "object_abstained", "share", errors.abstained));
  rows.push_back(row_from("replay", "object_end_from_truth_goal", "m", errors.end));
  rows.push_back(row_from("replay", "object_end_tilt", "rad", errors.tilt));
}

void check_contact(const Truth& truth, const CheckedRun& run, const CheckPriors& priors,
                   std::vector<CheckRow>& rows) {
  Errors onset;
  Errors release;
  Errors missed;
  if (!truth.home.contacts.spans.empty()) {
    const ContactSpan& real = truth.home.contacts.spans.front();
    const double clip_s = seconds_from_ns(truth.frame_time_ns.back());
    onset.baseline = {std::abs(priors.onset_share * clip_s - seconds_from_ns(real.onset_ns))};
    onset.values = {1.0};
    release.values = {1.0};
    missed.values = {1.0};
    if (run.home != nullptr && !run.home->contacts.spans.empty()) {
      const ContactSpan& found = run.home->contacts.spans.front();
      onset.values = {std::abs(seconds_from_ns(found.onset_ns - real.onset_ns))};
      release.values = {std::abs(seconds_from_ns(found.release_ns - real.release_ns))};
      const bool held = found.onset_low_ns <= real.onset_ns && real.onset_ns <= found.onset_high_ns;
      missed.values = {held ? 0.0 : 1.0};
    }
  }
  rows.push_back(row_from("label", "contact_onset", "s", onset));
  rows.push_back(row_from("label", "contact_release", "s", release));
  rows.push_back(row_from("label", "contact_onset_interval_missed", "share", missed));
}

}  // namespace hearth
