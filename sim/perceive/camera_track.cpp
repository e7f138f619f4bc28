// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/parallel.h>
#include <hearth/perceive/track_camera.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>

#include "sim/perceive/camera_flow.h"
#include "sim/perceive/camera_link.h"
#include "sim/perceive/camera_mask.h"
#include "sim/perceive/camera_solve.h"
#include "sim/perceive/moving_points.h"

namespace hearth {
namespace {

constexpr double kMaxHandAgeS = 1.0;
constexpr double kUnstatedGuessShare = 0.25;
// All grey frames stay in memory; a longer clip is shrunk further to fit.
constexpr double kMaxStackBytes = 1.2e9;

// OpenCV's thread count is one for the process: set it for this call, then give it back.
class ImageThreads {
 public:
  explicit ImageThreads(int jobs) : before_(cv::getNumThreads()) {
    cv::setNumThreads(thread_count(jobs));
  }
  ~ImageThreads() { cv::setNumThreads(before_); }
  ImageThreads(const ImageThreads&) = delete;
  ImageThreads& operator=(const ImageThreads&) = delete;

 private:
  int before_;
};

std::optional<Error> check(const TrackCameraOptions& o) {
  const auto bad = [](const char* field, const char* what) {
    return Error{ErrorCode::invalid_argument, what, field};
  };
  if (o.tracking_long_side_px < 160 || o.tracking_long_side_px > 4096) {
    return bad("tracking_long_side_px", "must lie in 160..4096");
  }
  if (o.max_points < 50 || o.max_points > 5000) return bad("max_points", "must lie in 50..5000");
  if (!(o.max_round_trip_px > 0.0)) return bad("max_round_trip_px", "must be positive");
  if (!(o.static_px > 0.0)) return bad("static_px", "must be positive");
  if (!(o.min_parallax_rad > 0.0)) return bad("min_parallax_rad", "must be positive");
  if (o.min_start_points < 15) return bad("min_start_points", "must be at least 15");
  if (!(o.huber_px > 0.0)) return bad("huber_px", "must be positive");
  if (!(o.max_residual_px > 0.0)) return bad("max_residual_px", "must be positive");
  if (o.min_registered_points < 8) return bad("min_registered_points", "must be at least 8");
  if (!(o.max_bridge_s >= 0.0)) return bad("max_bridge_s", "must not be negative");
  return std::nullopt;
}

Result<GreyStack> read_grey(const Episode& episode, const FrameSource& frames,
                            const TrackCameraOptions& options, Diagnostics& diagnostics) {
  GreyStack stack;
  const int count = static_cast<int>(episode.frame_time_ns.size());
  std::vector<int> unique;
  for (int f = 0; f < count; ++f) {
    if (!std::binary_search(episode.repeated_frames.begin(), episode.repeated_frames.end(), f)) {
      unique.push_back(f);
    }
  }
  const double long_side = std::max(episode.width_px, episode.height_px);
  stack.scale = std::min(1.0, options.tracking_long_side_px / long_side);
  const double bytes = static_cast<double>(unique.size()) * episode.width_px * episode.height_px;
  const double fit = std::sqrt(kMaxStackBytes / std::max(1.0, bytes));
  if (fit < stack.scale) {
    stack.scale = fit;
    diagnostics.add(Severity::warning, "tracking_shrunk",
                    "the clip is long: tracking runs at " +
                        std::to_string(static_cast<int>(long_side * fit)) + " px");
  }
  const cv::Size size(std::max(16, static_cast<int>(std::lround(episode.width_px * stack.scale))),
                      std::max(16, static_cast<int>(std::lround(episode.height_px * stack.scale))));
  for (const int f : unique) {
    Result<ImageRgb8> picture = frames(f);
    if (!picture) return picture.error();
    if (picture->width_px != episode.width_px || picture->height_px != episode.height_px) {
      return Error{ErrorCode::invalid_argument, "the frame has another size than the episode",
                   "frame " + std::to_string(f)};
    }
    ImageRgb8 image = std::move(picture).value();
    const cv::Mat rgb(image.height_px, image.width_px, CV_8UC3, image.values.data());
    cv::Mat grey;
    cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
    if (grey.size() != size) cv::resize(grey, grey, size, 0, 0, cv::INTER_AREA);
    stack.images.push_back(grey);
    stack.frame.push_back(f);
  }
  return stack;
}

bool is_guess(const CameraModel& camera) {
  return camera.kind == CameraModelKind::pinhole &&
         (camera.source == IntrinsicsSource::guess || camera.source == IntrinsicsSource::unknown);
}

CameraModel refined(CameraModel camera, const std::optional<LensEstimate>& lens) {
  if (!lens) return camera;
  camera.kind = CameraModelKind::brown_conrady;
  camera.fx_px *= lens->lens.focal_scale;
  camera.fy_px *= lens->lens.focal_scale;
  camera.k1 = lens->lens.k1;
  camera.source = IntrinsicsSource::estimated;
  camera.focal_sigma_share = lens->focal_sigma_share;
  return camera;
}

void say_lens(const CameraModel& before, const CameraModel& after, Diagnostics& diagnostics) {
  if (!is_guess(before)) return;
  if (after.source != IntrinsicsSource::estimated) {
    diagnostics.add(Severity::guess, "focal_not_estimated",
                    "the motion of the camera does not tell its focal length: the guess stays");
    return;
  }
  diagnostics.add(
      Severity::note, "focal_estimated",
      "focal length " + std::to_string(static_cast<int>(std::lround(after.fx_px))) + " px +- " +
          std::to_string(static_cast<int>(std::ceil(100.0 * after.focal_sigma_share))) +
          " % and distortion k1 = " + std::to_string(after.k1) + ", found from the clip's motion");
}

void say_cuts(const Episode& episode, const GreyStack& stack, const std::vector<PictureCut>& cuts,
              Diagnostics& diagnostics) {
  std::string where;
  for (const PictureCut& cut : cuts) {
    const int frame = stack.frame[static_cast<std::size_t>(cut.image)];
    where += (where.empty() ? "" : ", ") + std::to_string(frame);
  }
  diagnostics.add(Severity::warning, "picture_cuts",
                  "the picture changes at once before frame " + where +
                      ": an edited clip; what lies on either side is not tied together",
                  episode.clip_file);
}

CameraProblem problem_from_corners(const Episode& episode, const GreyStack& stack,
                                   const std::vector<std::vector<PointSample>>& corners) {
  CameraProblem problem;
  problem.frames = static_cast<int>(stack.images.size());
  problem.focal_px = 0.5 * (episode.camera.fx_px + episode.camera.fy_px) * stack.scale;
  if (is_guess(episode.camera)) {
    const double share = episode.camera.focal_sigma_share;
    problem.guess_sigma_share = share > 0.0 ? share : kUnstatedGuessShare;
  }
  for (const int f : stack.frame) {
    problem.frame_time_s.push_back(
        seconds_from_ns(episode.frame_time_ns[static_cast<std::size_t>(f)]));
  }
  for (const std::vector<PointSample>& corner : corners) {
    RayTrack track;
    for (const PointSample& s : corner) {
      const Vec2 pixel = picture_from_tracking(stack, s.pixel_px);
      if (!lens_sees(episode.camera, pixel)) continue;
      const Vec3 ray = ray_in_camera(episode.camera, pixel);
      if (is_finite(ray)) track.observations.push_back({s.frame, {ray.x, ray.y}});
    }
    problem.tracks.push_back(std::move(track));
  }
  return problem;
}

void write_cameras(const Episode& episode, const GreyStack& stack, const CameraSolution& solution,
                   CameraEstimate& estimate) {
  std::size_t image = 0;
  int observed = 0;
  for (int f = 0; f < static_cast<int>(episode.frame_time_ns.size()); ++f) {
    while (image + 1 < stack.frame.size() && stack.frame[image + 1] <= f) ++image;
    const SolvedCamera& solved = solution.cameras[image];
    if (solved.chunk < 0) continue;
    estimate.camera.push_back({f, episode.frame_time_ns[static_cast<std::size_t>(f)],
                               solved.map_from_camera, solved.observed, solved.chunk,
                               solved.position_sigma, solved.rotation_sigma_rad});
    if (solved.observed) ++observed;
  }
  const auto all = static_cast<double>(episode.frame_time_ns.size());
  estimate.registered_share = observed / std::max(1.0, all);
}

CameraByImage camera_by_image(const CameraModel& model, const CameraSolution& solution) {
  CameraByImage camera;
  camera.model = model;
  camera.has_depth = !solution.is_static && !solution.rotation_only;
  for (const SolvedCamera& c : solution.cameras) {
    // One chunk only: poses of two chunks have nothing to do with each other.
    if (c.chunk == 0) {
      camera.map_from_camera.emplace_back(c.map_from_camera);
    } else {
      camera.map_from_camera.emplace_back(std::nullopt);
    }
  }
  return camera;
}

}  // namespace

Result<CameraEstimate> track_camera(const Episode& episode, const FrameSource& frames,
                                    const std::vector<HandTrack>& hands,
                                    const TrackCameraOptions& options, Diagnostics& diagnostics) {
  if (const std::optional<Error> error = check(options)) return *error;
  const ImageThreads threads(options.jobs);
  Result<GreyStack> read = read_grey(episode, frames, options, diagnostics);
  if (!read) return read.error();
  const GreyStack& stack = *read;
  const std::vector<std::vector<HandInImage>> hands_in =
      hands_by_image(stack, episode.frame_time_ns, hands, kMaxHandAgeS);
  const MaskSource mask = [&](int image) {
    return background_mask(stack.images[static_cast<std::size_t>(image)].size(),
                           hands_in[static_cast<std::size_t>(image)]);
  };
  FollowOptions follow;
  follow.max_points = options.max_points;
  follow.max_round_trip_px = options.max_round_trip_px;
  std::vector<std::vector<PointSample>> corners = follow_corners(stack, mask, follow);
  if (corners.empty()) {
    return Error{ErrorCode::infeasible,
                 "no corner could be followed: the picture is blank, or the clip too short",
                 episode.clip_file};
  }
  const std::vector<PictureCut> cuts = find_cuts(stack, corners);
  if (!cuts.empty()) say_cuts(episode, stack, cuts, diagnostics);
  (void)link_corners(stack, episode.camera, episode.frame_time_ns, LinkOptions{}, corners);
  const CameraProblem problem = problem_from_corners(episode, stack, corners);
  const CameraSolution solution = solve_camera(problem, options, diagnostics);

  CameraEstimate estimate;
  estimate.camera_model = refined(episode.camera, solution.lens);
  say_lens(episode.camera, estimate.camera_model, diagnostics);
  estimate.is_static = solution.is_static;
  estimate.rotation_only = solution.rotation_only;
  estimate.chunks = solution.chunks;
  estimate.keyframes = solution.keyframes;
  estimate.bridged_s = solution.bridged_s;
  estimate.reprojection_rms_px = solution.rms_px;
  estimate.parallax_rad = solution.parallax_rad;
  write_cameras(episode, stack, solution, estimate);
  for (const SolvedPoint& p : solution.points) {
    estimate.map_points.push_back({p.p_in_map, p.chunk, p.observations, p.rms_px});
  }
  const std::size_t lost = episode.frame_time_ns.size() - estimate.camera.size();
  if (lost > 0) {
    diagnostics.add(Severity::warning, "camera_lost",
                    std::to_string(lost) + " frames have no camera pose");
  }
  if (!estimate.is_static && !estimate.rotation_only && estimate.map_points.size() < 50) {
    diagnostics.add(
        Severity::warning, "few_points",
        "the map holds only " + std::to_string(estimate.map_points.size()) + " scene points");
  }
  if (options.find_moving_points) {
    estimate.moving_points = find_moving_points(
        stack, camera_by_image(estimate.camera_model, solution), hands, hands_in, MovingOptions{});
  }
  return estimate;
}

}  // namespace hearth
