// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/camera.h>
#include <hearth/data/image.h>
#include <hearth/ingest/ingest.h>
#include <hearth/video/probe.h>

namespace hearth {

/// The camera of a clip: from the file, the container, or a guess that is reported.
[[nodiscard]] Result<CameraModel> intrinsics_of(const VideoInfo& clip, const IngestOptions& options,
                                                Diagnostics& diagnostics);

/// True where b shows the same picture as a, up to what a video encoder adds to a copied frame.
[[nodiscard]] bool repeats(const ImageRgb8& a, const ImageRgb8& b);

}  // namespace hearth
