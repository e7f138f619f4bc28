// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/parallel.h>
#include <hearth/engine/capsule_humanoid.h>
#include <hearth/physics/find_help.h>
#include <hearth/physics/replay.h>
#include <hearth/retarget/retarget.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "tests/support/make_home.h"

using namespace hearth;  // NOLINT(google-build-using-namespace)
using test::make_place_home;

namespace {

const Humanoid& humanoid() {
  static const Humanoid made = capsule_humanoid().value();
  return made;
}

Motion motion_for(const Home& home) {
  Diagnostics diagnostics;
  return retarget(home, humanoid(), {}, diagnostics).value();
}

Rollout replayed(const Home& home, const Motion& motion, const ReplayOptions& options = {}) {
  Diagnostics diagnostics;
  return replay(home, motion, humanoid(), options, diagnostics).value();
}

int successes(std::uint64_t first, std::uint64_t count, const test::HomeNoise& noise,
              const ReplayOptions& options = {}) {
  std::vector<int> good(count, 0);
  parallel_for(count, 0, [&](std::size_t i) {
    const Home home = make_place_home(first + i, noise);
    Diagnostics diagnostics;
    const auto motion = retarget(home, humanoid(), {}, diagnostics);
    if (!motion) return;
    const auto rollout = replay(home, *motion, humanoid(), options, diagnostics);
    if (!rollout) return;
    const bool honest = rollout->assistance_n == 0.0;
    good[i] = honest && test::judge_place(home, *rollout).success() ? 1 : 0;
  });
  return static_cast<int>(std::count(good.begin(), good.end(), 1));
}

}  // namespace

TEST_CASE("stored actions and the initial state alone reproduce every state hash") {
  const Home home = make_place_home(7, test::video_noise());
  const Rollout rollout = replayed(home, motion_for(home));
  const auto differs = first_difference(home, humanoid(), rollout);
  REQUIRE(differs.ok());
  CHECK_FALSE(differs->has_value());

  SECTION("one changed action is found at its step") {
    Rollout changed = rollout;
    changed.action.values[20 * changed.action.columns + 5] += 1e-3F;
    const auto found = first_difference(home, humanoid(), changed);
    REQUIRE(found.ok());
    CHECK(*found == 21);
  }
  SECTION("a changed initial state is found at once") {
    Rollout changed = rollout;
    changed.qpos.values[0] += 1e-9;
    CHECK(first_difference(home, humanoid(), changed).value() == 0);
  }
  SECTION("another home is refused") {
    Home other = home;
    other.scene.objects[0].mass_kg.value *= 1.5;
    const auto refused = first_difference(other, humanoid(), rollout);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().where == "/model_sha256");
  }
}

TEST_CASE("the same bytes on one thread and on several") {
  const Home home = make_place_home(9);
  const Motion motion = motion_for(home);
  const Rollout alone = replayed(home, motion);
  std::vector<Rollout> together(4);
  parallel_for(together.size(), 4, [&](std::size_t i) { together[i] = replayed(home, motion); });
  for (const Rollout& rollout : together) CHECK(rollout == alone);
}

TEST_CASE("the wrist follows its reference to millimetres") {
  for (std::uint64_t seed = 30; seed < 34; ++seed) {
    CAPTURE(seed);
    const Home home = make_place_home(seed);
    CHECK(replayed(home, motion_for(home)).wrist_error_m < 0.003);
  }
}

TEST_CASE("help is found where there is some") {
  const Home home = make_place_home(11);
  const Rollout rollout = replayed(home, motion_for(home));
  CHECK(find_help(home, humanoid(), rollout).value().empty());
  SECTION("a written pose") {
    Rollout written = rollout;
    const std::size_t row = 40;
    written.qpos.values[row * written.qpos.columns + 63 + 2] += 0.001;
    written.state_hashes[row] = std::string(64, '0');
    CHECK(find_help(home, humanoid(), written).value().size() == 1);
  }
  SECTION("assistance") {
    Rollout assisted = rollout;
    assisted.assistance_n = 1.0;
    CHECK(find_help(home, humanoid(), assisted).value().size() == 1);
  }
  SECTION("an object that cannot move") {
    Home glued = home;
    glued.scene.objects[0].movable = false;
    const auto found = find_help(glued, humanoid(), rollout);
    CHECK((!found.ok() || !found->empty()));
  }
}

TEST_CASE("replay refuses options and motions it cannot use") {
  const Home home = make_place_home(0);
  Motion motion = motion_for(home);
  Diagnostics diagnostics;
  const auto substeps = replay(home, motion, humanoid(), {.substeps = 1}, diagnostics);
  REQUIRE_FALSE(substeps.ok());
  CHECK(substeps.error().where == "substeps");
  std::swap(motion.joint_names[3], motion.joint_names[4]);
  const auto joints = replay(home, motion, humanoid(), {}, diagnostics);
  REQUIRE_FALSE(joints.ok());
  CHECK(joints.error().where == "joint_names");
}

TEST_CASE("most homes succeed, clean and noisy, and none with open fingers") {
  CHECK(successes(300, 10, test::no_noise()) >= 9);
  CHECK(successes(300, 10, test::video_noise()) >= 8);
  CHECK(successes(300, 10, test::no_noise(), {.close_fingers = false}) == 0);
}

TEST_CASE("the success table", "[slow]") {
  const int clean = successes(1000, 100, test::no_noise());
  const int noisy = successes(1000, 100, test::video_noise());
  INFO("clean " << clean << ", noisy " << noisy << " of 100");
  CHECK(clean >= 95);
  CHECK(noisy >= 80);
}
