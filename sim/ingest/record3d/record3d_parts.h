// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/camera.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::record3d {

/// What the file `metadata` says; one pose and one time per picture.
struct Metadata {
  CameraModel camera{};
  std::vector<Pose> map_from_camera{};  ///< Axes of hearth's camera.
  std::vector<TimeNs> time_ns{};        ///< First 0, ascending.
};

[[nodiscard]] Result<Metadata> read_metadata(std::string_view text, const std::string& file,
                                             Diagnostics& diagnostics);

/// Bytes of picture k as JPEG.
using PictureSource = std::function<Result<std::string>(std::size_t k)>;

/// A clip that shows picture k at time k, and the times that it really has (to a 15,360th second).
struct PictureClip {
  std::string mp4{};
  std::vector<TimeNs> time_ns{};
};

/// @return corrupt where a picture does not decode or has another size than the camera.
[[nodiscard]] Result<PictureClip> make_clip(const PictureSource& pictures, const Metadata& metadata,
                                            const std::string& file);

}  // namespace hearth::record3d
