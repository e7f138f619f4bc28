// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/epic.h>
#include <hearth/io/files.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "sim/ingest/foreign/json_place.h"

namespace hearth {
namespace {

using foreign::JsonPlace;

constexpr const char* kName = "hd-epic";
constexpr double kLongestVideoS = 1e6;

void read_movement(const JsonPlace& track, const Segment& object, Segments& out) {
  Segment segment = object;
  segment.id = track["track_id"].text();
  const JsonPlace span = track["time_segment"];
  const std::vector<double> times = span.numbers(2);
  const bool fits = times[0] >= 0.0 && times[1] > times[0] && times[1] < kLongestVideoS;
  if (!fits) return span.fail(ErrorCode::corrupt, "must be a start and a later stop in seconds");
  segment.start_ns = ns_from_seconds(times[0]);
  segment.stop_ns = ns_from_seconds(times[1]);
  out.segments.push_back(std::move(segment));
}

void read_recording(const JsonPlace& recording, const std::string& name, Segments& out) {
  for (const std::string& association : recording.keys()) {
    const JsonPlace place = recording[association];
    Segment object;
    object.recording = name;
    object.object_id = association;
    object.noun = place["name"].text();
    const JsonPlace tracks = place["tracks"];
    for (std::size_t i = 0; i < tracks.size(); ++i) read_movement(tracks[i], object, out);
  }
}

}  // namespace

Result<Imported> import_hd_epic(const std::filesystem::path& path, const ImportOptions& options,
                                Diagnostics& diagnostics) {
  (void)diagnostics;  // Nothing of this format is lost or guessed.
  std::error_code ignored;
  const std::filesystem::path file =
      std::filesystem::is_directory(path, ignored) ? path / "assoc_info.json" : path;
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  foreign::JsonText text(*bytes, file.string());
  const JsonPlace root = text.root();
  Imported imported;
  imported.segments.source = kName;
  for (const std::string& name : root.keys()) {
    if (!options.recording.empty() && name != options.recording) continue;
    read_recording(root[name], name, imported.segments);
  }
  if (text.error()) return *text.error();
  std::vector<Segment>& segments = imported.segments.segments;
  if (segments.empty()) {
    return Error{ErrorCode::not_found,
                 options.recording.empty() ? "holds no movement"
                                           : "holds no movement of " + options.recording,
                 file.string()};
  }
  std::sort(segments.begin(), segments.end(), [](const Segment& a, const Segment& b) {
    return std::tie(a.recording, a.start_ns, a.stop_ns, a.id) <
           std::tie(b.recording, b.start_ns, b.stop_ns, b.id);
  });
  Result<Segments> checked = validated(std::move(imported.segments));
  if (!checked) return Error{ErrorCode::corrupt, to_string(checked.error()), file.string()};
  imported.segments = std::move(checked).value();
  return imported;
}

}  // namespace hearth
