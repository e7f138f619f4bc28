// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/parallel.h>
#include <hearth/score/metrics.h>
#include <hearth/score/score.h>
#include <hearth/score/verdict.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <set>
#include <string>

namespace hearth {
namespace {

constexpr int kFewestDraws = 5;

/// Frames of the recordings and control steps of the rollouts are this far apart.
constexpr double kFrameIntervalS = 1.0 / 30.0;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

Result<Done> check_takes(const Home& source, const std::vector<HeldOutTake>& takes,
                         const ScoreOptions& options) {
  if (takes.empty()) {
    return Error{ErrorCode::invalid_argument, "no held-out take was given", "held_out"};
  }
  if (options.draws < kFewestDraws) {
    return Error{ErrorCode::invalid_argument,
                 "must be at least 5, is " + std::to_string(options.draws), "draws"};
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < takes.size(); ++i) {
    const std::string& sha256 = takes[i].home.clip_sha256;
    const std::string where = "held_out/" + std::to_string(i);
    if (sha256 == source.clip_sha256) {
      return Error{ErrorCode::invalid_argument,
                   "clip " + sha256.substr(0, 12) + " is the one that the home was built from",
                   where};
    }
    if (!seen.insert(sha256).second) {
      return Error{ErrorCode::invalid_argument, "clip " + sha256.substr(0, 12) + " was given twice",
                   where};
    }
  }
  return Done{};
}

/// Everything known of one take after its draws ran.
struct TakeResult {
  std::vector<TakeScore> draws{};
  Diagnostics diagnostics{};
};

TakeScore failed_draw(const Home& twin, std::string note) {
  TakeScore score;
  score.clip_sha256 = twin.clip_sha256;
  score.note = std::move(note);
  return score;
}

TakeResult run_take(const Home& source, const HeldOutTake& take, const ScoreFunctions& functions,
                    const ScoreOptions& options) {
  TakeResult result;
  Home previous;
  for (int draw = 0; draw < options.draws; ++draw) {
    TakeScore score = failed_draw(take.home, "");
    std::vector<std::string> unused;
    const Result<Home> drawn = functions.draw(take.home, static_cast<std::uint64_t>(draw));
    if (drawn) {
      Home twin = freeze_settings(source, *drawn, options.planted_friction, unused);
      if (draw > 0 && twin == previous) {
        score = result.draws.back();  // no uncertainty left: the simulation would be the same
      } else {
        const Result<SimulatedTake> simulated = functions.simulate(twin);
        score =
            simulated ? compare(twin, *simulated) : failed_draw(twin, to_string(simulated.error()));
        if (!simulated) {
          result.diagnostics.add(Severity::warning, "simulation_failed",
                                 to_string(simulated.error()), take.home.clip_sha256.substr(0, 12));
        }
      }
      previous = std::move(twin);
    } else {
      score = failed_draw(take.home, to_string(drawn.error()));
    }
    score.draw = draw;
    score.real_success = take.real_success;
    result.draws.push_back(std::move(score));
  }
  return result;
}

/// Mean over the draws that have the value; nothing if none has.
std::optional<double> mean_of(const std::vector<TakeScore>& draws,
                              std::optional<double> TakeScore::*field) {
  double sum = 0.0;
  int count = 0;
  for (const TakeScore& draw : draws) {
    if (draw.*field) {
      sum += *(draw.*field);
      ++count;
    }
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

struct Measured {
  std::optional<double> TakeScore::*value;
  std::optional<double> MeasurementNoise::*noise;
};

Estimand measured_estimand(Estimand estimand, Measured fields,
                           const std::vector<TakeResult>& results,
                           const std::vector<MeasurementNoise>& noises) {
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::optional<double> value = mean_of(results[i].draws, fields.value);
    if (value) estimand.takes.push_back({*value, 0.0, noises[i].*(fields.noise)});
  }
  return estimand;
}

std::vector<Estimand> estimands_of(const std::vector<TakeResult>& results,
                                   const std::vector<MeasurementNoise>& noises,
                                   const ScoreOptions& o) {
  Estimand success{"success", "share of takes done at the end, simulated draws minus recording",
                   "share", GapKind::share, o.success_delta};
  for (const TakeResult& result : results) {
    double done = 0.0;
    for (const TakeScore& draw : result.draws) done += draw.sim_success ? 1.0 : 0.0;
    success.takes.push_back({done / static_cast<double>(result.draws.size()),
                             result.draws.front().real_success ? 1.0 : 0.0});
  }
  const auto signed_time = [](const char* name, const char* definition, double delta) {
    return Estimand{name, definition, "s", GapKind::signed_difference, delta, kFrameIntervalS};
  };
  return {
      success,
      measured_estimand({"object_path",
                         "mean distance of the object at equal times from contact to the end, "
                         "averaged over draws, then takes",
                         "m", GapKind::distance, o.object_path_delta_m},
                        {&TakeScore::object_path_m, &MeasurementNoise::object_path_m}, results,
                        noises),
      measured_estimand({"wrist_path",
                         "mean distance of the acting wrist at equal times during contact, less "
                         "its mean offset, averaged over draws, then takes",
                         "m", GapKind::distance, o.wrist_path_delta_m},
                        {&TakeScore::wrist_path_m, &MeasurementNoise::wrist_path_m}, results,
                        noises),
      measured_estimand(signed_time("contact_onset", "first touch, simulated minus recorded",
                                    o.contact_onset_delta_s),
                        {&TakeScore::contact_onset_s, &MeasurementNoise::contact_onset_s}, results,
                        noises),
      measured_estimand(signed_time("contact_release", "last release, simulated minus recorded",
                                    o.contact_release_delta_s),
                        {&TakeScore::contact_release_s, &MeasurementNoise::contact_release_s},
                        results, noises),
      measured_estimand(
          signed_time("duration", "touch to release, simulated minus recorded", o.duration_delta_s),
          {&TakeScore::duration_s, &MeasurementNoise::duration_s}, results, noises),
  };
}

/// Progress promises one call at a time.
class SerialProgress {
 public:
  explicit SerialProgress(const Progress& progress) : progress_(progress) {}
  bool step(std::int64_t total) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return report(progress_, "held-out takes", ++done_, total);
  }

 private:
  const Progress& progress_;
  std::mutex mutex_;
  std::int64_t done_ = 0;
};

bool comparable(const HeldOutTake& take) {
  const ObjectTrack* track = find_track(take.home.object_tracks, take.home.task.object_id);
  return find_object(take.home.scene, take.home.task.object_id) != nullptr && track != nullptr &&
         !track->samples.empty() && recorded_touch(take.home).has_value();
}

}  // namespace

Home freeze_settings(const Home& source, const Home& home, std::optional<double> planted_friction,
                     std::vector<std::string>& frozen) {
  Home twin = home;
  const SceneObject* from = find_object(source.scene, source.task.object_id);
  const Support* support = find_support(source.scene, source.task.start_support_id);
  if (support != nullptr) {
    for (Support& each : twin.scene.supports) each.friction = support->friction;
    frozen.push_back("support friction " + number(support->friction));
  }
  if (from == nullptr) {
    return twin;
  }
  const double density_kg_m3 = from->mass_kg.value / volume_m3(from->shape);
  const double friction = planted_friction.value_or(from->friction.value);
  for (SceneObject& object : twin.scene.objects) {
    if (object.id != twin.task.object_id) continue;
    object.mass_kg.value = density_kg_m3 * volume_m3(object.shape);
    object.mass_kg.source = from->mass_kg.source;
    object.friction.value = friction;
    object.friction.source = planted_friction ? Source::user : from->friction.source;
  }
  frozen.push_back("object density " + number(density_kg_m3) + " kg/m3");
  frozen.push_back("object friction " + number(friction) + (planted_friction ? " (planted)" : ""));
  return twin;
}

Result<GapReport> score(const Home& source, const std::vector<HeldOutTake>& takes,
                        const ScoreFunctions& functions, const ScoreOptions& options,
                        const Progress& progress, Diagnostics& diagnostics) {
  require(functions.draw != nullptr && functions.simulate != nullptr, "score needs its functions");
  if (const Result<Done> checked = check_takes(source, takes, options); !checked) {
    return checked.error();
  }
  GapReport report;
  report.held_out = static_cast<int>(takes.size());
  (void)freeze_settings(source, takes.front().home, options.planted_friction,
                        report.frozen_settings);
  report.frozen_settings.insert(report.frozen_settings.end(), options.frozen.begin(),
                                options.frozen.end());

  std::vector<const HeldOutTake*> usable;
  std::vector<MeasurementNoise> noises;
  for (const HeldOutTake& take : takes) {
    if (!comparable(take)) {
      diagnostics.add(Severity::warning, "take_not_comparable",
                      "its reconstruction has no carried object with a path and a contact",
                      take.home.clip_sha256.substr(0, 12));
      continue;
    }
    usable.push_back(&take);
    noises.push_back(measurement_noise(take));
    if (!noises.back().object_path_m) {
      diagnostics.add(Severity::note, "no_noise_floor",
                      "nothing says how well its object path was measured",
                      take.home.clip_sha256.substr(0, 12));
    }
  }

  std::vector<TakeResult> results(usable.size());
  std::atomic<bool> stopped{false};
  SerialProgress serial(progress);
  const auto total = static_cast<std::int64_t>(usable.size());
  parallel_for(usable.size(), options.jobs, [&](std::size_t i) {
    if (stopped) return;
    results[i] = run_take(source, *usable[i], functions, options);
    if (!serial.step(total)) stopped = true;
  });
  if (stopped) {
    return Error{ErrorCode::try_again, "stopped before all held-out takes were simulated", "score"};
  }
  for (const TakeResult& result : results) {
    diagnostics.append(result.diagnostics);
    report.takes.insert(report.takes.end(), result.draws.begin(), result.draws.end());
  }
  report.scores = decide(estimands_of(results, noises, options), {.seed = options.seed});
  report.verdict = overall_verdict(report.scores);
  return validated(std::move(report));
}

}  // namespace hearth
