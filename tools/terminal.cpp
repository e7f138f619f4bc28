// SPDX-License-Identifier: Apache-2.0
#include "terminal.h"

#include <hearth/core/hash.h>
#include <hearth/core/version.h>
#include <hearth/io/nouns.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>

namespace hearth {
namespace fs = std::filesystem;
namespace {

std::atomic<bool> stop_asked{false};

void ask_to_stop(int) { stop_asked = true; }

const char* word(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::guess:
      return "guess";
    case Severity::warning:
      return "warning";
  }
  return "";
}

int exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::try_again:
      return kTryAgain;
    case ErrorCode::infeasible:
      return kFailed;
    case ErrorCode::invalid_argument:
    case ErrorCode::not_found:
    case ErrorCode::corrupt:
    case ErrorCode::unsupported:
      return kBadInput;
  }
  return kFailed;
}

// Network files: where the user says, beside an installed program, or where the build put them.
fs::path model_folder(const Terminal& terminal) {
  if (!terminal.model_dir.empty()) return terminal.model_dir;
  std::error_code failure;
  const fs::path program = fs::read_symlink("/proc/self/exe", failure);
  const fs::path installed = program.parent_path() / ".." / "lib" / "hearth" / "mediapipe";
  if (!failure && fs::is_directory(installed, failure)) return installed;
  return HEARTH_MODEL_DIR;
}

}  // namespace

void add_common_options(CLI::App& command, Terminal& terminal) {
  command.add_flag("--json", terminal.json, "print the result as JSON on standard output");
  command.add_option("--jobs", terminal.jobs, "threads, 0 = all cores; never changes a result")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--model-dir", terminal.model_dir, "folder of the hand networks (.tflite)");
}

void add_picture_options(CLI::App& command, SynthesizeStepOptions& options) {
  command.add_option("--width-px", options.width_px, "of the rendered pictures; even")
      ->check(CLI::Range(16, 4096))
      ->capture_default_str();
  command.add_option("--height-px", options.height_px, "of the rendered pictures; even")
      ->check(CLI::Range(16, 4096))
      ->capture_default_str();
  command.add_option("--samples-per-pixel", options.samples_per_pixel, "on edges of the pictures")
      ->check(CLI::Range(1, 16))
      ->capture_default_str();
}

StepSetup setup_of(const Terminal& terminal) {
  StepSetup setup;
  setup.model_dir = model_folder(terminal);
  setup.jobs = terminal.jobs;
  setup.progress = progress_line();
  const Result<std::string> program = sha256_of_file("/proc/self/exe");
  setup.build_id = program ? *program : std::string(version());
  return setup;
}

Progress progress_line() {
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  return [terminal](std::string_view what, std::int64_t done, std::int64_t total) {
    if (terminal && total > 0) {
      const auto filled = static_cast<std::size_t>(24 * std::min(done, total) / total);
      const std::string bar = std::string(filled, '=') + std::string(24 - filled, ' ');
      std::fprintf(stderr, "\r%-28.*s [%s] %lld/%lld ", static_cast<int>(what.size()), what.data(),
                   bar.c_str(), static_cast<long long>(done), static_cast<long long>(total));
      if (done >= total) std::fputs("\n", stderr);
    }
    return !stop_asked.load();
  };
}

void print_diagnostics(const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& entry : diagnostics) {
    std::cerr << "  " << word(entry.severity) << " [" << entry.code << "] " << entry.message;
    if (!entry.where.empty()) std::cerr << " (" << entry.where << ")";
    std::cerr << "\n";
  }
}

void fail(Terminal& terminal, const Error& error) {
  std::cerr << "hearth: error: " << to_string(error) << "\n";
  terminal.exit_code = exit_code_of(error.code);
}

void finish_step(Terminal& terminal, const Result<StageRecord>& step, const std::string& out) {
  if (!step) return fail(terminal, step.error());
  if (terminal.json) {
    std::cout << text_from_noun(*step);
    return;
  }
  print_diagnostics(step->diagnostics);
  const bool reused = step->status == StageStatus::reused;
  std::cout << step->name << (reused ? ": unchanged, reused " : ": wrote ") << out << "\n";
}

}  // namespace hearth
