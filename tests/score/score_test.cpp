// SPDX-License-Identifier: Apache-2.0
#include <hearth/perturb/apply.h>
#include <hearth/perturb/sample_variants.h>
#include <hearth/score/score.h>

#include <atomic>
#include <catch2/catch.hpp>

#include "fake_twin.h"

using namespace hearth;

namespace {

ScoreFunctions functions_with(FakeTwin fake) {
  ScoreFunctions functions;
  functions.draw = [](const Home& home, std::uint64_t draw) -> Result<Home> {
    Diagnostics diagnostics;
    const Result<Variant> variant = draw_uncertainty(home, 77, draw);
    if (!variant) return variant.error();
    return apply(*variant, home, diagnostics);
  };
  functions.simulate = [fake](const Home& twin) -> Result<SimulatedTake> {
    return follow(twin, fake);
  };
  return functions;
}

std::vector<HeldOutTake> truth_takes(std::uint64_t count) {
  std::vector<HeldOutTake> takes;
  for (std::uint64_t i = 0; i < count; ++i) {
    HeldOutTake take;
    take.home = make_take(i);
    take.exact = true;
    take.real_success = true;
    takes.push_back(take);
  }
  return takes;
}

GapReport run(const std::vector<HeldOutTake>& takes, FakeTwin fake,
              const ScoreOptions& options = {}) {
  Diagnostics diagnostics;
  const auto report =
      score(make_small_home(99), takes, functions_with(fake), options, {}, diagnostics);
  REQUIRE(report.ok());
  return *report;
}

const Score& find(const GapReport& report, const std::string& name) {
  for (const Score& each : report.scores) {
    if (each.name == name) return each;
  }
  FAIL("no score " << name);
  return report.scores.front();
}

}  // namespace

TEST_CASE("score: twelve matched twins of exact takes are equivalent") {
  const GapReport report = run(truth_takes(12), {.offset_m = 0.008});
  CHECK(report.verdict == Verdict::equivalent);
  CHECK(report.held_out == 12);
  CHECK(report.takes.size() == 60);
  CHECK(report.scores.size() == 6);
  CHECK(find(report, "object_path").verdict == Verdict::equivalent);
  CHECK(find(report, "success").verdict == Verdict::inconclusive);
}

TEST_CASE("score: a planted friction of .05 is a gap") {
  for (const std::uint64_t count : {3U, 12U}) {
    const GapReport report = run(truth_takes(count), {}, {.planted_friction = 0.05});
    CHECK(report.verdict == Verdict::gap);
    CHECK(find(report, "success").verdict == Verdict::gap);
    CHECK(find(report, "object_path").verdict == Verdict::gap);
    CHECK(report.frozen_settings.back() == "object friction 0.05 (planted)");
  }
}

TEST_CASE("score: one held-out take decides nothing") {
  CHECK(run(truth_takes(1), {.offset_m = 0.2}).verdict == Verdict::inconclusive);
}

TEST_CASE("score: without replicates no path is a gap or equivalent") {
  auto takes = truth_takes(6);
  for (HeldOutTake& take : takes) take.exact = false;
  const GapReport report = run(takes, {.offset_m = 0.2});
  CHECK(find(report, "object_path").verdict == Verdict::inconclusive);
  CHECK_FALSE(find(report, "object_path").noise_floor.has_value());
}

TEST_CASE("score: same bytes for any number of jobs, and draws spread") {
  const auto takes = truth_takes(4);
  const GapReport one = run(takes, {.offset_m = 0.01}, {.jobs = 1});
  CHECK(run(takes, {.offset_m = 0.01}, {.jobs = 2}) == one);
  CHECK(run(takes, {.offset_m = 0.01}, {.jobs = 5}) == one);
  CHECK(one.takes[0].draw == 0);
  CHECK(one.takes[4].draw == 4);
}

TEST_CASE("score: a simulation that fails is a failed draw, not an end") {
  auto functions = functions_with({});
  functions.simulate = [](const Home&) -> Result<SimulatedTake> {
    return Error{ErrorCode::infeasible, "out of reach", "retarget"};
  };
  Diagnostics diagnostics;
  const auto report = score(make_small_home(99), truth_takes(3), functions, {}, {}, diagnostics);
  REQUIRE(report.ok());
  CHECK(diagnostics.contains("simulation_failed"));
  CHECK(report->takes[0].note == "retarget: out of reach");
  CHECK(find(*report, "success").verdict == Verdict::gap);
  CHECK(find(*report, "object_path").n == 0);
}

TEST_CASE("score: a take without a carried object is left out and said so") {
  auto takes = truth_takes(3);
  takes[1].home.object_tracks.tracks.clear();
  Diagnostics diagnostics;
  const auto report = score(make_small_home(99), takes, functions_with({}), {}, {}, diagnostics);
  REQUIRE(report.ok());
  CHECK(diagnostics.contains("take_not_comparable"));
  CHECK(report->held_out == 3);
  CHECK(find(*report, "success").n == 2);
}

TEST_CASE("score: refuses what would be cheating") {
  Diagnostics diagnostics;
  const Home source = make_small_home(99);
  auto takes = truth_takes(3);
  const auto error = [&](const ScoreOptions& options = {}) {
    return score(source, takes, functions_with({}), options, {}, diagnostics).error();
  };
  CHECK(error({.draws = 4}).where == "draws");
  takes[2].home.clip_sha256 = takes[0].home.clip_sha256;
  CHECK(error().where == "held_out/2");
  takes[2].home.clip_sha256 = source.clip_sha256;
  CHECK(error().where == "held_out/2");
  CHECK(error().code == ErrorCode::invalid_argument);
  takes.clear();
  CHECK(error().where == "held_out");
}

TEST_CASE("score: stops when asked") {
  Diagnostics diagnostics;
  const auto stop = [](std::string_view, std::int64_t, std::int64_t) { return false; };
  const auto report = score(make_small_home(99), truth_takes(3), functions_with({}), {.jobs = 1},
                            stop, diagnostics);
  CHECK(report.error().code == ErrorCode::try_again);
}

TEST_CASE("freeze_settings: friction and density come from the source, sizes stay") {
  Home source = make_small_home(1);
  source.scene.objects[0].friction.value = 0.6;
  source.scene.supports[0].friction = 0.7;
  source.scene.objects[0].mass_kg.value = 500.0 * volume_m3(source.scene.objects[0].shape);
  const Home home = make_small_home(2);
  std::vector<std::string> frozen;
  const Home twin = freeze_settings(source, home, std::nullopt, frozen);
  CHECK(twin.scene.objects[0].friction.value == 0.6);
  CHECK(twin.scene.supports[0].friction == 0.7);
  CHECK(twin.scene.objects[0].shape == home.scene.objects[0].shape);
  CHECK(twin.scene.objects[0].mass_kg.value ==
        Approx(500.0 * volume_m3(home.scene.objects[0].shape)));
  CHECK(frozen == std::vector<std::string>{"support friction 0.7", "object density 500 kg/m3",
                                           "object friction 0.6"});
}
