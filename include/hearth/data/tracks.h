// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What was seen: uneven, noisy, in image, camera or map frame. The map is the frame of the
/// estimated camera path; its unit is unknown until reconstruct() finds the metric scale.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/camera.h>
#include <hearth/data/estimate.h>
#include <hearth/data/hand.h>
#include <hearth/data/shape.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// One hand in one frame.
struct HandObservation {
  int frame = 0;
  TimeNs time_ns = 0;
  std::array<Vec2, kHandJoints> joints_px{};
  HandJoints joints_in_camera_m{};  ///< Fitted; metric if the hand has the track's hand_length_m.
  double presence = 0.0;            ///< Confidence of the detector, 0..1.
  bool observed = false;            ///< False: interpolated by the fit, no detection in this frame.
  double sigma_px = 0.0;            ///< One standard deviation of a joint in the image.
  double depth_sigma_m = 0.0;       ///< Along the ray, hand length taken as known.
  bool operator==(const HandObservation&) const = default;
};

/// One hand followed over time. joints_in_camera_m scale in proportion to hand_length_m.
struct HandTrack {
  std::string id{};
  HandSide side = HandSide::right;  ///< One decision per track.
  double side_confidence = 0.0;
  bool wearer = true;          ///< False: somebody else's hand.
  double hand_length_m = 0.0;  ///< Length that the fit assumed.
  std::array<double, kHandBones> bone_length_m{};
  Source source = Source::measured;
  std::vector<HandObservation> observations{};  ///< Frames ascending.
  bool operator==(const HandTrack&) const = default;
};

/// The camera in one frame, in map units.
struct MapCamera {
  int frame = 0;
  TimeNs time_ns = 0;
  Pose map_from_camera{};
  bool observed = false;        ///< False: bridged.
  int chunk = 0;                ///< Poses of different chunks share no frame.
  double position_sigma = 0.0;  ///< Map units.
  double rotation_sigma_rad = 0.0;
  bool operator==(const MapCamera&) const = default;
};

/// A static scene point.
struct MapPoint {
  Vec3 p_in_map{};
  int chunk = 0;
  int observations = 0;
  double reprojection_px = 0.0;  ///< RMS over its observations.
  bool operator==(const MapPoint&) const = default;
};

/// Pixel of one point in one frame.
struct PointSample {
  int frame = 0;
  Vec2 pixel_px{};
  bool operator==(const PointSample&) const = default;
};

/// A point that moves against the map, usually on a held object.
struct MovingPoint {
  std::string near_hand{};  ///< Id of the hand track that it moves with; empty if none.
  std::vector<PointSample> samples{};
  bool operator==(const MovingPoint&) const = default;
};

/// Pose of an object in one frame, map units.
struct ObjectObservation {
  int frame = 0;
  TimeNs time_ns = 0;
  Pose map_from_object{};
  double position_sigma = 0.0;
  bool operator==(const ObjectObservation&) const = default;
};

/// An object followed by some other means (imported, or truth). Sizes in map units.
struct ObjectSighting {
  std::string id{};
  std::string category{};
  Shape shape{};
  Vec3 color_rgb{0.5, 0.5, 0.5};
  Source source = Source::measured;
  std::vector<ObjectObservation> observations{};
  bool operator==(const ObjectSighting&) const = default;
};

/// What is seen in a box.
enum class BoxKind { hand, object };

/// A rectangle in one frame; it may reach beyond the picture.
struct BoxObservation {
  int frame = 0;
  Vec2 min_px{};
  Vec2 max_px{};            ///< Not below min_px.
  double presence = 1.0;    ///< Confidence, 0..1.
  double visibility = 1.0;  ///< Share of the thing that is not hidden, 0..1.
  bool operator==(const BoxObservation&) const = default;
};

/// Boxes of one hand or object over time, as another method gave them.
struct BoxTrack {
  std::string id{};
  BoxKind kind = BoxKind::object;
  std::string category{};  ///< "left" or "right" for hands where it is known.
  Source source = Source::imported;
  std::vector<BoxObservation> observations{};  ///< Frames ascending.
  bool operator==(const BoxTrack&) const = default;
};

/// A depth picture that belongs to a frame: 16-bit PNG, depth along z, 0 where there is none.
struct DepthMap {
  int frame = 0;
  std::string file{};  ///< Below the folder of the tracks.
  int width_px = 0;    ///< Of the depth picture; it shows what the frame shows.
  int height_px = 0;
  double unit_m = 0.001;  ///< Metres per count.
  bool operator==(const DepthMap&) const = default;
};

/// Which part of the tracks came from where, if not from the stage that `source` names.
struct TrackOrigin {
  std::string part{};         ///< "camera", "hands", "objects", "boxes", "depth_maps".
  std::string source{};       ///< Importer's name.
  std::string writer{};       ///< What made the file, where it says so.
  std::string file{};         ///< File name.
  std::string file_sha256{};  ///< 64 digits.
  bool operator==(const TrackOrigin&) const = default;
};

/// Everything perceived in one episode.
struct Tracks {
  std::string source{};  ///< "perceive", "truth" or an importer's name.
  int frames = 0;
  std::vector<TimeNs> frame_time_ns{};  ///< As the episode's.
  CameraModel camera_model{};
  bool camera_is_static = false;
  std::vector<MapCamera> camera{};  ///< Frames ascending; unregistered frames are absent.
  std::optional<ScaleEstimate> map_scale_m{};  ///< Metres per map unit, where something said so.
  std::optional<Vec3> up_in_map{};             ///< Measured gravity, where something said so.
  std::vector<HandTrack> hands{};
  std::vector<MapPoint> map_points{};
  std::vector<MovingPoint> moving_points{};
  std::vector<ObjectSighting> objects{};
  std::vector<BoxTrack> boxes{};       ///< Imported ones only.
  std::vector<DepthMap> depth_maps{};  ///< Frames ascending.
  std::vector<TrackOrigin> origins{};  ///< One per imported part.
  bool operator==(const Tracks&) const = default;
};

/// A camera model without a size (source unknown) is fine where no hands are: a path alone.
/// @return invalid_argument naming the field.
[[nodiscard]] Result<Tracks> validated(Tracks tracks);

}  // namespace hearth
