// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Stretches in which a hand may hold something: between two dwells, with the evidence for it.

#include <hearth/label/find_contacts.h>

#include <string>
#include <vector>

#include "sim/label/hand_path.h"

namespace hearth::label {

/// Indices into one HandPath: the hand rests over [arrive, lift] and [down, leave].
struct HeldCandidate {
  int arrive = 0;
  int lift = 0;
  int down = 0;
  int leave = 0;
  bool reached = false;       ///< The hand came from elsewhere before.
  bool left = false;          ///< It went elsewhere after.
  bool rests_at_lift = true;  ///< False: the hand never came to rest there.
  bool rests_at_down = true;
  bool release_seen = true;  ///< False: where it let go, or whether, was not seen.
  double evidence = 0.0;
  std::string cues{};
  int object = -1;  ///< Index into Tracks::objects, -1 where none was sighted.
};

/// Returns the candidates with enough evidence, best first, not overlapping.
[[nodiscard]] std::vector<HeldCandidate> held_candidates(const Tracks& tracks, const HandPath& path,
                                                         const FindContactsOptions& options);

/// A sighted object that travelled: frames between which it moved.
struct ObjectMove {
  int object = -1;
  int first_frame = 0;
  int last_frame = 0;
};
[[nodiscard]] std::vector<ObjectMove> object_moves(const Tracks& tracks, double scale_m,
                                                   const FindContactsOptions& options);

/// Returns the mean distance between the hand's fingers and a moving object, metres; a large
/// number where the hand was not seen.
[[nodiscard]] double distance_to_object_m(const Tracks& tracks, const HandPath& path,
                                          const FrameCameras& cameras, double scale_m,
                                          const ObjectMove& move);

/// Returns the dwells around a known motion of the object.
[[nodiscard]] HeldCandidate candidate_from_move(const HandPath& path, const ObjectMove& move,
                                                const FindContactsOptions& options);

}  // namespace hearth::label
