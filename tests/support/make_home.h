// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Small homes by seed: a table, one object, a recorded hand that carries it by one hand at human
/// speed.

#include <hearth/data/home.h>
#include <hearth/data/rollout.h>

#include <cstdint>

namespace hearth::test {

/// How wrong the recording is, like a reconstruction from video.
struct HomeNoise {
  double hand_offset_m =
      0.0;  ///< Constant offset of the hand against the object, one sigma per axis.
  double hand_wander_m = 0.0;   ///< Slowly varying offset.
  double hand_jitter_m = 0.0;   ///< Per sample.
  double hand_turn_rad = 0.0;   ///< Constant wrong rotation of the wrist.
  double track_jitter_m = 0.0;  ///< Of the object's path while it is held.
  int contact_frames = 0;       ///< Contact times are off by up to this many frames of 30 Hz.
};

/// Clean; and as bad as a fair reconstruction from video.
[[nodiscard]] HomeNoise no_noise();
[[nodiscard]] HomeNoise video_noise();

/// Returns a home in which a hand lifts, carries and places one object. Draws: table height
/// .70-1.05, box or cylinder 3.5-9 cm wide and 5-20 cm high, .05-1 kg, friction .5-1, start and
/// goal within
/// +-.15 m of each other, either hand, grasp from above or leaning, 4-6 s, world turned and
/// shifted.
[[nodiscard]] Home make_place_home(std::uint64_t seed, const HomeNoise& noise = {});

/// What became of the object.
struct PlaceResult {
  bool lifted = false;   ///< 3 cm above its start for .2 s.
  bool placed = false;   ///< Within 5 cm of the goal at the end.
  bool upright = false;  ///< Tilt below 20 deg at the end.
  double goal_error_m = 0.0;
  double tilt_rad = 0.0;
  double highest_m = 0.0;
  [[nodiscard]] bool success() const { return lifted && placed && upright; }
};
[[nodiscard]] PlaceResult judge_place(const Home& home, const Rollout& rollout);

}  // namespace hearth::test
