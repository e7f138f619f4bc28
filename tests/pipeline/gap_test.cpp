// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include <hearth/core/hash.h>
#include <hearth/data/gap_report.h>
#include <hearth/engine/capsule_humanoid.h>
#include <hearth/film/make_truth.h>
#include <hearth/score/score.h>
#include <hearth/synthesize/attempt.h>
#include <hearth/truth/substitute.h>

using namespace hearth;

namespace {

Home filmed_home(std::uint64_t seed) {
  FilmOptions options;
  options.seed = seed;
  const Result<Truth> truth = make_truth(options);
  REQUIRE(truth);
  return home_from_truth(*truth, sha256_hex("take " + std::to_string(seed)));
}

GapReport gap_of_matched_twins(std::optional<double> planted_friction) {
  const Home source = filmed_home(100);
  std::vector<HeldOutTake> takes;
  for (std::uint64_t seed = 101; seed <= 112; ++seed) {
    HeldOutTake take;
    take.home = filmed_home(seed);
    take.exact = true;
    take.real_success = recorded_success(take.home);
    takes.push_back(take);
  }
  const Result<Humanoid> humanoid = capsule_humanoid();
  REQUIRE(humanoid);
  ScoreOptions options;
  options.planted_friction = planted_friction;
  Diagnostics diagnostics;
  const Result<GapReport> report =
      score(source, takes, twin_functions(*humanoid, 0), options, {}, diagnostics);
  REQUIRE(report);
  for (const Score& score : report->scores) {
    UNSCOPED_INFO(score.name << " " << score.value.value_or(-1) << " ["
                             << score.low.value_or(-1) << ", " << score.high.value_or(-1)
                             << "] delta " << score.delta << " " << score.needed);
  }
  return *report;
}

}  // namespace

TEST_CASE("twins of twelve true takes are equivalent to their recordings", "[slow]") {
  CHECK(gap_of_matched_twins(std::nullopt).verdict == Verdict::equivalent);
}

TEST_CASE("a planted friction of .05 is found as a gap", "[slow]") {
  CHECK(gap_of_matched_twins(0.05).verdict == Verdict::gap);
}
