// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/files.h>
#include <hearth/pipeline/report.h>
#include <hearth/video/probe.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/pipeline/report_world.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;
using hearth::test::make_run_folder;
using hearth::test::RunParts;

namespace {

std::string report_of(const std::filesystem::path& run, Diagnostics& diagnostics) {
  const Result<Done> done = write_report(run, diagnostics);
  INFO((done ? std::string() : to_string(done.error())));
  REQUIRE(done);
  return *read_file(run / "report.html");
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// Elements that must be closed, in order of appearance; void ones and the insides of style and
// script are passed over.
std::string first_unbalanced(const std::string& html) {
  std::vector<std::string> open;
  std::size_t at = 0;
  while ((at = html.find('<', at)) != std::string::npos) {
    const std::size_t end = html.find('>', at);
    if (end == std::string::npos) return "no end of tag";
    std::string tag = html.substr(at + 1, end - at - 1);
    at = end + 1;
    if (tag[0] == '!' || tag.back() == '/') continue;
    const std::string name = tag.substr(0, tag.find_first_of(" \n"));
    if (name == "meta" || name == "link" || name == "br" || name == "img" || name == "input")
      continue;
    if (name[0] != '/') {
      open.push_back(name);
      if (name == "style" || name == "script") at = html.find("</" + name, at);
    } else {
      if (open.empty() || "/" + open.back() != name)
        return name + " after " + (open.empty() ? "" : open.back());
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

// Where two texts differ first, with what stands there; empty if they are equal.
std::string first_difference(const std::string& a, const std::string& b) {
  if (a == b) return {};
  const auto at = static_cast<std::size_t>(
      std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  const std::size_t from = at < 200 ? 0 : at - 200;
  return "at " + std::to_string(at) + " of " + std::to_string(a.size()) + " and " +
         std::to_string(b.size()) + ":\n" + a.substr(from, 260) + "\n" + b.substr(from, 260);
}

std::vector<unsigned char> from_base64(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<unsigned char> bytes;
  unsigned group = 0;
  int bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    group = group << 6 | static_cast<unsigned>(digits.find(c));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<unsigned char>(group >> bits & 255U));
  }
  return bytes;
}

}  // namespace

TEST_CASE("the report of a whole run says what happened and holds its films") {
  TemporaryFolder folder;
  make_run_folder(folder.path() / "run", {});
  Diagnostics diagnostics;
  const std::string html = report_of(folder.path() / "run", diagnostics);
  CHECK(diagnostics.empty());
  CHECK(first_unbalanced(html).empty());
  CHECK(has(html, "<p class=\"answer\">Yes</p>"));
  CHECK(has(html, "<p class=\"answer\">5 of 8</p>"));
  CHECK(has(html, "Cannot say: INCONCLUSIVE"));
  CHECK(count_of(html, "<video ") == 3);
  CHECK(count_of(html, "<img ") == 8);
  CHECK(has(html, "Unscreened footage."));
  CHECK((has(html, "Look here first") || has(html, "No moment stands out")));
  CHECK(has(html, "the object did not end at the goal"));
  CHECK(has(html, "about 9 further takes"));
  CHECK(has(html, "focal_length_guessed"));
  CHECK(has(html, "31.2 s"));
  // Text of files is escaped.
  CHECK(has(html, "0.21 m from its goal &lt;check&gt;"));
  CHECK(has(html, "4 degrees &amp; back"));
  // Nothing to fetch, no place of this machine.
  CHECK_FALSE(has(html, "http://"));
  CHECK_FALSE(has(html, "https://"));
  CHECK_FALSE(has(html, folder.path().string()));
  CHECK_FALSE(has(html, "Ground truth was used"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "run" / "report"));
}

TEST_CASE("the films of one report run on one clock") {
  TemporaryFolder folder;
  make_run_folder(folder.path() / "run", {.set = false, .gap = false});
  Diagnostics diagnostics;
  const std::string html = report_of(folder.path() / "run", diagnostics);
  const Result<VideoInfo> clip = probe(folder.path() / "run" / "episode" / "clip.mp4");
  REQUIRE(clip);
  const std::string mark = "src=\"data:video/mp4;base64,";
  std::size_t at = 0;
  for (int film = 0; film < 3; ++film) {
    at = html.find(mark, at);
    REQUIRE(at != std::string::npos);
    at += mark.size();
    const std::vector<unsigned char> bytes = from_base64(html.substr(at, html.find('"', at) - at));
    const std::filesystem::path file = folder.path() / "film.mp4";
    REQUIRE(write_file(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    const Result<VideoInfo> info = probe(file);
    REQUIRE(info);
    CAPTURE(film);
    REQUIRE(info->frame_time_ns.size() == clip->frame_time_ns.size());
    for (std::size_t i = 0; i < info->frame_time_ns.size(); ++i) {
      // One tick of 1/15360 s.
      CHECK(std::abs(info->frame_time_ns[i] - clip->frame_time_ns[i]) <= 66'000);
    }
  }
}

TEST_CASE("the same run gives the same report") {
  TemporaryFolder folder;
  make_run_folder(folder.path() / "one", {});
  std::filesystem::copy(folder.path() / "one", folder.path() / "two",
                        std::filesystem::copy_options::recursive);
  Diagnostics diagnostics;
  const std::string one = report_of(folder.path() / "one", diagnostics);
  CHECK(first_difference(one, report_of(folder.path() / "two", diagnostics)) == "");
  CHECK(first_difference(one, report_of(folder.path() / "one", diagnostics)) == "");
  CHECK(diagnostics.empty());
}

TEST_CASE("whatever is missing is said and nothing is invented") {
  TemporaryFolder folder;
  const RunParts all;
  std::vector<RunParts> runs(6, all);
  runs[0] = {
      .clip = false, .tracks = false, .home = false, .replay = false, .set = false, .gap = false};
  runs[1] = {.home = false, .replay = false, .set = false, .gap = false};
  runs[2] = {.tracks = false};
  runs[3] = {.replay = false, .set = false};
  runs[4] = {.home = false};
  runs[5] = {.clip = false, .tracks = false};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    CAPTURE(i);
    const std::filesystem::path run = folder.path() / std::to_string(i);
    make_run_folder(run, runs[i]);
    Diagnostics diagnostics;
    const std::string html = report_of(run, diagnostics);
    CHECK(first_unbalanced(html).empty());
    CHECK(diagnostics.empty());
    if (!runs[i].home) {
      CHECK(has(html, "no support plane could be found below the hands"));
    }
    if (!runs[i].replay) {
      CHECK(has(html, "The stage retarget failed: the object is too wide for the hand."));
      CHECK_FALSE(has(html, "<p class=\"answer\">Yes</p>"));
    }
    if (!runs[i].clip) {
      CHECK_FALSE(has(html, "unscreened footage"));
    }
    if (!runs[i].gap) {
      CHECK(has(html, "not asked"));
    }
  }
}

TEST_CASE("substituted truth and broken files cannot be overlooked") {
  TemporaryFolder folder;
  const std::filesystem::path run = folder.path() / "run";
  make_run_folder(run, {.set = false, .gap = false, .truth_substituted = true});
  REQUIRE(write_file(run / "rollout" / "outcome.json", "{"));
  REQUIRE(write_file(run / "episode" / "clip.mp4", "not a film"));
  Diagnostics diagnostics;
  const std::string html = report_of(run, diagnostics);
  CHECK(has(html, "Ground truth was used in stage perceive."));
  CHECK(diagnostics.counts() == std::map<std::string, std::int64_t>{{"report_part_unreadable", 2}});
  CHECK(has(html, "It cannot be read: rollout/outcome.json"));
  CHECK(has(html, "cannot be shown, episode/clip.mp4"));
  CHECK_FALSE(has(html, run.string()));
  CHECK(first_unbalanced(html).empty());
}

TEST_CASE("a run folder that does not exist is an error") {
  TemporaryFolder folder;
  Diagnostics diagnostics;
  const Result<Done> done = write_report(folder.path() / "nowhere", diagnostics);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == ErrorCode::not_found);
}
