// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/nouns.h>

#include <cmath>
#include <limits>
#include <set>

#include "sim/ingest/foreign/text_rows.h"
#include "tests/ingest/foreign_files.h"

using namespace hearth;
using foreign::scaled_decimal;
using test::put;

namespace {

Tracks path_of(const std::string& source, const std::vector<TimeNs>& times) {
  Tracks tracks;
  tracks.source = source;
  tracks.frame_time_ns = times;
  tracks.frames = static_cast<int>(times.size());
  for (int i = 0; i < tracks.frames; ++i) {
    MapCamera camera;
    camera.frame = i;
    camera.time_ns = times[static_cast<std::size_t>(i)];
    camera.map_from_camera.position_m = {static_cast<double>(i), 0, 0};
    tracks.camera.push_back(camera);
  }
  return tracks;
}

HandTrack hand(const std::string& id) {
  HandTrack track;
  track.id = id;
  track.hand_length_m = 0.18;
  track.bone_length_m = population_bone_lengths_m(0.18);
  return track;
}

CameraModel camera_640() {
  CameraModel camera;
  camera.width_px = 640;
  camera.height_px = 480;
  camera.fx_px = camera.fy_px = 500;
  camera.cx_px = 319.5;
  camera.cy_px = 239.5;
  return camera;
}

SensorStreams sensors() {
  SensorStreams streams;
  streams.source = "test";
  streams.clock = "device";
  streams.clock_zero_ns = 1'700'000'000'000'000'001;
  ImuStream imu;
  imu.id = "imu";
  imu.axes = "as printed";
  imu.accel_m_s2 = {{-5, 0, 9007199254740991}, {{1, 2, 3}, {4, 5, 6}, {0.1, 0.2, 0.3}}};
  imu.gyro_rad_s = {{1}, {{-1, 0, 1e-17}}};
  imu.camera_from_imu = Pose{{1, 2, 3}, {}};
  streams.imus.push_back(imu);
  GazeStream gaze;
  gaze.id = "eyes";
  gaze.samples = {{7, {0, 0, 1}, {}}, {9, {0, 1, 0}, 0.5}};
  streams.gazes.push_back(gaze);
  return streams;
}

}  // namespace

TEST_CASE("the table has a function and one line of words for each format, sorted") {
  std::string before;
  for (const ImportFormat& format : import_formats()) {
    CHECK(before < format.name);
    before = format.name;
    CHECK(format.function != nullptr);
    CHECK(format.summary.size() > 10);
    CHECK(format.summary.find('\n') == std::string_view::npos);
    Diagnostics diagnostics;
    const TemporaryFolder folder;
    const Result<Imported> missing = format.function(folder.path() / "nothing", {}, diagnostics);
    CAPTURE(format.name);
    REQUIRE_FALSE(missing.ok());
    CHECK(missing.error().code == ErrorCode::not_found);
  }
}

TEST_CASE("sensors and segments read back as they were written, times to the nanosecond") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "sensors.json";
  REQUIRE(write_noun(file, sensors()).ok());
  CHECK(read_noun<SensorStreams>(file).value() == sensors());
  Segments segments{"test", {{"a", "v", 0, 5, "say \"x\"", "", "cup", {}, 3, "o"}}};
  REQUIRE(write_noun(folder.path() / "segments.json", segments).ok());
  CHECK(read_noun<Segments>(folder.path() / "segments.json").value() == segments);
}

TEST_CASE("sensors and segments that make no sense are refused with their field") {
  const auto refused = [](const auto& change, const std::string& where) {
    SensorStreams streams = sensors();
    change(streams);
    const Result<SensorStreams> checked = validated(streams);
    REQUIRE_FALSE(checked.ok());
    CHECK(checked.error().where == where);
  };
  refused([](auto& s) { s.source.clear(); }, "/source");
  refused([](auto& s) { s.clock = kEpisodeClock; }, "/clock_zero_ns");
  refused([](auto& s) { s.gazes[0].id = "imu"; }, "/gazes/0/id");
  refused([](auto& s) { s.imus[0].accel_m_s2.time_ns[1] = -5; }, "/imus/0/accel_m_s2/time_ns/1");
  refused([](auto& s) { s.imus[0].accel_m_s2.time_ns[2] = TimeNs{1} << 54; },
          "/imus/0/accel_m_s2/time_ns");
  refused([](auto& s) { s.imus[0].gyro_rad_s.values.clear(); }, "/imus/0/gyro_rad_s/values");
  refused([](auto& s) { s.imus[0].gyro_rad_s.values[0].x = std::nan(""); },
          "/imus/0/gyro_rad_s/values/0");
  refused([](auto& s) { s.gazes[0].samples[0].direction.z = 2; }, "/gazes/0/samples/0/direction");
  refused([](auto& s) { s.gazes[0].samples[1].depth_m = 0.0; }, "/gazes/0/samples/1/depth_m");
  const Segment good{"a", "v", 0, 5, "", "", "", {}, {}, ""};
  Segment late = good;
  late.id = "b";
  late.start_ns = 1;
  CHECK(validated(Segments{"t", {good, late}}).ok());
  CHECK_FALSE(validated(Segments{"t", {late, good}}).ok());
  CHECK_FALSE(validated(Segments{"t", {good, good}}).ok());
  Segment empty = good;
  empty.stop_ns = 0;
  CHECK(validated(Segments{"t", {empty}}).error().where == "/segments/0/stop_ns");
}

TEST_CASE("imported parts stand in for the stage's own, the rest stays") {
  Tracks own = path_of("perceive", {0, 10});
  own.camera_model = camera_640();
  own.hands = {hand("left"), hand("right")};
  own.map_points.resize(3);
  own.moving_points.resize(2);
  Tracks camera_only = path_of("tum", {0, 10});
  camera_only.camera[1].map_from_camera.position_m = {9, 9, 9};
  camera_only.map_scale_m = ScaleEstimate{1, 0.97, 1.03, Source::imported, "tum"};
  camera_only.origins = {{"camera", "tum", "", "t.txt", ""}};
  Diagnostics diagnostics;
  const Tracks both = replaced_by(own, camera_only, diagnostics).value();
  CHECK(both.camera == camera_only.camera);
  CHECK(both.hands == own.hands);
  CHECK(both.moving_points == own.moving_points);
  CHECK(both.map_points.empty());  // They lie in the map of the camera that went.
  CHECK(both.map_scale_m == camera_only.map_scale_m);
  CHECK(both.camera_model == own.camera_model);
  CHECK(both.source == "perceive+tum");
  CHECK(both.origins == camera_only.origins);
  CHECK(diagnostics.counts()["tracks_replaced"] == 2);

  Tracks hands_only = own;
  hands_only.source = "glove";
  hands_only.camera.clear();
  hands_only.hands = {hand("third")};
  const Tracks gloved = replaced_by(own, hands_only, diagnostics).value();
  CHECK(gloved.camera == own.camera);
  CHECK(gloved.map_points == own.map_points);
  CHECK(gloved.hands == hands_only.hands);

  CHECK(replaced_by(own, path_of("tum", {0, 11}), diagnostics).error().code ==
        ErrorCode::invalid_argument);
  Tracks objects_only = hands_only;
  objects_only.objects.push_back(
      {"cup", "", {ShapeKind::box, {1, 1, 1}}, {}, Source::imported, {}});
  CHECK(replaced_by(own, objects_only, diagnostics).error().code == ErrorCode::unsupported);
}

TEST_CASE("an import whose tracks are not those of its clip, or whose files leave it, is refused") {
  const TemporaryFolder folder;
  const auto clip = put(folder.path() / "a.mp4", test::movie(96, 64, {1, 2}));
  Imported imported;
  imported.clip = ImportedClip{clip, {}, {}};
  imported.tracks = path_of("x", {0, 10});
  Diagnostics diagnostics;
  CHECK(write_import(imported, folder.path() / "o", {}, diagnostics).error().code ==
        ErrorCode::corrupt);
  imported.tracks = path_of("x", {0, 1, 2});
  CHECK(write_import(imported, folder.path() / "o", {}, diagnostics).error().code ==
        ErrorCode::corrupt);
  imported.tracks.reset();
  imported.clip->camera = camera_640();
  CHECK(write_import(imported, folder.path() / "o", {}, diagnostics).error().code ==
        ErrorCode::corrupt);
  Imported escaping;
  escaping.tracks = path_of("x", {0, 10});
  for (const char* name : {"../a.mp4", "/tmp/a.mp4", "a/../../b"}) {
    escaping.files = {{name, clip}};
    CHECK(write_import(escaping, folder.path() / "o", {}, diagnostics).error().code ==
          ErrorCode::corrupt);
  }
  // Bytes of a clip do as well as a file.
  Imported in_memory;
  in_memory.clip = ImportedClip{{}, test::movie(96, 64, {1, 2}), {}};
  const ImportReport report = write_import(in_memory, folder.path() / "m", {}, diagnostics).value();
  CHECK(report.episode->frame_time_ns.size() == 2);
  CHECK(read_noun<Episode>(folder.path() / "m/episode/episode.json").value() == *report.episode);
}

TEST_CASE("decimal text becomes whole nanoseconds without rounding on the way") {
  CHECK(scaled_decimal("1305031102.175304", 9) == 1305031102175304000);
  CHECK(scaled_decimal("1.403636580838555648e+09", 9) == 1403636580838555648);
  CHECK(scaled_decimal("0.0000000005", 9) == 1);
  CHECK(scaled_decimal("-0.0000000015", 9) == -2);
  CHECK(scaled_decimal("0.00000000049", 9) == 0);
  CHECK(scaled_decimal("5e-9", 9) == 5);
  CHECK(scaled_decimal("+2", 9) == 2'000'000'000);
  CHECK(scaled_decimal("9223372036.854775807", 9) == std::numeric_limits<std::int64_t>::max());
  for (const char* wrong : {"", ".", "-", "1.2.3", "1e", "1e+", "nan", "inf", "0x1", "1 ", "1e999",
                            "9223372036.854775808", "99999999999"}) {
    CAPTURE(wrong);
    CHECK_FALSE(scaled_decimal(wrong, 9).has_value());
  }
}
