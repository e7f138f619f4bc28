// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What of a followed point's way is its own, and whether a hand goes the same way.

#include <optional>
#include <vector>

#include "sim/perceive/moving_points.h"

namespace hearth {

inline constexpr int kMovingStride = 5;  ///< Images over which ways are compared.

/// Depths, over the map unit, that a point near the hand may have.
inline constexpr double kInverseDepths[] = {0.4, 0.6, 0.8, 1.0, 1.25, 1.6, 2.1, 3.0};

/// One followed point.
struct MovingTrace {
  std::vector<PointSample> samples{};  ///< Tracking pixels, image index, ascending.
  int seed_image = 0;
  std::size_t hand = 0;  ///< Beside which it was found.
};

/// Everything that the judgements need; references outlive it.
struct MovingScene {
  const GreyStack& stack;
  const CameraByImage& camera;
  const std::vector<std::vector<HandInImage>>& hands_in;
};

/// Returns the hand in an image if its place there is not just a guess.
[[nodiscard]] const HandInImage* hand_at(const MovingScene& scene, int image, std::size_t hand);

/// Returns how far the palm went from image a to b beyond what the camera explains.
[[nodiscard]] std::optional<Vec2> palm_shift(const MovingScene& scene, std::size_t hand, int a,
                                             int b);

/// Returns how far a point went beyond what the camera explains at the depth that suits it best: a
/// point at rest leaves next to nothing, whatever its depth.
[[nodiscard]] std::optional<Vec2> own_shift(const MovingScene& scene, const PointSample& a,
                                            const PointSample& b);

struct HandAgreement {
  double shift_px = 0.0;    ///< How far the point gets from its first place.
  double agreement = -1.0;  ///< Cosine between its way and the hand's.
  double gain = 0.0;        ///< Its way over the hand's.
  int pairs = 0;
  int first = 0;  ///< Samples between which it moves.
  int last = 0;
};

[[nodiscard]] HandAgreement agreement_with(const MovingScene& scene, const MovingTrace& trace,
                                           std::size_t hand);

[[nodiscard]] bool moves_with(const HandAgreement& agreement, const MovingOptions& options);

/// Returns per trace the share of its ways that differ from what most traces beside the same hand
/// do at that time: skin that moves while the object still rests, corners that a finger wiped
/// along.
[[nodiscard]] std::vector<double> stray_share(const MovingScene& scene,
                                              const std::vector<MovingTrace>& traces);

}  // namespace hearth
