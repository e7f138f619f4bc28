// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/data/home.h>

#include <filesystem>

namespace hearth::test {

/// Which parts of a run folder are made.
struct RunParts {
  bool clip = true;
  bool tracks = true;
  bool home = true;
  bool replay = true;
  bool set = true;
  bool gap = true;
  bool truth_substituted = false;
  int clip_width_px = 96;  ///< Four to three.
};

/// Writes a small run folder as `hearth run` would leave it: a drawn clip, nouns that agree with
/// it, a replay that follows the recording, eight proposals, six scores. Nothing in it was
/// simulated.
void make_run_folder(const std::filesystem::path& folder, const RunParts& parts);

}  // namespace hearth::test
