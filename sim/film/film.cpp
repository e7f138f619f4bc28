// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/parallel.h>
#include <hearth/core/rng.h>
#include <hearth/film/film.h>
#include <hearth/io/files.h>
#include <hearth/io/nouns.h>
#include <hearth/video/mp4.h>

#include <algorithm>

#include "sim/film/develop.h"
#include "sim/film/take.h"
#include "sim/film/tracer.h"

namespace hearth {
namespace {

using film_internal::Take;

/// Frames traced together before they go to the encoder: bounds the memory.
constexpr std::size_t kBatch = 16;

struct Filmed {
  std::string clip{};
  std::vector<int> left_hand_px{};
  std::vector<int> right_hand_px{};
};

Error stopped() { return {ErrorCode::try_again, "filming was stopped", "film"}; }

Result<Mp4Writer> make_clip_writer(const Take& take) {
  Rng rng(take.options.seed, 0, "film_codec");
  Mp4Options options;
  options.rate_hz = static_cast<int>(film_internal::kFrameRateHz);
  options.crf = 18 + static_cast<int>(rng.index(7));
  options.keyframe_interval = 30;
  return make_mp4_writer(take.home.camera.width_px, take.home.camera.height_px, options);
}

Result<Filmed> shoot(const Take& take, const Progress& progress) {
  const film_internal::Studio studio = film_internal::make_studio(take);
  const auto trace = [&](std::size_t i) {
    return film_internal::trace_frame(take, studio, static_cast<int>(i),
                                      seconds_from_ns(take.frame_time_ns[i]));
  };
  const film_internal::Darkroom darkroom =
      film_internal::make_darkroom(trace(0), take.options.seed);
  auto writer = make_clip_writer(take);
  if (!writer) return writer.error();
  Mp4Writer clip = std::move(writer).value();
  const std::size_t count = take.frame_time_ns.size();
  Filmed filmed;
  filmed.left_hand_px.resize(count);
  filmed.right_hand_px.resize(count);
  for (std::size_t begin = 0; begin < count; begin += kBatch) {
    const std::size_t end = std::min(begin + kBatch, count);
    std::vector<ImageRgb8> images(end - begin);
    parallel_for(end - begin, take.options.jobs, [&](std::size_t k) {
      const std::size_t i = begin + k;
      const film_internal::LightImage light = trace(i);
      filmed.left_hand_px[i] = light.hand_px[0];
      filmed.right_hand_px[i] = light.hand_px[1];
      images[k] = film_internal::develop(light, darkroom, studio.width_px, studio.height_px,
                                         static_cast<int>(i));
    });
    for (const ImageRgb8& image : images) {
      if (auto added = clip.add(image); !added) return added.error();
    }
    if (!report(progress, "film", static_cast<std::int64_t>(end),
                static_cast<std::int64_t>(count))) {
      return stopped();
    }
  }
  auto bytes = clip.finish();
  if (!bytes) return bytes.error();
  filmed.clip = std::move(bytes).value();
  return filmed;
}

Result<Done> write_truth(const Truth& truth, const std::filesystem::path& take_dir) {
  const std::filesystem::path folder = take_dir / "truth";
  if (auto made = make_folder(folder); !made) return made.error();
  return write_noun(folder / "truth.json", truth);
}

}  // namespace

CameraModel calibrated_camera(const CameraModel& true_camera, std::uint64_t seed) {
  Rng rng(seed, 0, "film_calibration");
  CameraModel camera = true_camera;
  const double share = 0.003 * std::clamp(rng.normal(), -2.0, 2.0);
  camera.fx_px *= 1.0 + share;
  camera.fy_px *= 1.0 + share;
  camera.cx_px += 0.8 * std::clamp(rng.normal(), -2.0, 2.0);
  camera.cy_px += 0.8 * std::clamp(rng.normal(), -2.0, 2.0);
  camera.k1 += 0.003 * std::clamp(rng.normal(), -2.0, 2.0);
  camera.source = IntrinsicsSource::file;
  camera.focal_sigma_share = 0.003;
  return camera;
}

Result<Truth> film(const FilmOptions& options, const std::filesystem::path& take_dir,
                   const Progress& progress) {
  auto take = film_internal::draw_take(options);
  if (!take) return take.error();
  auto truth = film_internal::truth_of(*take);
  if (!truth) return truth.error();
  Truth out = std::move(truth).value();
  if (auto made = make_folder(take_dir); !made) return made.error();
  auto filmed = shoot(*take, progress);
  if (!filmed) return filmed.error();
  out.left_hand_px = filmed->left_hand_px;
  out.right_hand_px = filmed->right_hand_px;
  if (auto done = write_truth(out, take_dir); !done) return done.error();
  const CameraModel camera = calibrated_camera(out.camera_model, options.seed);
  if (auto done = write_noun(take_dir / "clip.camera.json", camera); !done) return done.error();
  // The clip comes last: a folder with a clip is complete.
  if (auto done = write_file(take_dir / "clip.mp4", filmed->clip); !done) return done.error();
  return out;
}

Result<Truth> film_truth_only(const FilmOptions& options, const std::filesystem::path& take_dir) {
  auto truth = make_truth(options);
  if (!truth) return truth.error();
  if (auto done = write_truth(*truth, take_dir); !done) return done.error();
  return truth;
}

Result<std::vector<ImageRgb8>> film_frames(const FilmOptions& options,
                                           const std::vector<int>& frames) {
  auto take = film_internal::draw_take(options);
  if (!take) return take.error();
  const auto count = static_cast<int>(take->frame_time_ns.size());
  for (const int frame : frames) {
    if (frame < 0 || frame >= count) {
      return Error{ErrorCode::invalid_argument,
                   "the take has frames 0 to " + std::to_string(count - 1) + ", not " +
                       std::to_string(frame),
                   "frames"};
    }
  }
  const film_internal::Studio studio = film_internal::make_studio(*take);
  const film_internal::Darkroom darkroom =
      film_internal::make_darkroom(film_internal::trace_frame(*take, studio, 0, 0.0), options.seed);
  std::vector<ImageRgb8> images(frames.size());
  parallel_for(frames.size(), options.jobs, [&](std::size_t k) {
    const auto i = static_cast<std::size_t>(frames[k]);
    const auto light = film_internal::trace_frame(*take, studio, frames[k],
                                                  seconds_from_ns(take->frame_time_ns[i]));
    images[k] =
        film_internal::develop(light, darkroom, studio.width_px, studio.height_px, frames[k]);
  });
  return images;
}

}  // namespace hearth
