// SPDX-License-Identifier: Apache-2.0
#pragma once

// One hand of constant bone lengths fitted to all frames of a stretch at once. Private to the
// module.

#include <hearth/core/time.h>
#include <hearth/data/hand.h>

#include <array>
#include <vector>

namespace hearth::hands {

/// Pairs of palm joints whose distances stay nearly constant, beside the bones from the wrist.
inline constexpr std::array<std::array<int, 2>, 6> kPalmPairs = {
    {{5, 9}, {9, 13}, {13, 17}, {5, 17}, {5, 13}, {9, 17}}};

/// Lengths of one person's hand.
struct HandShape {
  std::array<double, kHandBones> bone_m{};
  std::array<double, kPalmPairs.size()> palm_m{};
};

/// One frame of a stretch without long holes.
struct FitFrame {
  TimeNs time_ns = 0;
  bool observed = false;                ///< False: nothing was seen, the fit bridges.
  std::array<Vec2, kHandJoints> ray{};  ///< x / z and y / z of each joint, distortion removed.
  HandJoints shape_m{};  ///< The network's shape in camera axes; only its directions are used.
  double weight = 1.0;   ///< 0..1, the network's confidence.
};

struct FitOptions {
  double focal_px = 500.0;         ///< Turns rays into pixels.
  double sigma_px = 2.5;           ///< Of a knuckle in the image.
  double direction_sigma = 1.0;    ///< Of the network's bone directions: weak, they are biased.
  double palm_sigma_share = 0.05;  ///< How much the distances between knuckles may give.
  double wrist_acceleration_m_s2 = 4.0;  ///< One standard deviation; true frame times count.
  double bone_acceleration_m_s2 = 3.0;   ///< The same of a bone's end against its start.
  int max_iterations = 25;
};

/// Returns the joints of every frame in camera coordinates.
///
/// Start: no bone can look longer than it is, which bounds the knuckles' depth from above; the
/// bound's median over 11 frames is taken as depth, and the wrist lies where its ray meets the
/// sphere of radius L(0-9) round the middle knuckle, at the nearer point. Then Levenberg-Marquardt
/// over wrist positions and bone directions of all frames. Precondition: the first and the last
/// frame are observed.
[[nodiscard]] std::vector<HandJoints> fit_hand(const std::vector<FitFrame>& frames,
                                               const HandShape& shape, const FitOptions& options);

/// Only the start of fit_hand(): what a single frame and its neighbours say.
[[nodiscard]] std::vector<HandJoints> bound_hand(const std::vector<FitFrame>& frames,
                                                 const HandShape& shape);

/// Lengths from the medians of the network's shapes, scaled so that the chain 0, 9, 10, 11, 12 has
/// `hand_length_m`, halfway (in logarithms) to the population's proportions.
[[nodiscard]] HandShape shape_from(const std::vector<FitFrame>& frames, double hand_length_m);

}  // namespace hearth::hands
