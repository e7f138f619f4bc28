// SPDX-License-Identifier: Apache-2.0
#include "read_parts.h"

#include <array>
#include <optional>
#include <utility>

#include "sim/ingest/foreign/depth_png.h"
#include "sim/ingest/foreign/hand_track.h"

namespace hearth::tracks_format {
namespace {

/// How a method orders its joints: joint j of hearth is row `rows[j]` of its `count`.
struct JointOrder {
  const char* name;
  std::size_t count;
  std::array<std::size_t, kHandJoints> rows;
};
constexpr std::array<JointOrder, 3> kJointOrders{{
    {"hearth21", 21, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}},
    {"mano21", 21, {0, 13, 14, 15, 16, 1, 2, 3, 17, 4, 5, 6, 18, 10, 11, 12, 19, 7, 8, 9, 20}},
    {"openxr26", 26, {1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 14, 15, 17, 18, 19, 20, 22, 23, 24, 25}},
}};

const JointOrder& joint_order(const JsonPlace& hand) {
  if (!hand.has("joint_order")) return kJointOrders[0];
  const std::string name = hand["joint_order"].text();
  for (const JointOrder& order : kJointOrders) {
    if (name == order.name) return order;
  }
  hand["joint_order"].fail(ErrorCode::corrupt, "must be hearth21, mano21 or openxr26");
  return kJointOrders[0];
}

/// True for world, false for camera.
bool in_world(const JsonPlace& place) {
  const std::string name = place.text();
  if (name != "world" && name != "camera") {
    place.fail(ErrorCode::corrupt, "must be world or camera");
  }
  return name == "world";
}

/// Camera poses by frame.
std::vector<std::optional<Pose>> poses_by_frame(const Tracks& tracks) {
  std::vector<std::optional<Pose>> poses(static_cast<std::size_t>(tracks.frames));
  for (const MapCamera& camera : tracks.camera) {
    poses[static_cast<std::size_t>(camera.frame)] = camera.map_from_camera;
  }
  return poses;
}

void lost(Diagnostics& diagnostics, const char* code, std::size_t count, std::size_t all,
          const std::string& what) {
  if (count == 0) return;
  diagnostics.add(Severity::warning, code,
                  std::to_string(count) + " of " + std::to_string(all) + " rows of " + what +
                      " are left out: their frames have no camera pose, which turns world into "
                      "camera or back");
}

void read_hand(const JsonPlace& place, const Arrays& arrays,
               const std::vector<std::optional<Pose>>& cameras, Tracks& tracks,
               Diagnostics& diagnostics) {
  only_keys(place, {"id", "side", "wearer", "frame", "joints", "joint_frame", "joint_order",
                    "confidence", "sigma_m"});
  foreign::CameraHandTrack track;
  track.id = place["id"].text();
  const std::string side = place["side"].text();
  track.side = side == "left" ? HandSide::left : HandSide::right;
  if (side != "left" && side != "right") {
    place["side"].fail(ErrorCode::corrupt, "must be left or right");
  }
  if (place.has("wearer")) track.wearer = place["wearer"].boolean();
  track.sigma_m = positive_or(place, "sigma_m", track.sigma_m);
  const bool world = in_world(place["joint_frame"]);
  const JointOrder& order = joint_order(place);
  const std::vector<int> frames = arrays.frames(place, tracks.frames);
  const auto joints = arrays.reals(place["joints"], {frames.size(), order.count, 3});
  const std::vector<double> presence = arrays.shares(place, "confidence", frames.size());
  if (joints.size() != frames.size() * order.count * 3 || presence.size() != frames.size()) return;
  std::size_t without_camera = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::optional<Pose>& camera = cameras[static_cast<std::size_t>(frames[i])];
    if (world && !camera) {
      ++without_camera;
      continue;
    }
    foreign::CameraHand hand{frames[i], {}, presence[i]};
    for (std::size_t j = 0; j < kHandJoints; ++j) {
      const double* p = &joints[3 * (i * order.count + order.rows[j])];
      const Vec3 point{p[0], p[1], p[2]};
      hand.joints_in_camera_m[j] = world ? inverse(*camera) * point : point;
    }
    track.hands.push_back(hand);
  }
  lost(diagnostics, "hand_without_camera", without_camera, frames.size(), "hand " + track.id);
  if (track.hands.empty()) return;
  Result<HandTrack> made = foreign::hand_track(track, tracks.frame_time_ns, tracks.camera_model,
                                               "hand " + track.id, diagnostics);
  if (!made) return place["joints"].fail(made.error().code, made.error().message);
  if (!made->observations.empty()) tracks.hands.push_back(std::move(made).value());
}

Shape read_shape(const JsonPlace& place) {
  only_keys(place, {"kind", "size_m"});
  static constexpr std::array kKinds{"box", "cylinder", "sphere", "capsule"};
  Shape shape;
  const std::string kind = place["kind"].text();
  bool known = false;
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (kind == kKinds[i]) shape.kind = static_cast<ShapeKind>(i);
    known = known || kind == kKinds[i];
  }
  if (!known) place["kind"].fail(ErrorCode::corrupt, "must be box, cylinder, sphere or capsule");
  shape.size_m = place["size_m"].vec3();
  if (const Result<Shape> checked = validated(shape); !checked) {
    place.fail(ErrorCode::corrupt, checked.error().where + " " + checked.error().message);
  }
  return shape;
}

void read_object(const JsonPlace& place, const Arrays& arrays,
                 const std::vector<std::optional<Pose>>& cameras, Tracks& tracks,
                 Diagnostics& diagnostics) {
  only_keys(place, {"id", "category", "shape", "frame", "pose", "pose_frame", "position_sigma_m"});
  ObjectSighting object;
  object.id = place["id"].text();
  if (place.has("category")) object.category = place["category"].text();
  object.shape = read_shape(place["shape"]);
  object.source = Source::imported;
  const double sigma_m = positive_or(place, "position_sigma_m", 0.01);
  const bool world = in_world(place["pose_frame"]);
  const std::vector<int> frames = arrays.frames(place, tracks.frames);
  const std::vector<Pose> poses = arrays.poses(place["pose"], frames.size());
  if (poses.size() != frames.size()) return;
  std::size_t without_camera = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto frame = static_cast<std::size_t>(frames[i]);
    if (!world && !cameras[frame]) {
      ++without_camera;
      continue;
    }
    ObjectObservation seen{frames[i], tracks.frame_time_ns[frame], poses[i], sigma_m};
    if (!world) {
      seen.map_from_object = *cameras[frame] * poses[i];
      seen.map_from_object.rotation = normalized(seen.map_from_object.rotation);
    }
    object.observations.push_back(seen);
  }
  lost(diagnostics, "object_without_camera", without_camera, frames.size(), "object " + object.id);
  if (!object.observations.empty()) tracks.objects.push_back(std::move(object));
}

}  // namespace

CameraModel read_camera_model(const JsonPlace& place) {
  only_keys(place, {"kind",  "width_px", "height_px", "fx_px", "fy_px",
                    "cx_px", "cy_px",    "k1",        "k2",    "p1",
                    "p2",    "k3",       "k4",        "k5",    "k6",
                    "s1",    "s2",       "s3",        "s4",    "focal_sigma_share"});
  static constexpr std::array kKinds{"pinhole", "brown_conrady", "kannala_brandt", "fisheye624"};
  CameraModel camera;
  const std::string kind = place["kind"].text();
  bool known = false;
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (kind == kKinds[i]) camera.kind = static_cast<CameraModelKind>(i);
    known = known || kind == kKinds[i];
  }
  if (!known) {
    place["kind"].fail(ErrorCode::corrupt,
                       "must be pinhole, brown_conrady, kannala_brandt or fisheye624");
  }
  const auto size = [&](const char* key) {
    const std::int64_t value = place[key].integer();
    if (value <= 0 || value > 65535) place[key].fail(ErrorCode::corrupt, "must lie in 1..65535");
    return value > 0 && value <= 65535 ? static_cast<int>(value) : 1;
  };
  camera.width_px = size("width_px");
  camera.height_px = size("height_px");
  camera.fx_px = place["fx_px"].number();
  camera.fy_px = place["fy_px"].number();
  camera.cx_px = place["cx_px"].number();
  camera.cy_px = place["cy_px"].number();
  const auto optional = [&](const char* key) { return place.has(key) ? place[key].number() : 0.0; };
  camera.k1 = optional("k1"), camera.k2 = optional("k2"), camera.k3 = optional("k3");
  camera.k4 = optional("k4"), camera.k5 = optional("k5"), camera.k6 = optional("k6");
  camera.p1 = optional("p1"), camera.p2 = optional("p2");
  camera.s1 = optional("s1"), camera.s2 = optional("s2");
  camera.s3 = optional("s3"), camera.s4 = optional("s4");
  camera.focal_sigma_share = optional("focal_sigma_share");
  camera.source = IntrinsicsSource::file;
  if (const Result<CameraModel> checked = validated(camera); !checked) {
    place.fail(ErrorCode::corrupt, checked.error().where + " " + checked.error().message);
  }
  return camera;
}

void read_camera(const JsonPlace& place, const Arrays& arrays, Tracks& tracks) {
  only_keys(place, {"frame", "world_from_camera", "position_sigma_m", "rotation_sigma_rad"});
  const double sigma_m = positive_or(place, "position_sigma_m", 0.01);
  const double sigma_rad = positive_or(place, "rotation_sigma_rad", 0.005);
  const std::vector<int> frames = arrays.frames(place, tracks.frames);
  const std::vector<Pose> poses = arrays.poses(place["world_from_camera"], frames.size());
  if (poses.size() != frames.size()) return;
  tracks.camera_is_static = poses.size() > 1;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    MapCamera camera;
    camera.frame = frames[i];
    camera.time_ns = tracks.frame_time_ns[static_cast<std::size_t>(frames[i])];
    camera.map_from_camera = poses[i];
    camera.observed = true;
    camera.position_sigma = sigma_m;
    camera.rotation_sigma_rad = sigma_rad;
    tracks.camera.push_back(camera);
    tracks.camera_is_static = tracks.camera_is_static && poses[i] == poses[0];
  }
}

void read_hands(const JsonPlace& place, const Arrays& arrays, Tracks& tracks,
                Diagnostics& diagnostics) {
  const std::vector<std::optional<Pose>> cameras = poses_by_frame(tracks);
  if (place.size() > 0 && tracks.camera_model == CameraModel{}) {
    return place.fail(ErrorCode::corrupt, "hands need a camera_model, or an episode that has one");
  }
  for (std::size_t i = 0; i < place.size(); ++i) {
    read_hand(place[i], arrays, cameras, tracks, diagnostics);
  }
}

void read_objects(const JsonPlace& place, const Arrays& arrays, Tracks& tracks,
                  Diagnostics& diagnostics) {
  const std::vector<std::optional<Pose>> cameras = poses_by_frame(tracks);
  for (std::size_t i = 0; i < place.size(); ++i) {
    read_object(place[i], arrays, cameras, tracks, diagnostics);
  }
}

void read_boxes(const JsonPlace& place, const Arrays& arrays, Tracks& tracks) {
  for (std::size_t i = 0; i < place.size(); ++i) {
    const JsonPlace item = place[i];
    only_keys(item, {"id", "kind", "category", "frame", "box_px", "confidence"});
    BoxTrack track;
    track.id = item["id"].text();
    const std::string kind = item["kind"].text();
    if (kind != "hand" && kind != "object") {
      item["kind"].fail(ErrorCode::corrupt, "must be hand or object");
    }
    track.kind = kind == "hand" ? BoxKind::hand : BoxKind::object;
    if (item.has("category")) track.category = item["category"].text();
    const std::vector<int> frames = arrays.frames(item, tracks.frames);
    const std::vector<double> boxes = arrays.reals(item["box_px"], {frames.size(), 4});
    const std::vector<double> presence = arrays.shares(item, "confidence", frames.size());
    if (boxes.size() != 4 * frames.size() || presence.size() != frames.size()) return;
    for (std::size_t k = 0; k < frames.size(); ++k) {
      const double* b = &boxes[4 * k];
      if (b[0] > b[2] || b[1] > b[3]) {
        return item["box_px"].fail(ErrorCode::corrupt, "row " + std::to_string(k) +
                                                           ": must be x_min, y_min, x_max, y_max");
      }
      track.observations.push_back({frames[k], {b[0], b[1]}, {b[2], b[3]}, presence[k], 1.0});
    }
    tracks.boxes.push_back(std::move(track));
  }
}

void read_depth(const JsonPlace& place, const Arrays& arrays, Tracks& tracks,
                std::vector<ImportedFile>& files) {
  only_keys(place, {"frame", "files", "unit_m"});
  const double unit_m = positive_or(place, "unit_m", 0.001);
  const std::vector<int> frames = arrays.frames(place, tracks.frames);
  if (place["files"].size() != frames.size()) {
    return place["files"].fail(ErrorCode::corrupt, "must name one file per frame");
  }
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const JsonPlace item = place["files"][i];
    const auto path = arrays.file(item);
    if (!path) return;
    const Result<foreign::PictureSize> size = foreign::depth_png_size(*path);
    if (!size) return item.fail(size.error().code, size.error().message);
    const std::string name =
        "depth/" + std::filesystem::path(item.text()).lexically_normal().string();
    tracks.depth_maps.push_back({frames[i], name, size->width_px, size->height_px, unit_m});
    files.push_back({name, *path});
  }
}

void read_imus(const JsonPlace& place, const Arrays& arrays, SensorStreams& sensors) {
  for (std::size_t i = 0; i < place.size(); ++i) {
    const JsonPlace item = place[i];
    only_keys(item, {"id", "axes", "time_ns", "accel_m_s2", "gyro_rad_s", "camera_from_imu"});
    ImuStream imu;
    imu.id = item["id"].text();
    if (item.has("axes")) imu.axes = item["axes"].text();
    const std::vector<std::int64_t> times = arrays.times(item["time_ns"]);
    for (const auto& [key, stream] :
         {std::pair{"accel_m_s2", &imu.accel_m_s2}, std::pair{"gyro_rad_s", &imu.gyro_rad_s}}) {
      if (!item.has(key)) continue;
      const std::vector<double> values = arrays.reals(item[key], {times.size(), 3});
      stream->time_ns = times;
      for (std::size_t k = 0; k + 3 <= values.size(); k += 3) {
        stream->values.push_back({values[k], values[k + 1], values[k + 2]});
      }
    }
    if (item.has("camera_from_imu")) {
      const std::vector<Pose> pose = arrays.poses(item["camera_from_imu"], 1);
      if (!pose.empty()) imu.camera_from_imu = pose[0];
    }
    sensors.imus.push_back(std::move(imu));
  }
}

}  // namespace hearth::tracks_format
