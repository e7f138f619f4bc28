// SPDX-License-Identifier: Apache-2.0
#include <hearth/dataset/lerobot.h>
#include <hearth/io/files.h>

#include <catch2/catch.hpp>
#include <functional>
#include <limits>

#include "tests/dataset/sample.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;

namespace {

struct Bench {
  TemporaryFolder work;
  Sample sample = make_sample(work.path(), {.lengths = {4, 5}, .cameras = 2});

  Error error_of(const std::function<void(Sample&)>& spoil,
                 const WriteLerobotOptions& options = {}) {
    Sample bad = sample;
    spoil(bad);
    const auto folder = work.path() / "set";
    const auto written = write_lerobot(folder, bad.spec, std::int64_t(bad.episodes.size()),
                                       bad.source(), options, {});
    REQUIRE(!written.ok());
    CHECK(!std::filesystem::exists(folder));
    CHECK(!std::filesystem::exists(work.path() / "set.partial"));
    return written.error();
  }

  void rejects(const std::string& where, const std::function<void(Sample&)>& spoil) {
    CAPTURE(where);
    const Error error = error_of(spoil);
    CHECK(error.code == ErrorCode::invalid_argument);
    CHECK(error.where == where);
    CHECK(!error.message.empty());
  }
};

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

}  // namespace

TEST_CASE("lerobot: bad episodes are refused by name and nothing is left", "[dataset]") {
  Bench bench;
  bench.rejects("episodes/1/state/3/2", [](Sample& s) { s.episodes[1].state.values[11] = kNan; });
  bench.rejects("episodes/0/action/0/1", [](Sample& s) { s.episodes[0].action.values[1] = kNan; });
  bench.rejects("episodes/0/state", [](Sample& s) { s.episodes[0].state.rows = 3; });
  bench.rejects("episodes/1/action", [](Sample& s) { s.episodes[1].action = {}; });
  bench.rejects("episodes/0/action", [](Sample& s) {
    s.episodes[0].action = {4, 1, std::vector<float>(4, 0.0F)};
  });
  bench.rejects("episodes/1/task", [](Sample& s) { s.episodes[1].task.clear(); });
  bench.rejects("episodes/1/task", [](Sample& s) { s.episodes[1].task = "\xff\xfe"; });
  bench.rejects("episodes/0/recipe_json", [](Sample& s) { s.episodes[0].recipe_json = "{"; });
  bench.rejects("episodes/0/recipe_json", [](Sample& s) { s.episodes[0].recipe_json = "[1]"; });
  bench.rejects("episodes/0/notes_json/engine",
                [](Sample& s) { s.episodes[0].notes_json["engine"] = "mujoco"; });
  bench.rejects("episodes/1/seed", [](Sample& s) { s.episodes[1].seed = ~std::uint64_t{0}; });
  bench.rejects("episodes/1/quantities", [](Sample& s) { s.episodes[1].quantities.clear(); });
  bench.rejects("episodes/1/quantities/object_mass_kg", [](Sample& s) {
    s.episodes[1].quantities["object_mass_kg"] = std::numeric_limits<double>::infinity();
  });
  bench.rejects("episodes/0/quantities/a b",
                [](Sample& s) { s.episodes[0].quantities["a b"] = 1.0; });
  bench.rejects("episodes/0/replay_state", [](Sample& s) {
    s.episodes[0].replay_state = {4, 1, std::vector<double>(4, 0.0)};
  });
  bench.rejects("episodes/0/cameras", [](Sample& s) { s.episodes[0].cameras.pop_back(); });
  bench.rejects("episodes/0/cameras/1/pixels",
                [](Sample& s) { s.episodes[0].cameras[1].pixels->frames = 9; });
  bench.rejects("episodes/0/cameras/0/depth",
                [](Sample& s) { s.spec.cameras[0].has_depth = true; });
}

TEST_CASE("lerobot: videos that do not fit are refused", "[dataset]") {
  Bench bench;
  bench.rejects("episodes/1/cameras/0/video_file", [](Sample& s) {
    s.episodes[1].cameras[0].video_file = s.episodes[0].cameras[0].video_file;  // 4 frames, not 5
  });
  bench.rejects("episodes/0/cameras/0/video_file",
                [](Sample& s) { s.spec.cameras[0].width_px = 66; });
  Error error = bench.error_of(
      [&](Sample& s) { s.episodes[0].cameras[0].video_file = bench.work.path() / "missing.mp4"; });
  CHECK(error.code == ErrorCode::not_found);
  const auto whole = read_file(bench.sample.episodes[0].cameras[0].video_file);
  const auto cut = bench.work.path() / "cut.mp4";
  REQUIRE(write_file(cut, whole->substr(0, whole->size() / 2)).ok());
  error = bench.error_of([&](Sample& s) { s.episodes[0].cameras[0].video_file = cut; });
  CHECK(error.code == ErrorCode::corrupt);
}

TEST_CASE("lerobot: bad specifications are refused by name", "[dataset]") {
  Bench bench;
  bench.rejects("rate_hz", [](Sample& s) { s.spec.rate_hz = 0; });
  bench.rejects("state_names", [](Sample& s) { s.spec.state_names[1] = s.spec.state_names[0]; });
  bench.rejects("action_names", [](Sample& s) { s.spec.action_names.clear(); });
  bench.rejects("cameras/0/name", [](Sample& s) { s.spec.cameras[0].name = "a/b"; });
  bench.rejects("cameras/1/height_px", [](Sample& s) { s.spec.cameras[1].height_px = 47; });
  bench.rejects("cameras", [](Sample& s) { s.spec.cameras[1].name = s.spec.cameras[0].name; });
  bench.rejects("provenance_json", [](Sample& s) { s.spec.provenance_json = "nonsense"; });
  bench.rejects("count", [](Sample& s) { s.episodes.clear(); });
  const auto nothing = [](Sample&) {};
  CHECK(bench.error_of(nothing, {.data_file_mb = 0.0}).where == "data_file_mb");
  CHECK(bench.error_of(nothing, {.video_file_s = 2000.0}).where == "video_file_s");
}

TEST_CASE("lerobot: a folder in use is not overwritten unless asked", "[dataset]") {
  Bench bench;
  const auto folder = bench.work.path() / "taken";
  std::filesystem::create_directories(folder);
  const auto write = [&](bool replace) {
    return write_lerobot(folder, bench.sample.spec, 2, bench.sample.source(), {.replace = replace},
                         {});
  };
  REQUIRE(write(false).ok());  // an empty folder is fine
  CHECK(write(false).error().code == ErrorCode::invalid_argument);
  CHECK(write(false).error().where == folder.string());
  CHECK(write(true).ok());
  CHECK(!std::filesystem::exists(bench.work.path() / "taken.old"));
  const auto precious = bench.work.path() / "precious";
  std::filesystem::create_directories(precious);
  REQUIRE(write_file(precious / "thesis.txt", "years of work").ok());
  const auto refused =
      write_lerobot(precious, bench.sample.spec, 2, bench.sample.source(), {.replace = true}, {});
  CHECK(!refused.ok());
  CHECK(std::filesystem::exists(precious / "thesis.txt"));
}

TEST_CASE("lerobot: an error or a stop in the middle leaves nothing behind", "[dataset]") {
  Bench bench;
  const auto folder = bench.work.path() / "set";
  const auto failing = [&](std::int64_t index) -> Result<DatasetEpisode> {
    if (index == 1) return Error{ErrorCode::infeasible, "no such episode", "unit 1"};
    return bench.sample.episodes[0];
  };
  const auto failed = write_lerobot(folder, bench.sample.spec, 2, failing, {}, {});
  CHECK(failed.error() == Error{ErrorCode::infeasible, "no such episode", "unit 1"});
  const Progress stop = [](std::string_view, std::int64_t done, std::int64_t) { return done < 1; };
  const auto stopped = write_lerobot(folder, bench.sample.spec, 2, bench.sample.source(), {}, stop);
  CHECK(stopped.error().code == ErrorCode::try_again);
  CHECK(!std::filesystem::exists(folder));
  CHECK(!std::filesystem::exists(bench.work.path() / "set.partial"));
}
