// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/hash.h>
#include <hearth/ingest/ingest.h>
#include <hearth/io/files.h>
#include <hearth/video/frames.h>
#include <hearth/video/probe.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "sim/ingest/parts.h"

namespace hearth {
namespace {

/// "clip" with the extension of the original where that is plain, so that players know the file.
std::string clip_name(const std::filesystem::path& clip) {
  std::string extension = clip.extension().string();
  const bool plain = extension.size() >= 2 && extension.size() <= 6 &&
                     std::all_of(extension.begin() + 1, extension.end(),
                                 [](unsigned char c) { return std::isalnum(c) != 0; });
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return plain ? "clip" + extension : "clip.mp4";
}

Result<Done> check_usable(const std::filesystem::path& clip, const VideoInfo& info,
                          const IngestOptions& options) {
  const int frames = static_cast<int>(info.frame_time_ns.size());
  if (frames < options.min_frames) {
    return Error{ErrorCode::unsupported,
                 "has " + std::to_string(frames) + " frame, a recording needs at least " +
                     std::to_string(options.min_frames) + "; give a longer clip",
                 clip.string()};
  }
  if (std::min(info.width_px, info.height_px) < options.min_short_side_px) {
    return Error{ErrorCode::unsupported,
                 "a picture of " + std::to_string(info.width_px) + "x" +
                     std::to_string(info.height_px) + " pixels is too small; at least " +
                     std::to_string(options.min_short_side_px) + " on the short side are needed",
                 clip.string()};
  }
  return Done{};
}

/// Decodes all frames once; returns those that repeat the one before.
Result<std::vector<int>> repeated_frames(const std::filesystem::path& clip, const VideoInfo& info,
                                         const Progress& progress) {
  const Result<FrameSource> frames = open_frames(clip, info.rotation_deg);
  if (!frames) {
    return frames.error();
  }
  const int count = static_cast<int>(info.frame_time_ns.size());
  std::vector<int> repeated;
  ImageRgb8 before;
  for (int k = 0; k < count; ++k) {
    Result<ImageRgb8> image = frames.value()(k);
    if (!image) {
      return image.error();
    }
    if (k > 0 && repeats(before, image.value())) {
      repeated.push_back(k);
    }
    before = std::move(image).value();
    if (!report(progress, "reading frames", k + 1, count)) {
      return Error{ErrorCode::try_again, "stopped on request", clip.string()};
    }
  }
  return repeated;
}

Episode describe(const VideoInfo& info) {
  Episode episode;
  episode.container = info.container;
  episode.codec = info.codec;
  episode.width_px = info.width_px;
  episode.height_px = info.height_px;
  episode.rotation_deg = info.rotation_deg;
  episode.nominal_rate_hz = info.nominal_rate_hz;
  episode.constant_rate = info.constant_rate;
  episode.frame_time_ns = info.frame_time_ns;
  episode.streams = info.streams;
  return episode;
}

}  // namespace

Result<Episode> ingest(const std::filesystem::path& clip, const IngestOptions& options,
                       const std::filesystem::path& episode_folder, const Progress& progress,
                       Diagnostics& diagnostics) {
  const Result<VideoInfo> info = probe(clip);
  if (!info) {
    return info.error();
  }
  if (const Result<Done> usable = check_usable(clip, info.value(), options); !usable) {
    return usable.error();
  }
  Episode episode = describe(info.value());
  Diagnostics found;
  const Result<CameraModel> camera = intrinsics_of(info.value(), options, found);
  if (!camera) {
    return camera.error();
  }
  episode.camera = camera.value();
  Result<std::vector<int>> repeated = repeated_frames(clip, info.value(), progress);
  if (!repeated) {
    return repeated.error();
  }
  episode.repeated_frames = std::move(repeated).value();
  if (!episode.repeated_frames.empty()) {
    found.add(Severity::note, "frames_repeated",
              std::to_string(episode.repeated_frames.size()) + " of " +
                  std::to_string(episode.frame_time_ns.size()) +
                  " frames repeat the one before and are not looked at again");
  }
  if (!episode.constant_rate) {
    found.add(Severity::note, "rate_uneven",
              "frame intervals differ by more than 1 %; the exact times are used");
  }

  const Result<std::string> bytes = read_file(clip);
  if (!bytes) {
    return bytes.error();
  }
  episode.clip_sha256 = sha256_hex(bytes.value());
  episode.clip_file = clip_name(clip);
  Result<Episode> checked = validated(std::move(episode));
  if (!checked) {
    return checked;
  }
  if (const Result<Done> made = make_folder(episode_folder); !made) {
    return made.error();
  }
  if (const Result<Done> copied = write_file(episode_folder / checked->clip_file, bytes.value());
      !copied) {
    return copied.error();
  }
  diagnostics.append(found);
  return checked;
}

}  // namespace hearth
