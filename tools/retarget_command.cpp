// SPDX-License-Identifier: Apache-2.0
#include "terminal.h"

namespace hearth {

void add_retarget_command(CLI::App& app, Terminal& terminal) {
  struct Arguments {
    std::string home;
    std::string humanoid = "capsule";
    std::string out;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("retarget", "turn the hands into humanoid joint motion");
  command->add_option("HOME", arguments->home, "folder that reconstruct wrote")->required();
  command->add_option("--humanoid", arguments->humanoid, "humanoid model")->capture_default_str();
  command->add_option("-o,--out", arguments->out, "motion folder to write")->required();
  add_common_options(*command, terminal);
  command->callback([arguments, &terminal] {
    finish_step(
        terminal,
        retarget_step(arguments->home, arguments->humanoid, arguments->out, setup_of(terminal)),
        arguments->out);
  });
}

}  // namespace hearth
