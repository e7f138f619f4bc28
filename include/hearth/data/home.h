// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What reconstruct() claims about one episode: the scene and what happened in it. The world frame
/// is one and the same in all parts.

#include <hearth/core/result.h>
#include <hearth/data/camera.h>
#include <hearth/data/contacts.h>
#include <hearth/data/hand.h>
#include <hearth/data/object_tracks.h>
#include <hearth/data/scene.h>
#include <hearth/data/task.h>

#include <vector>

namespace hearth {

struct Home {
  std::string clip_sha256{};  ///< The clip it was made from; held-out clips must differ.
  Scene scene{};
  std::vector<HandTrajectory> hands{};  ///< At most one per side.
  ObjectTracks object_tracks{};
  CameraPath camera_path{};
  Contacts contacts{};
  Task task{};
  bool operator==(const Home&) const = default;
};

/// Checks each part and that ids named by contacts, tracks and task exist in the scene.
[[nodiscard]] Result<Home> validated(Home home);

}  // namespace hearth
