// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Who is where at any moment: both hands, the object, the elbows. A pure function of time.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/hand.h>

#include <array>
#include <cstdint>

#include "sim/film/grasp.h"
#include "sim/film/hand_model.h"
#include "sim/film/home_draw.h"

namespace hearth::film_internal {

/// Times in seconds; each phase ends where the next begins, except that the carry overlaps lift and
/// lower.
struct Timeline {
  double reach_start = 0.0;
  double close_start = 0.0;  ///< Fingers begin to close just before the reach ends.
  double reach_end = 0.0;
  double close_end = 0.0;
  double move_start = 0.0;
  double lift_end = 0.0;
  double lower_start = 0.0;
  double move_stop = 0.0;
  double open_start = 0.0;
  double open_end = 0.0;
  double retreat_start = 0.0;  ///< Just before the fingers are fully open.
  double retreat_end = 0.0;
  double duration = 0.0;
};

struct HandState {
  Pose world_from_wrist{};
  HandAngles angles{};
};

/// The world at one moment. Index 0 is the left hand, 1 the right.
struct Moment {
  std::array<HandState, 2> hand{};
  std::array<Vec3, 2> elbow_in_world{};
  Pose world_from_object{};
};

/// Everything moment_at() needs; made once.
struct Choreography {
  Person person{};
  HandShape hand{};
  Shape object{};
  double top_m = 0.9;
  Grasp grasp{};
  Timeline time{};
  Pose world_from_start{};
  Pose world_from_goal{};
  double lift_m = 0.1;
  std::array<HandState, 2> rest{};    ///< At the beginning, per side.
  HandState end_rest{};               ///< Of the active hand.
  std::array<Vec3, 4> reach_curve{};  ///< Bezier points of the wrist.
  std::array<Vec3, 4> retreat_curve{};
  double touch_s = 0.0;                ///< First skin contact.
  double release_s = 0.0;              ///< Last skin contact.
  std::array<double, 6> sway_phase{};  ///< Of the idle hand.
};

struct ChoreographyOptions {
  std::uint64_t seed = 0;
  double duration_s = 6.0;
};

/// @return infeasible if the hand has no grasp or the time is too short for the distances.
[[nodiscard]] Result<Choreography> make_choreography(const HomeDraw& home,
                                                     const ChoreographyOptions& options);

[[nodiscard]] Moment moment_at(const Choreography& play, double time_s);

/// 0 at u <= 0, 1 at u >= 1, with the least possible jerk between (Flash & Hogan 1985).
[[nodiscard]] double minimum_jerk(double u);

}  // namespace hearth::film_internal
