// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/aria_mps.h>

#include <catch2/catch.hpp>
#include <numbers>

#include "sim/ingest/aria_mps/calibration.h"
#include "sim/ingest/aria_mps/gaze.h"
#include "sim/ingest/aria_mps/hands.h"
#include "sim/ingest/aria_mps/points.h"
#include "sim/ingest/aria_mps/trajectory.h"
#include "sim/ingest/foreign/gunzip.h"
#include "tests/ingest/csv_battery.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;
using namespace hearth::test;
namespace fs = std::filesystem;

namespace {

Result<aria::Trajectory> trajectory(const std::string& text) {
  Diagnostics diagnostics;
  return aria::read_trajectory(text, "t.csv", diagnostics);
}

bool same_poses(const aria::Trajectory& a, const aria::Trajectory& b) {
  if (a.poses.size() != b.poses.size()) return false;
  for (std::size_t i = 0; i < a.poses.size(); ++i) {
    if (a.poses[i].frame_from_device != b.poses[i].frame_from_device) return false;
    if (a.poses[i].device_time_ns != b.poses[i].device_time_ns) return false;
  }
  return true;
}

void copy_sample(const fs::path& from, const fs::path& to) {
  fs::create_directories(to.parent_path());
  fs::copy_file(from, to);
}

}  // namespace

TEST_CASE("aria_mps: trajectories of 28, 20 and open-loop columns give the poses of the file") {
  const auto closed = sample_bytes("aria/mps/closed_loop_trajectory.csv");
  const auto older = sample_bytes("aria/mps/closed_loop_trajectory_geo_missing.csv");
  const auto open = sample_bytes("aria/mps/open_loop_trajectory.csv");
  if (!closed || !older || !open) return;
  Diagnostics diagnostics;
  const auto c = aria::read_trajectory(*closed, "c.csv", diagnostics).value();
  REQUIRE(c.poses.size() == 3000);
  CHECK(c.closed_loop);
  CHECK(c.graphs == std::vector<std::string>{"ea7288b8-b6a0-012d-8156-257aba6bd796"});
  CHECK(c.poses[0].device_time_ns == 149202610000);
  CHECK(c.poses[0].frame_from_device.position_m == Vec3{0.000292, -0.006405, 0.000467});
  // x, y, z, w in the file; a swapped order would put .50 where w is.
  CHECK(c.poses[0].frame_from_device.rotation.w == Approx(0.523916109).margin(1e-8));
  CHECK(c.poses[0].frame_from_device.rotation.x == Approx(0.500638545).margin(1e-8));
  CHECK(c.poses[0].gravity_in_frame == Vec3{0, 0, -9.81});
  CHECK(c.poses[0].quality == 0.5);
  CHECK(c.poses[0].linear_velocity_m_s.has_value());
  const auto g = aria::read_trajectory(*older, "g.csv", diagnostics).value();
  REQUIRE(g.poses.size() == 20);
  CHECK(g.poses[5].frame_from_device == c.poses[5].frame_from_device);
  const auto o = aria::read_trajectory(*open, "o.csv", diagnostics).value();
  REQUIRE(o.poses.size() == 1500);
  CHECK_FALSE(o.closed_loop);
  CHECK(o.poses[0].frame_from_device.position_m == Vec3{-0.053693, -0.076331, -0.014770});
  CHECK(diagnostics.empty());
}

TEST_CASE("aria_mps: garbage velocities are left out and said, poses stay") {
  const auto bytes = sample_bytes("hot3d/aria_P0003/mps_closed_loop_trajectory.csv");
  if (!bytes) return;
  Diagnostics diagnostics;
  const auto t = aria::read_trajectory(*bytes, "t.csv", diagnostics).value();
  CHECK(t.poses.size() == 1134);
  CHECK_FALSE(t.poses[0].linear_velocity_m_s.has_value());
  CHECK(diagnostics.contains("velocity_implausible"));
}

TEST_CASE("aria_mps: a trajectory that is damaged is refused with line and column") {
  const auto bytes = sample_bytes("aria/mps/closed_loop_trajectory.csv");
  if (!bytes) return;
  const Csv good = Csv::parse(*bytes, 4);
  check_csv_battery(good,
                    {"tracking_timestamp_us", "tx_world_device", "tz_world_device",
                     "qx_world_device", "qw_world_device", "gravity_z_world", "quality_score"},
                    "tracking_timestamp_us", trajectory, same_poses);
  Csv off = good;
  off.rows[2][off.column("qw_world_device")] = "0.53";
  check_corrupt(trajectory(off.text()), "t.csv:3:qw_world_device");
  Csv weightless = good;
  weightless.rows[2][weightless.column("gravity_z_world")] = "0";
  check_corrupt(trajectory(weightless.text()), "t.csv:3:gravity_x_world");
  Csv huge = good;
  huge.rows[4][0 + huge.column("tracking_timestamp_us")] = "9223372036854775807";
  check_corrupt(trajectory(huge.text()), "t.csv:5");
  check_corrupt(trajectory(Csv::parse(*bytes, 0).text()), "t.csv");
}

TEST_CASE("aria_mps: a Y-up world becomes Z-up by its gravity") {
  const Quat turn = aria::z_up_from_frame({0.0, -9.81, 0.0});
  CHECK(norm(turn * Vec3{0, 1, 0} - Vec3{0, 0, 1}) < 1e-12);
  CHECK(norm(turn * Vec3{1, 0, 0} - Vec3{1, 0, 0}) < 1e-12);
  CHECK(norm(turn * Vec3{0, 0, 1} - Vec3{0, -1, 0}) < 1e-12);
  const Quat same = aria::z_up_from_frame({-0.0, -0.0, -9.81});
  CHECK(norm(same * Vec3{1, 2, 3} - Vec3{1, 2, 3}) < 1e-12);
  const Quat over = aria::z_up_from_frame({0.0, 0.0, 9.81});
  CHECK(norm(over * Vec3{0, 0, -1} - Vec3{0, 0, 1}) < 1e-12);
}

TEST_CASE("aria_mps: points, plain and packed, and their battery") {
  const auto bytes = sample_bytes("aria/mps/global_points_5000.csv");
  if (!bytes) return;
  const auto read = [](const std::string& text) {
    Diagnostics diagnostics;
    return aria::read_points(text, "p.csv", diagnostics);
  };
  const auto points = read(*bytes).value();
  REQUIRE(points.points.size() == 5000);
  CHECK(points.points[0].uid == 288);
  CHECK(points.points[0].p_in_world_m == Vec3{-0.591858, -1.485701, -1.244814});
  CHECK(points.points[0].distance_sigma_m == 0.033123);
  check_csv_battery(Csv::parse(*bytes, 4), {"uid", "px_world", "pz_world", "dist_std"}, "", read,
                    [](const auto& a, const auto& b) {
                      return a.points.size() == b.points.size() &&
                             a.points[3].p_in_world_m == b.points[3].p_in_world_m;
                    });
  Csv negative = Csv::parse(*bytes, 4);
  negative.rows[1][negative.column("dist_std")] = "-0.1";
  check_corrupt(read(negative.text()), "p.csv:2:dist_std");
}

TEST_CASE("aria_mps: hands, versions 1 and 2, in hearth's order and missing where missing") {
  for (const char* version : {"v1", "v2"}) {
    const auto bytes = sample_bytes(std::string("aria/mps/hand_tracking/hand_tracking_results_") +
                                    version + ".csv");
    if (!bytes) return;
    CAPTURE(version);
    Diagnostics diagnostics;
    const auto rows = aria::read_hands(*bytes, "h.csv", diagnostics).value();
    REQUIRE(rows.size() == 8);
    CHECK(diagnostics.empty());
    CHECK(rows[0].left.has_value());
    CHECK_FALSE(rows[0].right.has_value());  // Confidence -1, zeros.
    CHECK_FALSE(rows[3].left.has_value());
    CHECK(rows[4].right->confidence == 0.999922);
    CHECK(rows[0].left->palm_normal.has_value() == (std::string(version) == "v2"));
    const HandJoints joints = aria::joints_from_landmarks(rows[0].left->landmarks_m);
    CHECK(joints[0] == Vec3{0.187311, -0.188174, 0.247045});   // Landmark 5.
    CHECK(joints[4] == Vec3{0.0645316, -0.248787, 0.250952});  // Landmark 0, the thumb's tip.
    CHECK(joints[20] == Vec3{0.123865, -0.31699, 0.312444});   // Landmark 4, the little finger's.
    CHECK(norm(joints[1] - joints[0]) == Approx(0.55 * norm(joints[2] - joints[0])));
    // The service's wrist pose has its origin in landmark 5.
    CHECK(norm(rows[0].left->device_from_wrist.position_m - joints[0]) < 1e-6);
  }
}

TEST_CASE("aria_mps: hands that are damaged are refused") {
  const auto bytes = sample_bytes("aria/mps/hand_tracking/hand_tracking_results_v2.csv");
  if (!bytes) return;
  const auto read = [](const std::string& text) {
    Diagnostics diagnostics;
    return aria::read_hands(text, "h.csv", diagnostics);
  };
  const Csv good = Csv::parse(*bytes, 3);
  check_csv_battery(
      good,
      {"tracking_timestamp_us", "left_tracking_confidence", "tx_left_landmark_0_device",
       "tz_right_landmark_20_device", "qw_right_device_wrist", "nx_left_palm_device"},
      "tracking_timestamp_us", read, [](const auto& a, const auto& b) {
        return a.size() == b.size() && a[1].right->landmarks_m == b[1].right->landmarks_m;
      });
  Csv doubtful = good;
  doubtful.rows[2][doubtful.column("left_tracking_confidence")] = "1.5";
  check_corrupt(read(doubtful.text()), "h.csv:3:left_tracking_confidence");
  Csv away = good;
  away.rows[2][away.column("tx_left_landmark_9_device")] = "300";
  check_corrupt(read(away.text()), "h.csv:3:tx_left_landmark_9_device");
  // Another joint order: index tip and wrist change places.
  Csv mixed = good;
  for (const char* axis : {"x", "y", "z"}) {
    const std::string a = axis;
    std::swap(mixed.rows[2][mixed.column("t" + a + "_left_landmark_1_device")],
              mixed.rows[2][mixed.column("t" + a + "_left_landmark_5_device")]);
  }
  check_corrupt(read(mixed.text()), "h.csv:3");
  Csv skewed = good;
  skewed.rows[2][skewed.column("qw_left_device_wrist")] = "0.9";
  check_corrupt(read(skewed.text()), "h.csv:3:qw_left_device_wrist");
}

TEST_CASE("aria_mps: wrists whose rows break the header's order are put right, row by row") {
  const auto v1 = sample_bytes("aria/mps/hand_tracking/wrist_and_palm_poses.csv");
  const auto v2 = sample_bytes("aria/mps/hand_tracking/wrist_and_palm_poses_v2.csv");
  if (!v1 || !v2) return;
  Diagnostics diagnostics;
  const auto a = aria::read_wrists_and_palms(*v1, "a.csv", diagnostics).value();
  CHECK(diagnostics.empty());
  const auto b = aria::read_wrists_and_palms(*v2, "b.csv", diagnostics).value();
  CHECK(diagnostics.contains("column_order_repaired"));
  REQUIRE(a.size() == 122);
  REQUIRE(b.size() == 122);
  int seen = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK_FALSE(a[i].left.has_value());
    CHECK_FALSE(b[i].left.has_value());
    REQUIRE(a[i].right.has_value() == b[i].right.has_value());
    if (!a[i].right) continue;
    ++seen;
    CHECK(a[i].right->wrist_m == b[i].right->wrist_m);
    CHECK(a[i].right->palm_m == b[i].right->palm_m);
  }
  CHECK(seen == 6);  // Read by the header alone, the other 116 rows have a hand in the origin.
  const auto read = [](const std::string& text) {
    Diagnostics ignored;
    return aria::read_wrists_and_palms(text, "w.csv", ignored);
  };
  Csv broken = Csv::parse(*v2, 3);
  broken.rows[1][8] = "0.4";  // Fits neither order: a hand in the origin.
  check_corrupt(read(broken.text()), "w.csv:2");
  check_csv_battery(Csv::parse(*v1, 3), {"tracking_timestamp_us", "left_tracking_confidence"},
                    "tracking_timestamp_us", read,
                    [](const auto& x, const auto& y) { return x.size() == y.size(); });
}

TEST_CASE("aria_mps: gaze of three layouts; empty or zero depth is missing") {
  struct Case {
    const char* file;
    std::size_t rows;
    bool depth;
  };
  for (const Case& c : {Case{"aria/mps/eye_gaze/eyegaze.csv", 123, false},
                        Case{"aria/mps/eye_gaze/generalized_eye_gaze.csv", 123, false},
                        Case{"aria/mps/eye_gaze/generalized_gaze_vergence.csv", 123, true},
                        Case{"aria/adt/eyegaze.csv", 6, false}}) {
    CAPTURE(c.file);
    const auto bytes = sample_bytes(c.file);
    if (!bytes) return;
    const auto read = [](const std::string& text) {
      Diagnostics diagnostics;
      return aria::read_gaze(text, "g.csv", diagnostics);
    };
    const auto gaze = read(*bytes).value();
    REQUIRE(gaze.size() == c.rows);
    CHECK(gaze[0].depth_m.has_value() == c.depth);
    CHECK(gaze[0].left_yaw_rad.has_value() == c.depth);
    check_csv_battery(Csv::parse(*bytes, 3), {"tracking_timestamp_us", "pitch_rads_cpf"},
                      "tracking_timestamp_us", read, [](const auto& a, const auto& b) {
                        return a.size() == b.size() && a[2].yaw_rad == b[2].yaw_rad;
                      });
    Csv behind = Csv::parse(*bytes, 3);
    behind.rows[2][behind.column("pitch_rads_cpf")] = "1.6";
    check_corrupt(read(behind.text()), "g.csv:3:pitch_rads_cpf");
  }
}

TEST_CASE("aria_mps: calibrations of both versions, and the sizes that fit them") {
  const auto old_bytes = sample_bytes("aria/mps/online_calibration.jsonl");
  const auto new_bytes = sample_bytes("aria/mps/online_calibration_v1_1_0.jsonl");
  const auto factory = sample_bytes("aria/adt/factory_calibration.json");
  if (!old_bytes || !new_bytes || !factory) return;
  Diagnostics diagnostics;
  const auto lines = aria::read_online_calibration(*old_bytes, "o", diagnostics).value();
  REQUIRE(lines.size() == 4);
  const aria::CameraCalibration* rgb = aria::find_camera(lines[0], "camera-rgb");
  REQUIRE(rgb != nullptr);
  CHECK(rgb->model.width_px == 2880);  // Principal point 1461: full resolution.
  CHECK(rgb->model.fx_px == Approx(1220.01943882295));
  const aria::CameraCalibration* slam = aria::find_camera(lines[0], "camera-slam-left");
  CHECK(slam->model.fx_px == 241.746429443359375);
  CHECK(slam->model.k1 == -0.02694184333086);
  CHECK(slam->model.s4 == 0.000016337084161);
  CHECK(lines[0].imus[0].device_from_imu.position_m.x == 0.000434745174585);
  CHECK(lines[0].imus[0].gyroscope.time_offset_s == 0.00183883740101);
  const auto newer = aria::read_online_calibration(*new_bytes, "n", diagnostics).value();
  CHECK(aria::find_camera(newer[0], "camera-rgb")->model.width_px == 1408);
  const auto made = aria::read_calibration(*factory, "f", diagnostics).value();
  CHECK_FALSE(made.device_time_ns.has_value());
  CHECK(made.cameras.size() == 5);
  CHECK(aria::find_camera(made, "camera-et-left")->model.kind == CameraModelKind::kannala_brandt);
  CHECK(diagnostics.empty());
  const std::string first = old_bytes->substr(0, old_bytes->find('\n') + 1);
  check_cuts(first, [](const std::string& text) -> Result<std::vector<aria::Calibration>> {
    Diagnostics ignored;
    return aria::read_online_calibration(text, "c.jsonl", ignored);
  });
  const auto read = [](const std::string& text) {
    Diagnostics ignored;
    return aria::read_online_calibration(text, "c.jsonl", ignored);
  };
  check_corrupt(read(first + first), "c.jsonl:line 2:/tracking_timestamp_us");
  std::string skewed = first;
  skewed.replace(skewed.find("0.023948255122171"), 17, "0.123948255122171");
  check_corrupt(read(skewed), "UnitQuaternion");
  std::string centred = first;
  centred.replace(centred.find("320.628753662109375"), 19, "920.628753662109375");
  check_corrupt(read(centred), "/CameraCalibrations/0");
}

TEST_CASE("aria_mps: turning a picture clockwise turns its camera") {
  const auto bytes = sample_bytes("aria/mps/online_calibration.jsonl");
  if (!bytes) return;
  Diagnostics diagnostics;
  const auto lines = aria::read_online_calibration(*bytes, "o", diagnostics).value();
  const CameraModel stored = aria::find_camera(lines[0], "camera-slam-left")->model;
  const CameraModel upright = aria::turned_clockwise(stored);
  CHECK(upright.width_px == stored.height_px);
  for (int i = 0; i < 100; ++i) {
    const Vec3 p = {0.13 * (i % 10) - 0.6, 0.11 * (i / 10) - 0.5, 0.7};
    const auto a = project(stored, p);
    const auto b = project(upright, aria::turned_from_stored() * p);
    REQUIRE(a.has_value());
    REQUIRE(b.has_value());
    CHECK(b->x == Approx(static_cast<double>(stored.height_px) - 1.0 - a->y).margin(1e-9));
    CHECK(b->y == Approx(a->x).margin(1e-9));
  }
}

TEST_CASE("aria_mps: a folder becomes tracks and gaze; the wearer's hands stay with their clock") {
  const auto folder = sample("aria/mps");
  if (!folder) return;
  Diagnostics diagnostics;
  const Imported imported = import_aria_mps(*folder, {}, diagnostics).value();
  REQUIRE(imported.tracks.has_value());
  const Tracks& tracks = *imported.tracks;
  CHECK(tracks.source == "aria-mps");
  CHECK(tracks.frames == 90);  // 2.98 s at 30 Hz.
  CHECK(tracks.camera.size() == 90);
  CHECK(tracks.map_points.size() == 5000);
  CHECK(tracks.up_in_map == Vec3{0, 0, 1});
  CHECK(tracks.hands.empty());  // The sample's hands are 1600 s later: another recording.
  CHECK(diagnostics.contains("hands_outside_path"));
  CHECK(diagnostics.contains("column_order_repaired"));
  REQUIRE(imported.sensors.gazes.size() == 1);
  CHECK(imported.sensors.gazes[0].samples.size() == 123);
  CHECK(imported.sensors.gazes[0].samples[0].time_ns == (148502622 - 149202610) * 1000);
  CHECK(validated(imported.sensors).ok());
  // Centre of the colour camera: the device origin is the left camera, some centimetres away.
  const double offset =
      norm(tracks.camera[0].map_from_camera.position_m - Vec3{0.000292, -0.006405, 0.000467});
  CHECK(offset > 0.003);
  CHECK(offset < 0.15);
}

TEST_CASE("aria_mps: hands of one recording with their path stay where the device saw them") {
  const auto hands = sample("aria/mps/hand_tracking/hand_tracking_results_v2.csv");
  const auto calibration = sample("aria/mps/online_calibration.jsonl");
  const auto path = sample_bytes("aria/mps/closed_loop_trajectory_geo_missing.csv");
  if (!hands || !calibration || !path) return;
  const TemporaryFolder folder;
  copy_sample(*hands, folder.path() / "hand_tracking" / "hand_tracking_results.csv");
  copy_sample(*calibration, folder.path() / "slam" / "online_calibration.jsonl");
  // A path that spans the hands' first two rows, one row before and one behind.
  Csv csv = Csv::parse(*path, 3);
  csv.rows[1][1] = "1762609000", csv.rows[2][1] = "1762700000", csv.rows[3][1] = "1762810000";
  CHECK(write_file(folder.path() / "slam" / "closed_loop_trajectory.csv", csv.text()).ok());
  ImportOptions options;
  options.longest_gap_s = 0.2;
  Diagnostics diagnostics;
  const Imported imported = import_aria_mps(folder.path(), options, diagnostics).value();
  const Tracks& tracks = *imported.tracks;
  REQUIRE(tracks.frames == 2);
  CHECK(tracks.frame_time_ns[1] == (1762809134 - 1762609162) * INT64_C(1000));
  REQUIRE(tracks.hands.size() == 2);
  CHECK(tracks.hands[0].side == HandSide::left);
  CHECK(tracks.hands[0].observations.size() == 2);
  CHECK(tracks.hands[1].observations.size() == 1);
  CHECK(tracks.hands[0].source == Source::imported);
  CHECK(diagnostics.contains("thumb_root_inferred"));
  // Back through the map: the wrist of row 1 in the device frame is landmark 5.
  Diagnostics ignored;
  const auto lines =
      aria::read_online_calibration(read_file(*calibration).value(), "o", ignored).value();
  const aria::CameraCalibration* rgb = aria::find_camera(lines.back(), "camera-rgb");
  const Vec3 wrist_in_device =
      rgb->device_from_camera *
      (inverse(aria::turned_from_stored()) * tracks.hands[0].observations[0].joints_in_camera_m[0]);
  CHECK(norm(wrist_in_device - Vec3{0.187311, -0.188174, 0.247045}) < 1e-9);
  // Without the path the hands stay in the camera's frame and no camera path is claimed.
  fs::remove(folder.path() / "slam" / "closed_loop_trajectory.csv");
  const Imported alone = import_aria_mps(folder.path(), options, ignored).value();
  CHECK(alone.tracks->camera.empty());
  CHECK_FALSE(alone.tracks->map_scale_m.has_value());
  REQUIRE(alone.tracks->hands.size() == 2);
  CHECK(norm(alone.tracks->hands[0].observations[0].joints_in_camera_m[9] -
             tracks.hands[0].observations[0].joints_in_camera_m[9]) < 1e-9);
  // Without a calibration nothing says where the camera is.
  fs::remove(folder.path() / "slam" / "online_calibration.jsonl");
  const auto refused = import_aria_mps(folder.path(), options, ignored);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::unsupported);
  CHECK(import_aria_mps(folder.path() / "nowhere", {}, ignored).error().code ==
        ErrorCode::not_found);
}

TEST_CASE("aria_mps: packed points are refused when cut or when they grow too large") {
  // gzip of "hello\n" by hand: stored block.
  const std::string packed(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x01\x06\x00\xf9\xffhello\n"
      "\x20\x30\x3a\x36\x06\x00\x00\x00",
      29);
  CHECK(foreign::gunzip(packed, "x.gz").value() == "hello\n");
  for (std::size_t length = 0; length < packed.size(); ++length) {
    CAPTURE(length);
    check_corrupt(foreign::gunzip(packed.substr(0, length), "x.gz"), "x.gz: byte");
  }
  std::string damaged = packed;
  damaged[16] = 'H';
  check_corrupt(foreign::gunzip(damaged, "x.gz"), "x.gz");
  CHECK(foreign::gunzip(packed, "x.gz", 5).error().code == ErrorCode::unsupported);
  check_corrupt(foreign::gunzip(packed + "tail", "x.gz"), "x.gz");
}
