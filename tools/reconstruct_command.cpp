// SPDX-License-Identifier: Apache-2.0
#include "terminal.h"

namespace hearth {

void add_reconstruct_command(CLI::App& app, Terminal& terminal) {
  struct Arguments {
    std::string episode;
    std::string tracks;
    std::optional<double> hand_length_m;
    std::string out;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("reconstruct", "build the metric scene, the hands in it and the task");
  command->add_option("EPISODE", arguments->episode, "folder that ingest wrote")->required();
  command->add_option("TRACKS", arguments->tracks, "folder that perceive wrote")->required();
  command
      ->add_option("--hand-length-m", arguments->hand_length_m,
                   "wrist crease to middle fingertip of the person, metres")
      ->check(CLI::Range(0.10, 0.30));
  command->add_option("-o,--out", arguments->out, "home folder to write")->required();
  add_common_options(*command, terminal);
  command->callback([arguments, &terminal] {
    finish_step(terminal,
                reconstruct_step(arguments->episode, arguments->tracks, arguments->hand_length_m,
                                 {}, arguments->out, setup_of(terminal)),
                arguments->out);
  });
}

}  // namespace hearth
