// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/rng.h>
#include <hearth/film/make_truth.h>
#include <hearth/task/place_task.h>

#include <algorithm>
#include <cmath>

#include "sim/film/take.h"

namespace hearth {
namespace film_internal {
namespace {

constexpr double kShortestS = 4.0;
constexpr double kLongestS = 12.0;

Result<Done> check(const FilmOptions& options) {
  if (options.chore != "place") {
    return Error{ErrorCode::invalid_argument, "chore must be 'place', not '" + options.chore + "'",
                 "chore"};
  }
  if (options.duration_s &&
      !(*options.duration_s >= kShortestS && *options.duration_s <= kLongestS)) {
    return Error{ErrorCode::invalid_argument,
                 "duration must be 4 to 12 s, not " + std::to_string(*options.duration_s),
                 "duration_s"};
  }
  if (options.samples_per_px < 1 || options.samples_per_px > 16) {
    return Error{ErrorCode::invalid_argument,
                 "must be 1 to 16, not " + std::to_string(options.samples_per_px),
                 "samples_per_px"};
  }
  if (options.jobs < 0) {
    return Error{ErrorCode::invalid_argument, "must not be negative", "jobs"};
  }
  return Done{};
}

HandTrajectory hand_of(const Take& take, HandSide side) {
  HandTrajectory hand;
  hand.side = side;
  hand.rate_hz = kFrameRateHz;
  hand.hand_length_m = {take.play.hand.length_m, 0.0, Source::truth};
  HandSpan span;
  for (const TimeNs t : take.frame_time_ns) {
    const Moment moment = moment_at(take.play, seconds_from_ns(t));
    const HandState& state = moment.hand[side == HandSide::right ? 1 : 0];
    HandSample sample;
    sample.joints_in_world_m =
        joints_in_frame(state.world_from_wrist, take.play.hand, state.angles, side);
    sample.world_from_wrist = wrist_pose(sample.joints_in_world_m, side);
    sample.observed = true;
    span.samples.push_back(sample);
  }
  hand.spans.push_back(std::move(span));
  return hand;
}

ContactSpan contact_of(const Take& take) {
  const Choreography& play = take.play;
  ContactSpan span;
  span.side = play.person.active;
  span.hand_track = span.side == HandSide::right ? "right" : "left";
  span.object_id = take.home.scene.objects[take.home.object_index].id;
  span.onset_ns = ns_from_seconds(play.touch_s);
  span.release_ns = ns_from_seconds(play.release_s);
  span.onset_low_ns = span.onset_high_ns = span.onset_ns;
  span.release_low_ns = span.release_high_ns = span.release_ns;
  span.move_start_ns = ns_from_seconds(play.time.move_start);
  span.move_stop_ns = ns_from_seconds(play.time.move_stop);
  span.confidence = 1.0;
  span.evidence = "truth";
  return span;
}

/// Draws arrangements until one can be played.
Result<Done> arrange(HomeDrawOptions options, double duration_s, Take& take) {
  constexpr std::uint64_t kArrangements = 8;
  Error last;
  for (; options.arrangement < kArrangements; ++options.arrangement) {
    auto home = draw_home(options);
    if (!home) return home.error();
    auto play = make_choreography(*home, {options.take_seed, duration_s});
    if (!play) {
      last = play.error();
      continue;
    }
    take.home = std::move(home).value();
    take.play = std::move(play).value();
    return Done{};
  }
  return last;
}

}  // namespace

Result<Take> draw_take(const FilmOptions& options) {
  if (auto checked = check(options); !checked) return checked.error();
  Take take;
  take.options = options;
  Rng rng(options.seed, 0, "film_duration");
  const double drawn = rng.uniform(4.4, 7.2);
  const double wanted = options.duration_s.value_or(drawn);
  const auto frames = static_cast<std::int64_t>(std::llround(wanted * kFrameRateHz));
  for (std::int64_t i = 0; i < frames; ++i) {
    take.frame_time_ns.push_back(ns_from_seconds(static_cast<double>(i) / kFrameRateHz));
  }
  const double duration = static_cast<double>(frames - 1) / kFrameRateHz;
  HomeDrawOptions home_options;
  home_options.home_seed = options.home_seed.value_or(options.seed);
  home_options.take_seed = options.seed;
  home_options.active_hand = options.active_hand;
  home_options.longest_carry_m = std::clamp(0.30 + 0.15 * (duration - 4.2), 0.28, 0.45);
  if (auto played = arrange(home_options, duration, take); !played) return played.error();
  take.camera = make_camera_motion(take.home, take.play, options.seed);
  return take;
}

Result<Truth> truth_of(const Take& take) {
  Truth truth;
  truth.chore = take.options.chore;
  truth.seed = take.options.seed;
  truth.frame_time_ns = take.frame_time_ns;
  truth.camera_model = take.home.camera;
  truth.active_hand = take.play.person.active;
  Home& home = truth.home;
  home.scene = take.home.scene;
  SceneCamera head;
  head.id = "head";
  head.model = take.home.camera;
  head.world_from_camera = camera_at(take.camera, 0.0);
  home.scene.cameras.push_back(head);
  home.hands = {hand_of(take, HandSide::left), hand_of(take, HandSide::right)};
  const SceneObject& object = home.scene.objects[take.home.object_index];
  ObjectTrack track;
  track.object_id = object.id;
  for (const TimeNs t : take.frame_time_ns) {
    const double time_s = seconds_from_ns(t);
    track.samples.push_back({t, moment_at(take.play, time_s).world_from_object, true, 0.0});
    home.camera_path.samples.push_back({t, camera_at(take.camera, time_s), true, 0.0, 0.0});
  }
  home.object_tracks.tracks.push_back(std::move(track));
  home.contacts.spans.push_back(contact_of(take));
  home.task = place_task(object.id, "support", "support", take.play.world_from_goal, 0.0,
                         "pick up the " + object.category + " and put it down");
  truth.success = true;
  return validated(std::move(truth));
}

}  // namespace film_internal

Result<Truth> make_truth(const FilmOptions& options) {
  auto take = film_internal::draw_take(options);
  if (!take) return take.error();
  return film_internal::truth_of(*take);
}

}  // namespace hearth
