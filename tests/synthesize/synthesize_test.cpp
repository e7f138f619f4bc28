// SPDX-License-Identifier: Apache-2.0
#include <hearth/engine/capsule_humanoid.h>
#include <hearth/film/make_truth.h>
#include <hearth/io/nouns.h>
#include <hearth/synthesize/synthesize.h>
#include <hearth/truth/substitute.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

using namespace hearth;
namespace fs = std::filesystem;

namespace {

/// A film's own home: what a flawless reconstruction would give.
Home truth_home(std::uint64_t seed) {
  const Result<Truth> truth = make_truth({.seed = seed});
  REQUIRE(truth.ok());
  return home_from_truth(*truth, std::string(64, 'c'));
}

/// An empty folder of this test, removed at the end.
class TestFolder {
 public:
  explicit TestFolder(const std::string& name) : path_(fs::current_path() / name) {
    fs::remove_all(path_);
  }
  ~TestFolder() { fs::remove_all(path_); }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

SynthesizeOptions small(std::int64_t count, int jobs) {
  SynthesizeOptions options;
  options.count = count;
  options.seed = 5;
  options.jobs = jobs;
  options.width_px = 64;
  options.height_px = 48;
  options.samples_per_pixel = 1;
  return options;
}

Result<SynthesizeResult> make(const Home& home, const SynthesizeOptions& options,
                              const fs::path& folder, const Progress& progress = {}) {
  Diagnostics diagnostics;
  const Result<Humanoid> humanoid = capsule_humanoid();
  REQUIRE(humanoid.ok());
  return synthesize(home, *humanoid, options, folder, progress, diagnostics);
}

std::string bytes_of(const fs::path& folder) {
  const Result<std::string> hash = content_sha256(folder);
  REQUIRE(hash.ok());
  return *hash;
}

}  // namespace

TEST_CASE("synthesize: options out of range name their field") {
  const Home home = truth_home(1);
  const TestFolder folder("synthesize_options");
  const auto where = [&](const SynthesizeOptions& options) {
    return make(home, options, folder.path()).error().where;
  };
  CHECK(where({.count = -1}) == "count");
  CHECK(where({.preset = "far"}) == "preset");
  CHECK(where({.width_px = 33}) == "width_px");
  CHECK(where({.height_px = 8}) == "height_px");
  CHECK(where({.samples_per_pixel = 0}) == "samples_per_pixel");
}

TEST_CASE("with_room_camera: adds one camera that sees start and goal, once") {
  const Home home = truth_home(2);
  const Home with = with_room_camera(home);
  REQUIRE(with.scene.cameras.size() == home.scene.cameras.size() + 1);
  CHECK(with_room_camera(with) == with);
  CHECK(validated(with).ok());
  const SceneCamera& room = with.scene.cameras.back();
  const SceneObject* object = find_object(home.scene, home.task.object_id);
  for (const Vec3 p :
       {object->world_from_object.position_m, home.task.world_from_goal.position_m}) {
    const auto pixel = project(room.model, inverse(room.world_from_camera) * p);
    REQUIRE(pixel.has_value());
    CHECK(pixel->x > 0.0);
    CHECK(pixel->x < room.model.width_px);
    CHECK(pixel->y > 0.0);
    CHECK(pixel->y < room.model.height_px);
  }
}

TEST_CASE("synthesize: every proposal is in the ledger, and the accepted are the dataset",
          "[slow]") {
  const Home home = truth_home(1);
  const TestFolder folder("synthesize_ledger");
  SynthesizeOptions options = small(6, 2);
  options.has_depth = true;
  options.has_bodies = true;
  const auto result = make(home, options, folder.path());
  REQUIRE(result.ok());
  REQUIRE(result->ledger.entries.size() == 6);
  std::int64_t accepted = 0;
  for (const LedgerEntry& entry : result->ledger.entries) {
    CAPTURE(entry.variant.index, entry.reason, entry.detail);
    CHECK(entry.accepted == entry.reason.empty());
    CHECK(entry.accepted == entry.outcome.success_at_end);
    if (entry.accepted) CHECK(entry.episode_index == accepted++);
    if (!entry.accepted) CHECK_FALSE(entry.detail.empty());
  }
  CHECK(accepted >= 1);
  CHECK(result->dataset.episodes == accepted);
  const auto ledger = read_noun<Ledger>(folder.path() / "ledger.json");
  REQUIRE(ledger.ok());
  CHECK(*ledger == result->ledger);
  const auto verified = verify_lerobot(folder.path() / "dataset");
  REQUIRE(verified.ok());
  CHECK(*verified == result->dataset);
}

TEST_CASE("synthesize: same bytes for one and two jobs, stopped and resumed, longer and shorter",
          "[slow]") {
  const Home home = truth_home(1);
  const TestFolder one("synthesize_one");
  const TestFolder two("synthesize_two");
  const auto first = make(home, small(4, 1), one.path());
  REQUIRE(first.ok());
  REQUIRE(first->dataset.episodes >= 1);

  const auto stop = [](std::string_view, std::int64_t done, std::int64_t) { return done < 2; };
  const auto stopped = make(home, small(4, 2), two.path(), stop);
  CHECK(stopped.error().code == ErrorCode::try_again);
  CHECK_FALSE(fs::exists(two.path() / "dataset"));
  const auto resumed = make(home, small(4, 2), two.path());
  REQUIRE(resumed.ok());
  CHECK(resumed->reused_units >= 2);
  CHECK(resumed->dataset == first->dataset);
  CHECK(bytes_of(two.path()) == bytes_of(one.path()));

  // Asked for fewer, then for all again: units are reused, bytes are the same.
  REQUIRE(make(home, small(2, 2), two.path()).ok());
  const auto again = make(home, small(4, 2), two.path());
  REQUIRE(again.ok());
  CHECK(again->reused_units == 4);
  CHECK(bytes_of(two.path()) == bytes_of(one.path()));

  // Another option that shows: nothing is reused.
  SynthesizeOptions larger = small(1, 2);
  larger.width_px = 80;
  const auto remade = make(home, larger, two.path());
  REQUIRE(remade.ok());
  CHECK(remade->reused_units == 0);
}

TEST_CASE("synthesize: killed in the middle and resumed, the same bytes", "[slow]") {
  const TestFolder killed("synthesize_killed");
  const TestFolder whole("synthesize_whole");
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    (void)make(truth_home(1), small(4, 1), killed.path());  // threads do not survive a fork
    ::_exit(0);
  }
  // As soon as one unit is finished the process is killed without warning.
  bool seen = false;
  int status = 0;
  for (int look = 0; !seen && look < 120000 && ::waitpid(child, &status, WNOHANG) == 0; ++look) {
    for (const char* name : {"000000", "000001", "000002"}) {
      seen = seen || fs::exists(killed.path() / "units" / name / "unit.json");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ::kill(child, SIGKILL);
  if (seen) ::waitpid(child, &status, 0);
  REQUIRE(seen);
  CHECK_FALSE(fs::exists(killed.path() / "dataset"));

  const Home home = truth_home(1);
  const auto resumed = make(home, small(4, 2), killed.path());
  REQUIRE(resumed.ok());
  CHECK(resumed->reused_units >= 1);
  CHECK(resumed->reused_units < 4);
  REQUIRE(make(home, small(4, 1), whole.path()).ok());
  CHECK(bytes_of(killed.path()) == bytes_of(whole.path()));
}
