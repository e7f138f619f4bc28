// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/euroc.h>
#include <hearth/ingest/kitti.h>
#include <hearth/ingest/tum.h>

#include <cmath>

#include "tests/ingest/foreign_files.h"

using namespace hearth;
using test::check_cuts;
using test::error_of;
using test::put;
using test::put_file;
using test::replaced;

namespace {

// A quarter turn about z, and a turn of .2 rad about x.
const std::string kTum =
    "# timestamp tx ty tz qx qy qz qw\n"
    "1305031102.175304 1.3405 0.6266 1.6575 0 0 0.70710678118654752 0.70710678118654752\n"
    "1305031102.211214 1.3505 0.6366 1.6675 0.09983341664682815 0 0 0.99500416527802582\n"
    "\n"
    "1.305031102375304e+09 1.4 0.6 1.7 0 0 0 1\n";

const std::string kKitti =
    "1 0 0 0 0 1 0 0 0 0 1 0\n"
    "0 0 1 0.5 0 1 0 -0.25 -1 0 0 2e0\n";

std::size_t poses(const Imported& imported) { return imported.tracks->camera.size(); }

Episode episode_at(const std::vector<TimeNs>& times) {
  Episode episode;
  episode.frame_time_ns = times;
  episode.width_px = 96;
  episode.height_px = 64;
  episode.camera.width_px = 96;
  episode.camera.height_px = 64;
  episode.camera.fx_px = episode.camera.fy_px = 80.0;
  episode.camera.cx_px = 47.5;
  episode.camera.cy_px = 31.5;
  return episode;
}

}  // namespace

TEST_CASE("tum: rows become poses with exact times") {
  const TemporaryFolder folder;
  const auto file = put(folder.path() / "t.txt", kTum);
  Diagnostics diagnostics;
  const Imported imported = import_tum(file, {}, diagnostics).value();
  const Tracks& tracks = *imported.tracks;
  CHECK(tracks.source == "tum");
  // Differences of 19-digit times, to the nanosecond.
  CHECK(tracks.frame_time_ns == std::vector<TimeNs>{0, 35'910'000, 200'000'000});
  REQUIRE(tracks.camera.size() == 3);
  CHECK(tracks.camera[0].map_from_camera.position_m == Vec3{1.3405, 0.6266, 1.6575});
  // A quarter turn about z takes x to y.
  const Vec3 turned = tracks.camera[0].map_from_camera.rotation * Vec3{1, 0, 0};
  CHECK(norm(turned - Vec3{0, 1, 0}) < 1e-12);
  CHECK(norm(rotation_vector_from_quat(tracks.camera[1].map_from_camera.rotation) -
             Vec3{0.2, 0, 0}) < 1e-9);
  CHECK(tracks.map_scale_m->value == 1.0);
  CHECK(tracks.map_scale_m->source == Source::imported);
  CHECK_FALSE(tracks.up_in_map.has_value());
  REQUIRE(tracks.origins.size() == 1);
  CHECK(tracks.origins[0].part == "camera");
  CHECK(tracks.origins[0].file == "t.txt");
  CHECK(diagnostics.counts() == std::map<std::string, std::int64_t>{{"camera_sigma_assumed", 1}});
  Diagnostics again;
  CHECK(*import_tum(file, {}, again)->tracks == tracks);
}

TEST_CASE("tum: poses are put on the frames of an episode, none where there are none") {
  const TemporaryFolder folder;
  const auto file = put(folder.path() / "t.txt",
                        "100.0 0 0 0 0 0 0 1\n100.1 1 0 0 0 0 0 1\n100.2 2 0 0 0 0 0 1\n"
                        "100.5 9 0 0 0 0 0 1\n");
  ImportOptions options;
  options.episode = episode_at({0, 50'000'000, 250'000'000, 450'000'000});
  Diagnostics diagnostics;
  const Tracks tracks = *import_tum(file, options, diagnostics)->tracks;
  CHECK(tracks.frame_time_ns == options.episode->frame_time_ns);
  CHECK(tracks.camera_model == options.episode->camera);
  // Frames 2 and 3 lie in the gap of .3 s, which is longer than the .1 s allowed.
  REQUIRE(tracks.camera.size() == 2);
  CHECK(tracks.camera[1].map_from_camera.position_m.x == Approx(0.5).margin(1e-12));
  CHECK(diagnostics.contains("clock_guessed"));
  CHECK(diagnostics.contains("frames_without_camera"));

  options.clock_offset_s = -99.95;  // Episode time 0 is 99.95 s of the file.
  options.longest_gap_s = 0.31;
  Diagnostics known;
  const Tracks shifted = *import_tum(file, options, known)->tracks;
  REQUIRE(shifted.camera.size() == 3);
  CHECK(shifted.camera[0].frame == 1);
  CHECK(shifted.camera[0].map_from_camera.position_m.x == Approx(0.0).margin(1e-6));
  CHECK(shifted.camera[1].map_from_camera.position_m.x == Approx(2.0).margin(1e-6));
  CHECK_FALSE(known.contains("clock_guessed"));

  options.clock_offset_s = 5.0;
  CHECK(error_of(import_tum, file, options).code == ErrorCode::invalid_argument);
}

TEST_CASE("tum: cut, reordered, repeated and wrong rows are refused") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "t.txt";
  check_cuts(import_tum, file, kTum, {}, poses);
  const auto refused = [&](const std::string& text, const std::string& place) {
    put(file, text);
    const Error error = error_of(import_tum, file);
    CHECK(error.code == ErrorCode::corrupt);
    CHECK(error.where == file.string() + place);
  };
  refused(replaced(kTum, "1.3405", "nan"), ":2:2");
  refused(replaced(kTum, "1.3405", "inf"), ":2:2");
  refused(replaced(kTum, "1.3405", "1,3405"), ":2:2");
  refused(replaced(kTum, " 1.6575", ""), ":2");
  refused(replaced(kTum, "1.6575", "1.6575 7"), ":2");
  refused(replaced(kTum, "0.99500416527802582", "0.9"), ":3:5");
  refused(replaced(kTum, "0 0 0 1\n", "0 0 0 0\n"), ":5:5");
  refused(replaced(kTum, "1305031102.211214", "1305031102.175304"), ":3:1");
  refused(replaced(kTum, "1305031102.211214", "1305031101.0"), ":3:1");
  refused(replaced(kTum, "1305031102.211214", "1e30"), ":3:1");
  refused("", "");
  refused("# nothing\n", "");
  CHECK(error_of(import_tum, folder.path() / "none.txt").code == ErrorCode::not_found);
  put(file, kTum);
  for (const auto& [options, where] :
       {std::pair{ImportOptions{.position_sigma_m = 0.0}, "position_sigma_m"},
        {ImportOptions{.rotation_sigma_rad = std::nan("")}, "rotation_sigma_rad"},
        {ImportOptions{.longest_gap_s = -1.0}, "longest_gap_s"},
        {ImportOptions{.up_in_map = Vec3{1, 1, 0}}, "up_in_map"},
        {ImportOptions{.clock_offset_s = 5e9}, "clock_offset_s"}}) {
    const Error error = error_of(import_tum, file, options);
    CHECK(error.code == ErrorCode::invalid_argument);
    CHECK(error.where == where);
  }
}

TEST_CASE("tum: a quaternion within a thousandth of unit length is normalised") {
  const TemporaryFolder folder;
  const auto file = put(folder.path() / "t.txt", "0.0 0 0 0 0 0 0 1.0009\n");
  Diagnostics diagnostics;
  CHECK(import_tum(file, {}, diagnostics)->tracks->camera[0].map_from_camera.rotation == Quat{});
}

TEST_CASE("kitti: matrices become poses; times come from times.txt, a rate or an episode") {
  const TemporaryFolder folder;
  const auto file = put(folder.path() / "poses.txt", kKitti);
  Diagnostics diagnostics;
  const Tracks tracks = *import_kitti(file, {.rate_hz = 10.0}, diagnostics)->tracks;
  CHECK(tracks.frame_time_ns == std::vector<TimeNs>{0, 100'000'000});
  CHECK(tracks.camera[1].map_from_camera.position_m == Vec3{0.5, -0.25, 2.0});
  // The row says that camera z is map x.
  const Vec3 forward = tracks.camera[1].map_from_camera.rotation * Vec3{0, 0, 1};
  CHECK(norm(forward - Vec3{1, 0, 0}) < 1e-12);
  CHECK(error_of(import_kitti, file).where == "rate_hz");

  ImportOptions on_episode;
  on_episode.episode = episode_at({0, 33'000'000});
  CHECK(import_kitti(file, on_episode, diagnostics)->tracks->frame_time_ns ==
        on_episode.episode->frame_time_ns);
  on_episode.episode = episode_at({0, 33'000'000, 66'000'000});
  CHECK(error_of(import_kitti, file, on_episode).code == ErrorCode::invalid_argument);

  put(folder.path() / "times.txt", "0.000000e+00\n1.036224e-01\n");
  CHECK(import_kitti(file, {}, diagnostics)->tracks->frame_time_ns[1] == 103'622'400);
  put(folder.path() / "times.txt", "0.000000e+00\n");
  CHECK(error_of(import_kitti, file).where.find("times.txt") != std::string::npos);
  put(folder.path() / "times.txt", "0\n0\n");
  CHECK(error_of(import_kitti, file).where.find("times.txt:2:1") != std::string::npos);
  put(folder.path() / "times.txt", "0\n1\n2\n");
  CHECK(error_of(import_kitti, file).where.find("times.txt:3") != std::string::npos);
}

TEST_CASE("kitti: cut rows and matrices that are no rotation are refused") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "poses.txt";
  const ImportOptions options{.rate_hz = 10.0};
  check_cuts(import_kitti, file, kKitti, options, poses);
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"1 0 0 0 0 1", "-1 0 0 0 0 1"},
                                 {"1 0 0 0 0 1", "1.01 0 0 0 0 1"},
                                 {"0.5", "nan"},
                                 {"0.5", "x"},
                                 {"0.5 ", ""}}) {
    put(file, replaced(kKitti, from, to));
    CHECK(error_of(import_kitti, file, options).code == ErrorCode::corrupt);
  }
}

namespace {

const std::string kStates =
    "#timestamp, p_RS_R_x [m], p_RS_R_y [m], p_RS_R_z [m], q_RS_w [], q_RS_x [], q_RS_y [], "
    "q_RS_z [], v_RS_R_x [m s^-1]\n"
    "1403636580838555648,4.688319,-1.786938,0.783338,1,0,0,0,0.1\n"
    "1403636580843555328,4.688177,-1.786770,0.787350,0.70710678118654752,0,0,0.70710678118654752,"
    "0.2\n";
// The camera looks along the body's y axis: its z is body y, its x is body x.
const std::string kYaml =
    "#Default camera sensor yaml file\nsensor_type: camera\ncomment: VI-Sensor cam0 (MT9M034)\n"
    "T_BS:\n  cols: 4\n  rows: 4\n  data: [1.0, 0.0, 0.0, 0.1,\n         0.0, 0.0, 1.0, 0.2,\n"
    "         0.0, -1.0, 0.0, 0.3,\n         0.0, 0.0, 0.0, 1.0]\n\nrate_hz: 20\n"
    "resolution: [752, 480]\ncamera_model: pinhole\n"
    "intrinsics: [458.654, 457.296, 367.215, 248.375] #fu, fv, cu, cv\n"
    "distortion_model: radial-tangential\n"
    "distortion_coefficients: [-0.28340811, 0.07395907, 0.00019359, 1.76187114e-05]\n";
const std::string kImuYaml =
    "sensor_type: imu\nT_BS:\n  data: [1.0, 0.0, 0.0, 0.0,\n 0.0, 1.0, 0.0, 0.0,\n 0.0, 0.0, 1.0, "
    "0.0,\n 0.0, 0.0, 0.0, 1.0]\n";
const std::string kImu =
    "#timestamp [ns],w_RS_S_x [rad s^-1],w_RS_S_y [rad s^-1],w_RS_S_z [rad s^-1],"
    "a_RS_S_x [m s^-2],a_RS_S_y [m s^-2],a_RS_S_z [m s^-2]\n"
    "1403636580838555648,-0.1,0.15,0.08,8.17,-0.37,-2.43\n"
    "1403636580843555648,-0.11,0.14,0.07,8.2,-0.4,-2.4\n";

std::filesystem::path mav0(const std::filesystem::path& root) {
  put_file(root / "mav0/state_groundtruth_estimate0/data.csv", kStates);
  put_file(root / "mav0/cam0/sensor.yaml", kYaml);
  put_file(root / "mav0/imu0/sensor.yaml", kImuYaml);
  put_file(root / "mav0/imu0/data.csv", kImu);
  return root / "mav0";
}

}  // namespace

TEST_CASE("euroc: states of the body become poses of the camera, IMU beside them") {
  const TemporaryFolder folder;
  const auto root = mav0(folder.path());
  Diagnostics diagnostics;
  const Imported imported = import_euroc(root, {}, diagnostics).value();
  const Tracks& tracks = *imported.tracks;
  CHECK(tracks.frame_time_ns == std::vector<TimeNs>{0, 4'999'680});
  CHECK(norm(tracks.camera[0].map_from_camera.position_m - Vec3{4.788319, -1.586938, 1.083338}) <
        1e-12);
  // Body upright: the camera looks along map y, its y axis (down) along map -z.
  CHECK(norm(tracks.camera[0].map_from_camera.rotation * Vec3{0, 0, 1} - Vec3{0, 1, 0}) < 1e-9);
  CHECK(norm(tracks.camera[0].map_from_camera.rotation * Vec3{0, 1, 0} - Vec3{0, 0, -1}) < 1e-9);
  // Turned a quarter about z: it looks along -x, and the lever arm has turned too.
  CHECK(norm(tracks.camera[1].map_from_camera.rotation * Vec3{0, 0, 1} - Vec3{-1, 0, 0}) < 1e-9);
  CHECK(norm(tracks.camera[1].map_from_camera.position_m -
             Vec3{4.688177 - 0.2, -1.786770 + 0.1, 0.787350 + 0.3}) < 1e-12);
  CHECK(*tracks.up_in_map == Vec3{0, 0, 1});
  CHECK(tracks.camera_model.kind == CameraModelKind::brown_conrady);
  CHECK(tracks.camera_model.k1 == -0.28340811);
  REQUIRE(imported.sensors.imus.size() == 1);
  const ImuStream& imu = imported.sensors.imus[0];
  CHECK(imported.sensors.clock == "euroc");
  CHECK(imported.sensors.clock_zero_ns == 1403636580838555648);
  CHECK(imu.gyro_rad_s.time_ns == std::vector<TimeNs>{0, 5'000'000});
  CHECK(imu.accel_m_s2.values[1] == Vec3{8.2, -0.4, -2.4});
  CHECK(imu.gyro_rad_s.values[0] == Vec3{-0.1, 0.15, 0.08});
  // Body z up is camera y down, reversed.
  CHECK(norm(imu.camera_from_imu->rotation * Vec3{0, 0, 1} - Vec3{0, -1, 0}) < 1e-9);
  CHECK_FALSE(diagnostics.contains("column_ignored"));

  ImportOptions options;
  options.episode = episode_at({0, 2'000'000});
  options.clock_offset_s = -1403636580.838555648;  // The clip begins with the first state.
  const SensorStreams known = import_euroc(root, options, diagnostics)->sensors;
  CHECK(known.clock == kEpisodeClock);
  // Seconds as a double are good to a microsecond here.
  CHECK(std::llabs(known.imus[0].gyro_rad_s.time_ns[1] - 5'000'000) < 1000);
}

TEST_CASE("euroc: cut and wrong files are refused, an unknown column is told") {
  const TemporaryFolder folder;
  const auto root = mav0(folder.path());
  const auto states = root / "state_groundtruth_estimate0/data.csv";
  check_cuts(import_euroc, states, kStates, {}, poses);
  const auto with = [&](const std::filesystem::path& file, const std::string& text) {
    mav0(folder.path());
    put(file, text);
    return error_of(import_euroc, root);
  };
  CHECK(with(states, replaced(kStates, "q_RS_w []", "q_RS_a []")).message.find("q_RS_w") !=
        std::string::npos);
  CHECK(with(states, replaced(kStates, "0.783338,1,", "0.783338,1.1,")).where ==
        states.string() + ":2:q_RS_w []");
  CHECK(with(states, replaced(kStates, "0.783338", "nan")).where ==
        states.string() + ":2:p_RS_R_z [m]");
  CHECK(with(states, replaced(kStates, "1403636580843555328", "1403636580838555648")).where ==
        states.string() + ":3:#timestamp");
  CHECK(with(root / "cam0/sensor.yaml", replaced(kYaml, "1.0, 0.0, 0.0, 0.1", "1.0, 0.0, 0.1"))
            .code == ErrorCode::corrupt);
  CHECK(with(root / "cam0/sensor.yaml", replaced(kYaml, "1.0, 0.0, 0.0, 0.1", "2, 0, 0, 0.1"))
            .where.find("T_BS") != std::string::npos);
  CHECK(with(root / "cam0/sensor.yaml", replaced(kYaml, "radial-tangential", "equidistant")).code ==
        ErrorCode::unsupported);
  CHECK(with(root / "imu0/data.csv", kImu.substr(0, kImu.size() - 3)).code == ErrorCode::corrupt);
  CHECK(with(root / "imu0/data.csv", replaced(kImu, "1403636580843555648", "1403636580838555648"))
            .code == ErrorCode::corrupt);
  mav0(folder.path());
  std::filesystem::remove(root / "cam0/sensor.yaml");
  const Error unmounted = error_of(import_euroc, root);
  CHECK(unmounted.code == ErrorCode::unsupported);
  CHECK(unmounted.message.find("mav0") != std::string::npos);
  mav0(folder.path());
  put(states, replaced(kStates, "v_RS_R_x [m s^-1]", "mood\xff"));
  Diagnostics diagnostics;
  CHECK(import_euroc(root, {}, diagnostics).ok());
  CHECK(diagnostics.contains("column_ignored"));
  // Foreign bytes that are no UTF-8 never reach a file of ours.
  for (const Diagnostic& entry : diagnostics.entries()) {
    CHECK(entry.message.find('\xff') == std::string::npos);
  }
}
