// SPDX-License-Identifier: Apache-2.0
#include "path_tracks.h"

#include <algorithm>
#include <cmath>

namespace hearth::foreign {
namespace {

Error bad_option(const char* field, std::string message) {
  return {ErrorCode::invalid_argument, std::move(message), field};
}

Result<Done> check_options(const ImportOptions& o) {
  const auto positive = [](double v) { return std::isfinite(v) && v > 0.0; };
  if (o.rate_hz && !(positive(*o.rate_hz) && *o.rate_hz <= 1e6)) {
    return bad_option("rate_hz", "must be finite and positive");
  }
  // Sums with times of a file must fit into 64-bit nanoseconds.
  if (o.clock_offset_s && !(std::abs(*o.clock_offset_s) < 4e9)) {
    return bad_option("clock_offset_s", "must be finite and below 4e9 s");
  }
  if (!positive(o.position_sigma_m)) return bad_option("position_sigma_m", "must be positive");
  if (!positive(o.rotation_sigma_rad)) return bad_option("rotation_sigma_rad", "must be positive");
  if (!(positive(o.longest_gap_s) && o.longest_gap_s <= 60.0)) {
    return bad_option("longest_gap_s", "must be positive and at most 60 s");
  }
  if (o.up_in_map && !(std::abs(norm(*o.up_in_map) - 1.0) < 1e-6)) {
    return bad_option("up_in_map", "must be a unit vector");
  }
  return Done{};
}

Result<Done> check_samples(const ForeignPath& path) {
  if (path.samples.empty()) {
    return Error{ErrorCode::corrupt, "holds no pose", path.file};
  }
  // Differences of times must fit into 64 bits.
  constexpr TimeNs kLatestNs = 4'000'000'000'000'000'000;
  for (const PathSample& sample : path.samples) {
    if (sample.time_ns < -kLatestNs || sample.time_ns > kLatestNs) {
      return Error{ErrorCode::corrupt, "a time is out of range", path.file};
    }
  }
  for (std::size_t i = 1; path.has_times && i < path.samples.size(); ++i) {
    if (path.samples[i].time_ns <= path.samples[i - 1].time_ns) {
      return Error{ErrorCode::corrupt,
                   "the times of poses " + std::to_string(i - 1) + " and " + std::to_string(i) +
                       " do not ascend; sort the rows and drop repeated ones",
                   path.file};
    }
  }
  return Done{};
}

/// Frame times of tracks that stand alone.
Result<std::vector<TimeNs>> own_times(const ForeignPath& path, const ImportOptions& options) {
  std::vector<TimeNs> times;
  if (!path.has_times && !options.rate_hz) {
    return bad_option(
        "rate_hz", "the file has no times; give its frame rate or the episode that it belongs to");
  }
  for (std::size_t i = 0; i < path.samples.size(); ++i) {
    times.push_back(path.has_times ? path.samples[i].time_ns - path.samples[0].time_ns
                                   : ns_from_seconds(static_cast<double>(i) / *options.rate_hz));
  }
  return times;
}

MapCamera camera_at(int frame, TimeNs time_ns, const Pose& pose, const ImportOptions& options) {
  MapCamera camera;
  camera.frame = frame;
  camera.time_ns = time_ns;
  camera.map_from_camera = pose;
  camera.observed = true;
  camera.position_sigma = options.position_sigma_m;
  camera.rotation_sigma_rad = options.rotation_sigma_rad;
  return camera;
}

Result<Done> place_on_episode(const ForeignPath& path, const ImportOptions& options, Tracks& tracks,
                              Diagnostics& diagnostics) {
  tracks.frame_time_ns = options.episode->frame_time_ns;
  const std::size_t frames = tracks.frame_time_ns.size();
  if (!path.has_times) {
    if (path.samples.size() != frames) {
      return Error{ErrorCode::invalid_argument,
                   "holds " + std::to_string(path.samples.size()) +
                       " poses without times, the "
                       "episode has " +
                       std::to_string(frames) + " frames",
                   path.file};
    }
    for (std::size_t i = 0; i < frames; ++i) {
      tracks.camera.push_back(camera_at(static_cast<int>(i), tracks.frame_time_ns[i],
                                        path.samples[i].map_from_camera, options));
    }
    return Done{};
  }
  TimeNs offset_ns = -path.samples[0].time_ns;
  if (options.clock_offset_s) offset_ns = ns_from_seconds(*options.clock_offset_s);
  if (!options.clock_offset_s) {
    diagnostics.add(Severity::guess, "clock_guessed",
                    "the file's clock is its own: its first pose is taken for the first frame",
                    path.file);
  }
  for (std::size_t i = 0; i < frames; ++i) {
    const TimeNs time_ns = tracks.frame_time_ns[i];
    const std::optional<Pose> pose =
        pose_at(path.samples, time_ns - offset_ns, ns_from_seconds(options.longest_gap_s));
    if (pose) {
      tracks.camera.push_back(camera_at(static_cast<int>(i), time_ns, *pose, options));
    }
  }
  if (tracks.camera.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "no pose falls on a frame of the episode; check clock_offset_s", path.file};
  }
  if (tracks.camera.size() < frames) {
    diagnostics.add(Severity::warning, "frames_without_camera",
                    std::to_string(frames - tracks.camera.size()) + " of " +
                        std::to_string(frames) + " frames have no camera pose",
                    path.file);
  }
  return Done{};
}

bool stands_still(const std::vector<MapCamera>& cameras) {
  return cameras.size() > 1 &&
         std::all_of(cameras.begin(), cameras.end(), [&](const MapCamera& camera) {
           return camera.map_from_camera == cameras.front().map_from_camera;
         });
}

}  // namespace

std::optional<Pose> pose_at(const std::vector<PathSample>& samples, TimeNs time_ns,
                            TimeNs longest_gap_ns) {
  const auto after =
      std::lower_bound(samples.begin(), samples.end(), time_ns,
                       [](const PathSample& sample, TimeNs t) { return sample.time_ns < t; });
  if (after == samples.end()) return std::nullopt;
  if (after->time_ns == time_ns) return after->map_from_camera;
  if (after == samples.begin()) return std::nullopt;
  const auto before = std::prev(after);
  if (after->time_ns - before->time_ns > longest_gap_ns) return std::nullopt;
  const double u = static_cast<double>(time_ns - before->time_ns) /
                   static_cast<double>(after->time_ns - before->time_ns);
  Pose pose = interpolate(before->map_from_camera, after->map_from_camera, u);
  pose.rotation = normalized(pose.rotation);
  return pose;
}

void set_map_facts(bool metric, const std::optional<Vec3>& up_in_map, const ImportOptions& options,
                   Tracks& tracks) {
  if (options.metric.value_or(metric)) {
    tracks.map_scale_m =
        ScaleEstimate{1.0, kImportedScaleLow, kImportedScaleHigh, Source::imported, tracks.source};
  }
  tracks.up_in_map = options.up_in_map ? options.up_in_map : up_in_map;
}

Result<Tracks> tracks_from_path(const ForeignPath& path, const ImportOptions& options,
                                Diagnostics& diagnostics) {
  if (const Result<Done> good = check_options(options); !good) return good.error();
  if (const Result<Done> good = check_samples(path); !good) return good.error();
  Tracks tracks;
  tracks.source = path.source;
  if (options.episode) {
    const Result<Done> placed = place_on_episode(path, options, tracks, diagnostics);
    if (!placed) return placed.error();
    tracks.camera_model = options.episode->camera;
  } else {
    Result<std::vector<TimeNs>> times = own_times(path, options);
    if (!times) return times.error();
    tracks.frame_time_ns = std::move(times).value();
    for (std::size_t i = 0; i < path.samples.size(); ++i) {
      tracks.camera.push_back(camera_at(static_cast<int>(i), tracks.frame_time_ns[i],
                                        path.samples[i].map_from_camera, options));
    }
    if (path.camera) tracks.camera_model = *path.camera;
  }
  if (options.camera) tracks.camera_model = *options.camera;
  tracks.frames = static_cast<int>(tracks.frame_time_ns.size());
  tracks.camera_is_static = stands_still(tracks.camera);
  set_map_facts(path.metric, path.up_in_map, options, tracks);
  diagnostics.add(Severity::guess, "camera_sigma_assumed",
                  "the file has no uncertainty: every pose is taken as good to " +
                      std::to_string(options.position_sigma_m) + " m and " +
                      std::to_string(options.rotation_sigma_rad) + " rad",
                  path.file);
  Result<Tracks> checked = validated(std::move(tracks));
  if (checked) return checked;
  Error error = checked.error();
  error.where = path.file + ":" + error.where;
  return error;
}

}  // namespace hearth::foreign
