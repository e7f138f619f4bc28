// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/stray.h>

#include "tests/ingest/foreign_files.h"

using namespace hearth;
using test::check_cuts;
using test::error_of;
using test::put;
using test::put_file;
using test::replaced;

namespace {

// Level phone held sideways: camera x is world x, camera y (down) is world -y.
const std::string kOdometry =
    "timestamp, frame, x, y, z, qx, qy, qz, qw\n"
    "100.000000, 000000, 0.0, 1.4, 0.0, 1.0, 0.0, 0.0, 0.0\n"
    "100.033333, 000001, 0.01, 1.4, 0.0, 1.0, 0.0, 0.0, 0.0\n"
    "100.066667, 000002, 0.02, 1.41, -0.5, 1.0, 0.0, 0.0, 0.0\n";
// A phone held sideways, top to the left, has its x axis up; it reports gravity in g.
const std::string kImu =
    "timestamp, a_x, a_y, a_z, alpha_x, alpha_y, alpha_z\n"
    "100.010, -1.0, 0.0, 0.0, 0.1, 0.2, 0.3\n"
    "100.020, -1.01, 0.01, 0.0, 0.1, 0.2, 0.4\n"
    "100.030, -0.99, 0.0, 0.02, 0.1, 0.2, 0.5\n";
const std::string kMatrix = "76.5, 0.0, 47.0\n0.0, 76.5, 31.0\n0.0, 0.0, 1.0";

/// A 16-bit grey picture; the pixels do not matter here, only the header is looked at.
std::string depth_png() {
  std::string bytes("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\0\xc0\x10\0\0\0\0", 29);
  bytes += std::string(8, 'x');
  return bytes + std::string("\0\0\0\0IEND\xae\x42\x60\x82", 12);
}

std::filesystem::path recording(const std::filesystem::path& root) {
  put_file(root / "rgb.mp4", test::movie(96, 64, {1, 2, 3}));
  put_file(root / "odometry.csv", kOdometry);
  put_file(root / "imu.csv", kImu);
  put_file(root / "camera_matrix.csv", kMatrix);
  put_file(root / "depth/000001.png", depth_png());
  return root;
}

std::size_t poses(const Imported& imported) { return imported.tracks->camera.size(); }

}  // namespace

TEST_CASE("stray: a recording becomes clip, camera path, IMU and depth references") {
  const TemporaryFolder folder;
  const auto root = recording(folder.path());
  Diagnostics diagnostics;
  const Imported imported = import_stray(root, {}, diagnostics).value();
  const Tracks& tracks = *imported.tracks;
  REQUIRE(tracks.camera.size() == 3);
  CHECK(tracks.camera[2].map_from_camera.position_m == Vec3{0.02, 1.41, -0.5});
  // It looks along -z of the phone's world, the picture's down is the world's down.
  CHECK(norm(tracks.camera[0].map_from_camera.rotation * Vec3{0, 0, 1} - Vec3{0, 0, -1}) < 1e-12);
  CHECK(norm(tracks.camera[0].map_from_camera.rotation * Vec3{0, 1, 0} - Vec3{0, -1, 0}) < 1e-12);
  CHECK(*tracks.up_in_map == Vec3{0, 1, 0});
  CHECK(tracks.map_scale_m->value == 1.0);
  CHECK(imported.clip->camera->fx_px == 76.5);
  CHECK(imported.clip->camera->cy_px == 31.0);
  REQUIRE(imported.sensors.imus.size() == 1);
  const ImuStream& imu = imported.sensors.imus[0];
  CHECK(imported.sensors.clock == kEpisodeClock);
  CHECK(imu.gyro_rad_s.time_ns == std::vector<TimeNs>{10'000'000, 20'000'000, 30'000'000});
  CHECK(imu.gyro_rad_s.values[2] == Vec3{0.1, 0.2, 0.5});
  // Gravity in g becomes specific force: the axis that points up reads +9.8.
  CHECK(norm(imu.accel_m_s2.values[0] - Vec3{9.80665, 0, 0}) < 1e-12);
  CHECK_FALSE(diagnostics.contains("gravity_disagrees"));
  REQUIRE(tracks.depth_maps.size() == 1);
  CHECK(tracks.depth_maps[0] == DepthMap{1, "depth/000001.png", 256, 192, 0.001});
  REQUIRE(imported.files.size() == 1);

  Diagnostics written;
  const ImportReport report = write_import(imported, folder.path() / "out", {}, written).value();
  CHECK(report.episode->camera == *imported.clip->camera);
  CHECK(report.episode->frame_time_ns == report.tracks->frame_time_ns);
  CHECK(std::filesystem::exists(folder.path() / "out/episode/episode.json"));
  CHECK(std::filesystem::exists(folder.path() / "out/tracks/depth/000001.png"));
  CHECK(std::filesystem::exists(folder.path() / "out/sensors/sensors.json"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "out/segments"));
  CHECK_FALSE(written.contains("focal_length_guessed"));
}

TEST_CASE("stray: versions differ in unit and columns") {
  const TemporaryFolder folder;
  const auto root = recording(folder.path());
  Diagnostics diagnostics;
  // The older app writes m/s2, still with gravity's sign.
  put(root / "imu.csv",
      replaced(replaced(replaced(kImu, "-1.0,", "-9.81,"), "-1.01,", "-9.9,"), "-0.99,", "-9.7,"));
  CHECK(import_stray(root, {}, diagnostics)->sensors.imus[0].accel_m_s2.values[0] ==
        Vec3{9.81, 0, 0});
  // Without gravity the accelerometer says nothing about up: it is left out.
  put(root / "imu.csv",
      replaced(replaced(replaced(kImu, "-1.0,", "0.0,"), "-1.01,", "0.1,"), "-0.99,", "0.0,"));
  Diagnostics user;
  const Imported without = import_stray(root, {}, user).value();
  CHECK(without.sensors.imus[0].accel_m_s2.values.empty());
  CHECK(without.sensors.imus[0].gyro_rad_s.values.size() == 3);
  CHECK(user.contains("accel_unit_unknown"));
  // Poses with other axes than the app's do not agree with gravity.
  put(root / "imu.csv",
      replaced(replaced(replaced(kImu, "-1.0, 0.0", "0.0, 1.0"), "-1.01, 0.01", "0.0, 1.0"),
               "-0.99, 0.0", "0.0, 1.0"));
  Diagnostics tilted;
  CHECK(import_stray(root, {}, tilted).ok());
  CHECK(tilted.contains("gravity_disagrees"));
  put(root / "imu.csv", kImu);

  std::string newer = replaced(kOdometry, "qw\n", "qw, fx, fy, cx, cy, distortion_center_x\n");
  newer = replaced(newer, "0.0, 0.0, 0.0\n100.033", "0.0, 0.0, 0.0, 70, 71, 47, 31, 0\n100.033");
  newer = replaced(newer, "0.0, 0.0, 0.0\n100.066", "0.0, 0.0, 0.0, 72, 73, 47, 31, 0\n100.066");
  newer = newer.substr(0, newer.size() - 1) + ", 74, 75, 47, 31, \n";
  put(root / "odometry.csv", newer);
  Diagnostics breathing;
  const Imported focus = import_stray(root, {}, breathing).value();
  CHECK(focus.clip->camera->fx_px == 72.0);
  CHECK(focus.clip->camera->fy_px == 73.0);
  CHECK(breathing.contains("focal_varies"));
  CHECK_FALSE(breathing.contains("column_ignored"));
}

TEST_CASE("stray: cut and wrong files are refused") {
  const TemporaryFolder folder;
  const auto root = recording(folder.path());
  const auto read = [](const std::filesystem::path& file, const ImportOptions& options,
                       Diagnostics& diagnostics) {
    return import_stray(file.parent_path(), options, diagnostics);
  };
  check_cuts(read, root / "odometry.csv", kOdometry, {}, poses);
  for (std::size_t length = 0; length < kImu.size(); ++length) {
    put(root / "imu.csv", kImu.substr(0, length));
    CAPTURE(length);
    Diagnostics diagnostics;
    const Result<Imported> imported = import_stray(root, {}, diagnostics);
    if (imported.ok()) CHECK(kImu[length - 1] == '\n');
    if (!imported.ok()) CHECK(imported.error().where.find("imu.csv") != std::string::npos);
  }
  put(root / "imu.csv", kImu);
  for (std::size_t length = 0; length + 3 < kMatrix.size(); ++length) {
    put(root / "camera_matrix.csv", kMatrix.substr(0, length));
    CAPTURE(length);
    CHECK(error_of(import_stray, root).code == ErrorCode::corrupt);
  }
  put(root / "camera_matrix.csv", kMatrix);
  const auto with = [&](const char* name, const std::string& text, const std::string& place) {
    recording(root);
    put(root / name, text);
    const Error error = error_of(import_stray, root);
    CHECK(error.code == ErrorCode::corrupt);
    CHECK(error.where == (root / name).string() + place);
  };
  with("odometry.csv", replaced(kOdometry, "0.01, 1.4", "nan, 1.4"), ":3:x");
  with("odometry.csv", replaced(kOdometry, "000001", "000000"), ":3:frame");
  with("odometry.csv", replaced(kOdometry, "100.033333", "100.000000"), ":3:timestamp");
  with("odometry.csv",
       replaced(kOdometry, "0.0, 1.0, 0.0, 0.0, 0.0\n100.033", "0.0, 1.1, 0.0, 0.0, 0.0\n100.033"),
       ":2:qw");
  with("odometry.csv", replaced(kOdometry, "qx", "ax"), ":1");
  with("imu.csv", replaced(kImu, "100.020", "100.010"), ":3:timestamp");
  with("imu.csv", replaced(kImu, "0.2, 0.4", "0.2, inf"), ":3:alpha_z");
  with("camera_matrix.csv", replaced(kMatrix, "47.0", "94.0"), "");
  with("camera_matrix.csv", replaced(kMatrix, "76.5, 0.0", "76.5, 0.1"), "");
  with("depth/000001.png", depth_png().substr(0, 40), "");
  recording(root);
  put(root / "depth/000001.png", replaced(depth_png(), "\x10", "\x08"));
  CHECK(error_of(import_stray, root).code == ErrorCode::unsupported);
  recording(root);
  put(root / "rgb.mp4", test::movie(96, 64, {1, 2, 3}, {.rotation_deg = 90}));
  CHECK(error_of(import_stray, root).code == ErrorCode::unsupported);
}

TEST_CASE("stray: poses beyond the video and a clock that runs away are told") {
  const TemporaryFolder folder;
  const auto root = recording(folder.path());
  put(root / "odometry.csv", kOdometry + "100.4, 000003, 0.02, 1.41, -0.5, 1.0, 0.0, 0.0, 0.0\n");
  Diagnostics diagnostics;
  CHECK(poses(import_stray(root, {}, diagnostics).value()) == 3);
  CHECK(diagnostics.contains("frames_beyond_video"));
  put(root / "odometry.csv", replaced(kOdometry, "100.066667", "100.2"));
  Diagnostics late;
  CHECK(import_stray(root, {}, late).ok());
  CHECK(late.contains("clock_differs"));
}
