// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/hash.h>
#include <hearth/ingest/ingest.h>
#include <hearth/io/files.h>
#include <hearth/io/nouns.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/ingest/clips.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;
using test::movie;
using test::put;

namespace {

CameraModel camera_for(int width_px, int height_px) {
  CameraModel camera;
  camera.width_px = width_px;
  camera.height_px = height_px;
  camera.fx_px = camera.fy_px = 0.8 * width_px;
  camera.cx_px = 0.5 * width_px;
  camera.cy_px = 0.5 * height_px;
  camera.source = IntrinsicsSource::truth;
  camera.focal_sigma_share = 0.01;
  return camera;
}

}  // namespace

TEST_CASE("a clip becomes an episode that needs nothing beside it") {
  const TemporaryFolder folder;
  const auto clip = put(folder.path() / "My Clip.MP4", movie(96, 64, {1, 2, 3, 4}));
  Diagnostics diagnostics;
  const Episode episode = ingest(clip, {}, folder.path() / "episode", {}, diagnostics).value();
  CHECK(episode.clip_file == "clip.mp4");
  CHECK(read_file(folder.path() / "episode" / "clip.mp4").value() == read_file(clip).value());
  CHECK(episode.clip_sha256 == sha256_of_file(clip).value());
  CHECK(episode.width_px == 96);
  CHECK(episode.height_px == 64);
  CHECK(episode.constant_rate);
  CHECK(episode.repeated_frames.empty());
  REQUIRE(episode.frame_time_ns.size() == 4);
  CHECK(std::abs(episode.frame_time_ns[3] - 100'000'000) <= 1);
  CHECK(episode.camera.source == IntrinsicsSource::guess);
  CHECK(episode.camera.focal_sigma_share == 0.20);
  CHECK(episode.camera.fx_px == Approx(48.0 / std::tan(0.725)));
  CHECK(diagnostics.counts() == std::map<std::string, std::int64_t>{{"focal_length_guessed", 1}});
  Diagnostics again;
  CHECK(ingest(clip, {}, folder.path() / "second", {}, again).value() == episode);
}

TEST_CASE("intrinsics come from the file, then the container, then a guess") {
  const TemporaryFolder folder;
  Mp4Options phone;
  phone.metadata["com.apple.quicktime.camera.focal_length.35mm_equivalent"] = "26";
  const auto clip = put(folder.path() / "a.mp4", movie(96, 64, {1, 2, 3}, phone));
  Diagnostics diagnostics;
  const Episode by_phone = ingest(clip, {}, folder.path() / "e1", {}, diagnostics).value();
  CHECK(by_phone.camera.source == IntrinsicsSource::container);
  CHECK(by_phone.camera.fx_px == Approx(26.0 / 43.2666 * std::hypot(96.0, 64.0)));

  const auto file = folder.path() / "camera.json";
  REQUIRE(write_noun(file, camera_for(96, 64)).ok());
  const Episode by_file =
      ingest(clip, {.camera_file = file}, folder.path() / "e2", {}, diagnostics).value();
  CHECK(by_file.camera.source == IntrinsicsSource::file);
  CHECK(by_file.camera.fx_px == Approx(76.8));
  CHECK(diagnostics.empty());

  REQUIRE(write_noun(file, camera_for(192, 128)).ok());
  const Error other =
      ingest(clip, {.camera_file = file}, folder.path() / "e3", {}, diagnostics).error();
  CHECK(other.code == ErrorCode::invalid_argument);
  CHECK(other.where == file.string());
  CHECK(other.message.find("192x128") != std::string::npos);
  CHECK(other.message.find("96x64") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "e3"));

  const Error missing = ingest(clip, {.camera_file = folder.path() / "none.json"},
                               folder.path() / "e3", {}, diagnostics)
                            .error();
  CHECK(missing.code == ErrorCode::not_found);
}

TEST_CASE("a turned clip, an uneven clip and repeated frames are told as they are") {
  const TemporaryFolder folder;
  Diagnostics diagnostics;
  const auto turned = put(folder.path() / "t.mp4", movie(96, 64, {1, 2}, {.rotation_deg = 90}));
  const Episode upright = ingest(turned, {}, folder.path() / "t", {}, diagnostics).value();
  CHECK(upright.rotation_deg == 90);
  CHECK(upright.width_px == 64);
  CHECK(upright.height_px == 96);

  const auto uneven =
      put(folder.path() / "u.mp4", movie(96, 64, {1, 2, 3, 4}, {}, {512, 900, 300, 512}));
  const Episode times = ingest(uneven, {}, folder.path() / "u", {}, diagnostics).value();
  CHECK_FALSE(times.constant_rate);
  CHECK(times.frame_time_ns[2] == std::llround(1412.0 / (512.0 * 30.0) * 1e9));
  CHECK(diagnostics.contains("rate_uneven"));

  const auto stutter = put(folder.path() / "s.mp4", movie(96, 64, {1, 1, 2, 3, 3, 3, 4},
                                                          {.crf = 0, .keyframe_interval = 50}));
  const Episode repeats = ingest(stutter, {}, folder.path() / "s", {}, diagnostics).value();
  CHECK(repeats.repeated_frames == std::vector<int>{1, 4, 5});
  CHECK(diagnostics.contains("frames_repeated"));
}

TEST_CASE("clips that are too short or too small are refused, large ones are read") {
  const TemporaryFolder folder;
  Diagnostics diagnostics;
  const auto refused = [&](const std::string& bytes) {
    const auto clip = put(folder.path() / "x.mp4", bytes);
    const Result<Episode> episode = ingest(clip, {}, folder.path() / "e", {}, diagnostics);
    REQUIRE_FALSE(episode.ok());
    CHECK(episode.error().where == clip.string());
    CHECK_FALSE(std::filesystem::exists(folder.path() / "e"));
    return episode.error().code;
  };
  CHECK(refused(movie(96, 64, {1})) == ErrorCode::unsupported);
  CHECK(refused(movie(8, 8, {1, 2, 3})) == ErrorCode::unsupported);
  CHECK(refused("") == ErrorCode::corrupt);
  CHECK(refused("no film") == ErrorCode::corrupt);
  const std::string whole = movie(96, 64, {1, 2, 3});
  CHECK(refused(whole.substr(0, whole.size() - 100)) == ErrorCode::corrupt);
  CHECK(diagnostics.empty());

  const auto large =
      put(folder.path() / "k.mp4", movie(3840, 2160, {1, 2}, {.preset = "ultrafast"}));
  CHECK(ingest(large, {}, folder.path() / "k", {}, diagnostics).value().width_px == 3840);
}

TEST_CASE("a folder that cannot be written and a stop on request are errors, not half episodes") {
  const TemporaryFolder folder;
  const auto clip = put(folder.path() / "a.mp4", movie(96, 64, {1, 2, 3}));
  Diagnostics diagnostics;
  put(folder.path() / "file", "x");
  const Error no_folder =
      ingest(clip, {}, folder.path() / "file" / "episode", {}, diagnostics).error();
  CHECK(no_folder.code == ErrorCode::invalid_argument);
  const Progress stop = [](std::string_view, std::int64_t done, std::int64_t) { return done < 2; };
  CHECK(ingest(clip, {}, folder.path() / "e", stop, diagnostics).error().code ==
        ErrorCode::try_again);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "e"));
  CHECK(diagnostics.empty());
}
