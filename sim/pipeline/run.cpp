// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/home.h>
#include <hearth/io/files.h>
#include <hearth/io/nouns.h>
#include <hearth/pipeline/gap.h>
#include <hearth/pipeline/report.h>
#include <hearth/pipeline/run.h>

#include <algorithm>
#include <set>
#include <utility>

#include "json_options.h"
#include "summarize.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

// Keeps the state of one run: what has been done, what failed, how long it took.
class Runner {
 public:
  Runner(const RunOptions& options, fs::path out) : options_(options), out_(std::move(out)) {}

  // Runs a stage unless one that it needs failed. Returns an error only where the run must end.
  Result<Done> stage(const std::string& name, const std::vector<std::string>& needs,
                     const std::function<Result<StageRecord>()>& work) {
    for (const std::string& need : needs) {
      if (!done(stages_, need)) return end({name, StageStatus::skipped, "needs " + need, {}});
    }
    const double start_s = now();
    const Result<StageRecord> record = work();
    timing_s_.emplace_back(name, now() - start_s);
    if (record) {
      SummaryStage entry{name, record->status, record->why, {}};
      for (const Diagnostic& d : record->diagnostics) ++entry.diagnostics[d.code];
      return end(entry);
    }
    const Error& error = record.error();
    if (error.code == ErrorCode::try_again || name == "ingest") return error;
    return end({name, StageStatus::failed, to_string(error), {}});
  }

  void skip(const std::string& name, const std::string& why) {
    (void)end({name, StageStatus::skipped, why, {}});
    optional_.insert(name);
  }

  [[nodiscard]] bool finished() const {
    return std::all_of(stages_.begin(), stages_.end(), [&](const SummaryStage& stage) {
      return done(stages_, stage.name) || optional_.contains(stage.name);
    });
  }
  [[nodiscard]] const std::vector<SummaryStage>& stages() const { return stages_; }

  Result<Done> write_timing() const {
    if (!options_.now_s) return Done{};
    OptionsJson json;
    for (const auto& [name, seconds] : timing_s_) json.number(name, seconds);
    return write_file(out_ / "timing.json", json.str() + "\n");
  }

 private:
  Result<Done> end(const SummaryStage& entry) {
    stages_.push_back(entry);
    if (options_.on_stage) options_.on_stage(entry);
    return Done{};
  }
  [[nodiscard]] double now() const { return options_.now_s ? options_.now_s() : 0.0; }

  const RunOptions& options_;
  fs::path out_;
  std::set<std::string> optional_;
  std::vector<SummaryStage> stages_;
  std::vector<std::pair<std::string, double>> timing_s_;
};

// The gap stage: reads the held-out clips, then scores. A clip that cannot be read is named in a
// diagnostic and left out.
Result<StageRecord> gap_stage(const RunOptions& options, const fs::path& out,
                              const StepSetup& setup) {
  std::vector<HeldOutEpisode> episodes;
  Diagnostics lost;
  for (std::size_t i = 0; i < options.held_out.size(); ++i) {
    const ClipInput& input = options.held_out[i];
    const fs::path folder = out / "held_out" / held_out_name(i) / "episode";
    const Result<StageRecord> episode = ingest_step(input.clip, input.camera_file, folder, setup);
    if (!episode && episode.error().code == ErrorCode::try_again) return episode.error();
    if (episode) episodes.push_back({held_out_name(i), folder});
    if (!episode) {
      lost.add(Severity::warning, "held_out_lost", to_string(episode.error()),
               input.clip.filename().string());
    }
  }
  ScoreStepOptions score_options;
  score_options.seed = options.variants.seed;
  score_options.humanoid = options.variants.humanoid;
  Result<StageRecord> record =
      score_step(out / "home", episodes, score_options, out / "held_out", out / "gap", setup);
  if (!record) return record;
  StageRecord with_lost = std::move(record).value();
  with_lost.diagnostics.insert(with_lost.diagnostics.end(), lost.entries().begin(),
                               lost.entries().end());
  return with_lost;
}

Result<Done> check_options(const RunOptions& options) {
  if ((options.substitute_perceive || options.substitute_reconstruct) && options.truth.empty()) {
    return Error{ErrorCode::invalid_argument, "substituting a stage needs a truth folder",
                 "--truth"};
  }
  if (options.variants.count < 0) {
    return Error{ErrorCode::invalid_argument, "must not be negative", "-n"};
  }
  return Done{};
}

Result<Done> run_stages(const RunOptions& options, const fs::path& out, const StepSetup& setup,
                        Runner& runner) {
  const fs::path no_truth;
  const fs::path& tracks_truth = options.substitute_perceive ? options.truth : no_truth;
  const fs::path& home_truth = options.substitute_reconstruct ? options.truth : no_truth;
  Result<Done> go = runner.stage("ingest", {}, [&] {
    return ingest_step(options.clip.clip, options.clip.camera_file, out / "episode", setup);
  });
  if (!go) return go;
  go = runner.stage("perceive", {"ingest"}, [&] {
    return perceive_step(out / "episode", {tracks_truth, options.imported_tracks}, out / "tracks",
                         setup);
  });
  if (!go) return go;
  go = runner.stage("reconstruct", {"perceive"}, [&] {
    return reconstruct_step(out / "episode", out / "tracks", options.hand_length_m, home_truth,
                            out / "home", setup);
  });
  if (!go) return go;
  go = runner.stage("retarget", {"reconstruct"}, [&] {
    return retarget_step(out / "home", options.variants.humanoid, out / "motion", setup);
  });
  if (!go) return go;
  go = runner.stage("replay", {"retarget"}, [&] {
    return replay_step(out / "home", out / "motion", options.variants.humanoid, out / "rollout",
                       setup);
  });
  if (!go) return go;
  if (options.variants.count == 0) runner.skip("synthesize", "no variants were asked for");
  if (options.variants.count > 0) {
    go = runner.stage("synthesize", {"reconstruct"}, [&] {
      return synthesize_step(out / "home", options.variants, out / "set", setup);
    });
    if (!go) return go;
  }
  if (options.held_out.empty()) {
    runner.skip("score", "no held-out clip was given");
    return Done{};
  }
  return runner.stage("score", {"reconstruct"}, [&] { return gap_stage(options, out, setup); });
}

}  // namespace

Result<RunResult> run(const RunOptions& options, const fs::path& out, const StepSetup& setup) {
  if (Result<Done> good = check_options(options); !good) return good.error();
  if (Result<Done> made = make_folder(out); !made) return made.error();
  Runner runner(options, out);
  if (Result<Done> done = run_stages(options, out, setup, runner); !done) return done.error();
  RunResult result;
  result.finished = runner.finished();
  result.summary = summarize(out, runner.stages(), options);
  if (Result<Done> done = write_noun(out / "summary.json", result.summary); !done) {
    return done.error();
  }
  if (Result<Done> done = runner.write_timing(); !done) return done.error();
  Diagnostics of_report;
  if (Result<Done> done = write_report(out, of_report); !done) return done.error();
  return result;
}

}  // namespace hearth
