// SPDX-License-Identifier: Apache-2.0
#include "report_media.h"

#include <hearth/perturb/apply.h>
#include <hearth/video/frames.h>
#include <hearth/video/mp4.h>
#include <hearth/video/png.h>
#include <hearth/video/probe.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "draw_overlay.h"
#include "draw_replay.h"

namespace hearth {
namespace {

constexpr int kClipLongPx = 480;        // Of the clip's film.
constexpr int kReplayLongPx = 400;      // Of rendered films: pixels are paid for.
constexpr int kThumbLongPx = 208;       // Of variants.
constexpr int kMostFrames = 450;        // Longer films drop frames evenly: 15 s at 30 Hz are whole.
constexpr double kReplayRateHz = 15.0;  // Enough to follow a hand; half the cost.
constexpr int kMostThumbs = 48;
constexpr int kRateHz = 30;

struct Size {
  int width_px = 0;
  int height_px = 0;
};

// Even sizes (yuv420p), not larger than the original, aspect kept.
Size fitted(int width_px, int height_px, int long_side_px) {
  const double scale =
      std::min(1.0, static_cast<double>(long_side_px) / std::max(width_px, height_px));
  const auto even = [&](int px) {
    return std::max(2, 2 * static_cast<int>(std::lround(0.5 * scale * px)));
  };
  return {even(width_px), even(height_px)};
}

Mp4Options film_options() {
  Mp4Options options;
  options.rate_hz = kRateHz;
  options.crf = 26;
  options.keyframe_interval = 10;
  return options;
}

std::int64_t ticks_at(double time_s) {
  return std::llround(time_s * kRateHz * static_cast<double>(kMp4TicksPerFrame));
}

struct Film {
  Mp4Writer writer;
  Size size{};

  [[nodiscard]] Result<ReportVideo> finish() {
    Result<std::string> bytes = writer.finish();
    if (!bytes) return bytes.error();
    return ReportVideo{std::move(bytes).value(), size.width_px, size.height_px};
  }
};

Result<Film> start_film(Size size) {
  Result<Mp4Writer> writer = make_mp4_writer(size.width_px, size.height_px, film_options());
  if (!writer) return writer.error();
  return Film{std::move(writer).value(), size};
}

CameraModel pinhole(CameraModel model) {
  model.kind = CameraModelKind::pinhole;
  return model;
}

// The camera of the head view: the clip's own, without its lens distortion where the clip is
// absent.
CameraModel head_model(const ReportRun& run) {
  if (run.tracks && run.tracks->camera_model.width_px > 0) return run.tracks->camera_model;
  if (run.episode) return run.episode->camera;
  for (const SceneCamera& camera : run.home->scene.cameras) {
    if (camera.id == "head") return pinhole(camera.model);
  }
  return side_camera(*run.home, 640, 480).model;
}

}  // namespace

ReportClock clock_of(const ReportRun& run) {
  ReportClock clock;
  if (run.motion) clock.lead_in_s = std::max(0.0, run.motion->lead_in_s);
  if (run.episode) clock.end_s = duration_s(*run.episode);
  if (run.rollout && run.rollout->body_pose.rows > 0) {
    const double length_s =
        static_cast<double>(run.rollout->body_pose.rows - 1) / run.rollout->control_rate_hz;
    clock.end_s = std::max(clock.end_s, length_s - clock.lead_in_s);
  }
  return clock;
}

Result<ReportVideo> overlay_video(const ReportRun& run) {
  const Episode& episode = *run.episode;
  const std::filesystem::path file = run.folder / "episode" / episode.clip_file;
  Result<FrameSource> frames = open_frames(file, episode.rotation_deg);
  if (!frames) return frames.error();
  Result<Film> film = start_film(fitted(episode.width_px, episode.height_px, kClipLongPx));
  if (!film) return film.error();
  Film ready = std::move(film).value();
  const Overlay overlay{run.tracks ? &*run.tracks : nullptr, run.home ? &*run.home : nullptr,
                        run.tracks ? run.tracks->camera_model : episode.camera};
  const int count = static_cast<int>(episode.frame_time_ns.size());
  const int step = (count + kMostFrames - 1) / kMostFrames;
  const double lead_in_s = clock_of(run).lead_in_s;
  std::int64_t shown = 0;  // The first frame stays through the lead-in.
  for (int frame = 0; frame < count; frame += step) {
    Result<ImageRgb8> image = (*frames)(frame);
    if (!image) return image.error();
    ImageRgb8 picture = resized(*image, ready.size.width_px, ready.size.height_px);
    const TimeNs time_ns = episode.frame_time_ns[static_cast<std::size_t>(frame)];
    draw_overlay(picture, overlay, frame, time_ns);
    const bool last = frame + step >= count;
    const double end_s =
        last ? duration_s(episode)
             : seconds_from_ns(episode.frame_time_ns[static_cast<std::size_t>(frame + step)]);
    const std::int64_t until = std::max(shown + 1, ticks_at(lead_in_s + end_s));
    if (Result<Done> added = ready.writer.add(picture, until - shown); !added) {
      return added.error();
    }
    shown = until;
  }
  return ready.finish();
}

Result<ReportVideo> replay_video(const ReportRun& run, ReplayView view) {
  const Home& home = *run.home;
  const Rollout& rollout = *run.rollout;
  Result<ReplayPainter> painter = ReplayPainter::make(home, rollout, view == ReplayView::side);
  if (!painter) return painter.error();
  CameraModel model = head_model(run);
  const Size size = fitted(model.width_px, model.height_px, kReplayLongPx);
  model = resized(model, size.width_px, size.height_px);
  Result<Film> film = start_film(size);
  if (!film) return film.error();
  Film ready = std::move(film).value();
  const PlacedCamera side = side_camera(home, size.width_px, size.height_px);
  const double lead_in_s = clock_of(run).lead_in_s;
  const std::size_t rows = rollout.body_pose.rows;
  const double rows_per_frame = std::max(
      {1.0, rollout.control_rate_hz / kReplayRateHz, static_cast<double>(rows) / kMostFrames});
  std::int64_t shown = 0;
  for (double at = 0.0; at <= static_cast<double>(rows) - 1.0; at += rows_per_frame) {
    const double film_s = at / rollout.control_rate_hz;
    const PlacedCamera camera =
        view == ReplayView::side
            ? side
            : head_camera(home, model, ns_from_seconds(std::max(0.0, film_s - lead_in_s)));
    Result<ImageRgb8> picture = painter->paint(static_cast<std::size_t>(std::lround(at)), camera);
    if (!picture) return picture.error();
    const std::int64_t until =
        std::max(shown + 1, ticks_at((at + rows_per_frame) / rollout.control_rate_hz));
    if (Result<Done> added = ready.writer.add(*picture, until - shown); !added) {
      return added.error();
    }
    shown = until;
  }
  return ready.finish();
}

namespace {

// The middle frame of the variant's rendered room view, as the generator left it in its unit.
std::optional<ImageRgb8> rendered_middle(const ReportRun& run, const LedgerEntry& entry) {
  if (!entry.accepted) return std::nullopt;
  std::string number = std::to_string(entry.variant.index);
  number.insert(0, number.size() < 6 ? 6 - number.size() : 0, '0');
  const std::filesystem::path file = run.folder / "set" / "units" / number / "room.mp4";
  const Result<VideoInfo> info = probe(file);
  if (!info) return std::nullopt;
  const Result<FrameSource> frames = open_frames(file, info->rotation_deg);
  if (!frames) return std::nullopt;
  const Result<ImageRgb8> middle = (*frames)(static_cast<int>(info->frame_time_ns.size() / 2));
  if (!middle) return std::nullopt;
  const Size size = fitted(middle->width_px, middle->height_px, kThumbLongPx);
  return resized(*middle, size.width_px, size.height_px);
}

Result<ImageRgb8> start_picture(const ReportRun& run, const LedgerEntry& entry) {
  Diagnostics unread;  // What apply() guessed is told by the generator's own record.
  const Result<Home> home = apply(entry.variant, *run.home, unread);
  if (!home) return home.error();
  const int height_px = 2 * (kThumbLongPx * 3 / 8);
  return paint_scene(*home, side_camera(*run.home, kThumbLongPx, height_px));
}

}  // namespace

std::map<std::uint64_t, std::string> variant_pictures(const ReportRun& run,
                                                      Diagnostics& diagnostics) {
  std::map<std::uint64_t, std::string> pictures;
  if (!run.ledger || !run.home) return pictures;
  for (const LedgerEntry& entry : run.ledger->entries) {
    if (pictures.size() >= kMostThumbs) break;
    std::optional<ImageRgb8> picture = rendered_middle(run, entry);
    if (!picture) {
      Result<ImageRgb8> start = start_picture(run, entry);
      if (!start) {
        diagnostics.add(Severity::warning, "report_part_unreadable",
                        "variant " + std::to_string(entry.variant.index) +
                            " cannot be drawn: " + to_string(start.error()));
        continue;
      }
      picture = std::move(start).value();
    }
    Result<std::string> png = png_bytes(*picture);
    if (png) pictures[entry.variant.index] = std::move(png).value();
  }
  return pictures;
}

}  // namespace hearth
