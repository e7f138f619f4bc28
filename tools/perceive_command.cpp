// SPDX-License-Identifier: Apache-2.0
#include "terminal.h"

namespace hearth {

void add_perceive_command(CLI::App& app, Terminal& terminal) {
  struct Arguments {
    std::string episode;
    std::string tracks;
    std::string out;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("perceive", "find hands, camera motion, moving points");
  command->add_option("EPISODE", arguments->episode, "folder that ingest wrote")->required();
  command->add_option("--tracks", arguments->tracks,
                      "folder with tracks.json that import wrote with this episode");
  command->add_option("-o,--out", arguments->out, "tracks folder to write")->required();
  add_common_options(*command, terminal);
  command->callback([arguments, &terminal] {
    finish_step(terminal,
                perceive_step(arguments->episode, {{}, arguments->tracks}, arguments->out,
                              setup_of(terminal)),
                arguments->out);
  });
}

}  // namespace hearth
