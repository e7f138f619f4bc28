// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Output folders of Project Aria's machine perception services (MPS). Layout, frames and traps:
/// docs/formats/aria_mps.md.

#include <hearth/ingest/import.h>

namespace hearth {

/// Reads trajectory, online calibration, semi-dense points, hands and gaze of one recording.
///
/// The map is the closed loop's world (else the open loop's odometry frame) turned Z-up by its own
/// gravity, in metres; the camera is the colour camera, upright. Frames are those of the episode
/// given, else the times of the hands, else even at `rate_hz` (30). A hand that was not tracked is
/// missing; joint 1 (thumb CMC) is put between wrist and knuckle and is a guess.
///
/// Diagnostics: `open_loop_only`, `thumb_root_inferred`, `hands_outside_path`, `wrists_not_joints`,
/// `points_of_other_graph`, and those of the readers and the frames.
///
/// @return not_found or corrupt naming the file, line and column; unsupported where there is
///         neither trajectory nor hands, or no calibration to say where the camera sits.
[[nodiscard]] Result<Imported> import_aria_mps(const std::filesystem::path& folder,
                                               const ImportOptions& options,
                                               Diagnostics& diagnostics);

}  // namespace hearth
