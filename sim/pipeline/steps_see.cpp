// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/hash.h>
#include <hearth/data/episode.h>
#include <hearth/data/home.h>
#include <hearth/data/tracks.h>
#include <hearth/data/truth.h>
#include <hearth/engine/world_model.h>
#include <hearth/ingest/import.h>
#include <hearth/ingest/ingest.h>
#include <hearth/io/files.h>
#include <hearth/io/nouns.h>
#include <hearth/io/scene_glb.h>
#include <hearth/label/find_contacts.h>
#include <hearth/perceive/perceive.h>
#include <hearth/pipeline/stage_runner.h>
#include <hearth/pipeline/steps.h>
#include <hearth/reconstruct/reconstruct.h>
#include <hearth/truth/substitute.h>
#include <hearth/video/frames.h>

#include "json_options.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

// Adds role -> hash of a folder or file to the request, or remembers the error.
void add_input(StageRequest& request, const std::string& role, const fs::path& path,
               std::optional<Error>& error) {
  if (error || path.empty()) return;
  const Result<std::string> hash =
      fs::is_directory(path) ? folder_sha256(path) : sha256_of_file(path);
  if (!hash) error = hash.error();
  if (hash) request.inputs_sha256[role] = *hash;
}

constexpr const char* kSubstituted = "truth substituted; a diagnosis, not a result";

Result<FrameSource> frames_of(const Episode& episode, const fs::path& folder) {
  return open_frames(folder / episode.clip_file, episode.rotation_deg);
}

Result<Tracks> perceive_episode(const fs::path& folder, const StepSetup& setup,
                                Diagnostics& diagnostics) {
  const Result<Episode> episode = read_noun<Episode>(folder / "episode.json");
  if (!episode) return episode.error();
  const Result<FrameSource> frames = frames_of(*episode, folder);
  if (!frames) return frames.error();
  PerceiveOptions options;
  options.model_dir = setup.model_dir;
  options.jobs = setup.jobs;
  return perceive(*episode, *frames, options, setup.progress, diagnostics);
}

Result<Tracks> tracks_of_truth(const fs::path& truth_folder, Diagnostics& diagnostics) {
  const Result<Truth> truth = read_noun<Truth>(truth_folder / "truth.json");
  if (!truth) return truth.error();
  diagnostics.add(Severity::note, "truth_substituted", kSubstituted, "perceive");
  return tracks_from_truth(*truth);
}

Result<Home> reconstruct_home(const fs::path& episode_folder, const fs::path& tracks_folder,
                              std::optional<double> hand_length_m, Diagnostics& diagnostics) {
  const Result<Episode> episode = read_noun<Episode>(episode_folder / "episode.json");
  if (!episode) return episode.error();
  const Result<Tracks> tracks = read_noun<Tracks>(tracks_folder / "tracks.json");
  if (!tracks) return tracks.error();
  const Result<FrameSource> frames = frames_of(*episode, episode_folder);
  if (!frames) return frames.error();
  const Result<Contacts> contacts = find_contacts(*tracks, {}, diagnostics);
  if (!contacts) return contacts.error();
  ReconstructOptions options;
  options.hand_length_m = hand_length_m;
  return reconstruct(*episode, *tracks, *contacts, *frames, options, diagnostics);
}

Result<Home> home_of_truth(const fs::path& truth_folder, const fs::path& episode_folder,
                           Diagnostics& diagnostics) {
  const Result<Truth> truth = read_noun<Truth>(truth_folder / "truth.json");
  if (!truth) return truth.error();
  const Result<Episode> episode = read_noun<Episode>(episode_folder / "episode.json");
  if (!episode) return episode.error();
  diagnostics.add(Severity::note, "truth_substituted", kSubstituted, "reconstruct");
  return home_from_truth(*truth, episode->clip_sha256);
}

Result<Done> write_home_folder(const fs::path& folder, const Home& home) {
  if (Result<Done> done = write_home(folder, home); !done) return done;
  if (Result<Done> done = write_scene_glb(folder / "scene.glb", home.scene); !done) return done;
  // Without a humanoid: the household alone, for anyone's MuJoCo.
  Humanoid nobody;
  nobody.name = "nobody";
  const Result<WorldModel> model = compile(home.scene, nobody);
  if (!model) return model.error();
  return write_file(folder / "scene.xml", model->mjcf());
}

}  // namespace

Result<StageRecord> ingest_step(const fs::path& clip, const fs::path& camera_file,
                                const fs::path& out, const StepSetup& setup) {
  StageRequest request{.name = "ingest", .build_id = setup.build_id};
  std::optional<Error> error;
  add_input(request, "clip", clip, error);
  add_input(request, "camera", camera_file, error);
  if (error) return *error;
  return run_stage(request, out, [&](Diagnostics& diagnostics) -> Result<Done> {
    IngestOptions options;
    options.camera_file = camera_file;
    const Result<Episode> episode = ingest(clip, options, out, setup.progress, diagnostics);
    if (!episode) return episode.error();
    return write_noun(out / "episode.json", *episode);
  });
}

Result<StageRecord> perceive_step(const fs::path& episode, const OtherEyes& other,
                                  const fs::path& out, const StepSetup& setup) {
  StageRequest request{.name = "perceive", .build_id = setup.build_id};
  std::optional<Error> error;
  add_input(request, "episode", episode, error);
  add_input(request, "truth", other.truth, error);
  add_input(request, "imported", other.imported, error);
  if (error) return *error;
  if (!other.truth.empty()) request.note = kSubstituted;
  return run_stage(request, out, [&](Diagnostics& diagnostics) -> Result<Done> {
    Result<Tracks> tracks = other.truth.empty() ? perceive_episode(episode, setup, diagnostics)
                                                : tracks_of_truth(other.truth, diagnostics);
    if (tracks && !other.imported.empty()) {
      const Result<Tracks> imported = read_noun<Tracks>(other.imported / "tracks.json");
      if (!imported) return imported.error();
      tracks = replaced_by(std::move(tracks).value(), *imported, diagnostics);
    }
    if (!tracks) return tracks.error();
    return write_noun(out / "tracks.json", *tracks);
  });
}

Result<StageRecord> reconstruct_step(const fs::path& episode, const fs::path& tracks,
                                     std::optional<double> hand_length_m, const fs::path& truth,
                                     const fs::path& out, const StepSetup& setup) {
  StageRequest request{.name = "reconstruct", .build_id = setup.build_id};
  std::optional<Error> error;
  add_input(request, "episode", episode, error);
  add_input(request, "tracks", tracks, error);
  add_input(request, "truth", truth, error);
  if (error) return *error;
  if (!truth.empty()) request.note = kSubstituted;
  OptionsJson options;
  if (hand_length_m) options.number("hand_length_m", *hand_length_m);
  if (!hand_length_m) options.null("hand_length_m");
  request.options_json = options.str();
  return run_stage(request, out, [&](Diagnostics& diagnostics) -> Result<Done> {
    const Result<Home> home = truth.empty()
                                  ? reconstruct_home(episode, tracks, hand_length_m, diagnostics)
                                  : home_of_truth(truth, episode, diagnostics);
    if (!home) return home.error();
    return write_home_folder(out, *home);
  });
}

}  // namespace hearth
