// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small datasets with known content: every frame's colour tells episode and frame.

#include <hearth/dataset/lerobot.h>

#include <filesystem>
#include <string>
#include <vector>

namespace hearth {

struct SampleOptions {
  std::vector<int> lengths{3, 61, 8};
  int cameras = 2;
  int rate_hz = 30;
  bool stills = false;
  bool counted_pixels = true;  // false: the writer has to decode
};

// The level of frame k of episode e seen by camera c; its colour is (level, 40, level / 2).
int sample_grey(int episode, int frame, int camera);

struct Sample {
  DatasetSpec spec{};
  std::vector<DatasetEpisode> episodes{};

  [[nodiscard]] EpisodeSource source() const;
};

// Videos go to `work`, which must outlive the sample.
Sample make_sample(const std::filesystem::path& work, const SampleOptions& options);

// Writes the sample to `folder`; requires success.
DatasetSummary write_sample(const Sample& sample, const std::filesystem::path& folder,
                            const WriteLerobotOptions& options = {});

// All regular files below a folder, relative and sorted.
std::vector<std::string> files_below(const std::filesystem::path& folder);

}  // namespace hearth
