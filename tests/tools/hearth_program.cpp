// SPDX-License-Identifier: Apache-2.0
#include "hearth_program.h"

#include <hearth/io/files.h>
#include <hearth/video/mp4.h>
#include <sys/wait.h>

#include <cstdlib>
#include <stdexcept>

#include "tests/support/temporary_folder.h"

namespace hearth {

Ended run_shell(std::string command) {
  const TemporaryFolder folder;
  const std::filesystem::path said = folder.path() / "said";
  const std::size_t at = command.find("{}");
  if (at != std::string::npos) command.replace(at, 2, HEARTH_PROGRAM);
  const int status = std::system((command + " >/dev/null 2>" + said.string()).c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), *read_file(said)};
}

Ended run_hearth(const std::vector<std::string>& arguments) {
  std::string command = "{}";
  for (const std::string& argument : arguments) command += " '" + argument + "'";
  return run_shell(command);
}

void write_plain_clip(const std::filesystem::path& file, int width_px, int height_px, int frames,
                      int brightness, const std::vector<std::int64_t>& ticks, int rotation_deg) {
  Mp4Options options;
  options.rotation_deg = rotation_deg;
  Result<Mp4Writer> made = make_mp4_writer(width_px, height_px, options);
  if (!made) throw std::runtime_error(to_string(made.error()));
  Mp4Writer writer = std::move(made).value();
  ImageRgb8 image{width_px, height_px, {}};
  const std::size_t bytes = static_cast<std::size_t>(width_px * height_px) * 3;
  for (int i = 0; i < frames; ++i) {
    // One grey level of change per frame: no frame repeats another.
    image.values.assign(bytes,
                        static_cast<std::uint8_t>(brightness + (brightness > 0 ? i % 4 : 0)));
    const std::size_t tick = static_cast<std::size_t>(i) % ticks.size();
    if (Result<Done> done = writer.add(image, ticks[tick]); !done) {
      throw std::runtime_error(to_string(done.error()));
    }
  }
  Result<std::string> bytes_of_file = writer.finish();
  if (!bytes_of_file || !write_file(file, *bytes_of_file)) {
    throw std::runtime_error("clip could not be written");
  }
}

}  // namespace hearth
