// SPDX-License-Identifier: Apache-2.0
#include <hearth/video/frames.h>
#include <hearth/video/mp4.h>
#include <hearth/video/probe.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <vector>

#include "tests/support/temporary_folder.h"
#include "tests/video/pictures.h"

using namespace hearth;
using test::numbered_picture;

namespace {

std::string movie(int first, int count, const Mp4Options& options, int width_px = 96,
                  int height_px = 64) {
  Mp4Writer writer = make_mp4_writer(width_px, height_px, options).value();
  for (int i = first; i < first + count; ++i) {
    REQUIRE(writer.add(numbered_picture(width_px, height_px, i)).ok());
  }
  return writer.finish().value();
}

}  // namespace

TEST_CASE("frame k of a written mp4 lies at k / rate and holds picture k") {
  const TemporaryFolder folder;
  const int rate_hz = GENERATE(15, 24, 30, 60);
  CAPTURE(rate_hz);
  const auto path = folder.path() / "a.mp4";
  test::put_bytes(path, movie(0, 13, {.rate_hz = rate_hz}));

  const VideoInfo info = probe(path).value();
  CHECK(info.codec == "h264");
  CHECK(info.width_px == 96);
  CHECK(info.height_px == 64);
  CHECK(info.rotation_deg == 0);
  CHECK(info.constant_rate);
  CHECK(info.nominal_rate_hz == Approx(rate_hz).epsilon(1e-12));
  REQUIRE(info.frame_time_ns.size() == 13);
  for (std::size_t k = 0; k < 13; ++k) {
    const double exact_ns = 1e9 * static_cast<double>(k) / rate_hz;
    CHECK(std::abs(static_cast<double>(info.frame_time_ns[k]) - exact_ns) <= 0.5);
  }

  const FrameSource frames = open_frames(path, 0).value();
  for (const int k : {0, 1, 2, 12, 5, 4, 3, 12, 0}) {
    CAPTURE(k);
    const ImageRgb8 image = frames(k).value();
    CHECK(std::abs(test::mean_red(image) - (60 + 4 * k)) <= 2);  // Neighbours differ by 4.
  }
  CHECK(frames(13).error().code == ErrorCode::invalid_argument);
  CHECK(frames(-1).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("the same frames make the same bytes, and the index lies in front") {
  const std::string first = movie(0, 9, {});
  CHECK(first == movie(0, 9, {}));
  CHECK(first.find("moov") < first.find("mdat"));
  CHECK(first != movie(1, 9, {}));
}

TEST_CASE("colours come back through the tagged matrix") {
  const TemporaryFolder folder;
  ImageRgb8 image{64, 64, {}};
  for (int i = 0; i < 64 * 64; ++i) {
    image.values.insert(image.values.end(), {200, 40, 40});
  }
  Mp4Writer writer = make_mp4_writer(64, 64, {}).value();
  REQUIRE(writer.add(image).ok());
  REQUIRE(writer.add(image).ok());
  test::put_bytes(folder.path() / "c.mp4", writer.finish().value());
  const ImageRgb8 back = open_frames(folder.path() / "c.mp4", 0).value()(1).value();
  const std::size_t middle = 3 * (32 * 64 + 32);
  CHECK(std::abs(back.values[middle] - 200) <= 3);
  CHECK(std::abs(back.values[middle + 1] - 40) <= 3);
  CHECK(std::abs(back.values[middle + 2] - 40) <= 3);
}

TEST_CASE("uneven frame times survive") {
  const TemporaryFolder folder;
  Mp4Writer writer = make_mp4_writer(64, 48, {.rate_hz = 30}).value();
  const std::vector<std::int64_t> ticks = {512, 700, 300, 1024, 512};
  for (int i = 0; i < 5; ++i) {
    REQUIRE(writer.add(numbered_picture(64, 48, i), ticks[static_cast<std::size_t>(i)]).ok());
  }
  test::put_bytes(folder.path() / "v.mp4", writer.finish().value());
  const VideoInfo info = probe(folder.path() / "v.mp4").value();
  CHECK_FALSE(info.constant_rate);
  REQUIRE(info.frame_time_ns.size() == 5);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    const double exact_ns = static_cast<double>(sum) / (512.0 * 30.0) * 1e9;
    CHECK(std::abs(static_cast<double>(info.frame_time_ns[i]) - exact_ns) <= 0.5);
    sum += ticks[i];
  }
}

TEST_CASE("a turned clip is read upright") {
  const TemporaryFolder folder;
  const int turn = GENERATE(90, 180, 270);
  CAPTURE(turn);
  const auto path = folder.path() / "t.mp4";
  test::put_bytes(path, movie(0, 3, {.rotation_deg = turn}, 96, 64));
  const VideoInfo info = probe(path).value();
  CHECK(info.rotation_deg == turn);
  CHECK(info.width_px == (turn == 180 ? 96 : 64));
  CHECK(info.height_px == (turn == 180 ? 64 : 96));
  const ImageRgb8 image = open_frames(path, turn).value()(1).value();
  REQUIRE(image.width_px == info.width_px);
  // The dark corner, stored at the top left, goes clockwise round the picture.
  const int x = turn == 270 ? 4 : image.width_px - 5;
  const int y = turn == 90 ? 4 : image.height_px - 5;
  CHECK(image.values[3 * static_cast<std::size_t>(y * image.width_px + x)] < 40);
  const std::size_t opposite =
      3 * static_cast<std::size_t>((image.height_px - 1 - y) * image.width_px +
                                   (image.width_px - 1 - x));
  CHECK(image.values[opposite] > 50);
}

TEST_CASE("long clips are read in any order through a bounded store") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "l.mp4";
  // 1024x768: 192 MiB hold 85 frames, fewer than the clip has; keyframes every 60.
  test::put_bytes(path, movie(0, 100, {.keyframe_interval = 60, .preset = "ultrafast"}, 1024, 768));
  const FrameSource frames = open_frames(path, 0).value();
  for (int k = 99; k >= 0; k -= 3) {
    CAPTURE(k);
    CHECK(std::abs(test::mean_red(frames(k).value()) - (60 + 4 * (k % 40))) <= 2);
  }
}

TEST_CASE("joined parts keep every frame at its exact time") {
  const TemporaryFolder folder;
  const std::vector<std::string> parts = {movie(0, 5, {}), movie(5, 1, {}), movie(6, 8, {})};
  const std::string joined = join_mp4(parts, 30).value();
  CHECK(joined == join_mp4(parts, 30).value());
  const auto path = folder.path() / "j.mp4";
  test::put_bytes(path, joined);
  const VideoInfo info = probe(path).value();
  REQUIRE(info.frame_time_ns.size() == 14);
  CHECK(info.constant_rate);
  CHECK(info.nominal_rate_hz == Approx(30.0).epsilon(1e-12));
  const FrameSource frames = open_frames(path, 0).value();
  for (int k = 0; k < 14; ++k) {
    CAPTURE(k);
    const double exact_ns = 1e9 * k / 30.0;
    CHECK(std::abs(static_cast<double>(info.frame_time_ns[static_cast<std::size_t>(k)]) -
                   exact_ns) <= 0.5);
    CHECK(std::abs(test::mean_red(frames(k).value()) - (60 + 4 * k)) <= 2);
  }
}

TEST_CASE("parts of another size or damaged parts are refused by number") {
  const std::vector<std::string> sizes = {movie(0, 2, {}), movie(0, 2, {}, 128, 64)};
  CHECK(join_mp4(sizes, 30).error().code == ErrorCode::invalid_argument);
  CHECK(join_mp4(sizes, 30).error().where == "parts/1");
  const std::string whole = movie(0, 8, {});
  const std::vector<std::string> cut = {whole, whole.substr(0, whole.size() - 200)};
  CHECK(join_mp4(cut, 30).error().code == ErrorCode::corrupt);
  CHECK(join_mp4(cut, 30).error().where == "parts/1");
  CHECK(join_mp4({}, 30).error().where == "parts");
}
