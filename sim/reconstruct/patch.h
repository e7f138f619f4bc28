// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Small undistorted views of one place, cut out of frames, and the same place as another frame saw
/// it. Level frame: z up, the support's top face at z = 0, map units.

#include <hearth/data/image.h>
#include <hearth/data/tracks.h>

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "sim/reconstruct/map_model.h"

namespace hearth::recon {

/// A pinhole camera of its own: pixel (i, j) looks along (left + i * step, top + j * step, 1).
struct PatchCamera {
  Pose level_from_camera{};
  double left = 0.0;
  double top = 0.0;
  double step = 0.001;
  int size = 0;
  [[nodiscard]] Vec3 ray(double x, double y) const {
    return {left + x * step, top + y * step, 1.0};
  }
  [[nodiscard]] std::optional<Vec2> pixel(Vec3 p_in_level) const;
};

/// A patch around a place, `extent` map units wide there.
[[nodiscard]] PatchCamera patch_around(const Pose& level_from_camera, const CameraModel& model,
                                       Vec3 place_in_level, double extent);

/// Colours of a patch; `there` is 0 outside the frame.
struct Patch {
  cv::Mat lab{};    ///< CV_32FC3
  cv::Mat rgb{};    ///< CV_32FC3, sRGB 0..1
  cv::Mat there{};  ///< CV_8U, 255 or 0
};

/// The frame that the patch camera belongs to.
[[nodiscard]] Patch own_patch(const PatchCamera& patch, const CameraModel& model,
                              const ImageRgb8& image);

/// Another frame as it would look from the patch camera if all lay on a plane: normal * p = offset
/// in the level frame.
[[nodiscard]] Patch warped_patch(const PatchCamera& patch, const CameraModel& model,
                                 const ImageRgb8& image, const Pose& level_from_other, Vec3 normal,
                                 double offset);

/// Marks where hands and forearms are in frame `frame`, as the patch sees them through `model`;
/// `level_from_other` and the plane say how to bring them into the patch where it is another frame.
void mark_hands(const Tracks& tracks, int frame, const PatchCamera& patch,
                const Pose& level_from_frame, bool same_frame, double scale_m, cv::Mat& mask);

}  // namespace hearth::recon
