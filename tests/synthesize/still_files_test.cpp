// SPDX-License-Identifier: Apache-2.0
#include "sim/synthesize/still_files.h"

#include <hearth/io/files.h>

#include <catch2/catch.hpp>
#include <filesystem>

using namespace hearth;

TEST_CASE("still_files: what was written comes back") {
  const auto folder = std::filesystem::current_path() / "stills_test";
  std::filesystem::remove_all(folder);
  StillTrack stills;
  for (int frame = 0; frame < 3; ++frame) {
    ImageDepth depth{4, 2, std::vector<float>(8, 0.5F + static_cast<float>(frame))};
    REQUIRE(add_depth(stills, depth).ok());
  }
  REQUIRE(write_stills(folder, stills).ok());
  const auto back = read_stills(folder, 3);
  REQUIRE(back.ok());
  CHECK(back->png == stills.png);
  CHECK(back->histogram == stills.histogram);
  CHECK(read_stills(folder, 4).error().code == ErrorCode::not_found);
  REQUIRE(write_file(folder / "histogram.npy", "no table").ok());
  CHECK(read_stills(folder, 3).error().code == ErrorCode::corrupt);
  std::filesystem::remove_all(folder);
}
