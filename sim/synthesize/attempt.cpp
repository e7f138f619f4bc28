// SPDX-License-Identifier: Apache-2.0
#include <hearth/perturb/apply.h>
#include <hearth/perturb/sample_variants.h>
#include <hearth/physics/replay.h>
#include <hearth/retarget/retarget.h>
#include <hearth/synthesize/attempt.h>
#include <hearth/task/judge.h>
#include <hearth/task/object_path.h>

#include <cstddef>
#include <optional>
#include <utility>

#include "settle_check.h"

namespace hearth {
namespace {

Attempt failed(std::string reason, std::string detail) {
  Attempt attempt;
  attempt.reason = std::move(reason);
  attempt.detail = std::move(detail);
  return attempt;
}

/// retarget() begins the message of what it cannot do with a known word.
std::string retarget_reason(const Error& error) {
  for (const char* word : {"no_grasp_recorded", "too_wide", "unreachable"}) {
    if (error.message.rfind(word, 0) == 0) return word;
  }
  return error.code == ErrorCode::unsupported ? "unsupported_shape" : "not_retargeted";
}

std::string margins(const Outcome& outcome) {
  std::string text;
  for (const PredicateOutcome& predicate : outcome.predicates) {
    text +=
        (text.empty() ? "" : ", ") + predicate.name + " margin " + std::to_string(predicate.margin);
  }
  return text + ", object " + std::to_string(outcome.object_error_m) + " m from the goal";
}

std::optional<HandSide> acting_side(const Home& home) {
  for (const ContactSpan& span : home.contacts.spans) {
    if (span.object_id.empty() || span.object_id == home.task.object_id) return span.side;
  }
  return std::nullopt;
}

std::vector<TimedPoint> wrist_path(const Rollout& rollout, const Humanoid& humanoid, HandSide side,
                                   TimeNs lead_in_ns) {
  const std::string name = side == HandSide::left ? "left_wrist" : "right_wrist";
  for (const HumanoidSite& site : humanoid.sites) {
    if (site.name != name) continue;
    const Result<ObjectTrack> body = object_path(rollout, "humanoid/" + site.body);
    if (!body) return {};
    std::vector<TimedPoint> path;
    for (const ObjectPoseSample& sample : body->samples) {
      path.push_back(
          {sample.time_ns - lead_in_ns, sample.world_from_object * site.body_from_site.position_m});
    }
    return path;
  }
  return {};
}

}  // namespace

Attempt attempt(const Home& home, const Humanoid& humanoid, Diagnostics& diagnostics) {
  if (const auto problem = settle_check(home)) {
    return failed(problem->reason, problem->detail);
  }
  Result<Motion> motion = retarget(home, humanoid, {}, diagnostics);
  if (!motion) {
    return failed(retarget_reason(motion.error()), to_string(motion.error()));
  }
  Result<Rollout> rollout = replay(home, *motion, humanoid, {}, diagnostics);
  if (!rollout) {
    return failed("not_replayed", to_string(rollout.error()));
  }
  Result<ObjectTrack> object = object_path(*rollout, home.task.object_id);
  if (!object) {
    return failed("not_replayed", to_string(object.error()));
  }
  Attempt attempt;
  attempt.replayed = true;
  attempt.motion = std::move(motion).value();
  attempt.rollout = std::move(rollout).value();
  attempt.object = std::move(object).value();
  attempt.outcome =
      judge(home.task, home.scene, attempt.object, attempt.rollout.hand_touches_object);
  attempt.reason = failure_reason(home.task, attempt.outcome);
  if (attempt.reason.empty() && attempt.rollout.assistance_n != 0.0) {
    attempt.reason = "assisted";
  }
  if (!attempt.reason.empty()) attempt.detail = margins(attempt.outcome);
  return attempt;
}

Result<SimulatedTake> simulated_take(const Attempt& attempt, const Home& home,
                                     const Humanoid& humanoid) {
  if (!attempt.replayed) {
    return Error{ErrorCode::infeasible, attempt.detail, attempt.reason};
  }
  const TimeNs lead_in_ns = ns_from_seconds(attempt.motion.lead_in_s);
  SimulatedTake take;
  take.object = attempt.object;
  for (ObjectPoseSample& sample : take.object.samples) sample.time_ns -= lead_in_ns;
  take.hand_touches_object = attempt.rollout.hand_touches_object;
  take.outcome = attempt.outcome;
  if (const std::optional<HandSide> side = acting_side(home)) {
    take.wrist = wrist_path(attempt.rollout, humanoid, *side, lead_in_ns);
  }
  return take;
}

ScoreFunctions twin_functions(const Humanoid& humanoid, std::uint64_t seed) {
  ScoreFunctions functions;
  functions.draw = [seed](const Home& home, std::uint64_t draw) -> Result<Home> {
    Diagnostics unused;
    const Result<Variant> variant = draw_uncertainty(home, seed, draw);
    if (!variant) return variant.error();
    return apply(*variant, home, unused);
  };
  functions.simulate = [humanoid](const Home& twin) -> Result<SimulatedTake> {
    Diagnostics unused;
    return simulated_take(attempt(twin, humanoid, unused), twin, humanoid);
  };
  return functions;
}

bool recorded_success(const Home& home) {
  const ObjectTrack* track = find_track(home.object_tracks, home.task.object_id);
  if (track == nullptr) return false;
  return judge(home.task, home.scene, *track, touches_from_contacts(home.contacts, *track))
      .success_at_end;
}

}  // namespace hearth
