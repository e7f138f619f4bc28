// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/nouns.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "sim/ingest/parts.h"

namespace hearth {
namespace {

// Diagonal of a 36 mm x 24 mm picture, which "35 mm equivalent" refers to.
constexpr double kFullFrameDiagonalMm = 43.2666;
// Phones round that number to whole millimetres and crop for stabilisation.
constexpr double kContainerSigmaShare = 0.05;

std::string size_text(int width_px, int height_px) {
  return std::to_string(width_px) + "x" + std::to_string(height_px);
}

CameraModel centred(const VideoInfo& clip, double focal_px) {
  CameraModel camera;
  camera.width_px = clip.width_px;
  camera.height_px = clip.height_px;
  camera.fx_px = camera.fy_px = focal_px;
  camera.cx_px = 0.5 * (clip.width_px - 1);
  camera.cy_px = 0.5 * (clip.height_px - 1);
  return camera;
}

Result<CameraModel> from_file(const VideoInfo& clip, const std::filesystem::path& file) {
  Result<CameraModel> read = read_noun<CameraModel>(file);
  if (!read) {
    return read;
  }
  CameraModel camera = std::move(read).value();
  if (camera.width_px != clip.width_px || camera.height_px != clip.height_px) {
    return Error{ErrorCode::invalid_argument,
                 "made for " + size_text(camera.width_px, camera.height_px) +
                     " pixels, but the upright clip has " +
                     size_text(clip.width_px, clip.height_px) +
                     "; give the calibration of this picture size",
                 file.string()};
  }
  camera.source = IntrinsicsSource::file;
  return camera;
}

}  // namespace

Result<CameraModel> intrinsics_of(const VideoInfo& clip, const IngestOptions& options,
                                  Diagnostics& diagnostics) {
  if (!options.camera_file.empty()) {
    return from_file(clip, options.camera_file);
  }
  if (clip.focal_length_35mm_equivalent_mm) {
    const double diagonal_px = std::hypot(clip.width_px, clip.height_px);
    CameraModel camera =
        centred(clip, *clip.focal_length_35mm_equivalent_mm / kFullFrameDiagonalMm * diagonal_px);
    camera.source = IntrinsicsSource::container;
    camera.focal_sigma_share = kContainerSigmaShare;
    return camera;
  }
  if (!(options.guessed_long_side_fov_rad > 0.0 && options.guessed_long_side_fov_rad < 2.8)) {
    return Error{ErrorCode::invalid_argument, "must lie between 0 and 2.8 rad",
                 "guessed_long_side_fov_rad"};
  }
  if (!(options.guessed_focal_sigma_share > 0.0 && options.guessed_focal_sigma_share < 1.0)) {
    return Error{ErrorCode::invalid_argument, "must lie between 0 and 1",
                 "guessed_focal_sigma_share"};
  }
  const double half_side_px = 0.5 * std::max(clip.width_px, clip.height_px);
  CameraModel camera =
      centred(clip, half_side_px / std::tan(0.5 * options.guessed_long_side_fov_rad));
  camera.source = IntrinsicsSource::guess;
  camera.focal_sigma_share = options.guessed_focal_sigma_share;
  diagnostics.add(
      Severity::guess, "focal_length_guessed",
      "nobody gave the camera's calibration: a focal length of " +
          std::to_string(static_cast<int>(std::lround(camera.fx_px))) + " px +- " +
          std::to_string(static_cast<int>(std::lround(100.0 * camera.focal_sigma_share))) +
          " % and no distortion are assumed, and all depths carry that error");
  return camera;
}

}  // namespace hearth
