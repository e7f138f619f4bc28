// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/hash.h>
#include <hearth/ingest/import.h>
#include <hearth/io/nouns.h>
#include <hearth/pipeline/stage_runner.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <utility>

#include "terminal.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  bool list = false;
  std::string format;
  std::string path;
  std::string episode;
  std::string tracks;
  std::string camera;
  std::optional<double> clock_offset_s;
  std::optional<double> rate_hz;
  std::optional<bool> metric;
  std::string up;
  std::string recording;
  std::string out;
};

void print_formats() {
  for (const ImportFormat& format : import_formats()) {
    std::printf("%-14.*s %.*s\n", static_cast<int>(format.name.size()), format.name.data(),
                static_cast<int>(format.summary.size()), format.summary.data());
  }
}

Result<ImportFormat> find_format(const std::string& name) {
  for (const ImportFormat& format : import_formats()) {
    if (format.name == name) return format;
  }
  return Error{ErrorCode::invalid_argument,
               "there is no format '" + name + "'; `hearth import --list` shows all", "FORMAT"};
}

std::optional<Vec3> axis(const std::string& word) {
  static constexpr std::array<std::pair<const char*, Vec3>, 6> kAxes{{{"x", {1, 0, 0}},
                                                                      {"y", {0, 1, 0}},
                                                                      {"z", {0, 0, 1}},
                                                                      {"-x", {-1, 0, 0}},
                                                                      {"-y", {0, -1, 0}},
                                                                      {"-z", {0, 0, -1}}}};
  for (const auto& [name, direction] : kAxes) {
    if (word == name) return direction;
  }
  return std::nullopt;
}

Result<ImportOptions> options_of(const Arguments& arguments) {
  ImportOptions options;
  if (!arguments.episode.empty()) {
    Result<Episode> episode = read_noun<Episode>(fs::path(arguments.episode) / "episode.json");
    if (!episode) return episode.error();
    options.episode = std::move(episode).value();
  }
  if (!arguments.camera.empty()) {
    Result<CameraModel> camera = read_noun<CameraModel>(arguments.camera);
    if (!camera) return camera.error();
    options.camera = *camera;
  }
  options.clock_offset_s = arguments.clock_offset_s;
  options.rate_hz = arguments.rate_hz;
  options.metric = arguments.metric;
  options.recording = arguments.recording;
  if (!arguments.up.empty()) options.up_in_map = axis(arguments.up);
  return options;
}

Result<std::string> hash_of(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored) ? folder_sha256(path) : sha256_of_file(path);
}

Result<StageRequest> request_of(const Arguments& arguments, const std::string& build_id) {
  StageRequest request{.name = "import", .build_id = build_id};
  for (const auto& [role, path] : {std::pair{"path", arguments.path},
                                   {"episode", arguments.episode},
                                   {"tracks", arguments.tracks},
                                   {"camera", arguments.camera}}) {
    if (path.empty()) continue;
    const Result<std::string> hash = hash_of(path);
    if (!hash) return hash.error();
    request.inputs_sha256[role] = *hash;
  }
  std::string text = "{\"format\": \"" + arguments.format + "\"";
  const auto number = [&](const char* key, const std::optional<double>& value) {
    std::array<char, 40> digits{};
    if (value) std::snprintf(digits.data(), digits.size(), "%.17g", *value);
    if (value) text += std::string(", \"") + key + "\": " + digits.data();
  };
  number("clock_offset_s", arguments.clock_offset_s);
  number("rate_hz", arguments.rate_hz);
  if (arguments.metric)
    text += std::string(", \"metric\": ") + (*arguments.metric ? "true" : "false");
  if (!arguments.up.empty()) text += ", \"up\": \"" + arguments.up + "\"";
  if (!arguments.recording.empty()) {
    text += ", \"recording_sha256\": \"" + sha256_hex(arguments.recording) + "\"";
  }
  request.options_json = text + "}";
  return request;
}

void say_what_is_missing(const Imported& imported, const Arguments& arguments,
                         Diagnostics& diagnostics) {
  if (imported.tracks && !imported.clip && arguments.episode.empty()) {
    diagnostics.add(Severity::note, "tracks_alone",
                    "there is no video in it: tracks alone are written; --episode puts them on the "
                    "frames of a clip that ingest read");
  }
  if (imported.clip && !imported.tracks && arguments.episode.empty()) {
    diagnostics.add(Severity::note, "episode_alone",
                    "there is no track in it: the episode is written, and perceive finds the rest");
  }
  if (imported.tracks && imported.tracks->hands.empty()) {
    diagnostics.add(Severity::note, "hands_absent",
                    "there are no hands in it; --tracks takes them from what perceive found");
  }
}

Result<Done> import_into(const Arguments& arguments, const ImportFormat& format,
                         const ImportOptions& options, const Progress& progress,
                         Diagnostics& diagnostics) {
  Result<Imported> imported = format.function(arguments.path, options, diagnostics);
  if (!imported) return imported.error();
  Imported all = std::move(imported).value();
  say_what_is_missing(all, arguments, diagnostics);
  if (!arguments.tracks.empty()) {
    if (!all.tracks) {
      return Error{ErrorCode::invalid_argument, "the import has no tracks to put into these",
                   arguments.tracks};
    }
    Result<Tracks> own = read_noun<Tracks>(fs::path(arguments.tracks) / "tracks.json");
    if (!own) return own.error();
    Result<Tracks> both = replaced_by(std::move(own).value(), *all.tracks, diagnostics);
    if (!both) return both.error();
    all.tracks = std::move(both).value();
  }
  if (options.episode && all.tracks &&
      all.tracks->frame_time_ns != options.episode->frame_time_ns) {
    return Error{ErrorCode::invalid_argument,
                 "the recording has frames of its own, which are not those of the episode; import "
                 "it without --episode",
                 arguments.episode};
  }
  if (options.episode) all.clip.reset();
  const Result<ImportReport> written = write_import(all, arguments.out, progress, diagnostics);
  if (!written) return written.error();
  return Done{};
}

void run_import(const Arguments& arguments, Terminal& terminal) {
  if (arguments.list) return print_formats();
  if (arguments.format.empty() || arguments.path.empty() || arguments.out.empty()) {
    return fail(terminal, {ErrorCode::invalid_argument,
                           "needs FORMAT, PATH and -o DIR; --list shows the formats", "import"});
  }
  const Result<ImportFormat> format = find_format(arguments.format);
  if (!format) return fail(terminal, format.error());
  const Result<ImportOptions> options = options_of(arguments);
  if (!options) return fail(terminal, options.error());
  const StepSetup setup = setup_of(terminal);
  const Result<StageRequest> request = request_of(arguments, setup.build_id);
  if (!request) return fail(terminal, request.error());
  const auto work = [&](Diagnostics& diagnostics) {
    return import_into(arguments, *format, *options, setup.progress, diagnostics);
  };
  finish_step(terminal, run_stage(*request, arguments.out, work), arguments.out);
}

}  // namespace

void add_import_command(CLI::App& app, Terminal& terminal) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("import", "read a foreign recording or tracks of another method");
  command->add_flag("--list", arguments->list, "print the formats");
  command->add_option("FORMAT", arguments->format, "one of --list");
  command->add_option("PATH", arguments->path, "file or folder of that format");
  command->add_option("-o,--out", arguments->out,
                      "folder to write: episode/, tracks/, sensors/, segments/");
  command->add_option("--episode", arguments->episode,
                      "episode folder onto whose frames the tracks are put");
  command->add_option("--tracks", arguments->tracks,
                      "tracks folder of perceive; what is imported takes its place in them");
  command->add_option("--camera", arguments->camera, "calibration file (camera_model JSON)");
  command->add_option("--clock-offset-s", arguments->clock_offset_s,
                      "time of the episode minus time of the file, seconds");
  command->add_option("--rate-hz", arguments->rate_hz, "frame rate of files without times");
  command->add_option("--metric", arguments->metric, "true: positions are metres; false: no scale");
  command->add_option("--up", arguments->up, "up axis of the file's world")
      ->check(CLI::IsMember({"x", "y", "z", "-x", "-y", "-z"}));
  command->add_option("--recording", arguments->recording, "the one to take of several");
  add_common_options(*command, terminal);
  command->callback([arguments, &terminal] { run_import(*arguments, terminal); });
}

}  // namespace hearth
