// SPDX-License-Identifier: Apache-2.0
#include <hearth/dataset/lerobot.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/dataset/sample.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;

TEST_CASE("lerobot: a killed writer leaves nothing that loads but is wrong", "[dataset][slow]") {
  const TemporaryFolder work;
  const Sample sample = make_sample(work.path(), {.lengths = {9, 7, 11}, .cameras = 1});
  const auto folder = work.path() / "set";
  const auto count = static_cast<std::int64_t>(sample.episodes.size());
  const std::string expected = write_sample(sample, work.path() / "whole").content_sha256;
  int absent = 0;
  for (int i = 0; i < 25; ++i) {
    std::filesystem::remove_all(folder);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      const auto written = write_lerobot(folder, sample.spec, count, sample.source(), {}, {});
      _exit(written.ok() ? 0 : 1);
    }
    usleep(static_cast<useconds_t>(8000 * i));
    kill(child, SIGKILL);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    if (!std::filesystem::exists(folder)) {
      ++absent;
      continue;
    }
    const auto found = verify_lerobot(folder);
    REQUIRE(found.ok());
    CHECK(found->content_sha256 == expected);
  }
  CHECK(absent > 0);  // the kills did fall into the work
  CHECK(write_sample(sample, folder, {.replace = true}).content_sha256 == expected);
  CHECK(!std::filesystem::exists(work.path() / "set.partial"));
}
