// SPDX-License-Identifier: Apache-2.0
// Prints what becomes of many seeds: hearth_place_table FIRST COUNT clean|noisy [open]
#include <hearth/engine/capsule_humanoid.h>
#include <hearth/physics/replay.h>
#include <hearth/retarget/retarget.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

#include "tests/support/make_home.h"

namespace {

double cpu_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int argc, char** argv) {
  const int first = argc > 1 ? std::atoi(argv[1]) : 0;
  const int count = argc > 2 ? std::atoi(argv[2]) : 20;
  const bool noisy = argc > 3 && std::strcmp(argv[3], "noisy") == 0;
  const bool open = argc > 4 && std::strcmp(argv[4], "open") == 0;
  const hearth::Humanoid humanoid = hearth::capsule_humanoid().value();
  int successes = 0;
  int refused = 0;
  double retarget_s = 0.0;
  double replay_s = 0.0;
  for (int seed = first; seed < first + count; ++seed) {
    const hearth::Home home = hearth::test::make_place_home(
        static_cast<std::uint64_t>(seed),
        noisy ? hearth::test::video_noise() : hearth::test::no_noise());
    const hearth::SceneObject& object = home.scene.objects.front();
    std::printf("%4d %s %.3f %.3f %.3f m %.2f kg mu %.2f table %.2f %s: ", seed,
                object.shape.kind == hearth::ShapeKind::box ? "box" : "cyl", object.shape.size_m.x,
                object.shape.size_m.y, object.shape.size_m.z, object.mass_kg.value,
                object.friction.value, home.scene.supports.front().world_from_support.position_m.z,
                home.hands.front().side == hearth::HandSide::right ? "right" : "left");
    hearth::Diagnostics diagnostics;
    double before = cpu_s();
    const auto motion = hearth::retarget(home, humanoid, {}, diagnostics);
    retarget_s += cpu_s() - before;
    if (!motion) {
      ++refused;
      std::printf("%s\n", hearth::to_string(motion.error()).c_str());
      continue;
    }
    before = cpu_s();
    const auto rollout =
        hearth::replay(home, *motion, humanoid, {.close_fingers = !open}, diagnostics);
    replay_s += cpu_s() - before;
    if (!rollout) {
      std::printf("%s\n", hearth::to_string(rollout.error()).c_str());
      continue;
    }
    const hearth::test::PlaceResult result = hearth::test::judge_place(home, *rollout);
    successes += result.success() ? 1 : 0;
    std::printf("%s%s%s%s rise %.3f goal %.3f tilt %.2f wrist %.4f/%.4f pen %.4f %s\n",
                result.success() ? "OK  " : "FAIL", result.lifted ? " lifted" : " -",
                result.placed ? " placed" : " -", result.upright ? " upright" : " -",
                result.highest_m, result.goal_error_m, result.tilt_rad, motion->wrist_error_m,
                rollout->wrist_error_m, rollout->max_penetration_m,
                [&] {
                  std::string codes;
                  for (const auto& entry : diagnostics.entries()) codes += entry.code + " ";
                  return codes;
                }()
                    .c_str());
  }
  std::printf("%d of %d succeed, %d refused; CPU s per seed: retarget %.2f, replay %.2f\n",
              successes, count, refused, retarget_s / count, replay_s / count);
  return 0;
}
