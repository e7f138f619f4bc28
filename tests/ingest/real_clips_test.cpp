// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/ingest.h>

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/temporary_folder.h"

using namespace hearth;

namespace {

struct Expected {
  const char* name;
  int width_px;
  int height_px;
  std::size_t frames;
};

}  // namespace

TEST_CASE("real clips are read with the size and the frames that others counted", "[slow]") {
  const std::filesystem::path clips = std::filesystem::path(HEARTH_SHARED_DIR) / "data" / "clips";
  if (std::string(HEARTH_SHARED_DIR).empty() || !std::filesystem::exists(clips)) {
    WARN("SKIPPED: the folder with public clips is not there");
    return;
  }
  // Sizes and counts as in the clips' README.
  const Expected expected = GENERATE(
      Expected{"arctic_ego_mixer", 704, 512, 100}, Expected{"egoloc_cabinet1", 960, 540, 32},
      Expected{"egoloc_cabinet2", 960, 540, 36}, Expected{"epic_P01_01_36_take", 456, 256, 68},
      Expected{"ego4d_vitra_table", 480, 368, 25}, Expected{"hawor_clear_table", 1920, 1080, 121},
      Expected{"dexretarget_hand", 1280, 720, 621}, Expected{"epic_P28_101_sink", 464, 256, 85});
  CAPTURE(expected.name);
  const TemporaryFolder folder;
  Diagnostics diagnostics;
  const Episode episode = ingest(clips / (std::string(expected.name) + ".mp4"), {},
                                 folder.path() / "episode", {}, diagnostics)
                              .value();
  CHECK(episode.width_px == expected.width_px);
  CHECK(episode.height_px == expected.height_px);
  CHECK(episode.frame_time_ns.size() == expected.frames);
  if (std::string(expected.name) == "epic_P01_01_36_take") {
    CHECK(episode.repeated_frames.size() == 33);  // 35 of its 68 pictures are new.
  }
}
