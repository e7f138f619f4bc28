// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/result.h>
#include <hearth/score/statistics.h>
#include <hearth/score/verdict.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace hearth {
namespace {

/// A score on its way to a verdict.
struct Assessment {
  Score score{};
  std::optional<double> gap_p{};  ///< Of the gap with its floor taken off.
  double floored = 0.0;           ///< Its estimate.
  bool equal = false;
  double spread = 0.0;  ///< Standard deviation of one take.
};

std::string takes_text(double count) {
  const int takes = static_cast<int>(std::ceil(std::clamp(count, 1.0, 1e6)));
  return takes == 1 ? "1 take" : std::to_string(takes) + " takes";
}

std::optional<double> noise_floor(const Estimand& estimand) {
  if (estimand.kind == GapKind::share) {
    return 0.0;
  }
  double sum = 0.0;
  for (const GapSample& take : estimand.takes) {
    if (!take.noise) return std::nullopt;
    sum += estimand.kind == GapKind::distance ? *take.noise * *take.noise : std::abs(*take.noise);
  }
  if (estimand.takes.empty()) {
    return std::nullopt;
  }
  const double mean = sum / static_cast<double>(estimand.takes.size());
  return estimand.kind == GapKind::distance ? std::sqrt(mean) : mean;
}

double mean_value(const Estimand& estimand) {
  double sum = 0.0;
  for (const GapSample& take : estimand.takes) sum += take.value;
  return sum / static_cast<double>(estimand.takes.size());
}

/// Per take, with its noise taken off; a mean above zero speaks for a gap. Noise adds to distances
/// in squares, so a take whose noise is larger than its distance counts below zero.
std::vector<double> floored_values(const Estimand& estimand, double sign) {
  std::vector<double> values;
  for (const GapSample& take : estimand.takes) {
    const double noise = take.noise.value_or(0.0);
    if (estimand.kind == GapKind::distance) {
      const double square = take.value * take.value - noise * noise;
      values.push_back(std::copysign(std::sqrt(std::abs(square)), square));
    } else {
      values.push_back(sign * take.value - std::abs(noise));
    }
  }
  return values;
}

void assess_mean(const Estimand& estimand, const DecideOptions& options, Assessment& a) {
  const double mean = mean_value(estimand);
  a.score.value = mean;
  if (estimand.takes.size() < 2) {
    return;
  }
  std::vector<double> values;
  for (const GapSample& take : estimand.takes) values.push_back(take.value);
  const MeanEstimate raw(values, estimand.resolution, options.replicates, options.seed,
                         estimand.name);
  const bool distance = estimand.kind == GapKind::distance;
  const Interval wide = raw.interval(0.95);
  a.score.low = distance ? std::max(0.0, wide.low) : wide.low;
  a.score.high = wide.high;
  a.spread = raw.standard_deviation();
  if (!a.score.noise_floor) {
    return;
  }
  const Interval narrow = raw.interval(0.90);
  a.equal = narrow.high < estimand.delta && (distance || narrow.low > -estimand.delta) &&
            *a.score.noise_floor <= estimand.delta;
  const double sign = mean < 0.0 ? -1.0 : 1.0;
  const MeanEstimate floored(floored_values(estimand, sign), estimand.resolution,
                             options.replicates, options.seed, estimand.name + "_floored");
  a.gap_p = floored.mean() > 0.0 ? floored.p_against_zero() : 1.0;
  a.floored = std::max(0.0, floored.mean());
}

void assess_share(const Estimand& estimand, Assessment& a) {
  const auto n = static_cast<double>(estimand.takes.size());
  double simulated = 0.0;
  double real = 0.0;
  for (const GapSample& take : estimand.takes) {
    simulated += take.value;
    real += take.real;
  }
  simulated = std::min(simulated, n);  // sums of fifths round
  const Interval wide = newcombe_interval(simulated, n, real, n, 0.95);
  const Interval narrow = newcombe_interval(simulated, n, real, n, 0.90);
  a.score.value = (simulated - real) / n;
  a.score.low = std::min(wide.low, *a.score.value);
  a.score.high = std::max(wide.high, *a.score.value);
  a.gap_p = newcombe_p(simulated, n, real, n);
  a.floored = std::abs(*a.score.value);
  a.equal = narrow.low > -estimand.delta && narrow.high < estimand.delta;
}

std::string needed_for_share(const Assessment& a) {
  const double n = a.score.n;
  const double difference = std::abs(*a.score.value);
  if (difference <= a.score.delta) {
    return "no difference beyond delta seen; equality to +-delta needs at least " +
           takes_text(takes_to_certify_share(a.score.delta)) + ", has " + takes_text(n);
  }
  double takes = n;
  while (takes < 1000.0 &&
         newcombe_interval(takes * difference, takes, 0.0, takes, 0.95).low <= 0.0) {
    takes += 1.0;
  }
  return "a difference of this size needs about " + takes_text(takes + 1.0) + ", has " +
         takes_text(n);
}

std::string needed_for_mean(const Assessment& a) {
  const double n = a.score.n;
  if (!a.score.noise_floor) {
    return "the noise floor is unknown: reconstruct each held-out clip twice, from its even and "
           "its odd frames";
  }
  if (n < 2) {
    return "one take gives no interval: at least one more held-out take";
  }
  if (*a.score.noise_floor > a.score.delta && a.floored <= a.score.delta) {
    return "two measurements of one recording differ by more than delta: better reconstruction";
  }
  const double estimate = std::abs(*a.score.value);
  const double room = a.floored > a.score.delta ? a.floored : a.score.delta - estimate;
  if (!(room > 0.0)) {
    return "the estimate lies at delta: more takes alone hardly decide it";
  }
  const double z = a.floored > a.score.delta ? 1.96 : 1.645;
  const double takes = std::max(n + 1.0, std::pow(z * a.spread / room, 2.0) + 2.0);
  return "about " + takes_text(takes) + " at the present spread, has " + takes_text(n);
}

std::string needed(const Estimand& estimand, const Assessment& a) {
  if (a.score.n == 0) {
    return "no held-out take could be compared";
  }
  return estimand.kind == GapKind::share ? needed_for_share(a) : needed_for_mean(a);
}

}  // namespace

std::vector<Score> decide(const std::vector<Estimand>& estimands, const DecideOptions& options) {
  std::vector<Assessment> all;
  std::vector<double> p;
  for (const Estimand& estimand : estimands) {
    Assessment a;
    a.score.name = estimand.name;
    a.score.estimand = estimand.definition;
    a.score.unit = estimand.unit;
    a.score.delta = estimand.delta;
    a.score.n = static_cast<int>(estimand.takes.size());
    a.score.noise_floor = noise_floor(estimand);
    if (!estimand.takes.empty()) {
      if (estimand.kind == GapKind::share) {
        assess_share(estimand, a);
      } else {
        assess_mean(estimand, options, a);
      }
    }
    if (a.gap_p) p.push_back(*a.gap_p);
    all.push_back(std::move(a));
  }
  const std::vector<double> adjusted = holm_adjusted(p);
  std::vector<Score> scores;
  std::size_t tested = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    Assessment& a = all[i];
    const double gap_p = a.gap_p ? adjusted[tested++] : 1.0;
    if (gap_p < options.level && a.floored > a.score.delta) {
      a.score.verdict = Verdict::gap;
    } else if (a.equal) {
      a.score.verdict = Verdict::equivalent;
    } else {
      a.score.verdict = Verdict::inconclusive;
      a.score.needed = needed(estimands[i], a);
    }
    scores.push_back(std::move(a.score));
  }
  return scores;
}

Verdict overall_verdict(const std::vector<Score>& scores) {
  bool path_equal = false;
  bool success_agrees = false;
  for (const Score& score : scores) {
    const bool path = score.name == "object_path";
    const bool success = score.name == "success";
    if ((path || success) && score.verdict == Verdict::gap) return Verdict::gap;
    if (path) path_equal = score.verdict == Verdict::equivalent;
    if (success) {
      success_agrees = score.value.has_value() && std::abs(*score.value) <= score.delta;
    }
  }
  return path_equal && success_agrees ? Verdict::equivalent : Verdict::inconclusive;
}

}  // namespace hearth
