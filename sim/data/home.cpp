// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/home.h>
#include <hearth/data/truth.h>

#include <set>

#include "check.h"

namespace hearth {

Result<Contacts> validated(Contacts contacts) {
  Check check;
  for (std::size_t i = 0; i < contacts.spans.size(); ++i) {
    const ContactSpan& s = contacts.spans[i];
    const std::string where = at("spans", i);
    check.that(s.onset_low_ns <= s.onset_ns && s.onset_ns <= s.onset_high_ns, where + "/onset_ns",
               "low <= value <= high must hold");
    check.that(s.release_low_ns <= s.release_ns && s.release_ns <= s.release_high_ns,
               where + "/release_ns", "low <= value <= high must hold");
    check.that(s.onset_ns <= s.release_ns, where + "/release_ns", "must not precede the onset");
    check.that(s.move_start_ns <= s.move_stop_ns, where + "/move_stop_ns",
               "must not precede move_start_ns");
    check.share(s.confidence, where + "/confidence");
    check.that(i == 0 || s.onset_ns >= contacts.spans[i - 1].onset_ns, where + "/onset_ns",
               "spans must be sorted by onset");
  }
  return check.result(std::move(contacts));
}

Result<Task> validated(Task task) {
  Check check;
  check.named(task.chore, "/chore");
  check.pose(task.world_from_goal, "/world_from_goal");
  check.not_below_zero(task.goal_sigma_m, "/goal_sigma_m");
  check.positive(task.time_limit_s, "/time_limit_s");
  std::set<std::string> names;
  for (std::size_t i = 0; i < task.predicates.size(); ++i) {
    const Predicate& p = task.predicates[i];
    const std::string where = at("predicates", i);
    check.named(p.name, where + "/name");
    check.that(names.insert(p.name).second, where + "/name", "name is used twice");
    check.not_below_zero(p.threshold_m, where + "/threshold_m");
    check.not_below_zero(p.threshold_rad, where + "/threshold_rad");
    check.not_below_zero(p.max_speed_m_s, where + "/max_speed_m_s");
    check.not_below_zero(p.hold_s, where + "/hold_s");
  }
  return check.result(std::move(task));
}

namespace {

void check_references(Check& check, const Home& home) {
  const auto object = [&](const std::string& id, const std::string& where) {
    check.that(id.empty() || find_object(home.scene, id) != nullptr, where,
               "no object '" + id + "' in the scene");
  };
  const auto support = [&](const std::string& id, const std::string& where) {
    check.that(id.empty() || find_support(home.scene, id) != nullptr, where,
               "no support '" + id + "' in the scene");
  };
  for (std::size_t i = 0; i < home.contacts.spans.size(); ++i) {
    object(home.contacts.spans[i].object_id, "/contacts" + at("spans", i) + "/object_id");
  }
  for (std::size_t i = 0; i < home.object_tracks.tracks.size(); ++i) {
    object(home.object_tracks.tracks[i].object_id,
           "/object_tracks" + at("tracks", i) + "/object_id");
  }
  object(home.task.object_id, "/task/object_id");
  support(home.task.start_support_id, "/task/start_support_id");
  support(home.task.goal_support_id, "/task/goal_support_id");
}

}  // namespace

Result<Home> validated(Home home) {
  Check check;
  check.nested(validated(home.scene), "/scene");
  for (std::size_t i = 0; i < home.hands.size(); ++i) {
    check.nested(validated(home.hands[i]), at("hands", i));
    for (std::size_t k = 0; k < i; ++k) {
      check.that(home.hands[i].side != home.hands[k].side, at("hands", i) + "/side",
                 "at most one trajectory per side");
    }
  }
  check.nested(validated(home.object_tracks), "/object_tracks");
  check.nested(validated(home.camera_path), "/camera_path");
  check.nested(validated(home.contacts), "/contacts");
  check.nested(validated(home.task), "/task");
  check_references(check, home);
  return check.result(std::move(home));
}

Result<Truth> validated(Truth truth) {
  Check check;
  check.named(truth.chore, "/chore");
  check.that(!truth.frame_time_ns.empty(), "/frame_time_ns", "must not be empty");
  check.ascending(truth.frame_time_ns, "/frame_time_ns");
  check.nested(validated(truth.camera_model), "/camera_model");
  check.nested(validated(truth.home), "/home");
  check.that(truth.home.camera_path.samples.size() == truth.frame_time_ns.size(),
             "/home/camera_path/samples", "must have one sample per frame");
  for (const auto* px : {&truth.left_hand_px, &truth.right_hand_px}) {
    check.that(px->empty() || px->size() == truth.frame_time_ns.size(), "/left_hand_px",
               "must be empty or have one count per frame");
  }
  return check.result(std::move(truth));
}

}  // namespace hearth
