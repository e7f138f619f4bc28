// SPDX-License-Identifier: Apache-2.0
#include "terminal.h"

namespace hearth {

void add_synthesize_command(CLI::App& app, Terminal& terminal) {
  struct Arguments {
    std::string home;
    SynthesizeStepOptions options;
    std::string out;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "synthesize", "vary the home, replay, keep what succeeds, write a LeRobot dataset");
  command->add_option("HOME", arguments->home, "folder that reconstruct wrote")->required();
  command->add_option("-n,--count", arguments->options.count, "proposals")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--seed", arguments->options.seed, "seed of the variants")
      ->capture_default_str();
  command->add_option("--preset", arguments->options.preset, "ranges: near")->capture_default_str();
  add_picture_options(*command, arguments->options);
  command->add_option("--humanoid", arguments->options.humanoid, "humanoid model")
      ->capture_default_str();
  command->add_option("-o,--out", arguments->out, "set folder to write; resumes what is there")
      ->required();
  add_common_options(*command, terminal);
  command->callback([arguments, &terminal] {
    finish_step(
        terminal,
        synthesize_step(arguments->home, arguments->options, arguments->out, setup_of(terminal)),
        arguments->out);
  });
}

}  // namespace hearth
