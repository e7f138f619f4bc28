// SPDX-License-Identifier: Apache-2.0
#include <hearth/film/film.h>

#include <iostream>

#include "terminal.h"

namespace hearth {

void add_film_command(CLI::App& app, Terminal& terminal) {
  struct Arguments {
    FilmOptions film;
    bool truth_only = false;
    std::string out;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("film", "make a synthetic chore clip with full ground truth");
  command->add_option("--chore", arguments->film.chore, "chore: place")->capture_default_str();
  command->add_option("--seed", arguments->film.seed, "everything is drawn from it")->required();
  command->add_option("--home-seed", arguments->film.home_seed,
                      "take home and object from this seed: another take in the same home");
  command->add_option("--duration-s", arguments->film.duration_s, "4 to 12; drawn if absent");
  command->add_flag("--truth-only", arguments->truth_only, "write truth/ alone, in seconds");
  command->add_option("-o,--out", arguments->out, "take folder to write")->required();
  add_common_options(*command, terminal);
  command->callback([arguments, &terminal] {
    arguments->film.jobs = terminal.jobs;
    const Result<Truth> truth = arguments->truth_only
                                    ? film_truth_only(arguments->film, arguments->out)
                                    : film(arguments->film, arguments->out, progress_line());
    if (!truth) return fail(terminal, truth.error());
    std::cout << "film: wrote " << arguments->out << "\n";
  });
}

}  // namespace hearth
