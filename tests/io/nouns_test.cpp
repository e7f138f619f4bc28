// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/gap_report.h>
#include <hearth/data/home.h>
#include <hearth/data/motion.h>
#include <hearth/data/variant.h>
#include <hearth/io/files.h>
#include <hearth/io/nouns.h>

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/temporary_folder.h"

using namespace hearth;

namespace {

Variant sample_variant() {
  Variant variant;
  variant.seed = 18446744073709551615ULL;
  variant.index = 3;
  variant.preset = "near";
  variant.edits = {MoveStart{"box", 0.1, -0.2, 0.3}, ScaleObject{"box", {0.9, 1.0, 1.1}},
                   SetLights{{Light{"lamp", {0, 1, 2}, 0.1, 1.0, 3000.0}}, 0.4}};
  return variant;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a variant reads back equal and writes the same text again") {
  const Variant variant = sample_variant();
  const std::string text = text_from_noun(variant);
  const Result<Variant> back = noun_from_text<Variant>(text, "v.json");
  REQUIRE(back);
  CHECK(*back == variant);
  CHECK(text_from_noun(*back) == text);
  CHECK(text.substr(0, 25) == "{\n \"hearth\": \"variant\",\n ");
}

TEST_CASE("every truncation of a noun is an error with a place") {
  const std::string text = text_from_noun(sample_variant());
  for (std::size_t length = 0; length + 1 < text.size(); ++length) {
    const Result<Variant> result = noun_from_text<Variant>(text.substr(0, length), "v.json");
    CAPTURE(length);
    REQUIRE_FALSE(result);
    CHECK(result.error().where.substr(0, 6) == "v.json");
  }
}

TEST_CASE("unknown keys, missing keys, NaN, wrong types and versions are refused") {
  const std::string text = text_from_noun(sample_variant());
  const auto error_of = [](const std::string& changed) {
    const Result<Variant> result = noun_from_text<Variant>(changed, "v.json");
    REQUIRE_FALSE(result);
    return result.error();
  };
  const Error unknown = error_of(replaced(text, "\"dx_m\"", "\"colour\": 1, \"dx_m\""));
  CHECK(unknown.where == "v.json:/edits/0");
  CHECK(unknown.message.find("unknown key 'colour'") == 0);
  CHECK(error_of(replaced(text, "\"preset\": \"near\",", "")).message == "key 'preset' is missing");
  CHECK(error_of(replaced(text, "-0.2", "NaN")).code == ErrorCode::corrupt);
  CHECK(error_of(replaced(text, "-0.2", "\"far\"")).where == "v.json:/edits/0/dy_m");
  CHECK(error_of(replaced(text, "\"version\": 1", "\"version\": 2")).code ==
        ErrorCode::unsupported);
  CHECK(error_of(replaced(text, "\"variant\"", "\"scene\"")).where == "v.json:/hearth");
  CHECK(error_of(replaced(text, "move_start", "teleport")).where == "v.json:/edits/0");
  CHECK(error_of(replaced(text, "\"index\": 3", "\"index\": -3")).where == "v.json:/index");
  CHECK(error_of("[]").where == "v.json:/hearth");
}

TEST_CASE("unknown numbers stay null and are not zero") {
  GapReport report;
  Score score;
  score.name = "object_path";
  score.estimand = "mean over takes";
  report.scores = {score};
  const std::string text = text_from_noun(report);
  CHECK(text.find("\"value\": null") != std::string::npos);
  CHECK_FALSE(noun_from_text<GapReport>(text, "g")->scores[0].value.has_value());
}

TEST_CASE("tables lie beside the noun and never outside its folder") {
  const TemporaryFolder folder;
  Motion motion;
  motion.humanoid = "capsule";
  motion.joint_names = {"a", "b"};
  motion.position = {2, 2, {0.1, 0.2, 0.3, 0.4}};
  const auto file = folder.path() / "motion.json";
  REQUIRE(write_noun(file, motion));
  CHECK(std::filesystem::exists(folder.path() / "motion.position.npy"));
  const Result<Motion> back = read_noun<Motion>(file);
  REQUIRE(back);
  CHECK(*back == motion);
  const std::string text = *read_file(file);
  REQUIRE(write_file(file, replaced(text, "motion.position.npy", "../motion.position.npy")));
  CHECK(read_noun<Motion>(file).error().where == file.string() + ":/position");
  REQUIRE(write_file(file, replaced(text, "\"rows\": 2", "\"rows\": 3")));
  CHECK_FALSE(read_noun<Motion>(file));
}

TEST_CASE("an invalid noun is not written") {
  const TemporaryFolder folder;
  Motion motion;
  CHECK_FALSE(write_noun(folder.path() / "motion.json", motion));
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a home folder reads back equal") {
  const TemporaryFolder folder;
  Home home;
  home.clip_sha256 = std::string(64, 'a');
  home.task.chore = "place";
  home.hands.resize(1);
  home.hands[0].hand_length_m = {0.18, 0.01, Source::user};
  home.hands[0].spans = {{0, {HandSample{}}}};
  REQUIRE(write_home(folder.path() / "home", home));
  const Result<Home> back = read_home(folder.path() / "home");
  REQUIRE(back);
  CHECK(*back == home);
  std::filesystem::remove(folder.path() / "home" / "task.json");
  CHECK(read_home(folder.path() / "home").error().code == ErrorCode::not_found);
}
