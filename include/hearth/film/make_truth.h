// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Draws a chore in a home, with everything that happened in it. No pixels: see film/film.h.

#include <hearth/core/result.h>
#include <hearth/data/hand.h>
#include <hearth/data/truth.h>

#include <cstdint>
#include <optional>
#include <string>

namespace hearth {

/// Options of make_truth() and film().
struct FilmOptions {
  std::string chore = "place";  ///< The only chore so far: pick up, carry, put down.
  std::uint64_t seed = 0;       ///< Everything is drawn from it, one stream per purpose.
  std::optional<std::uint64_t>
      home_seed{};                     ///< Takes the home (room, clutter, object) from this seed.
  std::optional<double> duration_s{};  ///< 4 to 12; drawn from 4 to 8 if absent.
  std::optional<HandSide> active_hand{};  ///< Which hand does it; drawn if absent.
  int samples_per_px = 2;  ///< 1 to 16 rays per pixel and frame: fewer is noisier and faster.
  int jobs = 0;            ///< Threads, 0 = all cores. Never shows in the result.
};

/// Returns a filmed take without its pixels: home, hands, object, camera, contacts and task.
///
/// World: floor at z = 0, Z up, the person stands at y < 0 and faces +Y. Frames are exactly 1/30 s
/// apart. Each hand has one span over the whole take at 30 Hz; the camera and the object have one
/// sample per frame. In the contact span onset and release are touch, move_start and move_stop the
/// object's motion. Hand pixel counts are empty. Same options, same bytes. No files.
///
/// @return invalid_argument naming the option; infeasible if no reachable arrangement was found.
[[nodiscard]] Result<Truth> make_truth(const FilmOptions& options);

}  // namespace hearth
