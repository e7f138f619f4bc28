// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/home.h>
#include <hearth/data/humanoid.h>
#include <hearth/data/motion.h>
#include <hearth/data/rollout.h>
#include <hearth/engine/capsule_humanoid.h>
#include <hearth/io/nouns.h>
#include <hearth/physics/replay.h>
#include <hearth/pipeline/stage_runner.h>
#include <hearth/pipeline/steps.h>
#include <hearth/retarget/retarget.h>
#include <hearth/task/judge.h>
#include <hearth/task/object_path.h>

#include "json_options.h"

namespace hearth {
namespace fs = std::filesystem;

Result<StageRecord> retarget_step(const fs::path& home_folder, const std::string& humanoid_name,
                                  const fs::path& out, const StepSetup& setup) {
  StageRequest request{.name = "retarget", .build_id = setup.build_id};
  const Result<std::string> hash = folder_sha256(home_folder);
  if (!hash) return hash.error();
  request.inputs_sha256["home"] = *hash;
  request.options_json = OptionsJson().text("humanoid", humanoid_name).str();
  return run_stage(request, out, [&](Diagnostics& diagnostics) -> Result<Done> {
    const Result<Home> home = read_home(home_folder);
    if (!home) return home.error();
    const Result<Humanoid> humanoid = humanoid_named(humanoid_name);
    if (!humanoid) return humanoid.error();
    const Result<Motion> motion = retarget(*home, *humanoid, {}, diagnostics);
    if (!motion) return motion.error();
    return write_noun(out / "motion.json", *motion);
  });
}

Result<StageRecord> replay_step(const fs::path& home_folder, const fs::path& motion_folder,
                                const std::string& humanoid_name, const fs::path& out,
                                const StepSetup& setup) {
  StageRequest request{.name = "replay", .build_id = setup.build_id};
  const Result<std::string> home_hash = folder_sha256(home_folder);
  if (!home_hash) return home_hash.error();
  const Result<std::string> motion_hash = folder_sha256(motion_folder);
  if (!motion_hash) return motion_hash.error();
  request.inputs_sha256 = {{"home", *home_hash}, {"motion", *motion_hash}};
  request.options_json = OptionsJson().text("humanoid", humanoid_name).str();
  return run_stage(request, out, [&](Diagnostics& diagnostics) -> Result<Done> {
    const Result<Home> home = read_home(home_folder);
    if (!home) return home.error();
    const Result<Motion> motion = read_noun<Motion>(motion_folder / "motion.json");
    if (!motion) return motion.error();
    const Result<Humanoid> humanoid = humanoid_named(humanoid_name);
    if (!humanoid) return humanoid.error();
    const Result<Rollout> rollout = replay(*home, *motion, *humanoid, {}, diagnostics);
    if (!rollout) return rollout.error();
    const Result<ObjectTrack> path = object_path(*rollout, home->task.object_id);
    if (!path) return path.error();
    const Outcome outcome = judge(home->task, home->scene, *path, rollout->hand_touches_object);
    if (Result<Done> done = write_noun(out / "rollout.json", *rollout); !done) return done;
    return write_noun(out / "outcome.json", outcome);
  });
}

}  // namespace hearth
