// SPDX-License-Identifier: Apache-2.0
#include <hearth/dataset/lerobot.h>
#include <hearth/io/files.h>

#include <catch2/catch.hpp>

#include "tests/dataset/sample.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;

namespace {

struct Written {
  TemporaryFolder work;
  std::filesystem::path folder = work.path() / "set";
  DatasetSummary summary;

  Written() { summary = write_sample(make_sample(work.path(), {.lengths = {6, 4}}), folder); }

  // Replaces `from` by `to` in a file, verifies, and restores it.
  Error after_change(const std::string& file, const std::string& from, const std::string& to) {
    const auto bytes = read_file(folder / file);
    REQUIRE(bytes.ok());
    std::string changed = *bytes;
    const auto at = changed.find(from);
    REQUIRE(at != std::string::npos);
    changed.replace(at, from.size(), to);
    return with_bytes(file, changed);
  }

  Error with_bytes(const std::string& file, const std::string& bytes) {
    const auto original = read_file(folder / file);
    REQUIRE(write_file(folder / file, bytes).ok());
    const auto verified = verify_lerobot(folder);
    REQUIRE(write_file(folder / file, *original).ok());
    CAPTURE(file);
    REQUIRE(!verified.ok());
    return verified.error();
  }
};

}  // namespace

TEST_CASE("verify: a fresh dataset passes with the writer's own summary", "[dataset]") {
  const Written set;
  const auto verified = verify_lerobot(set.folder);
  REQUIRE(verified.ok());
  CHECK(*verified == set.summary);
}

TEST_CASE("verify: info.json that disagrees is found", "[dataset]") {
  Written set;
  const std::string info = "meta/info.json";
  CHECK(set.after_change(info, "\"v3.0\"", "\"v2.1\"").code == ErrorCode::unsupported);
  CHECK(set.after_change(info, "\"total_frames\": 10", "\"total_frames\": 11").code ==
        ErrorCode::corrupt);
  CHECK(set.after_change(info, "\"total_episodes\": 2", "\"total_episodes\": 3").code ==
        ErrorCode::corrupt);
  CHECK(set.after_change(info, "\"fps\": 30", "\"fps\": 25").code == ErrorCode::corrupt);
  CHECK(set.after_change(info, "\"fps\"", "\"fpz\"").where == info);
  CHECK(set.after_change(info, "\"next.done\"", "\"next.dome\"").code == ErrorCode::corrupt);
  CHECK(set.with_bytes(info, "not json").where == info);
  CHECK(set.after_change("meta/stats.json", "\"q99\"", "\"q98\"").code == ErrorCode::corrupt);
}

TEST_CASE("verify: cut tables and videos are found", "[dataset]") {
  Written set;
  for (const char* file : {"meta/tasks.parquet", "meta/episodes/chunk-000/file-000.parquet",
                           "data/chunk-000/file-000.parquet",
                           "videos/observation.images.room/chunk-000/file-000.mp4"}) {
    const auto bytes = read_file(set.folder / file);
    REQUIRE(bytes.ok());
    CHECK(set.with_bytes(file, "").code == ErrorCode::corrupt);
    for (const double share : {0.1, 0.5, 0.9}) {
      const auto length = static_cast<std::size_t>(share * static_cast<double>(bytes->size()));
      CHECK(set.with_bytes(file, bytes->substr(0, length)).code == ErrorCode::corrupt);
    }
    CHECK(set.with_bytes(file, bytes->substr(0, bytes->size() - 1)).code == ErrorCode::corrupt);
  }
}

TEST_CASE("verify: missing parts are named", "[dataset]") {
  Written set;
  const std::string video = "videos/observation.images.head/chunk-000/file-000.mp4";
  std::filesystem::remove(set.folder / video);
  auto verified = verify_lerobot(set.folder);
  REQUIRE(!verified.ok());
  CHECK(verified.error().code == ErrorCode::not_found);
  CHECK(verified.error().where.find(video) != std::string::npos);
  std::filesystem::remove(set.folder / "meta/info.json");
  verified = verify_lerobot(set.folder);
  CHECK(verified.error().code == ErrorCode::not_found);
  CHECK(content_sha256(set.folder / "nowhere").error().code == ErrorCode::not_found);
}
