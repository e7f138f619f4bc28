// SPDX-License-Identifier: Apache-2.0
#include "sim/reconstruct/scale.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace hearth::recon {
namespace {

// Height of the grasp point over the surface when nothing is known of the thing: fingers go round
// the upper half of household things that stand about 10 cm high.
constexpr double kGraspHeightM = 0.055;
constexpr double kGraspHeightSigmaM = 0.022;
constexpr double kGraspShare = 0.60;
constexpr double kGraspShareSigma = 0.18;
// Depth of a fitted hand in a grasp is wrong by this share for reasons that its own sigma does not
// know (fingers misread while they hold): root mean square over a dozen filmed takes.
constexpr double kFitSigma = 0.10;

std::string rounded(double v) {
  const long thousandths = std::lround(v * 1000.0);
  std::string digits = std::to_string(std::abs(thousandths) % 1000);
  digits.insert(0, 3 - digits.size(), '0');
  return (thousandths < 0 ? "-" : "") + std::to_string(std::abs(thousandths) / 1000) + "." + digits;
}

// Least squares in (log hand factor, log scale).
struct Normal {
  double haa = 0.0, has = 0.0, hss = 0.0, ba = 0.0, bs = 0.0;
  void add(double ca, double cs, double value, double sigma) {
    const double w = 1.0 / (sigma * sigma);
    haa += w * ca * ca;
    has += w * ca * cs;
    hss += w * cs * cs;
    ba += w * ca * value;
    bs += w * cs * value;
  }
};

}  // namespace

TouchFrames resting_touch_frames(const Tracks& tracks, const ContactSpan& span) {
  TouchFrames touch;
  const HandTrack* hand = find_hand(tracks, span.hand_track);
  if (hand == nullptr) return touch;
  const auto add = [&](TimeNs from, TimeNs to) {
    // At least three frames: a grasp may lift at once.
    int first = frame_at(tracks, from);
    int last = frame_at(tracks, to);
    if (last - first < 2) {
      first = std::max(0, last - 2);
      last = std::min(tracks.frames - 1, first + 2);
    }
    for (int f = first; f <= last; ++f) {
      if (observation_at(*hand, f) != nullptr) touch.frames.push_back(f);
    }
  };
  add(span.onset_ns, span.move_start_ns);
  add(span.move_stop_ns, span.release_ns);
  if (touch.frames.empty()) {
    const TimeNs most = 800'000'000;
    int before = -1;
    int after = -1;
    for (const HandObservation& o : hand->observations) {
      if (o.time_ns <= span.onset_ns && o.time_ns >= span.onset_ns - most) before = o.frame;
      if (after < 0 && o.time_ns >= span.release_ns && o.time_ns <= span.release_ns + most) {
        after = o.frame;
      }
    }
    for (const int f : {before, after}) {
      if (f >= 0) touch.frames.push_back(f);
    }
    touch.near = true;
  }
  std::sort(touch.frames.begin(), touch.frames.end());
  touch.frames.erase(std::unique(touch.frames.begin(), touch.frames.end()), touch.frames.end());
  return touch;
}

std::vector<TouchRay> touch_rays(const Tracks& tracks, const Map& map, const ContactSpan& span) {
  std::vector<TouchRay> rays;
  const HandTrack* hand = find_hand(tracks, span.hand_track);
  if (hand == nullptr) return rays;
  for (const int f : resting_touch_frames(tracks, span).frames) {
    const HandObservation* o = observation_at(*hand, f);
    if (o == nullptr || map.known[static_cast<std::size_t>(f)] == 0) continue;
    const Pose& pose = map.map_from_camera[static_cast<std::size_t>(f)];
    const Vec3 direction = pose.rotation * grasp_point(o->joints_in_camera_m);
    rays.push_back({pose.position_m, normalized(direction)});
  }
  return rays;
}

std::vector<Touch> touches_on(const Tracks& tracks, const Map& map, const Up& up,
                              double level_height, const ContactSpan& span) {
  std::vector<Touch> touches;
  const HandTrack* hand = find_hand(tracks, span.hand_track);
  if (hand == nullptr) return touches;
  const TouchFrames touch_frames = resting_touch_frames(tracks, span);
  // A hand seen just before or after is somewhat higher, nobody knows how much.
  const double extra = touch_frames.near ? 0.09 : 0.0;
  for (const int f : touch_frames.frames) {
    const HandObservation* o = observation_at(*hand, f);
    if (o == nullptr || map.known[static_cast<std::size_t>(f)] == 0) continue;
    const Pose& pose = map.map_from_camera[static_cast<std::size_t>(f)];
    const Vec3 grasp = grasp_point(o->joints_in_camera_m);
    Touch touch;
    touch.grasp_below_camera_m = -dot(up.in_map, pose.rotation * grasp);
    touch.camera_above_level = dot(up.in_map, pose.position_m) - level_height;
    touch.share_sigma = std::hypot(o->depth_sigma_m / std::max(grasp.z, 0.05), extra);
    if (touch_frames.near) touch.grasp_below_camera_m += 0.04;
    if (touch.grasp_below_camera_m > 0.05 && touch.camera_above_level > 0.0) {
      touches.push_back(touch);
    }
  }
  return touches;
}

ScaleSolution solve_scale(const ScaleCues& cues, const ReconstructOptions& options,
                          Diagnostics& diagnostics) {
  Normal normal;
  std::string used;
  const bool told = options.hand_length_m.has_value();
  const double length = told ? *options.hand_length_m : kPopulationHandLengthM;
  const double length_sigma = told ? options.hand_length_sigma_m : kPopulationHandLengthSigmaM;
  normal.add(1.0, 0.0, std::log(length / cues.fitted_hand_length_m), length_sigma / length);
  used = told ? "hand_length_given" : "hand_length_population";
  bool measured = false;
  if (!cues.touches.empty()) {
    std::vector<double> logs;
    std::vector<double> sigmas;
    double grasp_sigma = 0.0;
    for (const Touch& t : cues.touches) {
      double ratio = 0.0;
      if (cues.object_height) {
        const double lift = std::min(kGraspShare * *cues.object_height, 0.8 * t.camera_above_level);
        ratio = t.grasp_below_camera_m / (t.camera_above_level - lift);
        grasp_sigma = kGraspShareSigma * *cues.object_height / t.camera_above_level;
      } else {
        ratio = (t.grasp_below_camera_m + kGraspHeightM) / t.camera_above_level;
        grasp_sigma = kGraspHeightSigmaM / t.grasp_below_camera_m;
      }
      logs.push_back(std::log(ratio));
      sigmas.push_back(t.share_sigma);
    }
    // Touches that disagree are worth less.
    const auto [low, high] = std::minmax_element(logs.begin(), logs.end());
    const double fit = std::hypot(std::max(median(sigmas), kFitSigma), 0.5 * (*high - *low));
    normal.add(-1.0, 1.0, median(logs), std::hypot(fit, grasp_sigma));
    used += ",touch";
    measured = true;
  }
  if (cues.camera_above_level > 0.0) {
    const double above = options.camera_height_m - options.support_height_m;
    const double sigma = std::hypot(options.camera_height_sigma_m, options.support_height_sigma_m);
    normal.add(0.0, 1.0, std::log(above / cues.camera_above_level), sigma / above);
    used += ",camera_height";
  }
  if (cues.given) {
    const double sigma = std::log(cues.given->high / cues.given->low) / (2.0 * 1.96);
    normal.add(0.0, 1.0, std::log(cues.given->value), std::max(sigma, 1e-4));
    used += ",tracks";
    measured = true;
  }
  ScaleSolution solution;
  const double det = normal.haa * normal.hss - normal.has * normal.has;
  double log_hand = normal.haa > 0.0 ? normal.ba / normal.haa : 0.0;
  double log_scale = 0.0;
  solution.hand_factor_log_sigma = length_sigma / length;
  solution.log_sigma = 0.5;  // nothing says how large the map is
  if (normal.hss > 0.0 && det > 0.0) {
    log_hand = (normal.hss * normal.ba - normal.has * normal.bs) / det;
    log_scale = (normal.haa * normal.bs - normal.has * normal.ba) / det;
    solution.log_sigma = std::sqrt(normal.haa / det);
    solution.hand_factor_log_sigma = std::sqrt(normal.hss / det);
  }
  solution.hand_factor = std::exp(log_hand);
  solution.hand_length_m = {
      cues.fitted_hand_length_m * solution.hand_factor,
      cues.fitted_hand_length_m * solution.hand_factor * solution.hand_factor_log_sigma,
      told ? Source::user : Source::prior};
  const double value = std::exp(log_scale);
  solution.scale = {value, value * std::exp(-1.96 * solution.log_sigma),
                    value * std::exp(1.96 * solution.log_sigma),
                    cues.given ? cues.given->source
                    : measured ? Source::measured
                               : Source::prior,
                    used};
  if (!told) {
    diagnostics.add(Severity::guess, "hand_length_guessed",
                    "nobody gave the hand's length: " + rounded(length) +
                        " m is the mean of adults, used was " +
                        rounded(solution.hand_length_m.value) + " m");
  }
  if (!measured) {
    diagnostics.add(Severity::guess, "scale_guessed",
                    "no hand was seen to touch anything: metric scale rests on how high cameras "
                    "are usually worn; 95 % interval is a factor " +
                        rounded(std::exp(1.96 * solution.log_sigma)) + " both ways");
  } else {
    diagnostics.add(Severity::note, "scale_found",
                    "metric scale " + rounded(value) + " from " + used + ", 95 % interval " +
                        rounded(solution.scale.low) + " to " + rounded(solution.scale.high));
  }
  return solution;
}

}  // namespace hearth::recon
