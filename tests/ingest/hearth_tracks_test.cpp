// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/hearth_tracks.h>
#include <hearth/io/files.h>
#include <hearth/io/nouns.h>

#include <cstdlib>
#include <limits>

#include "tests/ingest/foreign_files.h"

using namespace hearth;
using test::error_of;
using test::npy_f8;
using test::npy_i8;
using test::put;
using test::put_file;
using test::replaced;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// A flat hand whose middle finger is 17 cm long, wrist at (x, 0, .4).
std::vector<double> flat_hand(double x) {
  std::vector<double> joints = {x, 0.0, 0.4};
  for (int finger = 0; finger < 5; ++finger) {
    const std::vector<double> reach = finger == 0 ? std::vector<double>{0.04, 0.07, 0.09, 0.105}
                                                  : std::vector<double>{0.09, 0.13, 0.152, 0.172};
    for (const double r : reach) {
      for (const double v : {x + 0.02 * (finger - 2), -r, 0.4}) joints.push_back(v);
    }
  }
  return joints;
}

std::vector<double> matrix_at(double x, double y, double z) {
  return {1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z, 0, 0, 0, 1};
}

std::vector<double> joined(const std::vector<std::vector<double>>& parts) {
  std::vector<double> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const std::string kHead =
    R"({"format": "hearth_tracks", "version": 1, "writer": "test 1",
"frames": {"count": 3, "rate_hz": 10.0},
"camera_model": {"kind": "pinhole", "width_px": 640, "height_px": 480, "fx_px": 500.0,
 "fy_px": 500.0, "cx_px": 319.5, "cy_px": 239.5},
"world": {"metric": true, "up": [0, 0, 1]},
"camera": {"frame": "cf.npy", "world_from_camera": "c.npy", "position_sigma_m": 0.02},)";
const std::string kHands =
    R"("hands": [{"id": "r", "side": "right", "frame": "hf.npy", "joints": "h.npy",
 "joint_frame": "world", "confidence": "hc.npy", "sigma_m": 0.004}],)";
const std::string kRest =
    R"("objects": [{"id": "mug", "category": "cup", "shape": {"kind": "cylinder",
 "size_m": [0.08, 0.08, 0.1]}, "pose": "o.npy", "pose_frame": "camera", "frame": "hf.npy"}],
"boxes": [{"id": "b", "kind": "object", "box_px": "b.npy", "frame": "hf.npy"}],
"imu": [{"id": "i", "time_ns": "t.npy", "gyro_rad_s": "g.npy", "accel_m_s2": "g.npy"}],
"clock": "glove",
"gloves": [{"id": "g", "side": "left", "time_ns": "t.npy", "joint_names": ["a", "b", "c"],
 "angles_rad": "g.npy"}],
"commands": [{"id": "k", "time_ns": "t.npy", "names": ["x", "y", "z"], "values": "g.npy"}],
"masks": [{"id": "m", "frame": "hf.npy", "files": ["m/1.png"]}]})";
const std::string kText = kHead + kHands + kRest;

std::filesystem::path tracks_folder(const std::filesystem::path& root) {
  put_file(root / "hearth_tracks.json", kText);
  put(root / "cf.npy", npy_i8({0, 2}));
  put(root / "c.npy", npy_f8({2, 4, 4}, joined({matrix_at(0, 0, 0), matrix_at(0.1, 0, 0)})));
  put(root / "hf.npy", npy_i8({2}));
  put(root / "h.npy", npy_f8({1, 21, 3}, flat_hand(0.1)));
  put(root / "hc.npy", npy_f8({1}, {0.75}));
  put(root / "o.npy", npy_f8({1, 4, 4}, matrix_at(0.2, 0.1, 0.5)));
  put(root / "b.npy", npy_f8({1, 4}, {-5, 10, 100, 120}));
  put(root / "t.npy", npy_i8({-5, 7}));
  put(root / "g.npy", npy_f8({2, 3}, {1, 2, 3, 4, 5, 6}));
  put_file(root / "m/1.png", "any picture");
  return root;
}

}  // namespace

TEST_CASE("hearth tracks: all parts become nouns, or go along untouched") {
  const TemporaryFolder folder;
  const auto root = tracks_folder(folder.path() / "in");
  Diagnostics diagnostics;
  const Imported imported = import_hearth_tracks(root, {}, diagnostics).value();
  CHECK(diagnostics.empty());
  const Tracks& tracks = *imported.tracks;
  CHECK(tracks.frame_time_ns == std::vector<TimeNs>{0, 100'000'000, 200'000'000});
  REQUIRE(tracks.camera.size() == 2);
  CHECK(tracks.camera[1].frame == 2);
  CHECK(tracks.camera[1].position_sigma == 0.02);
  CHECK(*tracks.up_in_map == Vec3{0, 0, 1});
  REQUIRE(tracks.hands.size() == 1);
  const HandTrack& hand = tracks.hands[0];
  CHECK(hand.source == Source::imported);
  CHECK(hand.hand_length_m == Approx(0.172).epsilon(0.01));
  REQUIRE(hand.observations.size() == 1);
  const HandObservation& seen = hand.observations[0];
  CHECK(seen.frame == 2);
  CHECK(seen.time_ns == 200'000'000);
  CHECK(seen.presence == 0.75);
  // World wrist (.1, 0, .4) seen from a camera at (.1, 0, 0): straight ahead.
  CHECK(norm(seen.joints_in_camera_m[0] - Vec3{0, 0, 0.4}) < 1e-12);
  CHECK(norm(seen.joints_px[0] - Vec2{319.5, 239.5}) < 1e-9);
  CHECK(seen.sigma_px == Approx(5.0));  // 4 mm at 40 cm with 500 px.
  REQUIRE(tracks.objects.size() == 1);
  CHECK(tracks.objects[0].shape.kind == ShapeKind::cylinder);
  CHECK(norm(tracks.objects[0].observations[0].map_from_object.position_m - Vec3{0.3, 0.1, 0.5}) <
        1e-12);
  REQUIRE(tracks.boxes.size() == 1);
  CHECK(tracks.boxes[0].observations[0].min_px == Vec2{-5, 10});
  CHECK(imported.sensors.clock == "glove");
  CHECK(imported.sensors.imus[0].gyro_rad_s.time_ns == std::vector<TimeNs>{-5, 7});
  CHECK(imported.sensors.imus[0].gyro_rad_s.values[1] == Vec3{4, 5, 6});
  REQUIRE(tracks.origins.size() == 4);
  CHECK(tracks.origins[1].part == "hands");
  CHECK(tracks.origins[1].writer == "test 1");

  const ImportReport report =
      write_import(imported, folder.path() / "out", {}, diagnostics).value();
  CHECK_FALSE(report.episode.has_value());
  CHECK(read_noun<Tracks>(folder.path() / "out/tracks/tracks.json").value() == tracks);
  CHECK(read_noun<SensorStreams>(folder.path() / "out/sensors/sensors.json").value() ==
        imported.sensors);
  for (const char* name : {"hearth_tracks.json", "t.npy", "g.npy", "m/1.png"}) {
    CHECK(read_file(folder.path() / "out/tracks/kept" / name).value() ==
          read_file(root / name).value());
  }
}

TEST_CASE("hearth tracks: joints of other orders are reordered, a wrong order is refused") {
  const TemporaryFolder folder;
  const auto root = tracks_folder(folder.path());
  const std::vector<double> ours = flat_hand(0.1);
  // Where joint j of hearth stands in MANO's and OpenXR's lists.
  const std::vector<std::size_t> mano = {0, 13, 14, 15, 16, 1,  2, 3, 17, 4, 5,
                                         6, 18, 10, 11, 12, 19, 7, 8, 9,  20};
  const std::vector<std::size_t> xr = {1,  2,  3,  4,  5,  7,  8,  9,  10, 12, 13,
                                       14, 15, 17, 18, 19, 20, 22, 23, 24, 25};
  Diagnostics diagnostics;
  const Tracks plain = *import_hearth_tracks(root, {}, diagnostics)->tracks;
  for (const auto& [name, rows, count] :
       {std::tuple{"mano21", mano, std::size_t{21}}, {"openxr26", xr, std::size_t{26}}}) {
    std::vector<double> theirs(3 * count, 0.3);
    for (std::size_t j = 0; j < 21; ++j) {
      for (std::size_t c = 0; c < 3; ++c) theirs[3 * rows[j] + c] = ours[3 * j + c];
    }
    put(root / "h.npy", npy_f8({1, count, 3}, theirs));
    put(root / "hearth_tracks.json",
        replaced(kText, "\"joint_frame\"",
                 "\"joint_order\": \"" + std::string(name) + "\", \"joint_frame\""));
    CHECK(import_hearth_tracks(root, {}, diagnostics)->tracks->hands == plain.hands);
  }
  // MANO's joints under hearth's order are no hand.
  std::vector<double> theirs(63);
  for (std::size_t j = 0; j < 21; ++j) {
    for (std::size_t c = 0; c < 3; ++c) theirs[3 * mano[j] + c] = ours[3 * j + c];
  }
  put(root / "h.npy", npy_f8({1, 21, 3}, theirs));
  put(root / "hearth_tracks.json", kText);
  const Error wrong = error_of(import_hearth_tracks, root);
  CHECK(wrong.code == ErrorCode::corrupt);
  CHECK(wrong.message.find("order") != std::string::npos);
  // Millimetres under metres neither.
  std::vector<double> in_mm = ours;
  for (double& v : in_mm) v *= 1000.0;
  put(root / "h.npy", npy_f8({1, 21, 3}, in_mm));
  CHECK(error_of(import_hearth_tracks, root).code == ErrorCode::corrupt);
}

TEST_CASE("hearth tracks: what cannot be placed is left out and counted") {
  const TemporaryFolder folder;
  const auto root = tracks_folder(folder.path());
  put(root / "hf.npy", npy_i8({1}));  // A frame without a camera pose.
  Diagnostics diagnostics;
  const Tracks tracks = *import_hearth_tracks(root, {}, diagnostics)->tracks;
  CHECK(tracks.hands.empty());
  CHECK(tracks.objects.empty());
  CHECK(diagnostics.contains("hand_without_camera"));
  CHECK(diagnostics.contains("object_without_camera"));
  tracks_folder(root);
  std::vector<double> behind = flat_hand(0.1);
  for (std::size_t i = 2; i < behind.size(); i += 3) behind[i] = -0.4;
  put(root / "h.npy", npy_f8({1, 21, 3}, behind));
  Diagnostics back;
  CHECK(import_hearth_tracks(root, {}, back)->tracks->hands.empty());
  CHECK(back.contains("hand_behind_camera"));
}

TEST_CASE("hearth tracks: every cut of the JSON and of each array is refused") {
  const TemporaryFolder folder;
  const auto root = tracks_folder(folder.path());
  for (std::size_t length = 0; length < kText.size(); ++length) {
    put(root / "hearth_tracks.json", kText.substr(0, length));
    CAPTURE(length);
    CHECK(error_of(import_hearth_tracks, root).code == ErrorCode::corrupt);
  }
  put(root / "hearth_tracks.json", kText);
  for (const char* name :
       {"cf.npy", "c.npy", "hf.npy", "h.npy", "hc.npy", "o.npy", "b.npy", "t.npy", "g.npy"}) {
    const std::string whole = read_file(root / name).value();
    for (std::size_t length = 0; length < whole.size(); ++length) {
      put(root / name, whole.substr(0, length));
      CAPTURE(name, length);
      const Error error = error_of(import_hearth_tracks, root);
      CHECK(error.code == ErrorCode::corrupt);
      CHECK(error.where.find("hearth_tracks.json:/") != std::string::npos);
    }
    put(root / name, whole + "x");
    CHECK(error_of(import_hearth_tracks, root).code == ErrorCode::corrupt);
    put(root / name, whole);
  }
}

TEST_CASE("hearth tracks: wrong values are refused with their place") {
  const TemporaryFolder folder;
  const auto root = folder.path();
  const auto file = (root / "hearth_tracks.json").string();
  const auto text = [&](const std::string& from, const std::string& to) {
    tracks_folder(root);
    put(file, replaced(kText, from, to));
    return error_of(import_hearth_tracks, root);
  };
  CHECK(text("\"version\": 1", "\"version\": 2").code == ErrorCode::unsupported);
  CHECK(text("\"writer\"", "\"writr\"").message.find("unknown key 'writr'") != std::string::npos);
  CHECK(text("\"count\": 3", "\"count\": 0").where == file + ":/frames/count");
  CHECK(text("10.0", "0.0").where == file + ":/frames/rate_hz");
  CHECK(text("\"right\"", "\"both\"").where == file + ":/hands/0/side");
  CHECK(text("\"world\",", "\"room\",").where == file + ":/hands/0/joint_frame");
  CHECK(text("\"sigma_m\": 0.004", "\"sigma_m\": 0").where == file + ":/hands/0/sigma_m");
  CHECK(text("cylinder", "mug").where == file + ":/objects/0/shape/kind");
  CHECK(text("[0.08, 0.08, 0.1]", "[0.08, -0.08, 0.1]").where == file + ":/objects/0/shape");
  CHECK(text("[0, 0, 1]", "[0, 0, 2]").where == file + ":/world/up");
  CHECK(text("\"h.npy\"", "\"../h.npy\"").code == ErrorCode::corrupt);
  CHECK(text("\"h.npy\"", "\"/etc/passwd\"").code == ErrorCode::corrupt);
  CHECK(text("\"h.npy\"", "\"none.npy\"").code == ErrorCode::not_found);
  CHECK(text("\"cx_px\": 319.5", "\"cx_px\": 100").where == file + ":/camera_model");
  CHECK(text("[\"a\", \"b\", \"c\"]", "[\"a\", \"b\"]").where == file + ":/gloves/0/angles_rad");
  CHECK(text("[\"m/1.png\"]", "[]").where == file + ":/masks/0/files");
  CHECK(text("\"mug\"", "\"\"").code == ErrorCode::corrupt);

  const auto array = [&](const char* name, const std::string& bytes) {
    tracks_folder(root);
    put(root / name, bytes);
    const Error error = error_of(import_hearth_tracks, root);
    CHECK(error.where.find(file + ":/") == 0);
    return error;
  };
  std::vector<double> hand = flat_hand(0.1);
  hand[10] = kNan;
  CHECK(array("h.npy", npy_f8({1, 21, 3}, hand)).message.find("leave out") != std::string::npos);
  CHECK(array("h.npy", npy_f8({21, 3}, flat_hand(0.1))).code == ErrorCode::corrupt);
  CHECK(array("hf.npy", npy_i8({3})).where == file + ":/hands/0/frame");
  CHECK(array("cf.npy", npy_i8({2, 0})).where == file + ":/camera/frame");
  CHECK(array("cf.npy", npy_i8({0, 0})).where == file + ":/camera/frame");
  CHECK(array("cf.npy", npy_f8({2}, {0, 2})).where == file + ":/camera/frame");
  CHECK(array("t.npy", npy_i8({7, 7})).code == ErrorCode::corrupt);
  CHECK(array("hc.npy", npy_f8({1}, {1.5})).where == file + ":/hands/0/confidence");
  CHECK(array("b.npy", npy_f8({1, 4}, {100, 10, -5, 120})).where == file + ":/boxes/0/box_px");
  std::vector<double> mirror = matrix_at(0, 0, 0);
  mirror[0] = -1;
  CHECK(array("o.npy", npy_f8({1, 4, 4}, mirror)).where == file + ":/objects/0/pose");
  std::vector<double> scaled = matrix_at(0, 0, 0);
  scaled[5] = 1.01;
  CHECK(array("o.npy", npy_f8({1, 4, 4}, scaled)).code == ErrorCode::corrupt);
  const Error pickle = array("h.npy", "\x80\x04\x95pickle");
  CHECK(pickle.code == ErrorCode::unsupported);
  CHECK(pickle.message.find("numpy.save") != std::string::npos);
  CHECK(array("h.npy", test::npy_bytes<double>("|O", {1}, {0})).code == ErrorCode::unsupported);
}

TEST_CASE("hearth tracks: clip, episode and file must agree on the frames") {
  const TemporaryFolder folder;
  const auto root = tracks_folder(folder.path());
  put(root / "clip.mp4", test::movie(640, 480, {1, 2, 3}, {.rate_hz = 10}));
  put(root / "hearth_tracks.json",
      replaced(kText, "\"writer\"", "\"clip\": \"clip.mp4\", \"writer\""));
  Diagnostics diagnostics;
  const Imported imported = import_hearth_tracks(root, {}, diagnostics).value();
  REQUIRE(imported.clip.has_value());
  CHECK(imported.clip->camera->fx_px == 500.0);
  const ImportReport report =
      write_import(imported, folder.path() / "out", {}, diagnostics).value();
  CHECK(report.episode->camera.source == IntrinsicsSource::file);
  CHECK(report.tracks->frame_time_ns == report.episode->frame_time_ns);
  put(root / "clip.mp4", test::movie(640, 480, {1, 2, 3, 4}, {.rate_hz = 10}));
  CHECK(error_of(import_hearth_tracks, root).code == ErrorCode::invalid_argument);
  put(root / "clip.mp4", test::movie(640, 480, {1, 2, 3}, {.rate_hz = 20}));
  CHECK(error_of(import_hearth_tracks, root).code == ErrorCode::invalid_argument);
  ImportOptions options;
  options.episode = report.episode;
  CHECK(import_hearth_tracks(root, options, diagnostics)->tracks->frame_time_ns ==
        report.episode->frame_time_ns);
}

TEST_CASE("hearth tracks: the example of its page, run by Python, is read") {
  const std::string page =
      read_file(std::filesystem::path(HEARTH_SOURCE_DIR) / "docs/formats/hearth_tracks.md").value();
  const std::size_t begin = page.find("```python\n");
  REQUIRE(begin != std::string::npos);
  const std::size_t end = page.find("```", begin + 10);
  const TemporaryFolder folder;
  const auto script = put(folder.path() / "example.py", page.substr(begin + 10, end - begin - 10));
  if (std::system("python3 -c pass > /dev/null 2>&1") != 0) {
    WARN("SKIPPED: there is no python3");
    return;
  }
  const auto out = folder.path() / "tracks";
  REQUIRE(std::system(("python3 " + script.string() + " " + out.string()).c_str()) == 0);
  Diagnostics diagnostics;
  const Tracks tracks = *import_hearth_tracks(out, {}, diagnostics)->tracks;
  CHECK(diagnostics.empty());
  CHECK(tracks.frames == 4);
  CHECK(tracks.camera[3].map_from_camera.position_m == Vec3{0.03, 0, 0});
  REQUIRE(tracks.hands.size() == 1);
  REQUIRE(tracks.hands[0].observations.size() == 3);
  CHECK(tracks.hands[0].observations[0].frame == 1);
  CHECK(norm(tracks.hands[0].observations[0].joints_px[0] - Vec2{319.5, 239.5}) < 1e-9);
  CHECK(*tracks.up_in_map == Vec3{0, -1, 0});
}
