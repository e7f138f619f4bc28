// SPDX-License-Identifier: Apache-2.0
#include <hearth/engine/capsule_humanoid.h>
#include <hearth/film/make_truth.h>
#include <hearth/physics/find_help.h>
#include <hearth/score/score.h>
#include <hearth/synthesize/attempt.h>
#include <hearth/truth/substitute.h>

#include <catch2/catch.hpp>
#include <string>

using namespace hearth;

namespace {

Home take_home(std::uint64_t seed) {
  const Result<Truth> truth = make_truth({.seed = seed});
  REQUIRE(truth.ok());
  const std::string number = std::to_string(seed);
  return home_from_truth(*truth, std::string(64 - number.size(), '0') + number);
}

GapReport gap_of(std::uint64_t count, std::optional<double> planted_friction) {
  const Result<Humanoid> humanoid = capsule_humanoid();
  REQUIRE(humanoid.ok());
  std::vector<HeldOutTake> takes;
  for (std::uint64_t seed = 2; seed < 2 + count; ++seed) {
    HeldOutTake take;
    take.home = take_home(seed);
    take.exact = true;
    take.real_success = recorded_success(take.home);
    CHECK(take.real_success);
    takes.push_back(take);
  }
  Diagnostics diagnostics;
  const auto report = score(take_home(1), takes, twin_functions(*humanoid, 0),
                            {.planted_friction = planted_friction}, {}, diagnostics);
  REQUIRE(report.ok());
  for (const Score& each : report->scores) {
    UNSCOPED_INFO(each.name << " " << each.value.value_or(-1) << " [" << each.low.value_or(-1)
                            << ", " << each.high.value_or(-1) << "] " << each.unit << ", n "
                            << each.n << ", verdict " << static_cast<int>(each.verdict));
  }
  return *report;
}

}  // namespace

TEST_CASE("twins: matched twins from twelve truth takes are equivalent", "[slow]") {
  CHECK(gap_of(12, std::nullopt).verdict == Verdict::equivalent);
}

TEST_CASE("twins: a planted friction of .05 is a gap, from twelve takes and from three", "[slow]") {
  CHECK(gap_of(12, 0.05).verdict == Verdict::gap);
  CHECK(gap_of(3, 0.05).verdict == Verdict::gap);
}

TEST_CASE("attempt: what succeeds had no help, what cannot be done says why") {
  const Result<Humanoid> humanoid = capsule_humanoid();
  REQUIRE(humanoid.ok());
  Diagnostics diagnostics;
  Home home = take_home(1);
  const Attempt good = attempt(home, *humanoid, diagnostics);
  CAPTURE(good.reason, good.detail);
  REQUIRE(good.reason.empty());
  CHECK(good.outcome.success_at_end);
  CHECK(good.rollout.assistance_n == 0.0);
  const auto help = find_help(home, *humanoid, good.rollout);
  REQUIRE(help.ok());
  CHECK(help->empty());

  const auto take = simulated_take(good, home, *humanoid);
  REQUIRE(take.ok());
  CHECK(take->wrist.size() == take->object.samples.size());
  CHECK(take->object.samples.front().time_ns == -ns_from_seconds(good.motion.lead_in_s));

  for (SceneObject& object : home.scene.objects) {
    if (object.id == home.task.object_id) object.friction.value = 0.01;
  }
  const Attempt slippery = attempt(home, *humanoid, diagnostics);
  CHECK(slippery.reason == "not_lifted");

  home.contacts.spans.clear();
  const Attempt nothing = attempt(home, *humanoid, diagnostics);
  CHECK_FALSE(nothing.reason.empty());
  CHECK(simulated_take(nothing, home, *humanoid).error().code == ErrorCode::infeasible);
}
