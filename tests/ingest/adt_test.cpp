// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/adt.h>
#include <hearth/ingest/aria_vrs.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "sim/ingest/adt/scene.h"
#include "sim/ingest/aria_vrs/streams.h"
#include "tests/ingest/csv_battery.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;
using namespace hearth::test;
namespace fs = std::filesystem;

namespace {

const ObjectSighting* object_of(const Tracks& tracks, const std::string& uid) {
  for (const ObjectSighting& object : tracks.objects) {
    if (object.id == uid) return &object;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("adt: the apartment becomes Z-up, with every object in its place") {
  const auto folder = sample("aria/adt");
  if (!folder) return;
  Diagnostics diagnostics;
  const Imported imported = import_adt(*folder, {}, diagnostics).value();
  const Tracks& tracks = *imported.tracks;
  CHECK(tracks.frames == 6);
  CHECK(tracks.camera.size() == 6);  // Path in microseconds, frames in nanoseconds: the same.
  CHECK(tracks.frame_time_ns[1] == 87551204238700 - 87551170910700);
  CHECK(tracks.objects.size() == 349);
  CHECK(tracks.hands.empty());
  CHECK(diagnostics.contains("skeleton_ignored"));
  CHECK(diagnostics.contains("depth_ignored"));
  // Camera: 1.556 m of height is y in the file and z here; the colour camera sits near the origin.
  const Vec3 eye = tracks.camera[0].map_from_camera.position_m;
  CHECK(norm(eye - Vec3{0.09294414, -2.40972621, 1.55619802}) < 0.1);
  CHECK(norm(eye - Vec3{0.09294414, -2.40972621, 1.55619802}) > 0.001);
  CHECK(tracks.camera_model.width_px == 1408);
  CHECK(tracks.camera_model.fx_px == Approx(1221.882015735315 / 2));
  CHECK(tracks.camera_model.cy_px == Approx((1462.729668220901 - 31.5) / 2 - 0.5));
  // A hook on the wall: origin (2.0189, 1.5131, -0.0013) in the file.
  const ObjectSighting* hook = object_of(tracks, "5691266090916432");
  REQUIRE(hook != nullptr);
  CHECK(hook->category == "hook");
  REQUIRE(hook->observations.size() == 1);
  CHECK(norm(hook->observations[0].map_from_object.position_m -
             Vec3{2.01891451, 0.00129732, 1.51310541}) < 0.2);
  // A cup-like thing: x and z +-2.1 cm, y from 0 to 11.4 cm, so 11.4 cm high.
  const ObjectSighting* tall = object_of(tracks, "4885175544866890");
  REQUIRE(tall != nullptr);
  CHECK(tall->shape.size_m.z == Approx(0.1142258).margin(1e-6));
  REQUIRE(imported.sensors.gazes.size() == 1);
  CHECK(imported.sensors.gazes[0].samples.size() == 6);
  CHECK_FALSE(imported.sensors.gazes[0].samples[0].depth_m.has_value());
}

TEST_CASE("adt: objects seen through the camera lie in the boxes of the picture") {
  const auto folder = sample("aria/adt");
  if (!folder) return;
  Diagnostics diagnostics;
  const Imported imported = import_adt(*folder, {}, diagnostics).value();
  const Tracks& tracks = *imported.tracks;
  const Pose camera_from_map = inverse(tracks.camera[0].map_from_camera);
  int inside = 0;
  int checked = 0;
  for (const BoxTrack& boxes : tracks.boxes) {
    const BoxObservation& box = boxes.observations.front();
    if (box.frame != 0 || box.visibility < 0.95) continue;
    const ObjectSighting* object = object_of(tracks, boxes.id);
    if (object == nullptr) continue;  // The wearer's own body.
    const auto pixel = project(
        tracks.camera_model, camera_from_map * object->observations[0].map_from_object.position_m);
    if (!pixel) continue;
    ++checked;
    const double slack = 4.0;
    if (pixel->x > box.min_px.x - slack && pixel->x < box.max_px.x + slack &&
        pixel->y > box.min_px.y - slack && pixel->y < box.max_px.y + slack) {
      ++inside;
    }
  }
  // Boxes of things at the border are cut by it, and of hollow things the middle may be elsewhere.
  CHECK(checked > 25);
  CHECK(inside >= 0.9 * checked);
}

TEST_CASE("adt: on the frames of its own recording the camera is where it was", "[slow]") {
  const auto folder = sample("aria/adt");
  if (!folder) return;
  Diagnostics diagnostics;
  const Imported recording = import_aria_vrs(*folder / "video.vrs", {}, diagnostics).value();
  const TemporaryFolder out;
  const ImportReport report = write_import(recording, out.path(), {}, diagnostics).value();
  ImportOptions options;
  options.episode = *report.episode;
  vrs::VrsFile file = vrs::open_vrs(*folder / "video.vrs").value();
  REQUIRE(vrs::for_each_jpeg(file, {214, 1}, [&](TimeNs time_ns, std::string_view) {
            if (!options.clock_offset_s) options.clock_offset_s = -seconds_from_ns(time_ns);
            return Result<Done>(Done{});
          }).ok());
  const Imported placed = import_adt(*folder, options, diagnostics).value();
  const Imported own = import_adt(*folder, {}, diagnostics).value();
  CHECK(placed.tracks->frame_time_ns == report.episode->frame_time_ns);
  REQUIRE(placed.tracks->camera.size() == 3);
  CHECK_FALSE(diagnostics.contains("clock_guessed"));
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(norm(placed.tracks->camera[i].map_from_camera.position_m -
               own.tracks->camera[i].map_from_camera.position_m) < 1e-4);
  }
  CHECK(placed.tracks->boxes.size() > 80);
  CHECK(placed.tracks->camera_model == report.episode->camera);
}

TEST_CASE("adt: without factory_calibration.json the recording's own tag serves") {
  const auto folder = sample("aria/adt");
  if (!folder) return;
  const TemporaryFolder copy;
  for (const char* name : {"2d_bounding_box.csv", "3d_bounding_box.csv", "aria_trajectory.csv",
                           "instances.json", "scene_objects.csv"}) {
    fs::copy_file(*folder / name, copy.path() / name);
  }
  Diagnostics diagnostics;
  const auto refused = import_adt(copy.path(), {}, diagnostics);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::unsupported);
  fs::copy_file(*folder / "video.vrs", copy.path() / "video.vrs");
  const Imported from_tag = import_adt(copy.path(), {}, diagnostics).value();
  const Imported from_file = import_adt(*folder, {}, diagnostics).value();
  CHECK(from_tag.tracks->camera_model == from_file.tracks->camera_model);
  CHECK(from_tag.tracks->camera == from_file.tracks->camera);
}

TEST_CASE("adt: damaged scene files are refused") {
  const auto extents = sample_bytes("aria/adt/3d_bounding_box.csv");
  const auto objects = sample_bytes("aria/adt/scene_objects.csv");
  const auto instances = sample_bytes("aria/adt/instances.json");
  if (!extents || !objects || !instances) return;
  const auto read = [](const std::string& text) {
    Diagnostics diagnostics;
    return adt::read_extents(text, "b.csv", diagnostics);
  };
  CHECK(read(*extents).value().size() == 349);
  check_csv_battery(Csv::parse(*extents, 4), {"timestamp[ns]", "p_local_obj_xmin[m]"}, "", read,
                    [](const auto& a, const auto& b) {
                      return a.size() == b.size() &&
                             a.begin()->second.max_m == b.begin()->second.max_m;
                    });
  Csv turned = Csv::parse(*extents, 4);
  std::swap(turned.rows[1][turned.column("p_local_obj_ymin[m]")],
            turned.rows[1][turned.column("p_local_obj_ymax[m]")]);
  check_corrupt(read(turned.text()), "b.csv:2:p_local_obj_ymax[m]");
  Csv twice = Csv::parse(*extents, 4);
  twice.rows.push_back(twice.rows[1]);
  check_corrupt(read(twice.text()), "b.csv:6:object_uid");
  const auto names = [](const std::string& text) { return adt::read_instances(text, "i.json"); };
  CHECK(names(*instances).value().size() == 350);
  CHECK(names(*instances).value().at("5691266090916432").category == "hook");
  for (std::size_t length = 0; length < instances->size(); length += 1499) {
    check_corrupt(names(instances->substr(0, length)), "i.json");
  }
  std::string odd = *instances;
  odd.replace(odd.find("\"static\""), 8, "\"flying\"");
  check_corrupt(names(odd), "/motion_type");
}
