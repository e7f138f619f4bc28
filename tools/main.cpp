// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/version.h>
#include <hearth/engine/engine_info.h>

#include <exception>
#include <iostream>
#include <string>

#include "terminal.h"

namespace {

int run(int argc, char** argv) {
  using namespace hearth;
  CLI::App app{"hearth: from a chore clip to physics-checked, varied robot training data",
               "hearth"};
  app.set_version_flag("--version", std::string(version()));
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  Terminal terminal;
  add_run_command(app, terminal);
  add_film_command(app, terminal);
  add_ingest_command(app, terminal);
  add_import_command(app, terminal);
  add_perceive_command(app, terminal);
  add_reconstruct_command(app, terminal);
  add_retarget_command(app, terminal);
  add_replay_command(app, terminal);
  add_synthesize_command(app, terminal);
  add_score_command(app, terminal);
  add_check_command(app, terminal);
  add_inspect_command(app, terminal);
  add_report_command(app, terminal);
  if (const Result<Done> engine = check_engine(); !engine) {
    fail(terminal, engine.error());
    return kFailed;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    const int code = app.exit(failure, std::cout, std::cerr);
    return code == 0 ? kDone : kBadInput;
  }
  return terminal.exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& failure) {
    std::cerr << "hearth: this is a fault of hearth itself: " << failure.what()
              << "; please report it with the command\n";
    return hearth::kFailed;
  }
}
