// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Upright boxes and cylinders fitted to a mask by the overlap of their outline with it.

#include <hearth/data/shape.h>

#include <array>
#include <opencv2/core.hpp>
#include <vector>

#include "sim/reconstruct/patch.h"

namespace hearth::recon {

/// A box or cylinder that stands on z = base_z of the level frame, map units.
struct Upright {
  ShapeKind kind = ShapeKind::cylinder;
  Vec2 base{};
  double base_z = 0.0;
  double width = 0.0;  ///< Along its own x; diameter of a cylinder.
  double depth = 0.0;  ///< Along its own y; width for a cylinder.
  double height = 0.0;
  double yaw_rad = 0.0;
};

/// Returns the convex outline in patch pixels, empty if part of it lies behind the camera.
[[nodiscard]] std::vector<Vec2> outline(const Upright& shape, const PatchCamera& patch);

/// A mask with row sums, so that overlaps cost one look per row.
class MaskSums {
 public:
  /// @param mask   CV_8U, 255 where the thing is.
  /// @param known  CV_8U, 255 where the mask can be trusted.
  MaskSums(const cv::Mat& mask, const cv::Mat& known);
  /// Intersection over union among known pixels; 0 where less than `least_known_share` of the
  /// outline is known.
  [[nodiscard]] double overlap(const std::vector<Vec2>& convex, double least_known_share) const;

 private:
  int size_ = 0;
  double mask_total_ = 0.0;
  std::vector<int> mask_sums_{};
  std::vector<int> known_sums_{};
};

/// What sizes and places are plausible, map units.
struct SilhouettePrior {
  Vec2 expected_base{};
  double place_sigma = 0.04;
  double width = 0.065;
  double height = 0.10;
  double log_sigma = 0.6;  ///< Of width and height.
  double base_z = 0.0;
  double least_known_share = 0.5;  ///< Of the outline, not hidden by hands.
};

struct SilhouetteFit {
  Upright shape{};
  double overlap = 0.0;
  double score = 0.0;  ///< Overlap less penalties.
};

[[nodiscard]] double penalised(const Upright& shape, const SilhouettePrior& prior, double overlap);

/// Returns the best upright shape of a kind, by pattern search from several starts.
[[nodiscard]] SilhouetteFit fit_silhouette(const cv::Mat& mask, const cv::Mat& known,
                                           const PatchCamera& patch, ShapeKind kind,
                                           const SilhouettePrior& prior);

/// Returns the best place (and heading, for boxes) of a shape of known size.
[[nodiscard]] SilhouetteFit fit_place(const cv::Mat& mask, const cv::Mat& known,
                                      const PatchCamera& patch, const Upright& start,
                                      const SilhouettePrior& prior);

}  // namespace hearth::recon
