// SPDX-License-Identifier: Apache-2.0
#include "sim/label/hand_path.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hearth::label {
namespace {

constexpr std::array<std::size_t, 5> kPalm = {0, 5, 9, 13, 17};

double median(std::vector<double> v) {
  if (v.empty()) return 0.0;
  const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
  std::nth_element(v.begin(), middle, v.end());
  return *middle;
}

Vec2 palm_px(const std::array<Vec2, kHandJoints>& joints) {
  Vec2 sum{};
  for (const std::size_t j : kPalm) sum = sum + 0.2 * joints[j];
  return sum;
}

double palm_depth_m(const HandJoints& joints) {
  double sum = 0.0;
  for (const std::size_t j : kPalm) sum += 0.2 * joints[j].z;
  return sum;
}

// Depth of the map around a pixel: median over the nearest points in view, 0 if there are few.
double local_depth(const Tracks& tracks, const Pose& map_from_camera, int chunk, Vec2 pixel) {
  const Pose camera_from_map = inverse(map_from_camera);
  std::vector<std::pair<double, double>> near;  // distance in the image, depth
  for (const MapPoint& point : tracks.map_points) {
    if (point.chunk != chunk) continue;
    const Vec3 p = camera_from_map * point.p_in_map;
    const auto seen = project(tracks.camera_model, p);
    if (!seen) continue;
    const double distance = norm(*seen - pixel);
    if (distance < 0.3 * tracks.camera_model.width_px) near.emplace_back(distance, p.z);
  }
  if (near.size() < 5) return 0.0;
  std::sort(near.begin(), near.end());
  near.resize(std::min<std::size_t>(near.size(), 15));
  std::vector<double> depths;
  for (const auto& [distance, depth] : near) depths.push_back(depth);
  return median(depths);
}

double aperture_of(const HandJoints& joints) {
  return norm(joints[4] - 0.5 * (joints[8] + joints[12]));
}

// One entry per frame between observations that are at most max_gap_s apart.
struct Piece {
  int first_frame = 0;
  std::vector<Vec2> palm{};
  std::vector<HandJoints> joints{};
};

std::vector<Piece> pieces(const Tracks& tracks, const HandTrack& track, double max_gap_s) {
  std::vector<Piece> result;
  const HandObservation* previous = nullptr;
  for (const HandObservation& o : track.observations) {
    const bool cut =
        previous == nullptr || seconds_from_ns(o.time_ns - previous->time_ns) > max_gap_s;
    if (cut) {
      result.push_back({o.frame, {}, {}});
    } else {
      for (int f = previous->frame + 1; f < o.frame; ++f) {
        const double u = static_cast<double>(f - previous->frame) / (o.frame - previous->frame);
        HandJoints joints{};
        for (std::size_t j = 0; j < kHandJoints; ++j) {
          joints[j] = (1 - u) * previous->joints_in_camera_m[j] + u * o.joints_in_camera_m[j];
        }
        result.back().palm.push_back((1 - u) * palm_px(previous->joints_px) +
                                     u * palm_px(o.joints_px));
        result.back().joints.push_back(joints);
      }
    }
    result.back().palm.push_back(palm_px(o.joints_px));
    result.back().joints.push_back(o.joints_in_camera_m);
    previous = &o;
  }
  (void)tracks;
  return result;
}

}  // namespace

Vec2 own_step_m(const Tracks& tracks, const FrameCameras& cameras, const PixelInFrame& a,
                const PixelInFrame& b, double depth_m, double scale_m, bool& camera_known) {
  const CameraModel& model = tracks.camera_model;
  const Vec3 from = ray_in_camera(model, a.pixel_px);
  const Vec3 to = ray_in_camera(model, b.pixel_px);
  const auto f = static_cast<std::size_t>(a.frame);
  const auto g = static_cast<std::size_t>(b.frame);
  const double depth_in_map = depth_m / scale_m;
  Vec3 still = from;
  if (cameras.chunk[f] >= 0 && cameras.chunk[f] == cameras.chunk[g]) {
    still =
        inverse(cameras.map_from_camera[g]) * (cameras.map_from_camera[f] * (depth_in_map * from));
    if (still.z > 1e-6 * depth_in_map) still = (1.0 / still.z) * still;
  } else {
    camera_known = false;
  }
  return depth_m * Vec2{to.x - still.x, to.y - still.y};
}

std::vector<double> smoothed(const std::vector<double>& values, double sigma) {
  const int n = static_cast<int>(values.size());
  const int reach = static_cast<int>(std::ceil(3.0 * sigma));
  std::vector<double> result(values.size());
  for (int i = 0; i < n; ++i) {
    double sum = 0.0;
    double weight = 0.0;
    for (int k = std::max(0, i - reach); k <= std::min(n - 1, i + reach); ++k) {
      const double w = std::exp(-0.5 * (k - i) * (k - i) / (sigma * sigma));
      sum += w * values[static_cast<std::size_t>(k)];
      weight += w;
    }
    result[static_cast<std::size_t>(i)] = sum / weight;
  }
  return result;
}

FrameCameras frame_cameras(const Tracks& tracks) {
  FrameCameras result;
  const auto n = static_cast<std::size_t>(tracks.frames);
  result.map_from_camera.resize(n);
  result.chunk.assign(n, -1);
  for (std::size_t i = 0; i < tracks.camera.size(); ++i) {
    const MapCamera& camera = tracks.camera[i];
    const auto f = static_cast<std::size_t>(camera.frame);
    result.map_from_camera[f] = camera.map_from_camera;
    result.chunk[f] = camera.chunk;
    if (i == 0 || tracks.camera[i - 1].chunk != camera.chunk) continue;
    const auto before = static_cast<std::size_t>(tracks.camera[i - 1].frame);
    for (std::size_t k = before + 1; k < f; ++k) {
      const double u = static_cast<double>(k - before) / static_cast<double>(f - before);
      result.map_from_camera[k] =
          interpolate(tracks.camera[i - 1].map_from_camera, camera.map_from_camera, u);
      result.chunk[k] = camera.chunk;
    }
  }
  return result;
}

double rough_scale_m(const Tracks& tracks, const FrameCameras& cameras) {
  if (tracks.map_scale_m) return tracks.map_scale_m->value;
  std::vector<double> ratios;
  for (const HandTrack& hand : tracks.hands) {
    for (std::size_t i = 0; i < hand.observations.size(); i += 4) {
      const HandObservation& o = hand.observations[i];
      const auto f = static_cast<std::size_t>(o.frame);
      if (cameras.chunk[f] < 0) continue;
      const double depth =
          local_depth(tracks, cameras.map_from_camera[f], cameras.chunk[f], palm_px(o.joints_px));
      if (depth > 0.0) ratios.push_back(palm_depth_m(o.joints_in_camera_m) / depth);
    }
  }
  const double ratio = median(ratios);
  // Hands are in front of what lies behind them; a tenth is usual over a table.
  return ratio > 0.0 ? 1.1 * ratio : 1.0;
}

std::vector<HandPath> hand_paths(const Tracks& tracks, const HandTrack& track,
                                 const FrameCameras& cameras, double scale_m, double max_gap_s) {
  std::vector<HandPath> result;
  for (const Piece& piece : pieces(tracks, track, max_gap_s)) {
    const std::size_t n = piece.palm.size();
    if (n < 8) continue;
    HandPath path;
    path.track_id = track.id;
    path.side = track.side;
    path.first_frame = piece.first_frame;
    path.joints_in_camera_m = piece.joints;
    path.hand_length_m = track.hand_length_m;
    std::vector<double> depths;
    for (const HandJoints& joints : piece.joints) depths.push_back(palm_depth_m(joints));
    path.depth_m = std::max(median(depths), 0.05);
    Vec2 p{};
    for (std::size_t k = 0; k < n; ++k) {
      const int frame = piece.first_frame + static_cast<int>(k);
      path.time_s.push_back(seconds_from_ns(tracks.frame_time_ns[static_cast<std::size_t>(frame)]));
      path.p_m.push_back(p);
      path.aperture.push_back(aperture_of(piece.joints[k]) / track.hand_length_m);
      if (k + 1 < n) {
        p = p + own_step_m(tracks, cameras, {frame, piece.palm[k]}, {frame + 1, piece.palm[k + 1]},
                           path.depth_m, scale_m, path.camera_known);
      }
    }
    std::vector<double> x;
    std::vector<double> y;
    for (const Vec2& q : path.p_m) {
      x.push_back(q.x);
      y.push_back(q.y);
    }
    x = smoothed(x, 1.2);
    y = smoothed(y, 1.2);
    path.speed_m_s.assign(n, 0.0);
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t a = k == 0 ? 0 : k - 1;
      const std::size_t b = std::min(k + 1, n - 1);
      path.speed_m_s[k] =
          norm(Vec2{x[b] - x[a], y[b] - y[a]}) / std::max(path.time_s[b] - path.time_s[a], 1e-6);
    }
    result.push_back(std::move(path));
  }
  return result;
}

double travel_between_m(const Tracks& tracks, const HandTrack& track, int from_frame, int to_frame,
                        const FrameCameras& cameras, double scale_m) {
  const HandObservation* a = nullptr;
  const HandObservation* b = nullptr;
  for (const HandObservation& o : track.observations) {
    if (o.frame == from_frame) a = &o;
    if (o.frame == to_frame) b = &o;
  }
  if (a == nullptr || b == nullptr) return 0.0;
  const double depth_m = std::max(palm_depth_m(a->joints_in_camera_m), 0.05);
  const Vec3 from = ray_in_camera(tracks.camera_model, palm_px(a->joints_px));
  const Vec3 to = ray_in_camera(tracks.camera_model, palm_px(b->joints_px));
  Vec3 still = from;
  const auto f = static_cast<std::size_t>(from_frame);
  const auto g = static_cast<std::size_t>(to_frame);
  if (cameras.chunk[f] >= 0 && cameras.chunk[f] == cameras.chunk[g]) {
    still = inverse(cameras.map_from_camera[g]) *
            (cameras.map_from_camera[f] * (depth_m / scale_m * from));
    if (!(still.z > 0.0)) return 0.0;
    still = (1.0 / still.z) * still;
  }
  return depth_m * std::hypot(to.x - still.x, to.y - still.y);
}

}  // namespace hearth::label
