// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/home.h>
#include <hearth/data/rollout.h>
#include <hearth/engine/capsule_humanoid.h>
#include <hearth/io/nouns.h>
#include <hearth/physics/replay.h>
#include <hearth/pipeline/verify.h>

namespace hearth {

Result<std::optional<std::int64_t>> verify_rollout(const std::filesystem::path& home_folder,
                                                   const std::filesystem::path& rollout_folder,
                                                   const std::string& humanoid_name) {
  const Result<Home> home = read_home(home_folder);
  if (!home) return home.error();
  const Result<Rollout> rollout = read_noun<Rollout>(rollout_folder / "rollout.json");
  if (!rollout) return rollout.error();
  const Result<Humanoid> humanoid = humanoid_named(humanoid_name);
  if (!humanoid) return humanoid.error();
  return first_difference(*home, *humanoid, *rollout);
}

}  // namespace hearth
