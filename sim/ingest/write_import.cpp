// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/import.h>
#include <hearth/ingest/ingest.h>
#include <hearth/io/files.h>
#include <hearth/io/nouns.h>

#include <cstdlib>
#include <string>
#include <utility>

namespace hearth {
namespace fs = std::filesystem;
namespace {

/// Reads and copies the clip; the importer's camera goes before what ingest() found.
Result<Episode> ingest_clip(const ImportedClip& clip, const fs::path& folder,
                            const Progress& progress, Diagnostics& diagnostics) {
  fs::path file = clip.file;
  if (file.empty()) {
    if (const Result<Done> made = make_folder(folder); !made) return made.error();
    file = folder / "clip.mp4";
    if (const Result<Done> written = write_file(file, clip.mp4); !written) return written.error();
  }
  Diagnostics found;
  Result<Episode> ingested = ingest(file, {}, folder, progress, found);
  if (!ingested) return ingested;
  Episode episode = std::move(ingested).value();
  if (clip.camera) {
    if (clip.camera->width_px != episode.width_px || clip.camera->height_px != episode.height_px) {
      return Error{ErrorCode::corrupt,
                   "the recording's camera is for " + std::to_string(clip.camera->width_px) + "x" +
                       std::to_string(clip.camera->height_px) + " pixels, its video has " +
                       std::to_string(episode.width_px) + "x" + std::to_string(episode.height_px),
                   file.string()};
    }
    episode.camera = *clip.camera;
  }
  for (const Diagnostic& entry : found.entries()) {
    if (clip.camera && entry.code == "focal_length_guessed") continue;
    diagnostics.add(entry.severity, entry.code, entry.message, entry.where);
  }
  return episode;
}

Result<Done> check_frames(const Episode& episode, const Tracks& tracks) {
  if (episode.frame_time_ns.size() != tracks.frame_time_ns.size()) {
    return Error{ErrorCode::corrupt,
                 "the video has " + std::to_string(episode.frame_time_ns.size()) +
                     " frames, the tracks have " + std::to_string(tracks.frame_time_ns.size()),
                 "/frame_time_ns"};
  }
  for (std::size_t i = 0; i < tracks.frame_time_ns.size(); ++i) {
    // Containers hold ticks: two readings of one time differ by rounding alone.
    if (std::llabs(episode.frame_time_ns[i] - tracks.frame_time_ns[i]) > 1) {
      return Error{ErrorCode::corrupt, "tracks and video disagree on the time of this frame",
                   "/frame_time_ns/" + std::to_string(i)};
    }
  }
  return Done{};
}

Result<Done> copy_files(const std::vector<ImportedFile>& files, const fs::path& folder) {
  for (const ImportedFile& file : files) {
    const fs::path name = fs::path(file.name).lexically_normal();
    if (name.empty() || name.is_absolute() || name.begin()->string() == "..") {
      return Error{ErrorCode::corrupt, "names a file outside its own folder", file.name};
    }
    const Result<std::string> bytes = read_file(file.from);
    if (!bytes) return bytes.error();
    const fs::path to = folder / name;
    if (const Result<Done> made = make_folder(to.parent_path()); !made) return made;
    if (const Result<Done> written = write_file(to, *bytes); !written) return written;
  }
  return Done{};
}

template <class Noun>
Result<Done> write_into(const fs::path& folder, const char* file, const Noun& noun) {
  if (const Result<Done> made = make_folder(folder); !made) return made;
  return write_noun(folder / file, noun);
}

}  // namespace

Result<ImportReport> write_import(const Imported& imported, const fs::path& folder,
                                  const Progress& progress, Diagnostics& diagnostics) {
  if (const Result<Done> made = make_folder(folder); !made) return made.error();
  ImportReport report;
  report.tracks = imported.tracks;
  report.has_sensors = !imported.sensors.imus.empty() || !imported.sensors.gazes.empty();
  report.has_segments = !imported.segments.segments.empty();
  if (imported.clip) {
    const Result<Episode> episode =
        ingest_clip(*imported.clip, folder / "episode", progress, diagnostics);
    if (!episode) return episode.error();
    if (imported.tracks) {
      const Result<Done> same = check_frames(*episode, *imported.tracks);
      if (!same) return same.error();
      report.tracks->frame_time_ns = episode->frame_time_ns;
    }
    const Result<Done> written = write_into(folder / "episode", "episode.json", *episode);
    if (!written) return written.error();
    report.episode = *episode;
  }
  if (report.tracks) {
    const Result<Done> copied = copy_files(imported.files, folder / "tracks");
    if (!copied) return copied.error();
    const Result<Done> written = write_into(folder / "tracks", "tracks.json", *report.tracks);
    if (!written) return written.error();
  }
  if (report.has_sensors) {
    const Result<Done> written = write_into(folder / "sensors", "sensors.json", imported.sensors);
    if (!written) return written.error();
  }
  if (report.has_segments) {
    const Result<Done> written =
        write_into(folder / "segments", "segments.json", imported.segments);
    if (!written) return written.error();
  }
  return report;
}

}  // namespace hearth
