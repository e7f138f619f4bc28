// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What is in one view of a place and not in another, as masks.

#include <opencv2/core.hpp>
#include <vector>

#include "sim/reconstruct/patch.h"

namespace hearth::recon {

/// One way to cut the thing out of a patch.
struct Cut {
  cv::Mat mask{};   ///< CV_8U, one connected piece.
  cv::Mat known{};  ///< CV_8U, 255 where neither view was hidden.
  bool shadow_removed = false;
  bool cut_by_color = false;  ///< Refined by GrabCut (Rother et al., SIGGRAPH 2004).
};

/// Returns up to three cuts: plain difference, without shadow, and the latter refined by colour.
/// None where more than a fifth of the place around it differs as well.
///
/// @param own      The view that holds the thing.
/// @param others   The other view, warped over one or several planes; a pixel differs only if it
///                 differs from all of them within a pixel.
/// @param known    CV_8U, 255 where no hand hides either view.
/// @param expected Patch pixel near which the thing must be.
[[nodiscard]] std::vector<Cut> cuts(const Patch& own, const std::vector<Patch>& others,
                                    const cv::Mat& known, Vec2 expected, bool refine_by_color);

}  // namespace hearth::recon
