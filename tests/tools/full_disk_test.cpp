// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <iostream>
#include <string>

#include "hearth_program.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;

namespace {

// Runs a command with a small file system of its own mounted at `folder`.
Ended run_on_small_disk(const std::string& folder, const std::string& size,
                        const std::string& command) {
  return run_shell("unshare -m sh -c 'mount -t tmpfs -o size=" + size + " hearth-test " + folder +
                   " || exit 99; " + command + "'");
}

}  // namespace

TEST_CASE("a full disk ends with exit code 75 and the same command works once there is room") {
  const TemporaryFolder folder;
  const std::string clip = (folder.path() / "clip.mp4").string();
  const std::string disk = (folder.path() / "disk").string();
  std::filesystem::create_directory(disk);
  if (run_on_small_disk(disk, "64k", "true").exit_code != 0) {
    std::cout << "SKIPPED: this machine does not let tests mount a small disk (needs root)\n";
    return;
  }
  write_plain_clip(clip, 640, 480, 30, 100);
  const std::string ingest = "{} ingest " + clip + " -o " + disk + "/episode";
  const Ended full =
      run_on_small_disk(disk, "64k", "head -c 60k /dev/zero > " + disk + "/filler; " + ingest);
  INFO(full.said);
  CHECK(full.exit_code == 75);
  CHECK(full.said.find("no space left") != std::string::npos);
  const Ended roomy = run_on_small_disk(
      disk, "64k",
      "head -c 60k /dev/zero > " + disk + "/filler; rm " + disk + "/filler; " + ingest);
  CHECK(roomy.exit_code == 0);
}
