// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/egoexo.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "sim/ingest/egoexo/ego_pose.h"
#include "tests/ingest/csv_battery.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;
using namespace hearth::test;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

const std::array<std::string, 5> kFingers = {"thumb", "index", "middle", "ring", "pinky"};

/// Joint k (1..4) of a finger; the wrist is at the origin of the hand.
Vec3 made_joint(std::size_t finger, std::size_t k) {
  const std::array<double, 4> along = {0.0, 0.04, 0.065, 0.085};
  return {0.02 * static_cast<double>(finger) - 0.04, 0.01,
          (finger == 0 ? 0.03 : 0.09) + along[k - 1]};
}

json joint(Vec3 p, int views) {
  return {{"x", p.x}, {"y", p.y}, {"z", p.z}, {"num_views_for_3d", views}};
}

json hand_at(const std::string& side, Vec3 wrist) {
  json joints;
  joints[side + "_wrist"] = joint(wrist, 4);
  for (std::size_t f = 0; f < 5; ++f) {
    for (std::size_t k = 1; k <= 4; ++k) {
      joints[side + "_" + kFingers[f] + "_" + std::to_string(k)] =
          joint(wrist + made_joint(f, k), 3);
    }
  }
  return joints;
}

/// Frames 60 and 63: both hands, then the right one alone.
json annotation() {
  json both = hand_at("left", {0.2, 0.6, 1.0});
  both.update(hand_at("right", {-0.2, 0.6, 1.0}));
  both["nose-tip"] = joint({0, 0, 1}, 2);
  json file;
  file["60"] = json::array({{{"metadata", json::object()}, {"annotation3D", both}}});
  file["63"] = json::array({{{"annotation3D", hand_at("right", {-0.1, 0.6, 1.0})}}});
  return file;
}

/// Glasses at (0, 0, 1.6) that look along world y, level: camera x is world x, y down is -z.
json cameras() {
  const json pose =
      json::array({json::array({1.0, 0.0, 0.0, 0.0}), json::array({0.0, 0.0, -1.0, 1.6}),
                   json::array({0.0, 1.0, 0.0, 0.0})});
  json file;
  file["metadata"] = {{"take_uid", "t"}};
  file["cam01"] = {{"camera_intrinsics", 1}};
  file["aria02"]["camera_intrinsics"] =
      json::array({json::array({150.0, 0.0, 255.5}), json::array({0.0, 150.0, 255.5}),
                   json::array({0.0, 0.0, 1.0})});
  for (const char* frame : {"60", "61", "62", "63"}) {
    file["aria02"]["camera_extrinsics"][frame] = pose;
  }
  return file;
}

}  // namespace

TEST_CASE("egoexo: a take becomes tracks: frame numbers, camera and hands in hearth's order") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "hand" / "annotation" / "t.json";
  fs::create_directories(file.parent_path());
  fs::create_directories(folder.path() / "camera_pose");
  REQUIRE(write_file(file, annotation().dump()).ok());
  Diagnostics diagnostics;
  CHECK(import_egoexo(file, {}, diagnostics).error().code == ErrorCode::unsupported);
  REQUIRE(write_file(folder.path() / "camera_pose" / "t.json", cameras().dump()).ok());
  const Imported imported = import_egoexo(file, {}, diagnostics).value();
  const Tracks& tracks = *imported.tracks;
  CHECK(tracks.frames == 4);
  CHECK(tracks.frame_time_ns[3] == 100000000);
  CHECK(tracks.camera_model.width_px == 512);
  CHECK(diagnostics.contains("frame_size_inferred"));
  REQUIRE(tracks.hands.size() == 2);
  CHECK(tracks.hands[0].observations.size() == 1);
  const HandTrack& right = tracks.hands[1];
  // Frames 61 and 62 have a camera but no annotation: the hand is missing there.
  REQUIRE(right.observations.size() == 2);
  CHECK(right.observations[1].frame == 3);
  const Vec3 tip = Vec3{-0.1, 0.6, 1.0} + made_joint(4, 4);
  CHECK(norm(tracks.camera[3].map_from_camera * right.observations[1].joints_in_camera_m[20] -
             tip) < 1e-12);
  CHECK(norm(tracks.camera[0].map_from_camera.position_m - Vec3{0, 0, 1.6}) < 1e-12);
  CHECK(right.observations[0].joints_px[0].x == Approx(255.5 - 150.0 * 0.2 / 0.6));
  CHECK(right.observations[0].joints_px[0].y == Approx(255.5 + 150.0 * 0.6 / 0.6));
}

TEST_CASE("egoexo: on the frames of a clip hands are interpolated and marked") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "t.json";
  fs::create_directories(folder.path() / "camera_pose");
  REQUIRE(write_file(file, annotation().dump()).ok());
  REQUIRE(write_file(folder.path() / "camera_pose" / "t.json", cameras().dump()).ok());
  ImportOptions options;
  options.episode.emplace();
  for (int i = 0; i < 70; ++i) {
    options.episode->frame_time_ns.push_back(ns_from_seconds(static_cast<double>(i) / 30.0));
  }
  Diagnostics diagnostics;
  const Imported imported = import_egoexo(file, options, diagnostics).value();
  CHECK(imported.tracks->frames == 70);
  CHECK(imported.tracks->camera.size() == 4);
  CHECK(imported.tracks->camera[0].frame == 60);
  const HandTrack& right = imported.tracks->hands[1];
  REQUIRE(right.observations.size() == 4);
  CHECK(right.observations[0].observed);
  CHECK_FALSE(right.observations[1].observed);
  CHECK(right.observations[3].observed);
  const Vec3 between =
      imported.tracks->camera[1].map_from_camera * right.observations[1].joints_in_camera_m[0];
  CHECK(norm(between - Vec3{-0.2 + 0.1 / 3.0, 0.6, 1.0}) < 1e-6);
  CHECK_FALSE(diagnostics.contains("clock_guessed"));
}

TEST_CASE("egoexo: hands that are not whole are missing, and damage is refused with its place") {
  Diagnostics diagnostics;
  const auto read = [&](const json& file) {
    return egoexo::read_annotation(file.dump(), "a.json", diagnostics);
  };
  CHECK(read(annotation()).value().size() == 2);
  CHECK(diagnostics.empty());
  json one_view = annotation();
  one_view["63"][0]["annotation3D"]["right_index_2"]["num_views_for_3d"] = 1;
  CHECK(read(one_view).value().size() == 1);
  CHECK(diagnostics.contains("hand_incomplete"));
  json lacking = annotation();
  lacking["63"][0]["annotation3D"].erase("right_thumb_1");
  CHECK(read(lacking).value().size() == 1);
  json hyphen = annotation();
  hyphen["63"][0]["annotation3D"]["right_wrist"]["x"] = nullptr;
  check_corrupt(read(hyphen), "a.json:/63/0/annotation3D/right_wrist/x");
  json named = annotation();
  named["first"] = named["60"];
  check_corrupt(read(named), "a.json:/first");
  json away = annotation();
  away["60"][0]["annotation3D"]["left_wrist"]["x"] = 1000.0;
  check_corrupt(read(away), "/60/0/annotation3D/left_wrist");
  check_cuts(annotation().dump(), [&](const std::string& text) {
    return egoexo::read_annotation(text, "a.json", diagnostics);
  });
  const auto glasses = [&](const json& file) {
    return egoexo::read_cameras(file.dump(), "c.json", diagnostics);
  };
  CHECK(glasses(cameras()).value().world_from_camera.size() == 4);
  json skewed = cameras();
  skewed["aria02"]["camera_extrinsics"]["61"][0][0] = 1.1;
  check_corrupt(glasses(skewed), "/aria02/camera_extrinsics/61");
  json mirrored = cameras();
  mirrored["aria02"]["camera_extrinsics"]["61"][0][0] = -1.0;
  check_corrupt(glasses(mirrored), "/aria02/camera_extrinsics/61");
  json other = cameras();
  other["gopro"] = other["aria02"];
  other.erase("aria02");
  check_corrupt(glasses(other), "c.json");
  json flat = cameras();
  flat["aria02"]["camera_intrinsics"][0][0] = 0.0;
  check_corrupt(glasses(flat), "/aria02/camera_intrinsics");
  check_cuts(cameras().dump(), [&](const std::string& text) {
    return egoexo::read_cameras(text, "c.json", diagnostics);
  });
}
