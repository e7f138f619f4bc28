// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Decodes frames of a video file, upright, as sRGB.

#include <hearth/core/result.h>
#include <hearth/data/image.h>

#include <filesystem>

namespace hearth {

/// Opens a clip for reading frames by index; frame k has the k-th presentation time of probe().
///
/// Same file, same bytes: one decoding thread, bit-exact conversion. The colour matrix (BT.601,
/// BT.709, BT.2020) and range follow the tags; untagged pictures count as BT.709 from 720 lines on,
/// else BT.601. Recently decoded frames are kept (up to 192 MiB), so that walking backwards is
/// cheap.
///
/// The source returns invalid_argument for an index out of range, corrupt for a frame that does not
/// decode or has another size than the first.
///
/// @param rotation_deg  Clockwise turn applied to each picture: 0, 90, 180 or 270, as probe() says.
/// @return as probe(), and invalid_argument for another turn.
[[nodiscard]] Result<FrameSource> open_frames(const std::filesystem::path& path, int rotation_deg);

}  // namespace hearth
