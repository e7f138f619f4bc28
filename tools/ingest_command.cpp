// SPDX-License-Identifier: Apache-2.0
#include "terminal.h"

namespace hearth {

void add_ingest_command(CLI::App& app, Terminal& terminal) {
  struct Arguments {
    std::string clip;
    std::string camera;
    std::string out;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("ingest", "read a clip: exact times, size, intrinsics");
  command->add_option("CLIP", arguments->clip, "video file")->required();
  command->add_option("--camera", arguments->camera, "calibration file (camera_model JSON)");
  command->add_option("-o,--out", arguments->out, "episode folder to write")->required();
  add_common_options(*command, terminal);
  command->callback([arguments, &terminal] {
    finish_step(terminal,
                ingest_step(arguments->clip, arguments->camera, arguments->out, setup_of(terminal)),
                arguments->out);
  });
}

}  // namespace hearth
