// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/gap_report.h>
#include <hearth/io/enum_names.h>
#include <hearth/io/nouns.h>
#include <hearth/pipeline/gap.h>

#include <filesystem>
#include <iostream>

#include "terminal.h"

namespace hearth {
namespace {

void print_report(const std::string& out) {
  const Result<GapReport> report =
      read_noun<GapReport>(std::filesystem::path(out) / "gap_report.json");
  if (!report) return;
  for (const Score& score : report->scores) {
    std::cout << "  " << score.name << ": ";
    if (score.value) std::cout << *score.value << " " << score.unit;
    if (!score.value) std::cout << "unknown";
    if (score.low && score.high) std::cout << " [" << *score.low << ", " << *score.high << "]";
    std::cout << ", n " << score.n << ", " << name_of(score.verdict);
    if (!score.needed.empty()) std::cout << " (" << score.needed << ")";
    std::cout << "\n";
  }
  std::cout << "  verdict: " << name_of(report->verdict) << "\n";
}

}  // namespace

void add_score_command(CLI::App& app, Terminal& terminal) {
  struct Arguments {
    std::string home;
    std::vector<std::string> held_out;
    ScoreStepOptions options;
    std::string out;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("score", "how far simulation is from held-out clips, with intervals");
  command->add_option("--home", arguments->home, "folder that reconstruct wrote")->required();
  command->add_option("--held-out", arguments->held_out, "episode folders that ingest wrote")
      ->required();
  command->add_option("--draws", arguments->options.draws, "draws per take, at least 5")
      ->capture_default_str();
  command->add_option("--seed", arguments->options.seed, "seed of the draws")
      ->capture_default_str();
  command->add_option("--twin-friction", arguments->options.twin_friction,
                      "plant another friction in the twins, to see the score react");
  command->add_option("-o,--out", arguments->out, "gap folder to write")->required();
  add_common_options(*command, terminal);
  command->callback([arguments, &terminal] {
    std::vector<HeldOutEpisode> episodes;
    for (const std::string& folder : arguments->held_out) {
      episodes.push_back({held_out_name(episodes.size()), folder});
    }
    const std::filesystem::path out = arguments->out;
    const Result<StageRecord> step = score_step(arguments->home, episodes, arguments->options,
                                                out / "held_out", out, setup_of(terminal));
    finish_step(terminal, step, arguments->out);
    if (step && !terminal.json) print_report(arguments->out);
  });
}

}  // namespace hearth
