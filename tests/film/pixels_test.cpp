// SPDX-License-Identifier: Apache-2.0
#include <hearth/film/film.h>
#include <hearth/io/nouns.h>
#include <hearth/video/probe.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "tests/support/temporary_folder.h"

using namespace hearth;

namespace {

FilmOptions short_take(std::uint64_t seed) {
  FilmOptions options;
  options.seed = seed;
  options.duration_s = 4.0;
  options.samples_per_px = 1;
  return options;
}

double mean_difference(const ImageRgb8& a, const ImageRgb8& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    sum += std::abs(static_cast<double>(a.values[i]) - static_cast<double>(b.values[i]));
  }
  return sum / static_cast<double>(a.values.size());
}

}  // namespace

TEST_CASE("frames are the same for one and two threads, and pictures of something") {
  FilmOptions options = short_take(2);
  options.jobs = 1;
  const auto one = film_frames(options, {5, 60});
  options.jobs = 2;
  const auto two = film_frames(options, {5, 60});
  REQUIRE((one.ok() && two.ok()));
  CHECK((*one)[0] == (*two)[0]);
  CHECK((*one)[1] == (*two)[1]);
  // The hand and the camera have moved between them.
  CHECK(mean_difference((*one)[0], (*one)[1]) > 4.0);
  double mean = 0.0;
  for (const std::uint8_t v : (*one)[0].values) mean += v;
  mean /= static_cast<double>((*one)[0].values.size());
  CHECK(mean > 60.0);
  CHECK(mean < 190.0);
}

// One whole film only: that frames do not depend on threads is shown above, and the encoder gets
// them in order.
TEST_CASE("a take on disk is complete and as it was returned", "[slow]") {
  const TemporaryFolder folder;
  FilmOptions options = short_take(7);
  options.jobs = 2;
  const auto truth = film(options, folder.path() / "two");
  REQUIRE(truth.ok());
  const auto camera = read_noun<CameraModel>(folder.path() / "two" / "clip.camera.json");
  REQUIRE(camera.ok());
  CHECK(*camera == calibrated_camera(truth->camera_model, options.seed));
  const auto stored = read_noun<Truth>(folder.path() / "two" / "truth" / "truth.json");
  REQUIRE(stored.ok());
  CHECK(*stored == *truth);
  const auto& active =
      truth->active_hand == HandSide::right ? stored->right_hand_px : stored->left_hand_px;
  REQUIRE(active.size() == 120);
  int well_seen = 0;
  for (const int px : active) well_seen += px >= 400 ? 1 : 0;
  CHECK(well_seen > 100);
  const auto info = probe(folder.path() / "two" / "clip.mp4");
  REQUIRE(info.ok());
  CHECK(info->width_px == 640);
  CHECK(info->height_px == 480);
  CHECK(info->frame_time_ns.size() == 120);
}

TEST_CASE("truth alone is written in a moment and refuses a folder that is a file") {
  const TemporaryFolder folder;
  const auto truth = film_truth_only(short_take(3), folder.path() / "take");
  REQUIRE(truth.ok());
  CHECK(truth->left_hand_px.empty());
  const auto stored = read_noun<Truth>(folder.path() / "take" / "truth" / "truth.json");
  REQUIRE(stored.ok());
  CHECK(*stored == *truth);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "take" / "clip.mp4"));
  const auto refused =
      film_truth_only(short_take(3), folder.path() / "take" / "truth" / "truth.json");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::invalid_argument);
}
