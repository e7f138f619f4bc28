// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/aria_mps.h>
#include <hearth/io/files.h>

#include <algorithm>
#include <optional>

#include "calibration.h"
#include "gaze.h"
#include "hands.h"
#include "points.h"
#include "sim/ingest/foreign/find_file.h"
#include "sim/ingest/foreign/gunzip.h"
#include "sim/ingest/foreign/origin.h"
#include "sim/ingest/foreign/world_recording.h"
#include "trajectory.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

using foreign::WorldHand;
using foreign::WorldRecording;

constexpr double kHandSigmaM = 0.01;
constexpr double kDefaultRateHz = 30.0;

/// What one folder holds; every file may be missing.
struct Files {
  std::optional<fs::path> trajectory{};
  std::optional<fs::path> calibration{};
  std::optional<fs::path> points{};
  std::optional<fs::path> hands{};
  std::optional<fs::path> wrists{};
  std::optional<fs::path> gaze{};
};

/// The last by name of the files found, which is the newest version.
std::optional<fs::path> last_of(const std::vector<fs::path>& files) {
  if (files.empty()) return std::nullopt;
  return files.back();
}

Files files_of(const fs::path& folder) {
  Files files;
  files.trajectory = foreign::find_file(
      folder, {"closed_loop_trajectory.csv", "slam/closed_loop_trajectory.csv",
               "trajectory/closed_loop_trajectory.csv", "mps/slam/closed_loop_trajectory.csv",
               "open_loop_trajectory.csv", "slam/open_loop_trajectory.csv",
               "trajectory/open_loop_trajectory.csv", "mps/slam/open_loop_trajectory.csv"});
  files.calibration = foreign::find_file(
      folder, {"online_calibration.jsonl", "slam/online_calibration.jsonl",
               "trajectory/online_calibration.jsonl", "mps/slam/online_calibration.jsonl"});
  for (const char* start : {"semidense_points", "global_points"}) {
    if (files.points) break;
    files.points = last_of(foreign::find_files(folder, {"", "slam", "trajectory", "mps/slam"},
                                               start, {".csv", ".csv.gz"}));
  }
  const auto hands = {"", "hand_tracking", "mps/hand_tracking"};
  files.hands = last_of(foreign::find_files(folder, hands, "hand_tracking_results", {".csv"}));
  files.wrists = last_of(foreign::find_files(folder, hands, "wrist_and_palm_poses", {".csv"}));
  files.gaze = foreign::find_file(
      folder, {"eye_gaze/personalized_eye_gaze.csv", "eye_gaze/general_eye_gaze.csv",
               "eye_gaze/generalized_eye_gaze.csv", "eye_gaze/generalized_gaze_vergence.csv",
               "eye_gaze/eyegaze.csv", "mps/eye_gaze/personalized_eye_gaze.csv",
               "mps/eye_gaze/general_eye_gaze.csv", "general_eye_gaze.csv", "eyegaze.csv"});
  return files;
}

/// Everything of one folder, as read.
struct MpsData {
  std::optional<aria::Trajectory> trajectory{};
  std::vector<aria::Calibration> calibration{};
  aria::SemidensePoints points{};
  std::vector<aria::HandsRow> hands{};
  std::vector<aria::Gaze> gaze{};
  std::vector<TrackOrigin> origins{};
};

Result<Done> read_slam(const Files& files, MpsData& data, Diagnostics& diagnostics) {
  if (files.calibration) {
    const Result<std::string> bytes = read_file(*files.calibration);
    if (!bytes) return bytes.error();
    auto lines = aria::read_online_calibration(*bytes, files.calibration->string(), diagnostics);
    if (!lines) return lines.error();
    data.calibration = std::move(lines).value();
  }
  if (files.trajectory) {
    const Result<std::string> bytes = read_file(*files.trajectory);
    if (!bytes) return bytes.error();
    auto trajectory = aria::read_trajectory(*bytes, files.trajectory->string(), diagnostics);
    if (!trajectory) return trajectory.error();
    data.trajectory = std::move(trajectory).value();
    data.origins.push_back(foreign::origin_of("camera", "aria-mps", *files.trajectory, *bytes));
    if (!data.trajectory->closed_loop) {
      diagnostics.add(Severity::warning, "open_loop_only",
                      "only odometry is there: the path drifts and closes no loop",
                      files.trajectory->string());
    }
  }
  if (files.points) {
    const Result<std::string> text = foreign::read_maybe_gzipped(*files.points);
    if (!text) return text.error();
    auto points = aria::read_points(*text, files.points->string(), diagnostics);
    if (!points) return points.error();
    data.points = std::move(points).value();
  }
  return Done{};
}

Result<Done> read_wearer(const Files& files, MpsData& data, Diagnostics& diagnostics) {
  if (files.hands) {
    const Result<std::string> bytes = read_file(*files.hands);
    if (!bytes) return bytes.error();
    auto rows = aria::read_hands(*bytes, files.hands->string(), diagnostics);
    if (!rows) return rows.error();
    data.hands = std::move(rows).value();
    data.origins.push_back(foreign::origin_of("hands", "aria-mps", *files.hands, *bytes));
  }
  if (files.wrists) {
    const Result<std::string> bytes = read_file(*files.wrists);
    if (!bytes) return bytes.error();
    const auto rows = aria::read_wrists_and_palms(*bytes, files.wrists->string(), diagnostics);
    if (!rows) return rows.error();
    if (!files.hands) {
      diagnostics.add(Severity::warning, "wrists_not_joints",
                      std::to_string(rows->size()) +
                          " rows hold wrists and palms alone, which make no hand of 21 joints: "
                          "no hands are imported",
                      files.wrists->string());
    }
  }
  if (files.gaze) {
    const Result<std::string> bytes = read_file(*files.gaze);
    if (!bytes) return bytes.error();
    auto gaze = aria::read_gaze(*bytes, files.gaze->string(), diagnostics);
    if (!gaze) return gaze.error();
    data.gaze = std::move(gaze).value();
  }
  return Done{};
}

/// Upright colour camera on the device at a time.
Pose device_from_camera_at(const std::vector<aria::Calibration>& lines, TimeNs device_time_ns) {
  const aria::CameraCalibration* camera =
      aria::find_camera(aria::calibration_at(lines, device_time_ns), "camera-rgb");
  if (camera == nullptr) camera = aria::find_camera(lines.front(), "camera-rgb");
  return camera->device_from_camera * inverse(aria::turned_from_stored());
}

/// True where the hands' times and the path's overlap.
bool hands_on_path(const MpsData& data) {
  if (!data.trajectory || data.hands.empty()) return false;
  return data.hands.front().device_time_ns <= data.trajectory->poses.back().device_time_ns &&
         data.hands.back().device_time_ns >= data.trajectory->poses.front().device_time_ns;
}

std::vector<TimeNs> native_frames(const MpsData& data, bool use_hands, double rate_hz) {
  std::vector<TimeNs> times;
  if (use_hands) {
    for (const aria::HandsRow& row : data.hands) {
      const bool outside =
          data.trajectory && (row.device_time_ns < data.trajectory->poses.front().device_time_ns ||
                              row.device_time_ns > data.trajectory->poses.back().device_time_ns);
      if (!outside) times.push_back(row.device_time_ns);
    }
    return times;
  }
  return foreign::even_times(data.trajectory->poses.front().device_time_ns,
                             data.trajectory->poses.back().device_time_ns, rate_hz);
}

/// A hand in the world, or, without a path, in a world that sits on the device.
void add_hands(const MpsData& data, TimeNs longest_gap_ns, WorldRecording& recording) {
  for (const HandSide side : {HandSide::left, HandSide::right}) {
    WorldHand hand;
    hand.side = side;
    hand.sigma_m = kHandSigmaM;
    for (const aria::HandsRow& row : data.hands) {
      const auto& seen = side == HandSide::left ? row.left : row.right;
      if (!seen) continue;
      Pose world_from_device;
      if (data.trajectory) {
        const auto pose = aria::pose_at(*data.trajectory, row.device_time_ns, longest_gap_ns);
        if (!pose) continue;
        world_from_device = pose->frame_from_device;
      }
      HandJoints joints = aria::joints_from_landmarks(seen->landmarks_m);
      for (Vec3& joint : joints) joint = world_from_device * joint;
      hand.hands.push_back({row.device_time_ns, joints, seen->confidence});
    }
    if (!hand.hands.empty()) recording.hands.push_back(std::move(hand));
  }
}

void add_points(const MpsData& data, WorldRecording& recording, Diagnostics& diagnostics) {
  std::int64_t elsewhere = 0;
  for (const aria::SemidensePoint& point : data.points.points) {
    const std::string& uid = data.points.graphs[static_cast<std::size_t>(point.graph)];
    const auto graph =
        std::find(data.trajectory->graphs.begin(), data.trajectory->graphs.end(), uid);
    if (graph == data.trajectory->graphs.end()) {
      ++elsewhere;
      continue;
    }
    MapPoint out;
    out.p_in_map = point.p_in_world_m;
    out.chunk = static_cast<int>(graph - data.trajectory->graphs.begin());
    recording.points.push_back(out);
  }
  if (elsewhere > 0) {
    diagnostics.add(Severity::warning, "points_of_other_graph",
                    std::to_string(elsewhere) + " points belong to no graph of the trajectory");
  }
}

Result<WorldRecording> recording_of(const MpsData& data, const fs::path& folder,
                                    const ImportOptions& options, Diagnostics& diagnostics) {
  WorldRecording recording;
  recording.source = "aria-mps";
  recording.file = folder.string();
  recording.origins = data.origins;
  const aria::CameraCalibration* rgb = aria::find_camera(data.calibration.front(), "camera-rgb");
  if (rgb == nullptr) {
    return Error{ErrorCode::unsupported, "the calibration has no camera-rgb", folder.string()};
  }
  recording.camera = aria::turned_clockwise(rgb->model);
  const bool on_path = hands_on_path(data);
  const bool use_hands = !data.hands.empty() && (on_path || !data.trajectory);
  recording.frame_time_ns =
      native_frames(data, use_hands, options.rate_hz.value_or(kDefaultRateHz));
  if (data.trajectory) {
    const aria::Trajectory& path = *data.trajectory;
    recording.z_up_from_world = aria::z_up_from_frame(path.poses.front().gravity_in_frame);
    for (const aria::DevicePose& pose : path.poses) {
      const Pose device_from_camera = device_from_camera_at(data.calibration, pose.device_time_ns);
      recording.world_from_camera.push_back(
          {pose.device_time_ns, pose.frame_from_device * device_from_camera, pose.graph});
    }
    add_points(data, recording, diagnostics);
  } else {
    // No path: the world moves with the head, so that hands stay where the camera sees them.
    recording.camera_is_static = true;
    recording.world_from_camera = {
        {0, device_from_camera_at(data.calibration, recording.frame_time_ns.front()), 0}};
  }
  if (!data.hands.empty() && !use_hands) {
    diagnostics.add(Severity::warning, "hands_outside_path",
                    "hands and trajectory have no time in common; the hands are left out: they "
                    "are of another recording",
                    folder.string());
  } else {
    add_hands(data, ns_from_seconds(options.longest_gap_s), recording);
  }
  if (!recording.hands.empty()) {
    diagnostics.add(Severity::guess, "thumb_root_inferred",
                    "these landmarks have no thumb CMC (joint 1): it is put at .55 of the way "
                    "from wrist to thumb knuckle",
                    folder.string());
  }
  return recording;
}

}  // namespace

Result<Imported> import_aria_mps(const fs::path& folder, const ImportOptions& options,
                                 Diagnostics& diagnostics) {
  if (const Result<Done> there = foreign::require_folder(folder); !there) return there.error();
  if (options.rate_hz && !(*options.rate_hz > 0.0 && *options.rate_hz <= 1000.0)) {
    return Error{ErrorCode::invalid_argument, "must lie in (0, 1000]", "rate_hz"};
  }
  const Files files = files_of(folder);
  MpsData data;
  if (const Result<Done> done = read_slam(files, data, diagnostics); !done) return done.error();
  if (const Result<Done> done = read_wearer(files, data, diagnostics); !done) return done.error();
  Imported imported;
  if (!data.trajectory && data.hands.empty()) {
    if (!data.gaze.empty()) {
      imported.sensors =
          aria::gaze_sensors("aria-mps", data.gaze, data.gaze.front().device_time_ns);
      imported.sensors.clock = "aria_device";
      imported.sensors.clock_zero_ns = data.gaze.front().device_time_ns;
      return imported;
    }
    return Error{ErrorCode::unsupported,
                 "there is neither a trajectory, nor hand_tracking_results.csv, nor eye gaze",
                 folder.string()};
  }
  if (data.calibration.empty()) {
    return Error{ErrorCode::unsupported,
                 "there is no online_calibration.jsonl; without it the camera's place on the "
                 "device is unknown; download it with the trajectory",
                 folder.string()};
  }
  const Result<WorldRecording> recording = recording_of(data, folder, options, diagnostics);
  if (!recording) return recording.error();
  Result<foreign::RecordingTracks> made =
      foreign::tracks_from_recording(*recording, options, diagnostics);
  if (!made) return made.error();
  if (!data.gaze.empty()) {
    imported.sensors = aria::gaze_sensors("aria-mps", data.gaze, made->clock_zero_ns);
  }
  imported.tracks = std::move(made).value().tracks;
  if (!data.trajectory) {
    imported.tracks->camera.clear();
    imported.tracks->camera_is_static = false;
    imported.tracks->map_scale_m.reset();
    imported.tracks->up_in_map.reset();
  }
  return imported;
}

}  // namespace hearth
