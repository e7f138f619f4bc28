// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Streams of one recording, on one clock and in one metric world, become Tracks on frames.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/camera.h>
#include <hearth/data/shape.h>
#include <hearth/data/tracks.h>
#include <hearth/ingest/import.h>

#include <optional>
#include <string>
#include <vector>

namespace hearth::foreign {

/// A pose at one time.
struct TimedPose {
  TimeNs time_ns = 0;
  Pose pose{};
  int chunk = 0;  ///< Poses of different chunks share no frame and are never interpolated.
};

/// 21 joints in hearth's order, world frame.
struct TimedHand {
  TimeNs time_ns = 0;
  HandJoints joints_in_world_m{};
  double confidence = 1.0;
};

struct WorldHand {
  HandSide side = HandSide::right;
  double sigma_m = 0.01;           ///< Of a joint, each direction.
  std::vector<TimedHand> hands{};  ///< Times ascending.
};

/// A thing with a shape. `world_from_shape` has times ascending; one pose of a thing that rests.
struct WorldObject {
  std::string id{};
  std::string category{};
  Shape shape{};
  bool at_rest = false;  ///< The only pose holds at all times; the first frame gets it.
  std::vector<TimedPose> world_from_shape{};
};

struct TimedBox {
  TimeNs time_ns = 0;
  Vec2 min_px{};  ///< In the upright picture.
  Vec2 max_px{};
  double visibility = 1.0;
};

struct WorldBoxes {
  std::string id{};
  BoxKind kind = BoxKind::object;
  std::string category{};
  std::vector<TimedBox> boxes{};  ///< Times ascending.
};

/// All streams. Times are those of the recording's own clock.
struct WorldRecording {
  std::string source{};                        ///< Importer's name.
  std::string file{};                          ///< For messages.
  std::vector<TimeNs> frame_time_ns{};         ///< Frames of the recording, ascending.
  CameraModel camera{};                        ///< Of the upright picture.
  std::vector<TimedPose> world_from_camera{};  ///< Times ascending.
  bool camera_is_static = false;               ///< The only pose is valid at all times.
  Quat z_up_from_world{};                      ///< Makes the world Z-up.
  std::vector<WorldHand> hands{};
  std::vector<WorldObject> objects{};
  std::vector<WorldBoxes> boxes{};
  std::vector<MapPoint> points{};  ///< In the world as the file has it.
  std::vector<TrackOrigin> origins{};
};

/// Tracks and the clock that goes with them.
struct RecordingTracks {
  Tracks tracks{};
  TimeNs clock_zero_ns = 0;  ///< Time of the recording's clock at the first frame.
};

/// The map is the world turned Z-up, in metres. Frames are those of the episode where one is given
/// (`clock_offset_s`, else the first frames are taken for each other: `clock_guessed`), else the
/// recording's own. Poses between two samples at most `longest_gap_s` apart are interpolated,
/// joints only onto the frames of an episode; there a hand is `observed` where a sample lies within
/// 20 ms. Boxes go to the nearest frame within 2 ms.
///
/// Diagnostics: `clock_guessed`, `frames_without_camera`, `hand_without_camera`, `object_not_seen`.
///
/// @return corrupt where the recording has no frames or a hand's bones are those of no hand;
///         invalid_argument for options out of range or an episode that does not overlap.
[[nodiscard]] Result<RecordingTracks> tracks_from_recording(const WorldRecording& recording,
                                                            const ImportOptions& options,
                                                            Diagnostics& diagnostics);

/// The pose at a time; nothing more than 1 ms outside the samples, across a longer gap, or between
/// chunks. With a gap of 0 only a sample at that very time.
[[nodiscard]] std::optional<TimedPose> timed_pose_at(const std::vector<TimedPose>& samples,
                                                     TimeNs time_ns, TimeNs longest_gap_ns);

/// Times from `first_ns` to `last_ns`, `rate_hz` apart.
[[nodiscard]] std::vector<TimeNs> even_times(TimeNs first_ns, TimeNs last_ns, double rate_hz);

}  // namespace hearth::foreign
