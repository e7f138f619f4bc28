// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Finds hands in the frames of an episode, follows them in both directions of time, decides their
/// sides, and fits one hand of constant bone lengths to each track. Method and limits:
/// docs/perceive.md.

#include <hearth/core/diagnostics.h>
#include <hearth/core/progress.h>
#include <hearth/core/result.h>
#include <hearth/data/episode.h>
#include <hearth/data/image.h>
#include <hearth/data/tracks.h>

#include <filesystem>
#include <vector>

namespace hearth {

/// Options of track_hands().
struct TrackHandsOptions {
  std::filesystem::path model_dir{};  ///< Folder with the pinned palm and landmark networks.
  int jobs = 0;                       ///< Threads, 0 = all cores; never seen in the result.
  int max_side_px = 1280;             ///< Larger frames are halved until they fit.
  int search_stride = 1;  ///< Frames between searches while no hand is followed; less often then.
  double min_palm_score = 0.5;    ///< Palms below it are not looked at.
  double min_new_presence = 0.7;  ///< What a new hand needs.
  double min_presence = 0.5;      ///< What keeps a followed hand.
  double min_track_s = 0.15;      ///< Shorter sightings are dropped.
  double max_bridge_s = 0.25;     ///< Longer holes in a track stay holes.
  double hand_length_m =
      kPopulationHandLengthM;  ///< Wrist crease to middle fingertip of the wearer.
};

/// Returns the tracks: at most one left and one right hand of the wearer, then hands of others.
///
/// Joints are fitted in metres for a hand of `hand_length_m`; everything scales in proportion to
/// it. Frames without the hand have no observation; bridged ones have observed == false.
/// depth_sigma_m leaves out the errors of hand length and focal length. Repeated frames are not
/// looked at. Same input, same bytes for any number of jobs on one machine. An episode without
/// hands gives no track.
///
/// Diagnostics: `hand_candidates_refused` (did not stand the verification), `hand_tracks_dropped`
/// (too short or too doubtful), `hand_side_doubtful`, `hands_not_found`.
///
/// @return as load_net() for the networks, as `frames` for pictures, invalid_argument for an option
/// out of range, try_again if `progress` asks to stop.
[[nodiscard]] Result<std::vector<HandTrack>> track_hands(const Episode& episode,
                                                         const FrameSource& frames,
                                                         const TrackHandsOptions& options,
                                                         const Progress& progress,
                                                         Diagnostics& diagnostics);

}  // namespace hearth
