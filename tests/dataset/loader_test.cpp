// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "tests/dataset/sample.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;

namespace {

// Runs a script of this folder with the oracles' Python; false where there is none.
bool run_with_oracles(const std::string& script, const std::filesystem::path& folder) {
  const char* python = std::getenv("HEARTH_ORACLE_PYTHON");
  if (python == nullptr || !std::filesystem::exists(python)) {
    std::cout << "SKIPPED: HEARTH_ORACLE_PYTHON names no Python with datasets, pandas and av; "
                 "./dev test installs one\n";
    return false;
  }
  const std::string command = "'" + std::string(python) + "' '" + HEARTH_SOURCE_DIR +
                              "/tests/dataset/" + script + "' '" + folder.string() + "'";
  CHECK(std::system(command.c_str()) == 0);
  return true;
}

}  // namespace

TEST_CASE("loader: datasets, pandas and PyAV open it by LeRobot's own calls", "[dataset][slow]") {
  const TemporaryFolder work;
  const auto folder = work.path() / "set";
  write_sample(make_sample(work.path(), {}), folder);
  run_with_oracles("contract_test.py", folder);
}

TEST_CASE("loader: the same with depth and body pictures", "[dataset][slow]") {
  const TemporaryFolder work;
  const auto folder = work.path() / "set";
  write_sample(make_sample(work.path(), {.stills = true}), folder);
  run_with_oracles("contract_test.py", folder);
}

// Not a test of its own: leaves a sample for experiments/lerobot_loader.
TEST_CASE("loader: leave a sample dataset behind", "[.][sample]") {
  const char* folder = std::getenv("HEARTH_SAMPLE_DATASET");
  REQUIRE(folder != nullptr);
  const TemporaryFolder work;
  write_sample(make_sample(work.path(), {.stills = true}), folder);
}
