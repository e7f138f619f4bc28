// SPDX-License-Identifier: Apache-2.0
#include "sim/reconstruct/map_model.h"

#include <algorithm>
#include <map>
#include <string>

namespace hearth::recon {
namespace {

constexpr double kBridge_s = 0.5;

int choose_chunk(const Tracks& tracks, const ContactSpan* span, Diagnostics& diagnostics) {
  std::map<int, int> frames;
  std::map<int, int> in_span;
  for (const MapCamera& camera : tracks.camera) {
    ++frames[camera.chunk];
    if (span != nullptr && camera.time_ns >= span->onset_low_ns &&
        camera.time_ns <= span->release_high_ns) {
      ++in_span[camera.chunk];
    }
  }
  const std::map<int, int>& votes = in_span.empty() ? frames : in_span;
  int best = votes.begin()->first;
  for (const auto& [chunk, count] : votes) {
    if (count > votes.at(best)) best = chunk;
  }
  if (frames.size() > 1) {
    diagnostics.add(Severity::warning, "camera_path_broken",
                    "the camera path has " + std::to_string(frames.size()) +
                        " parts without a common frame; only one of them, " +
                        std::to_string(frames.at(best)) + " frames long, is used");
  }
  return best;
}

}  // namespace

int Map::first_known() const {
  const auto it = std::find(known.begin(), known.end(), std::uint8_t{1});
  return it == known.end() ? -1 : static_cast<int>(it - known.begin());
}

Map make_map(const Tracks& tracks, const ContactSpan* span, Diagnostics& diagnostics) {
  const auto n = static_cast<std::size_t>(tracks.frames);
  Map map;
  map.map_from_camera.resize(n);
  map.known.assign(n, 0);
  map.observed.assign(n, 0);
  map.position_sigma.assign(n, 0.0);
  map.rotation_sigma_rad.assign(n, 0.0);
  if (tracks.camera.empty()) {
    map.known.assign(n, 1);
    diagnostics.add(Severity::guess, "camera_motion_unknown",
                    "no camera path: the camera is taken to stand still");
    return map;
  }
  map.chunk = choose_chunk(tracks, span, diagnostics);
  const MapCamera* before = nullptr;
  for (const MapCamera& camera : tracks.camera) {
    if (camera.chunk != map.chunk) continue;
    const auto f = static_cast<std::size_t>(camera.frame);
    map.map_from_camera[f] = camera.map_from_camera;
    map.known[f] = 1;
    map.observed[f] = camera.observed ? 1 : 0;
    map.position_sigma[f] = camera.position_sigma;
    map.rotation_sigma_rad[f] = camera.rotation_sigma_rad;
    if (before != nullptr && seconds_from_ns(camera.time_ns - before->time_ns) <= kBridge_s) {
      for (auto k = static_cast<std::size_t>(before->frame) + 1; k < f; ++k) {
        const double u = static_cast<double>(tracks.frame_time_ns[k] - before->time_ns) /
                         static_cast<double>(camera.time_ns - before->time_ns);
        map.map_from_camera[k] = interpolate(before->map_from_camera, camera.map_from_camera, u);
        map.known[k] = 1;
        map.position_sigma[k] = std::max(camera.position_sigma, before->position_sigma);
        map.rotation_sigma_rad[k] = std::max(camera.rotation_sigma_rad, before->rotation_sigma_rad);
      }
    }
    before = &camera;
  }
  for (const MapPoint& point : tracks.map_points) {
    if (point.chunk == map.chunk) map.points.push_back(point.p_in_map);
  }
  return map;
}

Vec3 WorldFromMap::point(Vec3 p_in_map) const {
  return scale_m * (rotation * p_in_map) + translation_m;
}

Pose WorldFromMap::pose(const Pose& map_from_x) const {
  return {point(map_from_x.position_m), normalized(rotation * map_from_x.rotation)};
}

Vec3 grasp_point(const HandJoints& joints) {
  return 0.5 * (joints[4] + 0.5 * (joints[8] + joints[12]));
}

int frame_at(const Tracks& tracks, TimeNs time_ns) {
  const auto& times = tracks.frame_time_ns;
  const auto after = std::lower_bound(times.begin(), times.end(), time_ns);
  if (after == times.begin()) return 0;
  if (after == times.end()) return static_cast<int>(times.size()) - 1;
  const auto before = after - 1;
  const auto nearest = time_ns - *before <= *after - time_ns ? before : after;
  return static_cast<int>(nearest - times.begin());
}

const HandObservation* observation_at(const HandTrack& track, int frame) {
  const auto it = std::lower_bound(track.observations.begin(), track.observations.end(), frame,
                                   [](const HandObservation& o, int f) { return o.frame < f; });
  return it != track.observations.end() && it->frame == frame ? &*it : nullptr;
}

const HandTrack* find_hand(const Tracks& tracks, const std::string& id) {
  for (const HandTrack& track : tracks.hands) {
    if (track.id == id) return &track;
  }
  return nullptr;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

}  // namespace hearth::recon
