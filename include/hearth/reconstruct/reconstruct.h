// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// From what was seen to what we claim: a metric home, hands and an object's path in its world.
/// Method, limits and accuracy: docs/reconstruct.md.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/contacts.h>
#include <hearth/data/episode.h>
#include <hearth/data/home.h>
#include <hearth/data/image.h>
#include <hearth/data/tracks.h>

#include <cstdint>
#include <optional>

namespace hearth {

/// Options of reconstruct().
struct ReconstructOptions {
  std::optional<double> hand_length_m{};  ///< Wrist crease to middle fingertip, as measured on the
                                          ///< person; empty: population mean. .10 to .30.
  double hand_length_sigma_m = 0.004;     ///< Of a given hand length.
  double support_height_m = 0.90;         ///< Prior height of the work surface above the floor.
  double support_height_sigma_m = 0.08;
  double camera_height_m = 1.52;  ///< Prior height of a head camera over the floor, at work.
  double camera_height_sigma_m = 0.09;
  double rate_hz = 30.0;           ///< Of hand trajectories.
  double max_gap_s = 0.5;          ///< Longer holes in a hand are not bridged.
  double min_object_score = 0.78;  ///< Silhouette overlap below which no object is claimed.
  int frame_pairs = 9;             ///< Pairs of frames that are compared for the object.
  std::uint64_t seed = 0;          ///< Of the random samples of plane fits.
};

/// Returns the home of an episode: metric scene, hands, object path, camera path, contacts, task.
///
/// World: Z up, floor at z = 0 (where the floor is not seen, the support stands at its estimated
/// height and Scene::floor_seen is false); x = y = 0 below the first known camera; +y is where that
/// camera looks, levelled, +x to its right. Moving or scaling the map changes nothing but rounding.
///
/// Without contact or without an object that is found well enough the home has supports and hands,
/// no task object, and a diagnostic says why (`no_contact`, `object_not_found`). Every value that
/// was assumed carries Source::prior and has its diagnostic. Same input, same bytes.
///
/// @param tracks    validated(); of this episode.
/// @param contacts  From find_contacts(); only the strongest span is turned into a task.
/// @param frames    Pictures of the episode; may be empty: then objects come from Tracks::objects
///                  alone.
/// @return invalid_argument if an option is out of range or the tracks are not the episode's,
///         infeasible if there is neither a camera nor a hand.
[[nodiscard]] Result<Home> reconstruct(const Episode& episode, const Tracks& tracks,
                                       const Contacts& contacts, const FrameSource& frames,
                                       const ReconstructOptions& options, Diagnostics& diagnostics);

}  // namespace hearth
