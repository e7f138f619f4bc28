// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What all subcommands share: options, exit codes, what the user sees. The only place that prints.

#include <hearth/core/diagnostics.h>
#include <hearth/core/progress.h>
#include <hearth/core/result.h>
#include <hearth/data/stage_record.h>
#include <hearth/pipeline/steps.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// Exit codes of the command line.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kBadInput = 2;
inline constexpr int kTryAgain = 75;

/// Options that every subcommand has, and the code that the program ends with.
struct Terminal {
  bool json = false;  ///< Machine-readable result on standard output.
  int jobs = 0;
  std::string model_dir{};
  int exit_code = kDone;
};

/// Adds --json, --jobs and --model-dir to a subcommand.
void add_common_options(CLI::App& command, Terminal& terminal);

/// Adds size and quality of rendered pictures.
void add_picture_options(CLI::App& command, SynthesizeStepOptions& options);

/// Returns what the steps need: models, threads, the identity of this program, a progress line.
[[nodiscard]] StepSetup setup_of(const Terminal& terminal);

/// A progress line on standard error; a bar where that is a terminal. Stops after SIGINT, SIGTERM.
[[nodiscard]] Progress progress_line();

void print_diagnostics(const std::vector<Diagnostic>& diagnostics);

/// Prints `hearth: error: ...` and sets the exit code of the error.
void fail(Terminal& terminal, const Error& error);

/// Prints what a step did (text, or the stage record as JSON), or its error.
void finish_step(Terminal& terminal, const Result<StageRecord>& step, const std::string& out);

/// Subcommands; each adds itself to the application.
void add_film_command(CLI::App& app, Terminal& terminal);
void add_ingest_command(CLI::App& app, Terminal& terminal);
void add_import_command(CLI::App& app, Terminal& terminal);
void add_perceive_command(CLI::App& app, Terminal& terminal);
void add_reconstruct_command(CLI::App& app, Terminal& terminal);
void add_retarget_command(CLI::App& app, Terminal& terminal);
void add_replay_command(CLI::App& app, Terminal& terminal);
void add_synthesize_command(CLI::App& app, Terminal& terminal);
void add_score_command(CLI::App& app, Terminal& terminal);
void add_run_command(CLI::App& app, Terminal& terminal);
void add_check_command(CLI::App& app, Terminal& terminal);
void add_inspect_command(CLI::App& app, Terminal& terminal);
void add_report_command(CLI::App& app, Terminal& terminal);

}  // namespace hearth
