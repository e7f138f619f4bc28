// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/record3d.h>
#include <hearth/io/files.h>

#include <utility>

#include "record3d_parts.h"
#include "sim/ingest/foreign/origin.h"
#include "sim/ingest/foreign/path_tracks.h"
#include "sim/ingest/foreign/zip_members.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

constexpr const char* kName = "record3d";

/// Files of a recording by their names. The bytes of an archive outlive it.
struct Recording {
  std::function<Result<std::string>(const std::string& name)> read{};
  std::function<bool(const std::string& name)> has{};
};

Recording of_folder(const fs::path& folder) {
  Recording recording;
  recording.read = [folder](const std::string& name) { return read_file(folder / name); };
  recording.has = [folder](const std::string& name) {
    std::error_code ignored;
    return fs::is_regular_file(folder / name, ignored);
  };
  return recording;
}

Result<Recording> of_archive(const std::string& bytes, const std::string& file) {
  const Result<std::vector<foreign::ZipMember>> members = foreign::zip_members(bytes, file);
  if (!members) return members.error();
  Recording recording;
  recording.read = [list = *members, file](const std::string& name) -> Result<std::string> {
    const foreign::ZipMember* member = foreign::find_member(list, name);
    if (member == nullptr) return Error{ErrorCode::not_found, "there is no " + name, file};
    return foreign::unpack(*member, file);
  };
  recording.has = [list = *members](const std::string& name) {
    return foreign::find_member(list, name) != nullptr;
  };
  return recording;
}

void say_what_stays_behind(const Recording& recording, std::size_t frames, const std::string& file,
                           Diagnostics& diagnostics) {
  std::size_t depths = 0;
  for (std::size_t k = 0; k < frames; ++k) {
    const std::string number = std::to_string(k);
    const bool there =
        recording.has("rgbd/" + number + ".depth") || recording.has("depth/" + number + ".exr");
    depths += there ? 1 : 0;
  }
  if (depths == 0) return;
  diagnostics.add(Severity::warning, "depth_unsupported",
                  std::to_string(depths) +
                      " depth pictures (LZFSE or EXR) are not read; written "
                      "as 16-bit PNG they come in through hearth-tracks",
                  file);
}

Result<Imported> imported_from(const Recording& recording, const std::string& file,
                               const ImportOptions& options, Diagnostics& diagnostics) {
  const Result<std::string> text = recording.read("metadata");
  if (!text) return text.error();
  const std::string place = file + ":metadata";
  const auto metadata = record3d::read_metadata(*text, place, diagnostics);
  if (!metadata) return metadata.error();
  const std::string folder = recording.has("rgbd/0.jpg") ? "rgbd/" : "rgb/";
  const auto pictures = [&](std::size_t k) {
    return recording.read(folder + std::to_string(k) + ".jpg");
  };
  Result<record3d::PictureClip> clip = record3d::make_clip(pictures, *metadata, file);
  if (!clip) return clip.error();
  const std::size_t frames = metadata->map_from_camera.size();
  if (recording.has(folder + std::to_string(frames) + ".jpg")) {
    return Error{ErrorCode::corrupt,
                 "there are more pictures than the " + std::to_string(frames) + " poses", place};
  }
  foreign::ForeignPath path;
  path.source = kName;
  path.file = file;
  path.up_in_map = Vec3{0.0, 1.0, 0.0};
  path.camera = metadata->camera;
  for (std::size_t k = 0; k < frames; ++k) {
    path.samples.push_back({clip->time_ns[k], metadata->map_from_camera[k]});
  }
  // The pictures are the frames: an episode of another file has no place here.
  ImportOptions own = options;
  own.episode.reset();
  Result<Tracks> tracks = foreign::tracks_from_path(path, own, diagnostics);
  if (!tracks) return tracks.error();
  Imported imported;
  imported.tracks = std::move(tracks).value();
  imported.tracks->origins = {foreign::origin_of("camera", kName, "metadata", *text)};
  imported.clip =
      ImportedClip{{}, std::move(clip).value().mp4, options.camera.value_or(metadata->camera)};
  say_what_stays_behind(recording, frames, file, diagnostics);
  return imported;
}

}  // namespace

Result<Imported> import_record3d(const fs::path& path, const ImportOptions& options,
                                 Diagnostics& diagnostics) {
  std::error_code ignored;
  Diagnostics found;
  Result<Imported> imported = Error{};
  if (fs::is_directory(path, ignored)) {
    imported = imported_from(of_folder(path), path.string(), options, found);
  } else {
    const Result<std::string> bytes = read_file(path);
    if (!bytes) return bytes.error();
    const Result<Recording> archive = of_archive(*bytes, path.string());
    if (!archive) return archive.error();
    imported = imported_from(*archive, path.string(), options, found);
  }
  if (imported.ok()) diagnostics.append(found);
  return imported;
}

}  // namespace hearth
