// SPDX-License-Identifier: Apache-2.0
#include <hearth/dataset/lerobot.h>
#include <hearth/io/files.h>
#include <hearth/io/npy.h>
#include <hearth/video/probe.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "sim/dataset/parquet_file.h"
#include "tests/dataset/sample.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;
using Json = nlohmann::ordered_json;

namespace {

ParquetTable read_table(const std::filesystem::path& folder, const std::string& name) {
  const auto bytes = read_file(folder / name);
  REQUIRE(bytes.ok());
  auto table = ParquetTable::read(*bytes, name);
  REQUIRE(table.ok());
  return std::move(table).value();
}

Json read_json(const std::filesystem::path& file) {
  const auto text = read_file(file);
  REQUIRE(text.ok());
  return Json::parse(*text);
}

}  // namespace

TEST_CASE("lerobot: two writes give the same bytes in every file", "[dataset]") {
  const TemporaryFolder work;
  const Sample sample = make_sample(work.path(), {});
  const auto a = work.path() / "a";
  const auto b = work.path() / "elsewhere" / "b";
  std::filesystem::create_directories(b.parent_path());
  const DatasetSummary first = write_sample(sample, a);
  const DatasetSummary second = write_sample(sample, b);
  CHECK(first == second);
  CHECK(first.episodes == 3);
  CHECK(first.frames == 72);
  CHECK(first.tasks == std::vector<std::string>{"put the box down", "stelle die Schüssel ab 碗"});
  const auto files = files_below(a);
  CHECK(files == files_below(b));
  CHECK(files == std::vector<std::string>{
                     "README.md", "data/chunk-000/file-000.parquet", "extras/dataset_meta.json",
                     "extras/episode_000000/ep_meta.json", "extras/episode_000000/model.xml.gz",
                     "extras/episode_000000/states.npz", "extras/episode_000001/ep_meta.json",
                     "extras/episode_000001/model.xml.gz", "extras/episode_000001/states.npz",
                     "extras/episode_000002/ep_meta.json", "extras/episode_000002/model.xml.gz",
                     "extras/episode_000002/states.npz", "meta/episodes/chunk-000/file-000.parquet",
                     "meta/info.json", "meta/stats.json", "meta/tasks.parquet",
                     "videos/observation.images.head/chunk-000/file-000.mp4",
                     "videos/observation.images.room/chunk-000/file-000.mp4"});
  for (const std::string& file : files) {
    CAPTURE(file);
    const auto bytes = read_file(a / file);
    REQUIRE(bytes.ok());
    CHECK(*bytes == *read_file(b / file));
    CHECK(bytes->find(work.path().string()) == std::string::npos);
  }
  CHECK(!std::filesystem::exists(work.path() / "a.partial"));
}

TEST_CASE("lerobot: another value anywhere gives another content hash", "[dataset]") {
  const TemporaryFolder work;
  Sample sample = make_sample(work.path(), {.lengths = {5}, .cameras = 1});
  const std::string before = write_sample(sample, work.path() / "a").content_sha256;
  sample.episodes[0].action.values[3] += 1e-6F;
  CHECK(write_sample(sample, work.path() / "b").content_sha256 != before);
}

TEST_CASE("lerobot: data rows come back bit for bit", "[dataset]") {
  const TemporaryFolder work;
  const Sample sample = make_sample(work.path(), {});
  write_sample(sample, work.path() / "set");
  const ParquetTable table = read_table(work.path() / "set", "data/chunk-000/file-000.parquet");
  CHECK(table.rows() == 72);
  CHECK(table.row_groups() == 3);
  CHECK(table.column_names() == std::vector<std::string>{"observation.state", "action", "next.done",
                                                         "next.success", "timestamp", "frame_index",
                                                         "episode_index", "index", "task_index"});
  CHECK(table.type("observation.state") == "list<element: float>");
  CHECK(table.type("next.done") == "bool");
  CHECK(table.type("timestamp") == "float");
  CHECK(table.type("index") == "int64");
  std::vector<float> state;
  std::vector<float> action;
  for (const DatasetEpisode& e : sample.episodes) {
    state.insert(state.end(), e.state.values.begin(), e.state.values.end());
    action.insert(action.end(), e.action.values.begin(), e.action.values.end());
  }
  CHECK(*table.float_lists("observation.state", 3) == state);
  CHECK(*table.float_lists("action", 2) == action);
  const Json features = Json::parse(table.metadata("huggingface"))["info"]["features"];
  CHECK(features["action"].dump() ==
        R"({"feature":{"dtype":"float32","_type":"Value"},"length":2,"_type":"List"})");
  CHECK(features["next.done"].dump() == R"({"dtype":"bool","_type":"Value"})");
  CHECK(!features.contains("observation.images.head"));
}

TEST_CASE("lerobot: episodes table tells places, times, recipe and draws", "[dataset]") {
  const TemporaryFolder work;
  const Sample sample = make_sample(work.path(), {});
  write_sample(sample, work.path() / "set");
  const ParquetTable table =
      read_table(work.path() / "set", "meta/episodes/chunk-000/file-000.parquet");
  CHECK(*table.int64s("length") == std::vector<std::int64_t>{3, 61, 8});
  CHECK(*table.int64s("dataset_from_index") == std::vector<std::int64_t>{0, 3, 64});
  CHECK(*table.int64s("hearth/seed") == std::vector<std::int64_t>{100, 101, 102});
  CHECK(*table.doubles("videos/observation.images.room/from_timestamp") ==
        std::vector<double>{0.0, 3.0 / 30, 64.0 / 30});
  CHECK(*table.doubles("videos/observation.images.room/to_timestamp") ==
        std::vector<double>{3.0 / 30, 64.0 / 30, 72.0 / 30});
  CHECK(*table.doubles("hearth/object_mass_kg") ==
        std::vector<double>{0.2, 0.2 + 0.1 * 1.0, 0.2 + 0.1 * 2.0});
  CHECK((*table.texts("hearth/variant_id"))[2] == "near/2");
  CHECK((*table.texts("hearth/recipe"))[0] == R"({"edits":[{"MoveStart":{"dx_m":0.1}}]})");
  CHECK(table.type("success") == "bool");
  CHECK(table.type("tasks") == "list<element: string>");
  CHECK(table.type("stats/action/mean") == "list<element: double>");
  CHECK(table.type("stats/action/count") == "list<element: int64>");
  CHECK(table.type("stats/observation.images.head/q99") ==
        "list<element: list<element: list<element: double>>>");
}

TEST_CASE("lerobot: info.json is what loaders expect", "[dataset]") {
  const TemporaryFolder work;
  write_sample(make_sample(work.path(), {.stills = true}), work.path() / "set");
  const Json info = read_json(work.path() / "set/meta/info.json");
  CHECK(info["codebase_version"] == "v3.0");
  CHECK(info["fps"] == 30);
  CHECK(info["total_episodes"] == 3);
  CHECK(info["total_frames"] == 72);
  CHECK(info["total_tasks"] == 2);
  CHECK(info["chunks_size"] == 1000);
  CHECK(info["splits"].dump() == R"({"train":"0:3"})");
  CHECK(info["robot_type"] == "capsule_humanoid");
  CHECK(info["features"]["observation.state"].dump() ==
        R"({"dtype":"float32","shape":[3],"names":["elbow","wrist","thumb"]})");
  CHECK(info["features"]["timestamp"].dump() == R"({"dtype":"float32","shape":[1],"names":null})");
  const Json& head = info["features"]["observation.images.head"];
  CHECK(head["dtype"] == "video");
  CHECK(head["shape"].dump() == "[48,64,3]");
  CHECK(head["info"]["video.codec"] == "h264");
  CHECK(head["info"]["video.g"] == 2);
  CHECK(head["info"]["is_depth_map"] == false);
  const Json& depth = info["features"]["observation.images.head_depth"];
  CHECK(depth["dtype"] == "image");
  CHECK(depth["shape"].dump() == "[48,64,1]");
  std::vector<std::string> last;
  for (const auto& [key, feature] : info["features"].items()) last.push_back(key);
  last.erase(last.begin(), last.end() - 5);
  CHECK(last == std::vector<std::string>{"timestamp", "frame_index", "episode_index", "index",
                                         "task_index"});
}

TEST_CASE("lerobot: videos hold exactly their episodes' frames at k / fps", "[dataset]") {
  const TemporaryFolder work;
  for (const int rate_hz : {30, 25}) {
    const auto folder = work.path() / ("set" + std::to_string(rate_hz));
    write_sample(make_sample(work.path(), {.rate_hz = rate_hz}), folder);
    const auto info = probe(folder / "videos/observation.images.head/chunk-000/file-000.mp4");
    REQUIRE(info.ok());
    REQUIRE(info->frame_time_ns.size() == 72);
    for (std::size_t k = 0; k < 72; ++k) {
      CHECK(std::abs(seconds_from_ns(info->frame_time_ns[k]) - double(k) / rate_hz) < 1e-8);
    }
    CHECK(info->nominal_rate_hz == Approx(rate_hz).epsilon(1e-9));
  }
}

TEST_CASE("lerobot: files roll over at their limits", "[dataset]") {
  const TemporaryFolder work;
  const Sample sample = make_sample(work.path(), {.lengths = {20, 20, 20, 20, 7}, .cameras = 1});
  const auto folder = work.path() / "set";
  write_sample(sample, folder, {.data_file_mb = 1e-6, .video_file_s = 1.4});
  CHECK(std::filesystem::exists(folder / "data/chunk-000/file-004.parquet"));
  CHECK(std::filesystem::exists(folder / "videos/observation.images.head/chunk-000/file-002.mp4"));
  CHECK(!std::filesystem::exists(folder / "videos/observation.images.head/chunk-000/file-003.mp4"));
  const ParquetTable table = read_table(folder, "meta/episodes/chunk-000/file-000.parquet");
  CHECK(*table.int64s("data/file_index") == std::vector<std::int64_t>{0, 1, 2, 3, 4});
  CHECK(*table.int64s("videos/observation.images.head/file_index") ==
        std::vector<std::int64_t>{0, 0, 1, 1, 2});
  CHECK(*table.doubles("videos/observation.images.head/from_timestamp") ==
        std::vector<double>{0.0, 20.0 / 30, 0.0, 20.0 / 30, 0.0});
  CHECK(write_sample(sample, work.path() / "one").frames == 87);
}

TEST_CASE("lerobot: no camera, one frame, one number", "[dataset]") {
  const TemporaryFolder work;
  Sample sample = make_sample(work.path(), {.lengths = {1}, .cameras = 0});
  sample.spec.action_names = {"elbow"};
  sample.episodes[0].action = {1, 1, {0.5F}};
  sample.episodes[0].replay_state = {};
  sample.episodes[0].model_xml.clear();
  const auto folder = work.path() / "set";
  CHECK(write_sample(sample, folder).frames == 1);
  CHECK(read_json(folder / "meta/info.json")["video_path"].is_null());
  CHECK(read_table(folder, "data/chunk-000/file-000.parquet").type("action") == "float");
  CHECK(!std::filesystem::exists(folder / "extras/episode_000000/states.npz"));
}

TEST_CASE("lerobot: statistics of decoded videos are near those of the given pictures",
          "[dataset]") {
  const TemporaryFolder work;
  write_sample(make_sample(work.path(), {}), work.path() / "given");
  write_sample(make_sample(work.path(), {.counted_pixels = false}), work.path() / "decoded");
  const Json given = read_json(work.path() / "given/meta/stats.json");
  const Json decoded = read_json(work.path() / "decoded/meta/stats.json");
  for (const char* field : {"min", "max", "mean", "std", "q01", "q50", "q99"}) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const double a = given["observation.images.head"][field][channel][0][0];
      const double b = decoded["observation.images.head"][field][channel][0][0];
      CAPTURE(field, channel);
      CHECK(a == Approx(b).margin(3.0 / 255.0));  // the codec's loss
    }
  }
  CHECK(given["observation.images.head"]["count"].dump() == "[72]");
  CHECK(given["action"]["mean"].size() == 2);
  CHECK(given["next.success"]["max"].dump() == "[1.0]");
}

TEST_CASE("lerobot: the card says what footage is inside", "[dataset]") {
  const TemporaryFolder work;
  Sample sample = make_sample(work.path(), {.lengths = {2}, .cameras = 1});
  write_sample(sample, work.path() / "rendered");
  CHECK(read_file(work.path() / "rendered/README.md")->find("footage is inside") !=
        std::string::npos);
  sample.spec.holds_footage = true;
  write_sample(sample, work.path() / "recorded");
  CHECK(read_file(work.path() / "recorded/README.md")->find("unscreened footage") !=
        std::string::npos);
  CHECK(read_json(work.path() / "recorded/extras/dataset_meta.json")["footage"] == "unscreened");
}
