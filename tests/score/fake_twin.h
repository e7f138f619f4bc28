// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/score/score.h>
#include <hearth/task/judge.h>

#include <string>

#include "tests/perturb/small_home.h"

/// What a stand-in simulator does to the path that it was asked to follow.
struct FakeTwin {
  double offset_m = 0.0;       // of object and wrist, along y
  double delay_s = 0.0;        // of the touches
  double hold_friction = 0.3;  // below it, the object stays where it began
};

/// Follows the home's own claim. The stand-in for physics is one rule: too slippery, not lifted.
inline hearth::SimulatedTake follow(const hearth::Home& home, const FakeTwin& fake) {
  using namespace hearth;
  SimulatedTake take;
  take.object = home.object_tracks.tracks[0];
  const bool held = home.scene.objects[0].friction.value >= fake.hold_friction;
  const Pose start = take.object.samples.front().world_from_object;
  for (ObjectPoseSample& sample : take.object.samples) {
    if (!held) sample.world_from_object = start;
    sample.world_from_object.position_m.y += fake.offset_m;
    const double t = seconds_from_ns(sample.time_ns) - fake.delay_s;
    take.hand_touches_object.push_back(t >= 0.9 && t <= 2.1 ? 1 : 0);
  }
  const HandTrajectory& hand = home.hands[0];
  for (std::size_t i = 0; i < hand.spans[0].samples.size(); ++i) {
    const Vec3 p = hand.spans[0].samples[i].world_from_wrist.position_m;
    take.wrist.push_back(
        {ns_from_seconds(static_cast<double>(i) / hand.rate_hz), p + Vec3{0, fake.offset_m, 0}});
  }
  take.outcome = judge(home.task, home.scene, take.object, take.hand_touches_object);
  return take;
}

inline hearth::Home make_take(std::uint64_t seed) {
  hearth::Home home = make_small_home(seed);
  home.clip_sha256 = std::string(60, 'b') + std::to_string(1000 + seed);
  return home;
}
