// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/epic.h>
#include <hearth/io/files.h>

#include <algorithm>
#include <set>

#include "tests/ingest/foreign_files.h"

using namespace hearth;
using test::check_cuts;
using test::error_of;
using test::put;
using test::replaced;

namespace {

const std::string kHeader =
    "narration_id,participant_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,"
    "start_frame,stop_frame,narration,verb,verb_class,noun,noun_class,all_nouns,all_noun_classes\n";
const std::string kRows =
    "P01_11_1,P01,P01_11,00:00:01.700,00:00:01.56,00:00:02.45,93,147,put down plate,put-down,1,"
    "plate,2,['plate'],[2]\n"
    "P01_11_0,P01,P01_11,00:00:00.560,00:00:00.00,00:00:01.89,1,113,\"take plate, "
    "\"\"big\"\"\",take,"
    "0,plate,2,\"['plate', 'lid']\",\"[2, 8]\"\n"
    "P02_01_0,P02,P02_01,00:00:00.560,01:02:03.04,01:02:04.00,1,113,open,open,3,,,[],[]\n";
const std::string kTable = kHeader + kRows;

const std::string kMovements =
    R"({"P01-1": {"a1": {"name": "glass", "tracks": [)"
    R"({"track_id": "t2", "time_segment": [4.5, 6.25], "masks": ["m"]},)"
    R"({"track_id": "t1", "time_segment": [1.033333333333, 2.0], "masks": []}]}},)"
    R"( "P01-2": {"a2": {"name": "lid", "tracks": []}}})";

std::size_t segments(const Imported& imported) { return imported.segments.segments.size(); }

}  // namespace

TEST_CASE("epic: rows become segments in the order of time") {
  const TemporaryFolder folder;
  const auto file = put(folder.path() / "e.csv", kTable);
  Diagnostics diagnostics;
  const Segments all = import_epic(file, {}, diagnostics)->segments;
  REQUIRE(all.segments.size() == 3);
  CHECK(diagnostics.empty());
  const Segment& first = all.segments[0];
  CHECK(first.id == "P01_11_0");
  CHECK(first.narration == "take plate, \"big\"");
  CHECK(first.start_ns == 0);
  CHECK(first.stop_ns == 1'890'000'000);
  CHECK(first.verb_class == 0);
  CHECK(all.segments[1].start_ns == 1'560'000'000);  // They overlap, and both stay.
  CHECK(all.segments[2].start_ns == 3'723'040'000'000);
  CHECK(all.segments[2].noun.empty());
  CHECK_FALSE(all.segments[2].noun_class.has_value());
  CHECK(segments(import_epic(file, {.recording = "P02_01"}, diagnostics).value()) == 1);
  CHECK(error_of(import_epic, file, {.recording = "P09_01"}).code == ErrorCode::not_found);
}

TEST_CASE("epic: cut, wrong and repeated rows are refused with line and column") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "e.csv";
  check_cuts(import_epic, file, kTable, {}, segments);
  const auto refused = [&](const std::string& text, const std::string& place) {
    put(file, text);
    const Error error = error_of(import_epic, file);
    CHECK(error.code == ErrorCode::corrupt);
    CHECK(error.where == file.string() + place);
  };
  refused(replaced(kTable, "00:00:01.56", "nan"), ":2:start_timestamp");
  refused(replaced(kTable, "00:00:01.56", "00:60:01.56"), ":2:start_timestamp");
  refused(replaced(kTable, "00:00:01.56", "00:00:60"), ":2:start_timestamp");
  refused(replaced(kTable, "00:00:02.45", "00:00:01.56"), ":2:stop_timestamp");
  refused(replaced(kTable, "take,0,plate", "take,x,plate"), ":3:verb_class");
  refused(replaced(kTable, "P01_11_0", "P01_11_1"), ":3:narration_id");
  refused(replaced(kTable, "verb_class", "verb_clas"), ":1");
  refused(replaced(kTable, "participant_id", "narration"), ":1");
  refused(replaced(kTable, "put down plate", "put, plate"), ":2");
  refused(replaced(kTable, "put down plate", "put \"down\""), ":2");
  refused(replaced(kTable, "put down plate", "put \xff"), "");
  refused("", "");
  put(file, "\x80\x04pickle");
  const Error pickle = error_of(import_epic, file);
  CHECK(pickle.code == ErrorCode::unsupported);
  CHECK(pickle.message.find("to_csv") != std::string::npos);
  put(file, replaced(kTable, "participant_id", "weather"));
  Diagnostics diagnostics;
  CHECK(import_epic(file, {}, diagnostics).ok());
  CHECK(diagnostics.contains("column_ignored"));
}

TEST_CASE("epic: the public table has the numbers that others counted") {
  const auto file = test::shared_data() / "qa" / "epic_100_validation_2000.csv";
  if (!std::filesystem::exists(file)) {
    WARN("SKIPPED: the folder with public labels is not there");
    return;
  }
  Diagnostics diagnostics;
  const Segments all = import_epic(file, {}, diagnostics)->segments;
  CHECK(diagnostics.empty());
  REQUIRE(all.segments.size() == 2000);
  // As in expected_statistics.json beside the table.
  std::set<std::string> recordings;
  std::set<int> verbs;
  std::vector<TimeNs> durations;
  int pairs = 0;
  int overlapping = 0;
  for (std::size_t i = 0; i < all.segments.size(); ++i) {
    const Segment& s = all.segments[i];
    recordings.insert(s.recording);
    verbs.insert(*s.verb_class);
    durations.push_back(s.stop_ns - s.start_ns);
    if (i == 0 || all.segments[i - 1].recording != s.recording) continue;
    ++pairs;
    overlapping += s.start_ns < all.segments[i - 1].stop_ns ? 1 : 0;
  }
  std::sort(durations.begin(), durations.end());
  CHECK(recordings.size() == 23);
  CHECK(verbs.size() == 52);
  CHECK(pairs == 1977);
  CHECK(overlapping == 543);
  CHECK(0.5 * seconds_from_ns(durations[999] + durations[1000]) == Approx(1.73));
}

TEST_CASE("hd-epic: movements become segments of objects") {
  const TemporaryFolder folder;
  put(folder.path() / "assoc_info.json", kMovements);
  Diagnostics diagnostics;
  const Segments all = import_hd_epic(folder.path(), {}, diagnostics)->segments;
  REQUIRE(all.segments.size() == 2);
  CHECK(all.segments[0].id == "t1");
  CHECK(all.segments[0].start_ns == 1'033'333'333);
  CHECK(all.segments[0].noun == "glass");
  CHECK(all.segments[0].object_id == "a1");
  CHECK(all.segments[1].object_id == "a1");
  CHECK(error_of(import_hd_epic, folder.path(), {.recording = "P01-2"}).code ==
        ErrorCode::not_found);
}

TEST_CASE("hd-epic: every cut and every wrong value is refused") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "assoc_info.json";
  for (std::size_t length = 0; length < kMovements.size(); ++length) {
    put(file, kMovements.substr(0, length));
    CAPTURE(length);
    CHECK(error_of(import_hd_epic, file).code == ErrorCode::corrupt);
  }
  const auto refused = [&](const std::string& from, const std::string& to) {
    put(file, replaced(kMovements, from, to));
    const Error error = error_of(import_hd_epic, file);
    CHECK(error.code == ErrorCode::corrupt);
    return error.where.substr(file.string().size());
  };
  CHECK(refused("[4.5, 6.25]", "[6.5, 6.25]") == ":/P01-1/a1/tracks/0/time_segment");
  CHECK(refused("[4.5, 6.25]", "[-4.5, 6.25]") == ":/P01-1/a1/tracks/0/time_segment");
  CHECK(refused("[4.5, 6.25]", "[4.5]") == ":/P01-1/a1/tracks/0/time_segment");
  CHECK(refused("[4.5, 6.25]", "[4.5, null]") == ":/P01-1/a1/tracks/0/time_segment/1");
  CHECK(refused("\"name\": \"glass\"", "\"nam\": \"glass\"") == ":/P01-1/a1/name");
  CHECK(refused("\"t2\"", "2") == ":/P01-1/a1/tracks/0/track_id");
  refused("\"t2\"", "\"t1\"");
}

TEST_CASE("hd-epic: the public subset has the numbers that others counted") {
  const auto file = test::shared_data() / "qa" / "hd_epic_assoc_subset.json";
  if (!std::filesystem::exists(file)) {
    WARN("SKIPPED: the folder with public labels is not there");
    return;
  }
  Diagnostics diagnostics;
  const Segments all = import_hd_epic(file, {}, diagnostics)->segments;
  CHECK(all.segments.size() == 2135);
  std::set<std::string> recordings;
  std::set<std::pair<std::string, std::string>> objects;
  std::vector<TimeNs> durations;
  for (const Segment& s : all.segments) {
    recordings.insert(s.recording);
    objects.insert({s.recording, s.object_id});
    durations.push_back(s.stop_ns - s.start_ns);
  }
  std::sort(durations.begin(), durations.end());
  CHECK(recordings.size() == 22);
  CHECK(objects.size() == 1004);
  CHECK(seconds_from_ns(durations[durations.size() / 2]) == Approx(4.352).epsilon(0.01));
  CHECK(seconds_from_ns(durations.back()) == Approx(151.1).epsilon(0.001));
}
