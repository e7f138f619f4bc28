// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/camera.h>
#include <hearth/data/episode.h>
#include <hearth/data/summary.h>
#include <hearth/io/files.h>
#include <hearth/io/nouns.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "hearth_program.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;
namespace fs = std::filesystem;

namespace {

// A mono 8 kHz WAV of silence (RIFF, 16 bit).
std::string silent_wav() {
  const auto u32 = [](std::uint32_t v) {
    return std::string{static_cast<char>(v & 255), static_cast<char>(v >> 8 & 255),
                       static_cast<char>(v >> 16 & 255), static_cast<char>(v >> 24)};
  };
  const std::string data(16000, '\0');
  return "RIFF" + u32(36 + 16000) + "WAVEfmt " + u32(16) + std::string("\1\0\1\0", 4) + u32(8000) +
         u32(16000) + std::string("\2\0\20\0", 4) + "data" + u32(16000) + data;
}

struct Workshop {
  TemporaryFolder folder;
  [[nodiscard]] std::string at(const std::string& name) const {
    return (folder.path() / name).string();
  }
  [[nodiscard]] Ended ingest(const std::string& clip) const {
    return run_hearth({"ingest", at(clip), "-o", at("episode")});
  }
};

void check_refused(const Workshop& shop, const Ended& ended, const std::string& names) {
  INFO(ended.said);
  CHECK(ended.exit_code == 2);
  CHECK(ended.said.find("hearth: error: ") == 0);
  CHECK(ended.said.find(names) != std::string::npos);
  CHECK_FALSE(fs::exists(shop.folder.path() / "episode" / "stage.json"));
}

}  // namespace

TEST_CASE("files that are no usable clip are refused by name, with exit code 2") {
  const Workshop shop;
  write_plain_clip(shop.at("good.mp4"), 320, 240, 30, 100);
  const std::string good = *read_file(shop.at("good.mp4"));
  REQUIRE(write_file(shop.at("empty.mp4"), ""));
  REQUIRE(write_file(shop.at("text.mp4"), "this is no video\n"));
  REQUIRE(write_file(shop.at("truncated.mp4"), good.substr(0, 40)));
  REQUIRE(write_file(shop.at("sound.wav"), silent_wav()));
  write_plain_clip(shop.at("one.mp4"), 320, 240, 1, 100);
  write_plain_clip(shop.at("tiny.mp4"), 8, 8, 30, 100);
  for (const std::string name : {"empty.mp4", "text.mp4", "truncated.mp4", "sound.wav", "one.mp4",
                                 "tiny.mp4", "absent.mp4"}) {
    CAPTURE(name);
    check_refused(shop, shop.ingest(name), name);
    const Ended run = run_hearth({"run", shop.at(name), "-o", shop.at("run")});
    INFO(run.said);
    CHECK(run.exit_code == 2);
    CHECK_FALSE(fs::exists(shop.folder.path() / "run" / "summary.json"));
  }
}

TEST_CASE("large, uneven and turned clips are read as they are") {
  const Workshop shop;
  write_plain_clip(shop.at("uhd.mp4"), 3840, 2160, 3, 100);
  CHECK(shop.ingest("uhd.mp4").exit_code == 0);
  write_plain_clip(shop.at("uneven.mp4"), 320, 240, 12, 100, {512, 1024, 256});
  REQUIRE(shop.ingest("uneven.mp4").exit_code == 0);
  CHECK_FALSE(read_noun<Episode>(shop.at("episode/episode.json"))->constant_rate);
  write_plain_clip(shop.at("turned.mp4"), 320, 240, 12, 100, {512}, 90);
  REQUIRE(shop.ingest("turned.mp4").exit_code == 0);
  const Result<Episode> turned = read_noun<Episode>(shop.at("episode/episode.json"));
  CHECK(turned->width_px == 240);
  CHECK(turned->height_px == 320);
}

TEST_CASE("a clip without hands ends with exit code 1, a summary and no invented hand") {
  const int brightness = GENERATE(0, 110);
  CAPTURE(brightness);
  const Workshop shop;
  write_plain_clip(shop.at("clip.mp4"), 320, 240, 20, brightness);
  const Ended ended = run_hearth({"run", shop.at("clip.mp4"), "-n", "2", "-o", shop.at("run")});
  INFO(ended.said);
  CHECK(ended.exit_code == 1);
  const Result<Summary> summary = read_noun<Summary>(shop.at("run/summary.json"));
  REQUIRE(summary);
  CHECK(summary->hands.frames_with_hand == 0);
  CHECK(summary->scene.objects == 0);
  CHECK_FALSE(summary->replay.success_at_end);
  CHECK(summary->variants.accepted == 0);
  CHECK(fs::exists(shop.folder.path() / "run" / "report.html"));
}

TEST_CASE("unknown options and commands name themselves") {
  const Ended option = run_hearth({"ingest", "clip.mp4", "--colour", "-o", "x"});
  CHECK(option.exit_code == 2);
  CHECK(option.said.find("--colour") != std::string::npos);
  CHECK(run_hearth({"teleport"}).exit_code == 2);
  CHECK(run_hearth({"run", "clip.mp4", "--substitute", "luck", "-o", "x"}).exit_code == 2);
  CHECK(run_hearth({"--version"}).exit_code == 0);
}

TEST_CASE("bad JSON is refused with file and place") {
  const Workshop shop;
  write_plain_clip(shop.at("clip.mp4"), 320, 240, 5, 100);
  CameraModel camera;
  camera.width_px = 320;
  camera.height_px = 240;
  camera.fx_px = camera.fy_px = 300;
  camera.cx_px = 159.5;
  camera.cy_px = 119.5;
  const std::string text = text_from_noun(camera);
  const auto error_of = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    REQUIRE(write_file(shop.at("camera.json"), changed));
    const Ended ended = run_hearth({"ingest", shop.at("clip.mp4"), "--camera",
                                    shop.at("camera.json"), "-o", shop.at("episode")});
    CHECK(ended.exit_code == 2);
    CHECK(ended.said.find("camera.json") != std::string::npos);
    return ended.said;
  };
  CHECK(error_of("\"k1\"", "\"zoom\"").find("k1") != std::string::npos);
  CHECK(error_of("\"fx_px\": 300.0", "\"fx_px\": NaN").find("byte") != std::string::npos);
  CHECK(error_of("\"version\": 1", "\"version\": 7").find("/version") != std::string::npos);
  CHECK(error_of("\"width_px\": 320", "\"width_px\": 640").find("640x240") != std::string::npos);
}

TEST_CASE("a folder that cannot be written is named") {
  const Workshop shop;
  write_plain_clip(shop.at("clip.mp4"), 320, 240, 5, 100);
  REQUIRE(write_file(shop.at("file"), "x"));
  const Ended below_file =
      run_hearth({"ingest", shop.at("clip.mp4"), "-o", shop.at("file/episode")});
  CHECK(below_file.exit_code == 2);
  CHECK(below_file.said.find("file/episode") != std::string::npos);
  // Not even root may make folders here.
  const Ended forbidden = run_hearth({"ingest", shop.at("clip.mp4"), "-o", "/proc/hearth"});
  CHECK(forbidden.exit_code == 2);
  CHECK(forbidden.said.find("/proc/hearth") != std::string::npos);
}
