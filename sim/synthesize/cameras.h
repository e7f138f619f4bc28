// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The two cameras of an episode, and pictures from them.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/camera.h>
#include <hearth/data/home.h>
#include <hearth/data/humanoid.h>
#include <hearth/data/rollout.h>
#include <hearth/data/variant.h>
#include <hearth/dataset/lerobot.h>
#include <hearth/synthesize/synthesize.h>

#include <cstddef>
#include <string>
#include <vector>

namespace hearth {

/// One camera over a rollout: a pose per state row.
struct FilmCamera {
  std::string name{};
  CameraModel model{};
  std::vector<Pose> world_from_camera{};
};

/// Returns "head" (on the humanoid's head, moved by the variant as the home's "head" is) and
/// "room".
/// @return infeasible if the humanoid has no site head_camera or the rollout lacks its body.
[[nodiscard]] Result<std::vector<FilmCamera>> film_cameras(const Home& home, const Variant& variant,
                                                           const Humanoid& humanoid,
                                                           const Rollout& rollout,
                                                           const SynthesizeOptions& options);

/// Pictures of one camera, encoded, with their statistics.
struct Footage {
  std::string mp4{};
  PixelHistogram pixels{};
  StillTrack depth{};
  StillTrack bodies{};
};

/// Films rows 0 .. steps - 1 of a rollout from each camera. One thread.
[[nodiscard]] Result<std::vector<Footage>> film_rollout(const Home& home, const Rollout& rollout,
                                                        const std::vector<FilmCamera>& cameras,
                                                        const SynthesizeOptions& options);

/// How synthesize() encodes.
[[nodiscard]] Mp4Options encoding_of(const Rollout& rollout);

}  // namespace hearth
