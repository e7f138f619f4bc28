// SPDX-License-Identifier: Apache-2.0
#include <hearth/video/frames.h>
#include <hearth/video/mp4.h>
#include <hearth/video/probe.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/support/temporary_folder.h"
#include "tests/video/pictures.h"

using namespace hearth;
using test::numbered_picture;

namespace {

std::string small_movie() {
  Mp4Writer writer = make_mp4_writer(64, 48, {}).value();
  for (int i = 0; i < 6; ++i) {
    REQUIRE(writer.add(numbered_picture(64, 48, i)).ok());
  }
  return writer.finish().value();
}

/// A quarter second of silence as a WAV file.
std::string silence_wav() {
  const auto u32 = [](std::uint32_t v) {
    std::string s;
    for (int i = 0; i < 4; ++i) s.push_back(static_cast<char>((v >> (8 * i)) & 0xff));
    return s;
  };
  const std::string format = std::string("\x01\x00\x01\x00", 4) + u32(8000) + u32(16000) +
                             std::string("\x02\x00\x10\x00", 4);
  const std::string samples(4000, '\0');
  const std::string body = "WAVEfmt " + u32(16) + format + "data" +
                           u32(static_cast<std::uint32_t>(samples.size())) + samples;
  return "RIFF" + u32(static_cast<std::uint32_t>(body.size())) + body;
}

}  // namespace

TEST_CASE("files that are no video are refused with a place and a reason") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "x.mp4";
  CHECK(probe(file).error().code == ErrorCode::not_found);
  CHECK(probe(folder.path()).error().code == ErrorCode::invalid_argument);

  test::put_bytes(file, "");
  CHECK(probe(file).error().code == ErrorCode::corrupt);
  test::put_bytes(file, "this is a letter, not a film\n");
  CHECK(probe(file).error().code == ErrorCode::corrupt);
  test::put_bytes(file, silence_wav());
  const Error sound = probe(file).error();
  CHECK(sound.code == ErrorCode::unsupported);
  CHECK(sound.where == file.string());
  CHECK(sound.message.find("audio") != std::string::npos);
}

TEST_CASE("a clip cut at any byte is refused or shorter clips never appear") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "x.mp4";
  const std::string whole = small_movie();
  const std::size_t step = whole.size() / 97 + 1;
  for (std::size_t size = 0; size < whole.size(); size += step) {
    CAPTURE(size, whole.size());
    test::put_bytes(file, whole.substr(0, size));
    const Result<VideoInfo> info = probe(file);
    REQUIRE_FALSE(info.ok());
    CHECK(info.error().code == ErrorCode::corrupt);
  }
}

TEST_CASE("damaged header bytes never crash") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "x.mp4";
  const std::string whole = small_movie();
  for (std::size_t i = 0; i < std::min<std::size_t>(whole.size(), 900); i += 5) {
    CAPTURE(i);
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ 0xff);
    test::put_bytes(file, bytes);
    const Result<VideoInfo> info = probe(file);
    if (!info) {
      CHECK_FALSE(info.error().message.empty());
      continue;
    }
    const Result<FrameSource> frames = open_frames(file, info.value().rotation_deg);
    if (!frames) {
      continue;
    }
    for (int k = 0; k < static_cast<int>(info.value().frame_time_ns.size()); ++k) {
      const Result<ImageRgb8> image = frames.value()(k);
      if (image) {
        CHECK(image->values.size() ==
              3 * static_cast<std::size_t>(image->width_px * image->height_px));
      }
    }
  }
}

TEST_CASE("writer options out of range are named") {
  CHECK(make_mp4_writer(63, 48, {}).error().where == "size");
  CHECK(make_mp4_writer(0, 48, {}).error().where == "size");
  CHECK(make_mp4_writer(64, 48, {.rate_hz = 0}).error().where == "rate_hz");
  CHECK(make_mp4_writer(64, 48, {.crf = 52}).error().where == "crf");
  CHECK(make_mp4_writer(64, 48, {.keyframe_interval = 0}).error().where == "keyframe_interval");
  CHECK(make_mp4_writer(64, 48, {.rotation_deg = 45}).error().where == "rotation_deg");
  CHECK(make_mp4_writer(64, 48, {.preset = "warp"}).error().where == "preset");
  Mp4Writer writer = make_mp4_writer(64, 48, {}).value();
  CHECK(writer.add(numbered_picture(32, 48, 0)).error().where == "frame");
  CHECK(writer.add(numbered_picture(64, 48, 0), 0).error().where == "ticks");
  CHECK(writer.finish().error().where == "frames");
}
