// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/hot3d.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "sim/ingest/aria_mps/calibration.h"
#include "sim/ingest/foreign/glb_extent.h"
#include "sim/ingest/foreign/object_rows.h"
#include "sim/ingest/hot3d/hand_poses.h"
#include "sim/ingest/hot3d/hand_rig.h"
#include "sim/ingest/hot3d/headset.h"
#include "sim/ingest/hot3d/masks.h"
#include "tests/ingest/csv_battery.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;
using namespace hearth::test;
namespace fs = std::filesystem;

namespace {

const std::string kAria = "hot3d/aria_P0003/";

/// Largest distance of the object's origin, seen from a wrist, to its mean, times two.
double spread_m(const std::vector<Vec3>& points) {
  Vec3 mean;
  for (const Vec3 p : points) mean = mean + (1.0 / static_cast<double>(points.size())) * p;
  double farthest = 0.0;
  for (const Vec3 p : points) farthest = std::max(farthest, norm(p - mean));
  return 2.0 * farthest;
}

const ObjectSighting* object_called(const Tracks& tracks, const std::string& category) {
  for (const ObjectSighting& object : tracks.objects) {
    if (object.category == category) return &object;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("hot3d: the rig at rest is its landmarks at rest, and the right hand their mirror") {
  const auto bytes = sample_bytes(kAria + "umetrack_hand_user_profile.json");
  if (!bytes) return;
  const hot3d::HandRig rig = hot3d::read_hand_rig(*bytes, "rig.json").value();
  const hot3d::RigPose left = hot3d::pose_rig(rig, HandSide::left, {}, {});
  const hot3d::RigPose right = hot3d::pose_rig(rig, HandSide::right, {}, {});
  for (std::size_t i = 0; i < left.landmarks_m.size(); ++i) {
    CHECK(norm(left.landmarks_m[i] - rig.landmarks[i].p_at_rest_m) < 1e-6);
    CHECK(right.landmarks_m[i].x == Approx(-left.landmarks_m[i].x).margin(1e-12));
  }
  const HandJoints joints = hot3d::joints_from_rig(left);
  CHECK(norm(joints[0]) < 1e-12);
  // Index tip 7 of the file: millimetres there, metres here.
  CHECK(norm(joints[8] - Vec3{0.180185410499, -0.003001284361, 0.017828264236}) < 1e-9);
  CHECK(hand_length_m(joints) == Approx(0.1897).margin(1e-3));
}

TEST_CASE("hot3d: posed hands lie in the boxes that annotators' hands fill") {
  const auto rig_bytes = sample_bytes(kAria + "umetrack_hand_user_profile.json");
  const auto pose_bytes = sample_bytes(kAria + "umetrack_hand_pose_trajectory.jsonl");
  const auto head_bytes = sample_bytes(kAria + "headset_trajectory.csv");
  const auto box_bytes = sample_bytes(kAria + "box2d_hands.csv");
  const auto calibration = sample_bytes(kAria + "mps_online_calibration.jsonl");
  if (!rig_bytes || !pose_bytes || !head_bytes || !box_bytes || !calibration) return;
  Diagnostics diagnostics;
  const auto rig = hot3d::read_hand_rig(*rig_bytes, "r").value();
  const auto poses = hot3d::read_hand_poses(*pose_bytes, "p").value();
  const auto head = foreign::read_object_poses(*head_bytes, "h", diagnostics).value();
  const auto boxes = foreign::read_boxes(*box_bytes, "b", "hand_index", diagnostics).value();
  const auto lines = aria::read_online_calibration(*calibration, "c", diagnostics).value();
  CHECK(diagnostics.contains("box_missing"));
  CHECK(poses.size() == 68);
  const std::map<std::string, std::string> label_of = {
      {"214-1", "camera-rgb"}, {"1201-1", "camera-slam-left"}, {"1201-2", "camera-slam-right"}};
  int checked = 0;
  for (const foreign::BoxRow& box : boxes) {
    const aria::CameraCalibration* camera = aria::find_camera(lines[0], label_of.at(box.stream));
    const auto at = std::find_if(poses.begin(), poses.end(),
                                 [&](const auto& line) { return line.time_ns == box.time_ns; });
    const auto row = std::find_if(head[0].rows.begin(), head[0].rows.end(),
                                  [&](const auto& pose) { return pose.time_ns == box.time_ns; });
    REQUIRE(at != poses.end());
    REQUIRE(row != head[0].rows.end());
    const HandSide side = box.uid == "0" ? HandSide::left : HandSide::right;
    const auto& hand = side == HandSide::left ? at->left : at->right;
    REQUIRE(hand.has_value());
    const auto posed = hot3d::pose_rig(rig, side, hand->world_from_wrist, hand->angles_rad);
    const Pose camera_from_world = inverse(row->world_from_object * camera->device_from_camera);
    Vec2 low = {1e9, 1e9};
    Vec2 high = {-1e9, -1e9};
    for (const Vec3 p : posed.landmarks_m) {
      const auto pixel = project(camera->model, camera_from_world * p);
      REQUIRE(pixel.has_value());
      low = {std::min(low.x, pixel->x), std::min(low.y, pixel->y)};
      high = {std::max(high.x, pixel->x), std::max(high.y, pixel->y)};
    }
    // Boxes hold the skin, landmarks the bones: inside up to rounding, and most of the box.
    const double slack = 3.0;
    CHECK(low.x > box.min_px.x - slack);
    CHECK(low.y > box.min_px.y - slack);
    CHECK(high.x < box.max_px.x + slack);
    CHECK(high.y < box.max_px.y + slack);
    CHECK(high.x - low.x > 0.6 * (box.max_px.x - box.min_px.x));
    CHECK(high.y - low.y > 0.6 * (box.max_px.y - box.min_px.y));
    ++checked;
  }
  CHECK(checked == 184);
}

TEST_CASE("hot3d: a recording becomes tracks with hands, objects, boxes and a camera path") {
  const auto folder = sample(kAria);
  if (!folder) return;
  Diagnostics diagnostics;
  const Imported imported = import_hot3d(*folder, {}, diagnostics).value();
  const Tracks& tracks = *imported.tracks;
  CHECK(tracks.frames == 34);
  CHECK(tracks.camera.size() == 34);
  CHECK(tracks.camera_model.width_px == 1408);
  CHECK(tracks.hands.size() == 2);
  CHECK(tracks.objects.size() == 6);
  CHECK(tracks.boxes.size() == 8);
  CHECK(diagnostics.contains("mano_ignored"));
  CHECK(diagnostics.contains("object_size_guessed"));
  // The frame of the file is Z-up already: the keyboard lies at its own height.
  const ObjectSighting* keyboard = object_called(tracks, "keyboard");
  REQUIRE(keyboard != nullptr);
  CHECK(keyboard->shape.size_m.z == Approx(0.0203).margin(1e-3));  // Flat: up is its thin side.
  const Pose first = keyboard->observations[0].map_from_object;
  CHECK(norm(first.position_m - Vec3{-0.1978888771, -0.1862515117, -0.4162614496}) < 0.02);
  CHECK((first.rotation * Vec3{0, 0, 1}).z > 0.99);
  // The sample's known result: only the coffee pot moves, 13.3 mm, with the left hand.
  const ObjectSighting* pot = object_called(tracks, "coffee_pot");
  REQUIRE(pot != nullptr);
  double moved = 0.0;
  std::array<std::vector<Vec3>, 2> from_wrist;
  for (std::size_t i = 0; i < pot->observations.size(); ++i) {
    const Vec3 p = pot->observations[i].map_from_object.position_m;
    moved = std::max(moved, norm(p - pot->observations[0].map_from_object.position_m));
    for (std::size_t h = 0; h < 2; ++h) {
      const HandObservation& hand = tracks.hands[h].observations[i];
      REQUIRE(hand.frame == pot->observations[i].frame);
      HandJoints joints = hand.joints_in_camera_m;
      for (Vec3& joint : joints) joint = tracks.camera[i].map_from_camera * joint;
      from_wrist[h].push_back(inverse(wrist_pose(joints, tracks.hands[h].side)) * p);
    }
  }
  CHECK(moved == Approx(0.0133).margin(0.001));
  // The wrist frame here is made of joints and not the file's, hence the margin on .008 and .017.
  CHECK(spread_m(from_wrist[0]) == Approx(0.0080).margin(0.004));
  CHECK(spread_m(from_wrist[0]) < spread_m(from_wrist[1]));
  for (const ObjectSighting& object : tracks.objects) {
    if (object.category == "coffee_pot") continue;
    CHECK(norm(object.observations.back().map_from_object.position_m -
               object.observations.front().map_from_object.position_m) < 0.001);
  }
}

TEST_CASE("hot3d: boxes of the upright picture hold the projected hands") {
  const auto folder = sample(kAria);
  if (!folder) return;
  Diagnostics diagnostics;
  const Imported imported = import_hot3d(*folder, {}, diagnostics).value();
  const Tracks& tracks = *imported.tracks;
  for (const HandTrack& hand : tracks.hands) {
    const auto boxes = std::find_if(tracks.boxes.begin(), tracks.boxes.end(), [&](const auto& b) {
      return b.kind == BoxKind::hand && b.id == hand.id;
    });
    REQUIRE(boxes != tracks.boxes.end());
    for (const BoxObservation& box : boxes->observations) {
      const HandObservation& seen = hand.observations[static_cast<std::size_t>(box.frame)];
      for (const Vec2 pixel : seen.joints_px) {
        CHECK(pixel.x > box.min_px.x - 3.0);
        CHECK(pixel.x < box.max_px.x + 3.0);
        CHECK(pixel.y > box.min_px.y - 3.0);
        CHECK(pixel.y < box.max_px.y + 3.0);
      }
    }
  }
}

TEST_CASE("hot3d: a Quest recording is Y-up, and without a profile its hands are missing") {
  const auto folder = sample("hot3d/quest3_P0002");
  if (!folder) return;
  Diagnostics diagnostics;
  const Imported imported = import_hot3d(*folder, {}, diagnostics).value();
  const Tracks& tracks = *imported.tracks;
  CHECK(tracks.frames == 15);
  CHECK(tracks.hands.empty());
  CHECK(diagnostics.contains("hand_profile_missing"));
  CHECK(diagnostics.contains("up_assumed"));
  CHECK(tracks.camera_model.width_px == 1024);
  CHECK(tracks.camera_model.kind == CameraModelKind::fisheye624);
  // The head is 1.17 m up and the mouse moves 34.4 mm.
  CHECK(tracks.camera[0].map_from_camera.position_m.z == Approx(1.17).margin(0.2));
  const ObjectSighting* mouse = object_called(tracks, "mouse");
  REQUIRE(mouse != nullptr);
  double moved = 0.0;
  for (const ObjectObservation& o : mouse->observations) {
    moved = std::max(moved, norm(o.map_from_object.position_m -
                                 mouse->observations[0].map_from_object.position_m));
  }
  CHECK(moved == Approx(0.0344).margin(0.001));
}

TEST_CASE("hot3d: objects whose mesh is at hand have its size; others say that they are guessed") {
  const auto phone = sample_bytes("hot3d/object_library/5462893327580.glb");
  if (!phone) return;
  const auto extent = foreign::extent_of_glb(*phone, "phone.glb").value();
  const Vec3 size = extent.max_m - extent.min_m;
  CHECK(size.x == Approx(0.0729).margin(1e-3));
  CHECK(size.y == Approx(0.0103).margin(1e-3));
  CHECK(size.z == Approx(0.1540).margin(1e-3));
  const foreign::StandingBox box = foreign::standing_box(extent, {0.0, -1.0, 0.0});
  CHECK(box.shape.size_m.z == Approx(size.y));
  CHECK(norm(box.object_from_shape.rotation * Vec3{0, 0, 1} - Vec3{0, -1, 0}) < 1e-12);
  for (std::size_t length = 0; length < phone->size(); length += 997) {
    const auto cut = foreign::extent_of_glb(phone->substr(0, length), "phone.glb");
    CHECK_FALSE(cut.ok());
  }
  std::string other = *phone;
  other[4] = 1;
  CHECK(foreign::extent_of_glb(other, "x").error().code == ErrorCode::unsupported);
}

TEST_CASE("hot3d: tables of objects, boxes and masks that are damaged are refused") {
  const auto poses = sample_bytes(kAria + "headset_trajectory.csv");
  const auto boxes = sample_bytes(kAria + "box2d_objects.csv");
  const auto mask = sample_bytes(kAria + "masks/mask_hand_visible.csv");
  if (!poses || !boxes || !mask) return;
  Diagnostics diagnostics;
  const auto read_poses = [&](const std::string& text) {
    return foreign::read_object_poses(text, "o.csv", diagnostics);
  };
  check_csv_battery(Csv::parse(*poses, 4), {"timestamp[ns]", "t_wo_x[m]", "q_wo_w", "q_wo_z"},
                    "timestamp[ns]", read_poses, [](const auto& a, const auto& b) {
                      return a[0].rows[3].world_from_object == b[0].rows[3].world_from_object;
                    });
  Csv skewed = Csv::parse(*poses, 4);
  skewed.rows[2][skewed.column("q_wo_w")] = "0.5";
  check_corrupt(read_poses(skewed.text()), "o.csv:3:q_wo_w");
  const auto read_boxes = [&](const std::string& text) {
    return foreign::read_boxes(text, "b.csv", "object_uid", diagnostics);
  };
  check_csv_battery(Csv::parse(*boxes, 4), {"timestamp[ns]", "x_min[pixel]", "y_max[pixel]"}, "",
                    read_boxes, [](const auto& a, const auto& b) {
                      return a.size() == b.size() && a[2].max_px == b[2].max_px;
                    });
  Csv turned = Csv::parse(*boxes, 4);
  std::swap(turned.rows[1][turned.column("x_min[pixel]")],
            turned.rows[1][turned.column("x_max[pixel]")]);
  check_corrupt(read_boxes(turned.text()), "b.csv:2:x_max[pixel]");
  Csv percent = Csv::parse(*boxes, 4);
  percent.rows[1][percent.column("visibility_ratio[%]")] = "73.7";
  check_corrupt(read_boxes(percent.text()), "b.csv:2:visibility_ratio[%]");
  const auto read_mask = [&](const std::string& text) {
    return hot3d::read_mask(text, "m.csv", "214-1", diagnostics);
  };
  check_cuts(Csv::parse(*mask, 4).text(), read_mask);
  CHECK(read_mask("timestamp[ns],stream_id,mask\n5,214-1,False\n6,1201-1,False\n").value() ==
        std::set<TimeNs>{5});
  check_corrupt(read_mask("timestamp[ns],stream_id,mask\n5,214-1,maybe\n"), "m.csv:2:mask");
}

TEST_CASE("hot3d: hand files that are damaged, mixed up or MANO are refused") {
  const auto bytes = sample_bytes(kAria + "umetrack_hand_pose_trajectory.jsonl");
  const auto mano = sample_bytes(kAria + "mano_hand_pose_trajectory.jsonl");
  const auto profile = sample_bytes(kAria + "umetrack_hand_user_profile.json");
  if (!bytes || !mano || !profile) return;
  const auto read = [](const std::string& text) { return hot3d::read_hand_poses(text, "h"); };
  const std::string first = bytes->substr(0, bytes->find('\n') + 1);
  check_cuts(first, read);
  check_corrupt(read(first + first), "h:line 2:/timestamp_ns");
  std::string skewed = first;
  skewed.replace(skewed.find("0.9690955"), 9, "0.5690955");
  check_corrupt(read(skewed), "h:line 1:/hand_poses/0/wrist_xform/q_wxyz");
  std::string third = first;
  third.replace(third.find("\"1\": {"), 6, "\"2\": {");
  check_corrupt(read(third), "/hand_poses/2");
  CHECK(read(*mano).error().code == ErrorCode::unsupported);
  const auto rig = [](const std::string& text) { return hot3d::read_hand_rig(text, "r"); };
  for (std::size_t length = 0; length < profile->size(); length += 4999) {
    check_corrupt(rig(profile->substr(0, length)), "r");
  }
  std::string metres = *profile;  // Another unit shows in the length of the hand.
  const std::size_t tip = metres.find("180.185");
  REQUIRE(tip != std::string::npos);
  std::string chained = *profile;
  const std::size_t parents = chained.find("\"joint_parent\"");
  REQUIRE(parents != std::string::npos);
  const std::size_t one = chained.find("1.0", parents);
  chained.replace(one, 3, "3.0");
  check_corrupt(rig(chained), "/hand_model/joint_parent/2");
}

TEST_CASE("hot3d: masks take frames out, and foreign headsets are refused") {
  const auto folder = sample(kAria);
  if (!folder) return;
  const TemporaryFolder copy;
  const fs::path to = copy.path() / "P";
  fs::copy(*folder, to, fs::copy_options::recursive);
  fs::permissions(to, fs::perms::owner_all);
  for (const auto& entry : fs::recursive_directory_iterator(to)) {
    fs::permissions(entry.path(), fs::perms::owner_all);
  }
  const fs::path mask = to / "masks" / "mask_hand_pose_available.csv";
  std::string text = read_file(mask).value();
  for (int i = 0; i < 3; ++i) {  // The first rows are 214-1, 1201-1, 1201-2.
    text.replace(text.find("True"), 4, "False");
  }
  REQUIRE(write_file(mask, text).ok());
  Diagnostics diagnostics;
  const Imported imported = import_hot3d(to, {}, diagnostics).value();
  CHECK(diagnostics.contains("masked_out"));
  CHECK(imported.tracks->hands[0].observations.size() == 33);
  CHECK(imported.tracks->hands[0].observations[0].frame == 1);
  REQUIRE(write_file(to / "metadata.json", "{\"headset\": \"HoloLens\"}").ok());
  CHECK(import_hot3d(to, {}, diagnostics).error().code == ErrorCode::unsupported);
  REQUIRE(write_file(to / "metadata.json", "{\"headset\": \"Aria\"}").ok());
  fs::remove(to / "mps_online_calibration.jsonl");
  CHECK(import_hot3d(to, {}, diagnostics).error().code == ErrorCode::unsupported);
}
