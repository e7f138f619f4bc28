// SPDX-License-Identifier: Apache-2.0
#include "headset.h"

#include <hearth/io/files.h>

#include "sim/ingest/aria_mps/calibration.h"
#include "sim/ingest/aria_mps/trajectory.h"
#include "sim/ingest/foreign/find_file.h"
#include "sim/ingest/foreign/json_place.h"

namespace hearth::hot3d {
namespace fs = std::filesystem;
namespace {

using foreign::JsonPlace;

void set_camera(Headset& headset, const CameraModel& stored, const Pose& device_from_stored) {
  headset.stored_model = stored;
  headset.model = aria::turned_clockwise(stored);
  headset.device_from_camera = device_from_stored * inverse(aria::turned_from_stored());
}

Result<Headset> aria_headset(const fs::path& folder, Diagnostics& diagnostics) {
  const auto calibration =
      foreign::find_file(folder, {"mps/slam/online_calibration.jsonl",
                                  "mps_online_calibration.jsonl", "online_calibration.jsonl"});
  if (!calibration) {
    return Error{ErrorCode::unsupported,
                 "there is no online_calibration.jsonl; without it the camera's place on the "
                 "headset is unknown; download the mps files of the recording",
                 folder.string()};
  }
  const Result<std::string> bytes = read_file(*calibration);
  if (!bytes) return bytes.error();
  const auto lines = aria::read_online_calibration(*bytes, calibration->string(), diagnostics);
  if (!lines) return lines.error();
  const aria::CameraCalibration* rgb = aria::find_camera(lines->front(), "camera-rgb");
  if (rgb == nullptr) {
    return Error{ErrorCode::corrupt, "there is no camera-rgb", calibration->string() + ":line 1"};
  }
  diagnostics.add(Severity::note, "calibration_time_unknown",
                  "poses are on the time-code clock and calibrations on the device clock: the "
                  "first calibration serves all frames",
                  calibration->string());
  Headset headset;
  headset.stream = "214-1";
  set_camera(headset, rgb->model, rgb->device_from_camera);
  const auto trajectory =
      foreign::find_file(folder, {"mps/slam/closed_loop_trajectory.csv",
                                  "mps_closed_loop_trajectory.csv", "closed_loop_trajectory.csv"});
  if (!trajectory) {
    diagnostics.add(Severity::guess, "up_assumed", "no gravity at hand: Aria's world is Z-up",
                    folder.string());
    return headset;
  }
  const Result<std::string> rows = read_file(*trajectory);
  if (!rows) return rows.error();
  const auto poses = aria::read_trajectory(*rows, trajectory->string(), diagnostics);
  if (!poses) return poses.error();
  headset.up_in_world = normalized(-poses->poses.front().gravity_in_frame);
  return headset;
}

}  // namespace

Result<Headset> read_quest_cameras(std::string_view json, const std::string& file) {
  foreign::JsonText text(json, file);
  const JsonPlace root = text.root();
  for (std::size_t i = 0; i < root.size(); ++i) {
    const JsonPlace camera = root[i];
    if (camera["stream_id"].text() != "1201-1") continue;
    const std::string kind = camera["projectionModelType"].text();
    const JsonPlace parameters = camera["projectionParams"];
    std::optional<CameraModel> model =
        aria::camera_model_from(kind, parameters.numbers(parameters.size()));
    if (!text.error() && !model) {
      return Error{ErrorCode::unsupported, "camera model " + kind + " is not known",
                   file + ":/" + std::to_string(i)};
    }
    const JsonPlace pose = camera["T_Device_Camera"];
    const std::vector<double> q = pose["quaternion_wxyz"].numbers(4);
    const Pose device_from_stored = {pose["translation_xyz"].vec3(),
                                     pose["quaternion_wxyz"].unit_quat(q[0], q[1], q[2], q[3])};
    const std::int64_t width = camera["imageWidth"].integer();
    const std::int64_t height = camera["imageHeight"].integer();
    if (text.error()) return *text.error();
    if (width < 1 || height < 1 || width > 20000 || height > 20000) {
      return Error{ErrorCode::corrupt, "a picture of this size does not exist",
                   file + ":/" + std::to_string(i) + "/imageWidth"};
    }
    model->width_px = static_cast<int>(width);
    model->height_px = static_cast<int>(height);
    model->source = IntrinsicsSource::file;
    if (const Result<CameraModel> valid = validated(*model); !valid) {
      return Error{ErrorCode::corrupt, valid.error().message,
                   file + ":/" + std::to_string(i) + valid.error().where};
    }
    Headset headset;
    headset.stream = "1201-1";
    headset.up_in_world = {0.0, 1.0, 0.0};
    set_camera(headset, *model, device_from_stored);
    return headset;
  }
  if (text.error()) return *text.error();
  return Error{ErrorCode::corrupt, "there is no camera with stream_id 1201-1", file};
}

Result<Headset> read_headset(const fs::path& folder, Diagnostics& diagnostics) {
  const fs::path metadata = folder / "metadata.json";
  const Result<std::string> bytes = read_file(metadata);
  if (!bytes) return bytes.error();
  foreign::JsonText text(*bytes, metadata.string());
  const std::string name = text.root()["headset"].text();
  if (text.error()) return *text.error();
  if (name == "Aria") return aria_headset(folder, diagnostics);
  if (name != "Quest3") {
    return Error{ErrorCode::unsupported, "headset " + name + " is neither Aria nor Quest3",
                 metadata.string() + ":/headset"};
  }
  const fs::path cameras = folder / "camera_models.json";
  const Result<std::string> json = read_file(cameras);
  if (!json) return json.error();
  diagnostics.add(Severity::guess, "up_assumed",
                  "a Quest 3 recording holds no gravity: its world is Y-up", folder.string());
  return read_quest_cameras(*json, cameras.string());
}

}  // namespace hearth::hot3d
