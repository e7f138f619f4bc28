// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/rng.h>
#include <hearth/score/verdict.h>

#include <catch2/catch.hpp>

using namespace hearth;

namespace {

Estimand make(GapKind kind, const std::vector<double>& values, double delta,
              std::optional<double> noise = 0.0) {
  Estimand estimand{"object_path", "test", "m", kind, delta};
  for (const double value : values) estimand.takes.push_back({value, 0.0, noise});
  return estimand;
}

Estimand make_share(std::vector<double> simulated, std::vector<double> real) {
  Estimand estimand{"success", "test", "share", GapKind::share, 0.1};
  for (std::size_t i = 0; i < simulated.size(); ++i) {
    estimand.takes.push_back({simulated[i], real[i]});
  }
  return estimand;
}

Score decide_one(const Estimand& estimand) { return decide({estimand}, {}).front(); }

}  // namespace

TEST_CASE("decide: distances") {
  using K = GapKind;
  CHECK(decide_one(make(K::distance, {.010, .012, .011, .009}, .03)).verdict ==
        Verdict::equivalent);
  CHECK(decide_one(make(K::distance, {.21, .18, .25, .20}, .03)).verdict == Verdict::gap);
  CHECK(decide_one(make(K::distance, {.01, .09, .02, .04}, .03)).verdict == Verdict::inconclusive);
  // Clearly there, yet smaller than what matters: no gap.
  CHECK(decide_one(make(K::distance, {.025, .026, .025, .026}, .03)).verdict ==
        Verdict::equivalent);
}

TEST_CASE("decide: without a noise floor the best is inconclusive, and it says why") {
  const Score score = decide_one(make(GapKind::distance, {.2, .2, .21, .2}, .03, std::nullopt));
  CHECK(score.verdict == Verdict::inconclusive);
  CHECK(score.needed.find("noise floor") != std::string::npos);
  CHECK(score.low.has_value());
  CHECK_FALSE(score.noise_floor.has_value());
}

TEST_CASE("decide: noise is taken off a gap, and never argues for equality") {
  // Discrepancies of 5 cm that two measurements of one recording show as well.
  const Score noisy = decide_one(make(GapKind::distance, {.05, .052, .048, .05}, .03, .05));
  CHECK(noisy.verdict == Verdict::inconclusive);
  CHECK(noisy.needed.find("better reconstruction") != std::string::npos);
  CHECK(decide_one(make(GapKind::distance, {.05, .052, .048, .05}, .03, .01)).verdict ==
        Verdict::gap);
  CHECK(decide_one(make(GapKind::distance, {.01, .01, .01, .01}, .03, .04)).verdict ==
        Verdict::inconclusive);
}

TEST_CASE("decide: signed differences on both sides") {
  using K = GapKind;
  for (const double sign : {-1.0, 1.0}) {
    CHECK(decide_one(make(K::signed_difference, {sign * .3, sign * .33, sign * .28}, .1)).verdict ==
          Verdict::gap);
    CHECK(
        decide_one(make(K::signed_difference, {sign * .02, sign * .03, sign * .01}, .1)).verdict ==
        Verdict::equivalent);
    CHECK(decide_one(make(K::signed_difference, {sign * .3, sign * .33, sign * .28}, .1, .25))
              .verdict == Verdict::inconclusive);
  }
  CHECK(decide_one(make(K::signed_difference, {.4, -.4, .4, -.4}, .1)).verdict ==
        Verdict::inconclusive);
}

TEST_CASE("decide: one take never has an interval") {
  const Score score = decide_one(make(GapKind::distance, {.3}, .03));
  CHECK(score.verdict == Verdict::inconclusive);
  CHECK(score.value == 0.3);
  CHECK_FALSE(score.low.has_value());
  CHECK(score.needed.find("one more") != std::string::npos);
  const Score none = decide_one(make(GapKind::distance, {}, .03));
  CHECK(none.verdict == Verdict::inconclusive);
  CHECK_FALSE(none.value.has_value());
  CHECK(decide_one(make_share({0}, {1})).verdict == Verdict::inconclusive);
}

TEST_CASE("decide: success shares") {
  CHECK(decide_one(make_share({0, 0, 0}, {1, 1, 1})).verdict == Verdict::gap);
  const std::vector<double> twelve(12, 1.0);
  const Score same = decide_one(make_share(twelve, twelve));
  CHECK(same.verdict == Verdict::inconclusive);
  CHECK(same.value == 0.0);
  CHECK(same.needed.find("25 takes") != std::string::npos);
  const std::vector<double> thirty(30, 1.0);
  CHECK(decide_one(make_share(thirty, thirty)).verdict == Verdict::equivalent);
}

TEST_CASE("decide: a gap that Holm removes becomes inconclusive, not equivalent") {
  Estimand weak = make(GapKind::distance, {.04, .13, .05, .12}, .03);
  CHECK(decide_one(weak).verdict == Verdict::gap);
  std::vector<Estimand> family = {weak};
  for (int i = 0; i < 5; ++i) {
    family.push_back(make(GapKind::signed_difference, {.2, -.3, .25, -.1}, .1));
  }
  CHECK(decide(family, {})[0].verdict == Verdict::inconclusive);
}

TEST_CASE("decide: identical simulation and recording never is a gap") {
  const auto takes = static_cast<std::size_t>(GENERATE(2, 3, 9, 10, 12));
  const std::vector<double> zeros(takes, 0.0);
  CHECK(decide_one(make(GapKind::distance, zeros, .03)).verdict == Verdict::equivalent);
  CHECK(decide_one(make(GapKind::signed_difference, zeros, .1)).verdict == Verdict::equivalent);
}

TEST_CASE("decide: without any true difference a gap is rare") {
  int gaps = 0;
  const int studies = 400;
  for (int study = 0; study < studies; ++study) {
    Rng rng(3, static_cast<std::uint64_t>(study), "null");
    std::vector<double> values(8);
    for (double& value : values) value = rng.normal();
    gaps += decide_one(make(GapKind::signed_difference, values, 0.001)).verdict == Verdict::gap;
  }
  // Level .05: 400 studies show at most 34 with probability .998.
  CHECK(gaps <= 34);
}

TEST_CASE("overall_verdict: the table") {
  const auto score = [](const char* name, Verdict verdict, double value = 0.0) {
    Score s;
    s.name = name;
    s.verdict = verdict;
    s.value = value;
    s.delta = 0.1;
    return s;
  };
  using V = Verdict;
  CHECK(overall_verdict({}) == V::inconclusive);
  CHECK(overall_verdict({score("success", V::inconclusive), score("object_path", V::equivalent)}) ==
        V::equivalent);
  CHECK(overall_verdict({score("success", V::inconclusive, -.2),
                         score("object_path", V::equivalent)}) == V::inconclusive);
  CHECK(overall_verdict({score("success", V::equivalent), score("object_path", V::inconclusive)}) ==
        V::inconclusive);
  CHECK(overall_verdict({score("success", V::gap), score("object_path", V::equivalent)}) == V::gap);
  CHECK(overall_verdict({score("success", V::inconclusive), score("object_path", V::gap)}) ==
        V::gap);
  // Secondary scores explain, they do not decide.
  CHECK(overall_verdict({score("success", V::inconclusive), score("object_path", V::equivalent),
                         score("contact_onset", V::gap)}) == V::equivalent);
}
