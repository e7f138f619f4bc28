// SPDX-License-Identifier: Apache-2.0
// Metric scale over many takes without pixels: hearth_scale_coverage FIRST COUNT DRAWS
// Each take is seen by simulated detectors: pixel noise, a hand fitted with the mean adult's length
// and a depth that is off as a whole and from frame to frame, lost detections, a map of unknown
// unit. Prints one JSON object.
#include <hearth/core/rng.h>
#include <hearth/film/make_truth.h>
#include <hearth/label/find_contacts.h>
#include <hearth/reconstruct/reconstruct.h>
#include <hearth/truth/substitute.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <vector>

namespace hearth {
namespace {

constexpr double kPixelNoisePx = 4.0;
constexpr double kWholeDepthShare = 0.05;  // of a hand's depth, the same in all frames
constexpr double kFrameDepthShare = 0.02;
constexpr double kLost = 0.1;

struct Pair {
  double log_error = 0.0;
  double log_sigma = 0.0;
  double baseline_log_error = 0.0;
};

// The unit is unknown, gravity too, and nothing has been seen but hands and points.
Tracks as_seen(Tracks tracks, std::uint64_t seed, std::uint64_t draw, double& unit_m) {
  Rng rng(seed, draw, "simulated_detections");
  unit_m = std::exp(rng.uniform(-1.0, 1.0));
  for (MapCamera& c : tracks.camera) {
    c.map_from_camera.position_m = (1.0 / unit_m) * c.map_from_camera.position_m;
  }
  for (MapPoint& p : tracks.map_points) p.p_in_map = (1.0 / unit_m) * p.p_in_map;
  tracks.map_scale_m.reset();
  tracks.up_in_map.reset();
  tracks.objects.clear();
  tracks.source = "simulated";
  for (HandTrack& hand : tracks.hands) {
    hand.source = Source::measured;
    const double fitted = kPopulationHandLengthM / hand.hand_length_m;
    const double whole = fitted * std::exp(kWholeDepthShare * rng.normal());
    for (double& bone : hand.bone_length_m) bone *= fitted;
    hand.hand_length_m = kPopulationHandLengthM;
    for (HandObservation& o : hand.observations) {
      const double factor = whole * std::exp(kFrameDepthShare * rng.normal());
      for (Vec3& p : o.joints_in_camera_m) p = factor * p;
      o.depth_sigma_m = std::hypot(kWholeDepthShare, kFrameDepthShare) * o.joints_in_camera_m[0].z;
      o.sigma_px = kPixelNoisePx;
    }
  }
  return tracks;
}

// One take, one draw of its detections; nothing where the stages abstain.
std::optional<Pair> one(const Truth& truth, std::uint64_t seed, std::uint64_t draw) {
  TracksFromTruthOptions options;
  options.hand_noise_px = kPixelNoisePx;
  options.dropout_share = kLost;
  options.point_noise_px = 0.5;
  options.seed = 1000 * draw + seed;
  const Result<Tracks> exact = tracks_from_truth(truth, options);
  if (!exact) return std::nullopt;
  double unit_m = 1.0;
  const Tracks tracks = as_seen(*exact, seed, draw, unit_m);
  Diagnostics diagnostics;
  const Result<Contacts> contacts = find_contacts(tracks, {}, diagnostics);
  if (!contacts) return std::nullopt;
  Episode episode;
  episode.clip_sha256 = std::string(64, '0');
  episode.width_px = tracks.camera_model.width_px;
  episode.height_px = tracks.camera_model.height_px;
  episode.frame_time_ns = tracks.frame_time_ns;
  episode.camera = tracks.camera_model;
  const Result<Home> home = reconstruct(episode, tracks, *contacts, {}, {}, diagnostics);
  if (!home) return std::nullopt;
  const ScaleEstimate& scale = home->scene.scale;
  // Constant prior: the map's points lie .65 m before the first camera, in the median.
  const Pose camera_from_map = inverse(tracks.camera.front().map_from_camera);
  std::vector<double> depth;
  for (const MapPoint& p : tracks.map_points) depth.push_back((camera_from_map * p.p_in_map).z);
  std::sort(depth.begin(), depth.end());
  return Pair{std::log(scale.value / unit_m), std::log(scale.high / scale.low) / (2.0 * 1.96),
              std::log(0.65 / depth[depth.size() / 2] / unit_m)};
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v.empty() ? 0.0 : v[v.size() / 2];
}

int run(std::uint64_t first, std::uint64_t count, std::uint64_t draws) {
  std::vector<double> error;
  std::vector<double> baseline;
  std::vector<double> sigma;
  int covered = 0;
  int abstained = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    FilmOptions options;
    options.seed = seed;
    const Result<Truth> truth = make_truth(options);
    for (std::uint64_t draw = 0; draw < draws; ++draw) {
      const auto pair = truth ? one(*truth, seed, draw) : std::nullopt;
      if (!pair) {
        ++abstained;
        continue;
      }
      error.push_back(std::abs(std::expm1(pair->log_error)));
      baseline.push_back(std::abs(std::expm1(pair->baseline_log_error)));
      sigma.push_back(pair->log_sigma);
      covered += std::abs(pair->log_error) <= 1.645 * pair->log_sigma ? 1 : 0;
    }
  }
  std::cout << "{\"pairs\": " << error.size() << ", \"abstained\": " << abstained
            << ", \"median_error\": " << median(error)
            << ", \"baseline_median_error\": " << median(baseline) << ", \"covered_90\": "
            << static_cast<double>(covered) / static_cast<double>(error.size())
            << ", \"median_log_sigma\": " << median(sigma) << "}\n";
  return 0;
}

}  // namespace
}  // namespace hearth

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: hearth_scale_coverage FIRST COUNT DRAWS\n";
    return 2;
  }
  const auto number = [&](int i) { return std::strtoull(argv[i], nullptr, 10); };
  return hearth::run(number(1), number(2), number(3));
}
