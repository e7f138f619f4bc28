// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/rollout.h>
#include <hearth/io/nouns.h>
#include <hearth/pipeline/verify.h>

#include <filesystem>
#include <iostream>

#include "terminal.h"

namespace hearth {
namespace {

struct Arguments {
  std::string home;
  std::string motion;
  std::string humanoid = "capsule";
  bool verify = false;
  std::string out;
};

void print_outcome(const std::string& out) {
  const Result<Outcome> outcome = read_noun<Outcome>(std::filesystem::path(out) / "outcome.json");
  if (!outcome) return;
  for (const PredicateOutcome& p : outcome->predicates) {
    std::cout << "  " << p.name << ": once " << (p.once ? "yes" : "no") << ", at the end "
              << (p.at_end ? "yes" : "no") << ", margin " << p.margin << "\n";
  }
  std::cout << "  success at the end: " << (outcome->success_at_end ? "yes" : "no") << "\n";
}

void verify(const Arguments& arguments, Terminal& terminal) {
  const Result<std::optional<std::int64_t>> difference =
      verify_rollout(arguments.home, arguments.out, arguments.humanoid);
  if (!difference) return fail(terminal, difference.error());
  if (*difference) {
    std::cout << "replay: the rerun differs first at state " << **difference << "\n";
    terminal.exit_code = kFailed;
    return;
  }
  std::cout << "replay: the stored actions reproduce every stored state\n";
}

}  // namespace

void add_replay_command(CLI::App& app, Terminal& terminal) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("replay", "play a motion under physics and judge the chore");
  command->add_option("HOME", arguments->home, "folder that reconstruct wrote")->required();
  command->add_option("MOTION", arguments->motion, "folder that retarget wrote")->required();
  command->add_option("--humanoid", arguments->humanoid, "humanoid model")->capture_default_str();
  command->add_flag("--verify", arguments->verify,
                    "then rerun the stored actions; name the first state that differs");
  command->add_option("-o,--out", arguments->out, "rollout folder to write")->required();
  add_common_options(*command, terminal);
  command->callback([arguments, &terminal] {
    const Result<StageRecord> step =
        replay_step(arguments->home, arguments->motion, arguments->humanoid, arguments->out,
                    setup_of(terminal));
    finish_step(terminal, step, arguments->out);
    if (!step) return;
    if (!terminal.json) print_outcome(arguments->out);
    if (arguments->verify) verify(*arguments, terminal);
  });
}

}  // namespace hearth
