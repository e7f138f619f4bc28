// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/data/image.h>

#include <filesystem>
#include <string>
#include <vector>

namespace hearth {

/// What the program ended with and what it said on standard error.
struct Ended {
  int exit_code = -1;
  std::string said;
};

/// Runs the built hearth with these arguments.
Ended run_hearth(const std::vector<std::string>& arguments);

/// Runs a shell command, `{}` standing for the program.
Ended run_shell(std::string command);

/// Writes a clip of plain pictures; brightness 0..255. Shows the i-th frame for ticks[i % size].
void write_plain_clip(const std::filesystem::path& file, int width_px, int height_px, int frames,
                      int brightness, const std::vector<std::int64_t>& ticks = {512},
                      int rotation_deg = 0);

}  // namespace hearth
