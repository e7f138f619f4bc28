// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Grasps during which the hand could not be followed: it reaches, is lost where it slows down, and
/// reappears elsewhere while it leaves.

#include <hearth/data/contacts.h>
#include <hearth/label/find_contacts.h>

#include <vector>

#include "sim/label/hand_path.h"

namespace hearth::label {

/// @param paths  Of one track, ascending.
[[nodiscard]] std::vector<ContactSpan> lost_spans(const Tracks& tracks, const HandTrack& track,
                                                  const std::vector<HandPath>& paths,
                                                  const FrameCameras& cameras, double scale_m,
                                                  const FindContactsOptions& options);

}  // namespace hearth::label
