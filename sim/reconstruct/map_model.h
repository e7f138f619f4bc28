// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The part of the tracks that one map frame holds, and the similarity that makes it metric.

#include <hearth/core/diagnostics.h>
#include <hearth/data/contacts.h>
#include <hearth/data/tracks.h>

#include <cstdint>
#include <vector>

namespace hearth::recon {

/// Camera per frame and still points of one chunk.
struct Map {
  int chunk = 0;
  std::vector<Pose> map_from_camera{};   ///< Per frame; identity where not known.
  std::vector<std::uint8_t> known{};     ///< Estimated, or bridged over at most .5 s.
  std::vector<std::uint8_t> observed{};  ///< Estimated from this frame itself.
  std::vector<double> position_sigma{};  ///< Map units.
  std::vector<double> rotation_sigma_rad{};
  std::vector<Vec3> points{};
  [[nodiscard]] int first_known() const;
};

/// Returns the chunk that the strongest contact lies in, else the longest one. Without any camera:
/// a camera that stands still, with a diagnostic.
[[nodiscard]] Map make_map(const Tracks& tracks, const ContactSpan* span, Diagnostics& diagnostics);

/// Metric world from map: p_in_world = scale_m * (rotation * p_in_map) + translation_m.
struct WorldFromMap {
  double scale_m = 1.0;
  Quat rotation{};
  Vec3 translation_m{};
  [[nodiscard]] Vec3 point(Vec3 p_in_map) const;
  [[nodiscard]] Pose pose(const Pose& map_from_x) const;
};

/// Returns where thumb, index and middle finger meet.
[[nodiscard]] Vec3 grasp_point(const HandJoints& joints);

/// Returns the frame nearest to a time.
[[nodiscard]] int frame_at(const Tracks& tracks, TimeNs time_ns);

/// Returns the observation of a frame, or null.
[[nodiscard]] const HandObservation* observation_at(const HandTrack& track, int frame);
[[nodiscard]] const HandTrack* find_hand(const Tracks& tracks, const std::string& id);

[[nodiscard]] double median(std::vector<double> values);

}  // namespace hearth::recon
