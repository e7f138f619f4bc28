// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/adt.h>
#include <hearth/io/files.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

#include "scene.h"
#include "sim/ingest/aria_mps/calibration.h"
#include "sim/ingest/aria_mps/gaze.h"
#include "sim/ingest/aria_mps/trajectory.h"
#include "sim/ingest/aria_vrs/vrs_file.h"
#include "sim/ingest/foreign/find_file.h"
#include "sim/ingest/foreign/object_rows.h"
#include "sim/ingest/foreign/origin.h"
#include "sim/ingest/foreign/world_recording.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

using foreign::WorldBoxes;
using foreign::WorldObject;
using foreign::WorldRecording;

constexpr const char* kStream = "214-1";
constexpr TimeNs kMicrosecondNs = 1000;

/// One reading of a recording, file by file.
class AdtReader {
 public:
  AdtReader(const fs::path& folder, Diagnostics& diagnostics)
      : folder_(folder), diagnostics_(diagnostics) {}
  Result<WorldRecording> read();

 private:
  Result<Done> read_calibration();
  Result<Done> read_boxes();
  Result<Done> read_path();
  Result<Done> read_objects();
  void add_object(const foreign::ObjectPoses& poses, const adt::Instance& instance,
                  const foreign::ObjectExtent& extent);
  void report_ignored();

  const fs::path& folder_;
  Diagnostics& diagnostics_;
  CameraModel stored_model_{};
  Pose device_from_camera_{};
  WorldRecording recording_{};
  std::set<TimeNs> frame_times_{};
};

Result<Done> AdtReader::read_calibration() {
  Result<std::string> json = std::string();
  std::string name = (folder_ / "factory_calibration.json").string();
  if (foreign::find_file(folder_, {"factory_calibration.json"})) {
    json = read_file(name);
  } else if (const auto vrs = foreign::find_file(folder_, {"video.vrs", "main_recording.vrs"})) {
    name = vrs->string() + ":calib_json";
    json = vrs::read_file_tag(*vrs, "calib_json");
  } else {
    return Error{ErrorCode::unsupported,
                 "there is neither a recording (video.vrs) nor factory_calibration.json to say "
                 "where the camera sits",
                 folder_.string()};
  }
  if (!json) return json.error();
  const Result<aria::Calibration> calibration = aria::read_calibration(*json, name, diagnostics_);
  if (!calibration) return calibration.error();
  const aria::CameraCalibration* rgb = aria::find_camera(*calibration, "camera-rgb");
  if (rgb == nullptr) return Error{ErrorCode::corrupt, "there is no camera-rgb", name};
  stored_model_ = aria::recorded_model(rgb->model);
  device_from_camera_ = rgb->device_from_camera * inverse(aria::turned_from_stored());
  return Done{};
}

Result<Done> AdtReader::read_boxes() {
  const fs::path file = folder_ / "2d_bounding_box.csv";
  if (!foreign::find_file(folder_, {"2d_bounding_box.csv"})) return Done{};
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  const auto rows = foreign::read_boxes(*bytes, file.string(), "object_uid", diagnostics_);
  if (!rows) return rows.error();
  std::map<std::string, std::size_t> place_of;
  const double last_row_px = static_cast<double>(stored_model_.height_px) - 1.0;
  for (const foreign::BoxRow& row : *rows) {
    if (row.stream != kStream) continue;
    frame_times_.insert(row.time_ns);
    const auto [place, fresh] = place_of.emplace(row.uid, recording_.boxes.size());
    if (fresh) {
      WorldBoxes boxes;
      boxes.id = row.uid;
      recording_.boxes.push_back(std::move(boxes));
    }
    recording_.boxes[place->second].boxes.push_back({row.time_ns,
                                                     {last_row_px - row.max_px.y, row.min_px.x},
                                                     {last_row_px - row.min_px.y, row.max_px.x},
                                                     row.visibility});
  }
  for (WorldBoxes& boxes : recording_.boxes) {
    std::stable_sort(boxes.boxes.begin(), boxes.boxes.end(),
                     [](const auto& a, const auto& b) { return a.time_ns < b.time_ns; });
  }
  recording_.origins.push_back(foreign::origin_of("boxes", "adt", file, *bytes));
  return Done{};
}

Result<Done> AdtReader::read_path() {
  const fs::path file = folder_ / "aria_trajectory.csv";
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  const auto path = aria::read_trajectory(*bytes, file.string(), diagnostics_);
  if (!path) return path.error();
  recording_.z_up_from_world = aria::z_up_from_frame(path->poses.front().gravity_in_frame);
  for (const aria::DevicePose& pose : path->poses) {
    // Rows are cut to microseconds; other files have the same instants in nanoseconds.
    TimeNs time_ns = pose.device_time_ns;
    const auto frame = frame_times_.lower_bound(time_ns);
    if (frame != frame_times_.end() && *frame - time_ns < kMicrosecondNs) time_ns = *frame;
    if (frame_times_.empty() || recording_.boxes.empty()) frame_times_.insert(time_ns);
    recording_.world_from_camera.push_back(
        {time_ns, pose.frame_from_device * device_from_camera_, pose.graph});
  }
  recording_.frame_time_ns.assign(frame_times_.begin(), frame_times_.end());
  recording_.origins.push_back(foreign::origin_of("camera", "adt", file, *bytes));
  return Done{};
}

void AdtReader::add_object(const foreign::ObjectPoses& poses, const adt::Instance& instance,
                           const foreign::ObjectExtent& extent) {
  WorldObject object;
  object.id = poses.uid;
  object.category = instance.category.empty() ? "unknown" : instance.category;
  const foreign::StandingBox box = foreign::standing_box(extent, instance.up_in_object);
  object.shape = box.shape;
  for (const foreign::ObjectPoseRow& row : poses.rows) {
    object.at_rest = object.at_rest || !row.time_ns;
    object.world_from_shape.push_back(
        {row.time_ns.value_or(0), row.world_from_object * box.object_from_shape, 0});
  }
  recording_.objects.push_back(std::move(object));
}

Result<Done> AdtReader::read_objects() {
  const fs::path pose_file = folder_ / "scene_objects.csv";
  const fs::path extent_file = folder_ / "3d_bounding_box.csv";
  const fs::path instance_file = folder_ / "instances.json";
  const Result<std::string> pose_bytes = read_file(pose_file);
  if (!pose_bytes) return pose_bytes.error();
  const Result<std::string> extent_bytes = read_file(extent_file);
  if (!extent_bytes) return extent_bytes.error();
  const Result<std::string> instance_bytes = read_file(instance_file);
  if (!instance_bytes) return instance_bytes.error();
  const auto objects = foreign::read_object_poses(*pose_bytes, pose_file.string(), diagnostics_);
  if (!objects) return objects.error();
  const auto extents = adt::read_extents(*extent_bytes, extent_file.string(), diagnostics_);
  if (!extents) return extents.error();
  const auto instances = adt::read_instances(*instance_bytes, instance_file.string());
  if (!instances) return instances.error();
  for (const foreign::ObjectPoses& poses : *objects) {
    const auto instance = instances->find(poses.uid);
    if (instance == instances->end()) {
      return Error{ErrorCode::corrupt, "object " + poses.uid + " is in no instance list",
                   pose_file.string()};
    }
    const auto extent = extents->find(poses.uid);
    if (extent == extents->end()) {
      diagnostics_.add(Severity::warning, "object_without_box",
                       "object " + poses.uid + " has no box and is left out", extent_file.string());
      continue;
    }
    add_object(poses, instance->second, extent->second);
  }
  for (WorldBoxes& boxes : recording_.boxes) {
    const auto instance = instances->find(boxes.id);
    if (instance != instances->end()) boxes.category = instance->second.category;
  }
  recording_.origins.push_back(foreign::origin_of("objects", "adt", pose_file, *pose_bytes));
  return Done{};
}

void AdtReader::report_ignored() {
  if (foreign::find_file(folder_, {"Skeleton_T.json", "Skeleton_C.json", "Skeleton.json"})) {
    diagnostics_.add(Severity::note, "skeleton_ignored",
                     "the body skeleton has no fingers and is left out", folder_.string());
  }
  if (foreign::find_file(folder_, {"depth_images.vrs", "depth/rgb_0.png"})) {
    diagnostics_.add(Severity::note, "depth_ignored",
                     "depth and segmentation are left out: their pictures are stored turned by 90 "
                     "degrees and do not show what the upright frames show",
                     folder_.string());
  }
}

Result<WorldRecording> AdtReader::read() {
  if (const Result<Done> there = foreign::require_folder(folder_); !there) return there.error();
  recording_.source = "adt";
  recording_.file = folder_.string();
  if (const Result<Done> done = read_calibration(); !done) return done.error();
  recording_.camera = aria::turned_clockwise(stored_model_);
  if (const Result<Done> done = read_boxes(); !done) return done.error();
  if (const Result<Done> done = read_path(); !done) return done.error();
  if (const Result<Done> done = read_objects(); !done) return done.error();
  report_ignored();
  return std::move(recording_);
}

Result<SensorStreams> read_sensors(const fs::path& folder, TimeNs zero_ns,
                                   Diagnostics& diagnostics) {
  SensorStreams sensors;
  const auto file = foreign::find_file(
      folder, {"personalized_eye_gaze.csv", "general_eye_gaze.csv", "eyegaze.csv"});
  if (!file) return sensors;
  const Result<std::string> bytes = read_file(*file);
  if (!bytes) return bytes.error();
  const auto gazes = aria::read_gaze(*bytes, file->string(), diagnostics);
  if (!gazes) return gazes.error();
  if (!gazes->empty()) sensors = aria::gaze_sensors("adt", *gazes, zero_ns);
  return sensors;
}

}  // namespace

Result<Imported> import_adt(const fs::path& folder, const ImportOptions& options,
                            Diagnostics& diagnostics) {
  const Result<WorldRecording> recording = AdtReader(folder, diagnostics).read();
  if (!recording) return recording.error();
  Result<foreign::RecordingTracks> made =
      foreign::tracks_from_recording(*recording, options, diagnostics);
  if (!made) return made.error();
  Result<SensorStreams> sensors = read_sensors(folder, made->clock_zero_ns, diagnostics);
  if (!sensors) return sensors.error();
  Imported imported;
  imported.sensors = std::move(sensors).value();
  imported.tracks = std::move(made).value().tracks;
  return imported;
}

}  // namespace hearth
