// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Poses of objects over time, in the world.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>

#include <string>
#include <vector>

namespace hearth {

struct ObjectPoseSample {
  TimeNs time_ns = 0;
  Pose world_from_object{};
  bool observed = false;  ///< False: inferred, for example carried with the hand.
  double position_sigma_m = 0.0;
  bool operator==(const ObjectPoseSample&) const = default;
};

struct ObjectTrack {
  std::string object_id{};
  std::vector<ObjectPoseSample> samples{};  ///< Times ascending.
  bool operator==(const ObjectTrack&) const = default;
};

struct ObjectTracks {
  std::vector<ObjectTrack> tracks{};
  bool operator==(const ObjectTracks&) const = default;
};

[[nodiscard]] const ObjectTrack* find_track(const ObjectTracks& tracks,
                                            const std::string& object_id);

/// Returns the pose at a time: interpolated, held constant beyond the ends. The track has samples.
[[nodiscard]] Pose pose_at(const ObjectTrack& track, TimeNs time_ns);

[[nodiscard]] Result<ObjectTracks> validated(ObjectTracks tracks);

}  // namespace hearth
