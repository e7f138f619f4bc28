// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/nouns.h>
#include <hearth/pipeline/run.h>

#include <chrono>
#include <filesystem>
#include <iostream>

#include "terminal.h"

namespace hearth {
namespace {

struct Arguments {
  std::string clip;
  std::string camera;
  std::optional<double> hand_length_m;
  std::vector<std::string> held_out;
  std::vector<std::string> held_out_cameras;
  std::string tracks;
  SynthesizeStepOptions variants;
  std::string truth;
  std::vector<std::string> substitute;
  std::string out;
};

double now_s() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

void print_stage(const SummaryStage& stage) {
  static constexpr const char* kWords[] = {"done", "unchanged, reused", "FAILED", "skipped"};
  std::cerr << "hearth: " << stage.name << ": " << kWords[static_cast<int>(stage.status)];
  if (!stage.why.empty()) std::cerr << " (" << stage.why << ")";
  std::cerr << "\n";
}

// Pairs held-out clips with their calibration files; "none" marks a clip without one.
Result<std::vector<ClipInput>> held_out_inputs(const Arguments& arguments) {
  if (arguments.held_out_cameras.size() > arguments.held_out.size()) {
    return Error{ErrorCode::invalid_argument,
                 "more calibration files than held-out clips were given", "--held-out-camera"};
  }
  std::vector<ClipInput> inputs;
  for (std::size_t i = 0; i < arguments.held_out.size(); ++i) {
    ClipInput input{arguments.held_out[i], {}};
    if (i < arguments.held_out_cameras.size() && arguments.held_out_cameras[i] != "none") {
      input.camera_file = arguments.held_out_cameras[i];
    }
    inputs.push_back(input);
  }
  return inputs;
}

void print_result(const Terminal& terminal, const RunResult& result, const std::string& out) {
  if (terminal.json) {
    std::cout << text_from_noun(result.summary);
    return;
  }
  const Summary& s = result.summary;
  std::cout << "chore repeated under physics, no assistance: "
            << (s.replay.success_at_end ? "yes" : "no") << "\n";
  std::cout << "variants accepted: " << s.variants.accepted << " of " << s.variants.proposed
            << "\n";
  std::cout << (std::filesystem::path(out) / "report.html").string() << "\n";
}

void run_command(const Arguments& arguments, Terminal& terminal) {
  RunOptions options;
  options.clip = {arguments.clip, arguments.camera};
  options.hand_length_m = arguments.hand_length_m;
  Result<std::vector<ClipInput>> held_out = held_out_inputs(arguments);
  if (!held_out) return fail(terminal, held_out.error());
  options.held_out = std::move(held_out).value();
  options.variants = arguments.variants;
  options.truth = arguments.truth;
  options.imported_tracks = arguments.tracks;
  for (const std::string& stage : arguments.substitute) {
    if (stage == "perceive") options.substitute_perceive = true;
    if (stage == "reconstruct") options.substitute_reconstruct = true;
  }
  options.now_s = now_s;
  options.on_stage = print_stage;
  const Result<RunResult> result = run(options, arguments.out, setup_of(terminal));
  if (!result) return fail(terminal, result.error());
  print_result(terminal, *result, arguments.out);
  if (!result->finished) terminal.exit_code = kFailed;
}

}  // namespace

void add_run_command(CLI::App& app, Terminal& terminal) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("run", "the whole way, from a clip to report.html");
  command->add_option("CLIP", arguments->clip, "video file")->required();
  command->add_option("--camera", arguments->camera, "calibration file (camera_model JSON)");
  command
      ->add_option("--hand-length-m", arguments->hand_length_m,
                   "wrist crease to middle fingertip of the person, metres")
      ->check(CLI::Range(0.10, 0.30));
  command->add_option("--held-out", arguments->held_out, "clip for the gap; repeatable")
      ->allow_extra_args(false);
  command
      ->add_option("--held-out-camera", arguments->held_out_cameras,
                   "calibration of each held-out clip, in order; none = no file")
      ->allow_extra_args(false);
  command->add_option("-n,--count", arguments->variants.count, "variants proposed; 0 = none")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--seed", arguments->variants.seed, "seed of variants and draws")
      ->capture_default_str();
  command->add_option("--preset", arguments->variants.preset, "ranges of the variants: near")
      ->capture_default_str();
  add_picture_options(*command, arguments->variants);
  command->add_option("--tracks", arguments->tracks,
                      "folder with tracks.json that import wrote with this clip's episode");
  command->add_option("--truth", arguments->truth, "truth folder of a filmed take");
  command
      ->add_option("--substitute", arguments->substitute,
                   "stages that truth replaces, as a diagnosis: perceive, reconstruct")
      ->delimiter(',')
      ->check(CLI::IsMember({"perceive", "reconstruct"}));
  command->add_option("-o,--out", arguments->out, "run folder to write")->required();
  add_common_options(*command, terminal);
  command->callback([arguments, &terminal] { run_command(*arguments, terminal); });
}

}  // namespace hearth
