// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/home.h>
#include <hearth/engine/capsule_humanoid.h>
#include <hearth/io/nouns.h>
#include <hearth/pipeline/stage_runner.h>
#include <hearth/pipeline/steps.h>
#include <hearth/synthesize/synthesize.h>

#include "json_options.h"

namespace hearth {
namespace fs = std::filesystem;

Result<StageRecord> synthesize_step(const fs::path& home_folder,
                                    const SynthesizeStepOptions& options, const fs::path& out,
                                    const StepSetup& setup) {
  StageRequest request{.name = "synthesize", .seed = options.seed, .build_id = setup.build_id};
  const Result<std::string> hash = folder_sha256(home_folder);
  if (!hash) return hash.error();
  request.inputs_sha256["home"] = *hash;
  request.options_json = OptionsJson()
                             .integer("count", options.count)
                             .text("preset", options.preset)
                             .text("humanoid", options.humanoid)
                             .integer("width_px", options.width_px)
                             .integer("height_px", options.height_px)
                             .integer("samples_per_pixel", options.samples_per_pixel)
                             .str();
  return run_stage(request, out, [&](Diagnostics& diagnostics) -> Result<Done> {
    const Result<Home> home = read_home(home_folder);
    if (!home) return home.error();
    if (home->task.object_id.empty()) {
      return Error{ErrorCode::infeasible, "the home has no object to move, so nothing to vary",
                   home_folder.string()};
    }
    const Result<Humanoid> humanoid = humanoid_named(options.humanoid);
    if (!humanoid) return humanoid.error();
    // What an earlier run with other options left must not pass for this one's.
    std::error_code ignored;
    fs::remove(out / "ledger.json", ignored);
    fs::remove_all(out / "dataset", ignored);
    SynthesizeOptions synthesize_options;
    synthesize_options.count = options.count;
    synthesize_options.seed = options.seed;
    synthesize_options.preset = options.preset;
    synthesize_options.width_px = options.width_px;
    synthesize_options.height_px = options.height_px;
    synthesize_options.samples_per_pixel = options.samples_per_pixel;
    synthesize_options.jobs = setup.jobs;
    synthesize_options.build_id = setup.build_id;
    const Result<SynthesizeResult> result =
        synthesize(*home, *humanoid, synthesize_options, out, setup.progress, diagnostics);
    if (!result) return result.error();
    if (result->dataset.episodes > 0) return Done{};
    return Error{ErrorCode::infeasible,
                 "none of " + std::to_string(options.count) +
                     " proposals was accepted; ledger.json gives the reason of each",
                 out.string()};
  });
}

}  // namespace hearth
