// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/episode.h>
#include <hearth/data/home.h>
#include <hearth/data/tracks.h>
#include <hearth/engine/capsule_humanoid.h>
#include <hearth/engine/engine_info.h>
#include <hearth/io/nouns.h>
#include <hearth/label/find_contacts.h>
#include <hearth/pipeline/gap.h>
#include <hearth/pipeline/stage_runner.h>
#include <hearth/reconstruct/reconstruct.h>
#include <hearth/score/half_frames.h>
#include <hearth/score/score.h>
#include <hearth/synthesize/attempt.h>
#include <hearth/video/frames.h>

#include <cstdio>
#include <set>
#include <utility>

#include "json_options.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

Result<Home> reconstruct_half(const Episode& episode, const Tracks& tracks,
                              const FrameSource& frames, int parity) {
  Diagnostics unused;  // The whole take's own reconstruction has told the user already.
  const Tracks half = every_other_frame(tracks, parity);
  const Result<Contacts> contacts = find_contacts(half, {}, unused);
  if (!contacts) return contacts.error();
  return reconstruct(episode, half, *contacts, frames, {}, unused);
}

Result<HeldOutTake> held_out_take(const fs::path& episode_folder, const fs::path& seen) {
  Result<Home> home = read_home(seen / "home");
  if (!home) return home.error();
  const Result<Episode> episode = read_noun<Episode>(episode_folder / "episode.json");
  if (!episode) return episode.error();
  const Result<Tracks> tracks = read_noun<Tracks>(seen / "tracks" / "tracks.json");
  if (!tracks) return tracks.error();
  const Result<FrameSource> frames =
      open_frames(episode_folder / episode->clip_file, episode->rotation_deg);
  if (!frames) return frames.error();
  HeldOutTake take;
  take.home = std::move(home).value();
  take.real_success = recorded_success(take.home);
  for (const int parity : {0, 1}) {
    Result<Home> half = reconstruct_half(*episode, *tracks, *frames, parity);
    if (half) take.replicates.push_back(std::move(half).value());
  }
  return take;
}

// Sees one held-out episode: perceive, reconstruct into its own folder.
Result<Done> see(const fs::path& episode, const fs::path& seen, const StepSetup& setup) {
  const Result<StageRecord> tracks = perceive_step(episode, {}, seen / "tracks", setup);
  if (!tracks) return tracks.error();
  const Result<StageRecord> home =
      reconstruct_step(episode, seen / "tracks", std::nullopt, {}, seen / "home", setup);
  if (!home) return home.error();
  return Done{};
}

void note_lost(Diagnostics& diagnostics, const Error& error, const std::string& name) {
  diagnostics.add(Severity::warning, "held_out_lost", to_string(error), name);
}

// A held-out episode and the folder of what was seen of it.
struct SeenClip {
  std::string name;
  fs::path episode;
  fs::path folder;
};

struct Seen {
  std::vector<SeenClip> clips;
  std::map<std::string, std::string> inputs_sha256;
  Diagnostics diagnostics;
};

Result<Seen> see_all(const std::string& source_clip, const std::vector<HeldOutEpisode>& held_out,
                     const fs::path& work, const StepSetup& setup) {
  Seen seen;
  std::set<std::string> clips{source_clip};
  for (const HeldOutEpisode& clip : held_out) {
    const Result<Episode> episode = read_noun<Episode>(clip.folder / "episode.json");
    if (!episode) return episode.error();
    if (!clips.insert(episode->clip_sha256).second) {
      return Error{ErrorCode::invalid_argument,
                   "this clip built the home or is held out twice; a gap needs clips that nothing "
                   "was learnt from",
                   clip.folder.string()};
    }
    const fs::path folder = work / clip.name;
    if (Result<Done> done = see(clip.folder, folder, setup); !done) {
      if (done.error().code == ErrorCode::try_again) return done.error();
      note_lost(seen.diagnostics, done.error(), clip.name);
      continue;
    }
    const Result<std::string> hash = folder_sha256(folder / "home");
    if (!hash) return hash.error();
    seen.inputs_sha256["held_out_" + clip.name] = *hash;
    seen.clips.push_back({clip.name, clip.folder, folder});
  }
  return seen;
}

Error nothing_seen(const Diagnostics& lost) {
  std::string why = "no held-out clip could be seen";
  if (!lost.empty()) why += ": " + lost.entries().front().message;
  return {ErrorCode::infeasible, why, {}};
}

Result<GapReport> score_takes(const Home& home, const Seen& seen, const ScoreStepOptions& options,
                              const StepSetup& setup, Diagnostics& diagnostics) {
  const Result<Humanoid> humanoid = humanoid_named(options.humanoid);
  if (!humanoid) return humanoid.error();
  std::vector<HeldOutTake> takes;
  for (const SeenClip& clip : seen.clips) {
    Result<HeldOutTake> take = held_out_take(clip.episode, clip.folder);
    if (!take) {
      note_lost(diagnostics, take.error(), clip.name);
      continue;
    }
    takes.push_back(std::move(take).value());
  }
  if (takes.empty()) return nothing_seen(diagnostics);
  ScoreOptions score_options;
  score_options.draws = options.draws;
  score_options.seed = options.seed;
  score_options.jobs = setup.jobs;
  score_options.planted_friction = options.twin_friction;
  score_options.frozen = {"humanoid " + options.humanoid, "engine " + engine_name(),
                          "assistance 0 N"};
  return score(home, takes, twin_functions(*humanoid, options.seed), score_options, setup.progress,
               diagnostics);
}

std::string options_text(const ScoreStepOptions& options) {
  OptionsJson json;
  json.integer("draws", options.draws).text("humanoid", options.humanoid);
  if (options.twin_friction) json.number("twin_friction", *options.twin_friction);
  if (!options.twin_friction) json.null("twin_friction");
  return json.str();
}

}  // namespace

std::string held_out_name(std::size_t index) {
  char name[24];
  std::snprintf(name, sizeof name, "%03zu", index);
  return name;
}

Result<StageRecord> score_step(const fs::path& home_folder,
                               const std::vector<HeldOutEpisode>& held_out,
                               const ScoreStepOptions& options, const fs::path& work,
                               const fs::path& out, const StepSetup& setup) {
  if (options.draws < 5) {
    return Error{ErrorCode::invalid_argument, "must be at least 5", "--draws"};
  }
  const Result<Home> home = read_home(home_folder);
  if (!home) return home.error();
  const Result<Seen> seen = see_all(home->clip_sha256, held_out, work, setup);
  if (!seen) return seen.error();
  if (seen->clips.empty()) return nothing_seen(seen->diagnostics);
  StageRequest request{.name = "score",
                       .inputs_sha256 = seen->inputs_sha256,
                       .options_json = options_text(options),
                       .seed = options.seed,
                       .build_id = setup.build_id};
  const Result<std::string> home_hash = folder_sha256(home_folder);
  if (!home_hash) return home_hash.error();
  request.inputs_sha256["home"] = *home_hash;
  return run_stage(request, out, [&](Diagnostics& diagnostics) -> Result<Done> {
    diagnostics.append(seen->diagnostics);
    const Result<GapReport> report = score_takes(*home, *seen, options, setup, diagnostics);
    if (!report) return report.error();
    return write_noun(out / "gap_report.json", *report);
  });
}

}  // namespace hearth
