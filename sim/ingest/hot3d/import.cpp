// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/hot3d.h>
#include <hearth/io/files.h>

#include <algorithm>
#include <map>
#include <set>

#include "hand_poses.h"
#include "hand_rig.h"
#include "headset.h"
#include "masks.h"
#include "objects.h"
#include "sim/ingest/foreign/find_file.h"
#include "sim/ingest/foreign/object_rows.h"
#include "sim/ingest/foreign/origin.h"
#include "sim/ingest/foreign/world_recording.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

using foreign::TimedPose;
using foreign::WorldBoxes;
using foreign::WorldHand;
using foreign::WorldObject;
using foreign::WorldRecording;

constexpr double kHandSigmaM = 0.003;  // Marker-based tracking of the hands.

/// One reading of a recording, file by file.
class Hot3dReader {
 public:
  Hot3dReader(const fs::path& folder, Diagnostics& diagnostics)
      : folder_(folder), diagnostics_(diagnostics) {}
  Result<WorldRecording> read();

 private:
  Result<Done> read_boxes();
  Result<Done> read_head();
  Result<Done> read_objects();
  Result<Done> read_hands();
  Result<Done> add_object(const foreign::ObjectPoses& poses, const hot3d::Library& library);
  /// Times at which the masks of this name are False.
  Result<std::set<TimeNs>> masked(const std::string& name);
  /// Boxes in the upright picture.
  void add_boxes(const std::vector<foreign::BoxRow>& rows, BoxKind kind);

  const fs::path& folder_;
  Diagnostics& diagnostics_;
  hot3d::Headset headset_{};
  WorldRecording recording_{};
  std::set<TimeNs> frame_times_{};
};

Result<std::set<TimeNs>> Hot3dReader::masked(const std::string& name) {
  const fs::path file = folder_ / "masks" / ("mask_" + name + ".csv");
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return std::set<TimeNs>();
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  Result<std::set<TimeNs>> times =
      hot3d::read_mask(*bytes, file.string(), headset_.stream, diagnostics_);
  if (times && !times->empty()) {
    diagnostics_.add(Severity::note, "masked_out",
                     std::to_string(times->size()) + " frames are masked and left out",
                     file.string());
  }
  return times;
}

void Hot3dReader::add_boxes(const std::vector<foreign::BoxRow>& rows, BoxKind kind) {
  std::map<std::string, std::size_t> place_of;
  const double last_row_px = static_cast<double>(headset_.stored_model.height_px) - 1.0;
  for (const foreign::BoxRow& row : rows) {
    if (row.stream != headset_.stream) continue;
    frame_times_.insert(row.time_ns);
    const auto [place, fresh] = place_of.emplace(row.uid, recording_.boxes.size());
    if (fresh) {
      WorldBoxes boxes;
      boxes.kind = kind;
      boxes.id = kind == BoxKind::hand ? (row.uid == "0" ? "left" : "right") : row.uid;
      boxes.category = kind == BoxKind::hand ? boxes.id : "";
      recording_.boxes.push_back(std::move(boxes));
    }
    // Clockwise turn of the stored picture: x' = height - 1 - y, y' = x.
    recording_.boxes[place->second].boxes.push_back({row.time_ns,
                                                     {last_row_px - row.max_px.y, row.min_px.x},
                                                     {last_row_px - row.min_px.y, row.max_px.x},
                                                     row.visibility});
  }
}

Result<Done> Hot3dReader::read_boxes() {
  for (const BoxKind kind : {BoxKind::hand, BoxKind::object}) {
    const bool hands = kind == BoxKind::hand;
    const fs::path file = folder_ / (hands ? "box2d_hands.csv" : "box2d_objects.csv");
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) continue;
    const Result<std::string> bytes = read_file(file);
    if (!bytes) return bytes.error();
    const auto rows = foreign::read_boxes(*bytes, file.string(),
                                          hands ? "hand_index" : "object_uid", diagnostics_);
    if (!rows) return rows.error();
    for (const foreign::BoxRow& row : *rows) {
      if (hands && row.uid != "0" && row.uid != "1") {
        return Error{ErrorCode::corrupt, "hand_index is 0 (left) or 1 (right), not " + row.uid,
                     file.string()};
      }
    }
    add_boxes(*rows, kind);
    recording_.origins.push_back(foreign::origin_of("boxes", "hot3d", file, *bytes));
  }
  for (WorldBoxes& boxes : recording_.boxes) {
    std::stable_sort(boxes.boxes.begin(), boxes.boxes.end(),
                     [](const auto& a, const auto& b) { return a.time_ns < b.time_ns; });
  }
  return Done{};
}

Result<Done> Hot3dReader::read_head() {
  const fs::path file = folder_ / "headset_trajectory.csv";
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  const auto heads = foreign::read_object_poses(*bytes, file.string(), diagnostics_);
  if (!heads) return heads.error();
  if (heads->size() != 1) {
    return Error{ErrorCode::corrupt,
                 "one headset is expected, there are " + std::to_string(heads->size()),
                 file.string()};
  }
  const Result<std::set<TimeNs>> hidden = masked("headset_pose_available");
  if (!hidden) return hidden.error();
  for (const foreign::ObjectPoseRow& row : heads->front().rows) {
    if (!row.time_ns) return Error{ErrorCode::corrupt, "a headset pose has no time", file.string()};
    if (hidden->count(*row.time_ns) > 0) continue;
    recording_.world_from_camera.push_back(
        {*row.time_ns, row.world_from_object * headset_.device_from_camera, 0});
  }
  if (frame_times_.empty()) {
    // Colour and other cameras share a trajectory, 0.09 ms apart: one frame per pair.
    for (const TimedPose& pose : recording_.world_from_camera) {
      if (frame_times_.empty() || pose.time_ns - *frame_times_.rbegin() > 1'000'000) {
        frame_times_.insert(pose.time_ns);
      }
    }
  }
  recording_.frame_time_ns.assign(frame_times_.begin(), frame_times_.end());
  recording_.origins.push_back(foreign::origin_of("camera", "hot3d", file, *bytes));
  return Done{};
}

Result<Done> Hot3dReader::add_object(const foreign::ObjectPoses& poses,
                                     const hot3d::Library& library) {
  WorldObject object;
  const auto name = library.name_of.find(poses.uid);
  object.id = poses.uid;
  object.category = name == library.name_of.end() ? "unknown" : name->second;
  for (const foreign::ObjectPoseRow& row : poses.rows) {
    object.at_rest = object.at_rest || !row.time_ns;
    object.world_from_shape.push_back({row.time_ns.value_or(0), row.world_from_object, 0});
  }
  Result<std::optional<foreign::ObjectExtent>> mesh = hot3d::mesh_extent(library, poses.uid);
  if (!mesh) return mesh.error();
  std::optional<foreign::ObjectExtent> extent = *mesh;
  if (!extent) {
    for (const WorldBoxes& boxes : recording_.boxes) {
      if (boxes.kind != BoxKind::object || boxes.id != poses.uid) continue;
      extent = hot3d::extent_from_boxes(boxes.boxes, object.world_from_shape,
                                        recording_.world_from_camera, headset_.model);
    }
    if (!extent) extent = foreign::ObjectExtent{{-0.05, -0.05, -0.05}, {0.05, 0.05, 0.05}};
    diagnostics_.add(
        Severity::guess, "object_size_guessed",
        "object " + poses.uid + " (" + object.category + ") has no mesh at hand: a cube of " +
            std::to_string(extent->max_m.x - extent->min_m.x) + " m about its origin stands for it",
        folder_.string());
  }
  const Pose& first = object.world_from_shape.front().pose;
  const foreign::StandingBox box =
      foreign::standing_box(*extent, conjugate(first.rotation) * headset_.up_in_world);
  object.shape = box.shape;
  for (TimedPose& pose : object.world_from_shape) pose.pose = pose.pose * box.object_from_shape;
  recording_.objects.push_back(std::move(object));
  return Done{};
}

Result<Done> Hot3dReader::read_objects() {
  const fs::path file = folder_ / "dynamic_objects.csv";
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  auto objects = foreign::read_object_poses(*bytes, file.string(), diagnostics_);
  if (!objects) return objects.error();
  const Result<hot3d::Library> library = hot3d::find_library(folder_);
  if (!library) return library.error();
  const Result<std::set<TimeNs>> hidden = masked("object_pose_available");
  if (!hidden) return hidden.error();
  for (foreign::ObjectPoses poses : *objects) {
    std::erase_if(poses.rows, [&](const foreign::ObjectPoseRow& row) {
      return row.time_ns && hidden->count(*row.time_ns) > 0;
    });
    if (poses.rows.empty()) continue;
    if (const Result<Done> added = add_object(poses, *library); !added) return added;
  }
  for (WorldBoxes& boxes : recording_.boxes) {
    const auto name = library->name_of.find(boxes.id);
    if (boxes.kind == BoxKind::object && name != library->name_of.end()) {
      boxes.category = name->second;
    }
  }
  recording_.origins.push_back(foreign::origin_of("objects", "hot3d", file, *bytes));
  return Done{};
}

Result<Done> Hot3dReader::read_hands() {
  const fs::path file = folder_ / "umetrack_hand_pose_trajectory.jsonl";
  const fs::path profile = folder_ / "umetrack_hand_user_profile.json";
  if (foreign::find_file(folder_, {"mano_hand_pose_trajectory.jsonl"})) {
    diagnostics_.add(Severity::note, "mano_ignored",
                     "MANO parameters are left out: their translation is not the wrist and the "
                     "model they need may not be shipped",
                     (folder_ / "mano_hand_pose_trajectory.jsonl").string());
  }
  if (!foreign::find_file(folder_, {"umetrack_hand_pose_trajectory.jsonl"})) return Done{};
  if (!foreign::find_file(folder_, {"umetrack_hand_user_profile.json"})) {
    diagnostics_.add(Severity::warning, "hand_profile_missing",
                     "joint angles without umetrack_hand_user_profile.json give no joints: no "
                     "hands are imported",
                     folder_.string());
    return Done{};
  }
  const Result<std::string> rig_bytes = read_file(profile);
  if (!rig_bytes) return rig_bytes.error();
  const Result<hot3d::HandRig> rig = hot3d::read_hand_rig(*rig_bytes, profile.string());
  if (!rig) return rig.error();
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  const auto lines = hot3d::read_hand_poses(*bytes, file.string());
  if (!lines) return lines.error();
  const Result<std::set<TimeNs>> hidden = masked("hand_pose_available");
  if (!hidden) return hidden.error();
  for (const HandSide side : {HandSide::left, HandSide::right}) {
    WorldHand hand;
    hand.side = side;
    hand.sigma_m = kHandSigmaM;
    for (const hot3d::HandPoseLine& line : *lines) {
      const auto& rigged = side == HandSide::left ? line.left : line.right;
      if (!rigged || hidden->count(line.time_ns) > 0) continue;
      const hot3d::RigPose posed =
          hot3d::pose_rig(*rig, side, rigged->world_from_wrist, rigged->angles_rad);
      hand.hands.push_back({line.time_ns, hot3d::joints_from_rig(posed), rigged->confidence});
    }
    if (!hand.hands.empty()) recording_.hands.push_back(std::move(hand));
  }
  recording_.origins.push_back(foreign::origin_of("hands", "hot3d", file, *bytes));
  return Done{};
}

Result<WorldRecording> Hot3dReader::read() {
  if (const Result<Done> there = foreign::require_folder(folder_); !there) return there.error();
  Result<hot3d::Headset> headset = hot3d::read_headset(folder_, diagnostics_);
  if (!headset) return headset.error();
  headset_ = std::move(headset).value();
  recording_.source = "hot3d";
  recording_.file = folder_.string();
  recording_.camera = headset_.model;
  recording_.z_up_from_world = quat_between(headset_.up_in_world, {0.0, 0.0, 1.0});
  if (const Result<Done> done = read_boxes(); !done) return done.error();
  if (const Result<Done> done = read_head(); !done) return done.error();
  if (const Result<Done> done = read_objects(); !done) return done.error();
  if (const Result<Done> done = read_hands(); !done) return done.error();
  return std::move(recording_);
}

}  // namespace

Result<Imported> import_hot3d(const fs::path& folder, const ImportOptions& options,
                              Diagnostics& diagnostics) {
  const Result<WorldRecording> recording = Hot3dReader(folder, diagnostics).read();
  if (!recording) return recording.error();
  Result<foreign::RecordingTracks> tracks =
      foreign::tracks_from_recording(*recording, options, diagnostics);
  if (!tracks) return tracks.error();
  Imported imported;
  imported.tracks = std::move(tracks).value().tracks;
  return imported;
}

}  // namespace hearth
