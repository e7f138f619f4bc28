// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two hand networks of MediaPipe (Zhang et al., "MediaPipe Hands", 2020): palms in a picture,
// and 21 joints in a square. Private to the module.

#include <hearth/data/hand.h>
#include <hearth/nets/net.h>

#include <array>
#include <filesystem>
#include <span>
#include <vector>

#include "sim/perceive/hand_picture.h"

namespace hearth::hands {

inline constexpr int kPalmInputPx = 192;
inline constexpr int kPalmAnchors = 2016;
inline constexpr int kPalmValues = 18;
inline constexpr int kPalmKeypoints = 7;
inline constexpr int kLandmarkInputPx = 224;

/// A palm: box and keypoints. Keypoint 0 is the wrist, 2 the middle knuckle.
struct Palm {
  Vec2 center{};
  Vec2 size{};
  std::array<Vec2, kPalmKeypoints> keypoints{};
  double score = 0.0;
};

/// What the landmark network says about one square.
struct Reading {
  std::array<Vec2, kHandJoints> joints_px{};  ///< In the picture.
  /// Metres round the hand's centre, axes of the camera if the square lay on its axis: to be turned
  /// onto the ray of the square's centre.
  HandJoints shape_m{};
  Square square{};
  double presence = 0.0;  ///< 0..1
  double right = 0.5;     ///< Towards 1: a right hand, towards 0: a left one.
  /// Only the palm network saw it: the last shape, moved onto the palm.
  bool carried = false;
};

/// Centres of the 2016 anchors, in shares of the input.
[[nodiscard]] const std::vector<Vec2>& palm_anchors();

/// Decodes raw network outputs into palms in shares of the input, all with at least min_score.
[[nodiscard]] std::vector<Palm> decode_palms(std::span<const float> boxes,
                                             std::span<const float> logits, double min_score);

/// Merges boxes of one hand, weighted by score; best first.
[[nodiscard]] std::vector<Palm> merge_palms(std::vector<Palm> palms, double min_iou);

/// The square in which the landmark network wants to see this palm's hand.
[[nodiscard]] Square square_from_palm(const Palm& palm);

/// The same from the joints of the frame before.
[[nodiscard]] Square square_from_joints(const std::array<Vec2, kHandJoints>& joints_px);

/// Maps raw landmark outputs of a square to the picture.
[[nodiscard]] Reading decode_reading(std::span<const float> landmarks, double presence,
                                     double right, std::span<const float> world,
                                     const Square& square);

/// One pair of networks per worker: worker w of `size()` takes items w, w + size(), ...
class HandNets {
 public:
  /// @return as load_net(), and unsupported if the files have other inputs or outputs.
  [[nodiscard]] static Result<HandNets> load(const std::filesystem::path& folder, int workers);

  [[nodiscard]] int workers() const { return static_cast<int>(palm_.size()); }

  /// Palms of each square, in picture pixels.
  [[nodiscard]] Result<std::vector<std::vector<Palm>>> find_palms(
      const Picture& picture, const std::vector<Square>& squares, double min_score);

  [[nodiscard]] Result<std::vector<Reading>> read_hands(const Picture& picture,
                                                        const std::vector<Square>& squares);

 private:
  std::vector<Net> palm_;
  std::vector<Net> landmark_;
};

}  // namespace hearth::hands
