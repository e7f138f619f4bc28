// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/parallel.h>
#include <hearth/perceive/track_hands.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "sim/perceive/hand_fit.h"
#include "sim/perceive/hand_follow.h"
#include "sim/perceive/hand_side.h"

namespace hearth {
namespace {

using hands::FitFrame;
using hands::Reading;
using hands::Segment;
using hands::SidedHand;

// The landmark network puts the wrist this share of the bone 0-9 too far towards the fingers.
constexpr double kWristShiftShare = 0.095;
constexpr double kMinConfirmedShare = 0.25;
constexpr double kMinConfirmedShareFar = 0.65;
constexpr double kMinMeanPresence = 0.6;
constexpr double kDoubtfulSide = 0.8;
// What the fit leaves, measured on filmed takes 1-10 so that 90 % intervals of the wrist hold:
// depth as a share of depth (the network's directions are biased), and pixels as a share of the
// palm's length (its joints are, too: the residual of the fit does not show it).
constexpr double kDepthSigmaShare = 0.095;
constexpr double kPixelSigmaShare = 0.11;
constexpr double kCarriedSigmas = 2.0;  // Of a hand that only the palm network saw,
constexpr double kBridgedSigmas = 3.0;  // and of one that nothing saw.

Error bad_option(const char* name, const std::string& message) {
  return {ErrorCode::invalid_argument, message, name};
}

Result<Done> check(const TrackHandsOptions& options) {
  const auto share = [](double v) { return v > 0.0 && v < 1.0; };
  if (options.max_side_px < 128 || options.max_side_px > 16384) {
    return bad_option("max_side_px", "must be 128 to 16384");
  }
  if (options.search_stride < 1 || options.search_stride > 1000) {
    return bad_option("search_stride", "must be 1 to 1000");
  }
  if (!share(options.min_palm_score)) {
    return bad_option("min_palm_score", "must lie between 0 and 1");
  }
  if (!share(options.min_new_presence)) {
    return bad_option("min_new_presence", "must lie between 0 and 1");
  }
  if (!share(options.min_presence)) {
    return bad_option("min_presence", "must lie between 0 and 1");
  }
  if (!(options.min_track_s >= 0.0 && options.min_track_s < 1e3)) {
    return bad_option("min_track_s", "must be 0 s or more");
  }
  if (!(options.max_bridge_s >= 0.0 && options.max_bridge_s <= 2.0)) {
    return bad_option("max_bridge_s", "must be 0 to 2 s");
  }
  if (!(options.hand_length_m >= 0.10 && options.hand_length_m <= 0.30)) {
    return bad_option("hand_length_m", "must be 0.10 to 0.30 m, wrist crease to middle fingertip");
  }
  return Done{};
}

/// Mean over what the landmark network itself read.
double presence_of(const Segment& segment) {
  double sum = 0.0;
  int own = 0;
  for (const auto& [frame, reading] : segment.readings) {
    sum += reading.carried ? 0.0 : reading.presence;
    own += reading.carried ? 0 : 1;
  }
  return own > 0 ? sum / own : 0.0;
}

/// Drops sightings that were too short or that the palm network did not stand by.
std::vector<Segment> trusted(std::vector<Segment> segments, const Episode& episode,
                             const TrackHandsOptions& options, int& dropped) {
  std::vector<Segment> kept;
  const double focal_px = 0.5 * (episode.camera.fx_px + episode.camera.fy_px);
  const double frame_s = duration_s(episode) / static_cast<double>(episode.frame_time_ns.size());
  for (Segment& segment : segments) {
    const double seen_s =
        frame_s + seconds_from_ns(episode.frame_time_ns[static_cast<std::size_t>(segment.last())] -
                                  episode.frame_time_ns[static_cast<std::size_t>(segment.first())]);
    // Small things that look like hands are many; what is too far away for the wearer's arm must be
    // confirmed more often.
    const double share = is_out_of_reach(segment, episode.height_px, focal_px)
                             ? kMinConfirmedShareFar
                             : kMinConfirmedShare;
    const bool confirmed = static_cast<double>(segment.confirmed.size()) >=
                               share * static_cast<double>(segment.checked.size()) &&
                           (segment.confirmed.size() >= 2 || segment.checked.size() == 1);
    const bool long_enough = seen_s >= options.min_track_s && segment.readings.size() >= 2;
    if (long_enough && confirmed && presence_of(segment) >= kMinMeanPresence) {
      kept.push_back(std::move(segment));
    } else {
      ++dropped;
    }
  }
  return kept;
}

/// The wrist where it is, not where the network puts it.
template <class Point>
Point shifted_wrist(Point wrist, Point middle_knuckle) {
  return (1.0 / (1.0 - kWristShiftShare)) * (wrist - kWristShiftShare * middle_knuckle);
}

FitFrame fit_frame(const CameraModel& camera, TimeNs time_ns, const Reading& reading) {
  FitFrame frame;
  frame.time_ns = time_ns;
  frame.observed = true;
  frame.weight = reading.carried ? 0.3 : std::clamp(reading.presence, 0.3, 1.0);
  std::array<Vec2, kHandJoints> pixels = reading.joints_px;
  HandJoints shape = reading.shape_m;
  pixels[0] = shifted_wrist(pixels[0], pixels[9]);
  shape[0] = shifted_wrist(shape[0], shape[9]);
  const Quat camera_from_square =
      quat_between({0.0, 0.0, 1.0}, normalized(ray_in_camera(camera, reading.square.center_px)));
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    const Vec3 ray = ray_in_camera(camera, pixels[j]);
    frame.ray[j] = {ray.x, ray.y};
    frame.shape_m[j] = camera_from_square * shape[j];
  }
  return frame;
}

/// Stretches of frames [first, last] whose holes are short enough to bridge.
std::vector<std::pair<int, int>> stretches(const Segment& hand, const Episode& episode,
                                           double max_bridge_s) {
  std::vector<std::pair<int, int>> found;
  for (const auto& [frame, reading] : hand.readings) {
    const auto time = [&](int k) { return episode.frame_time_ns[static_cast<std::size_t>(k)]; };
    // A hole begins after the frame that should have followed.
    const bool joined =
        !found.empty() &&
        (frame == found.back().second + 1 ||
         seconds_from_ns(time(frame) - time(found.back().second + 1)) <= max_bridge_s);
    if (joined) {
      found.back().second = frame;
    } else {
      found.push_back({frame, frame});
    }
  }
  return found;
}

/// Root of the median squared distance between what was seen and what was fitted, per coordinate.
double residual_px(const std::vector<FitFrame>& frames, const std::vector<HandJoints>& fitted,
                   double focal_px) {
  std::vector<double> squares;
  for (std::size_t t = 0; t < frames.size(); ++t) {
    for (std::size_t j = 0; frames[t].observed && j < kHandJoints; ++j) {
      const Vec3 p = fitted[t][j];
      const Vec2 off = Vec2{p.x / p.z, p.y / p.z} - frames[t].ray[j];
      squares.push_back(focal_px * focal_px * dot(off, off));
    }
  }
  const auto middle = squares.begin() + static_cast<std::ptrdiff_t>(squares.size() / 2);
  std::nth_element(squares.begin(), middle, squares.end());
  return std::sqrt(*middle / (2.0 * std::log(2.0)));  // Median of a chi-square of two.
}

/// Wrist to middle knuckle as it would look from in front.
double palm_length_px(const std::array<Vec2, kHandJoints>& p) {
  return std::max(norm(p[9] - p[0]), hands::kPalmLengthOverWidth * norm(p[17] - p[5]));
}

/// Fits one stretch and appends its observations.
void fit_stretch(const Episode& episode, const SidedHand& sided, std::pair<int, int> stretch,
                 const hands::HandShape& shape, HandTrack& track) {
  const CameraModel& camera = episode.camera;
  std::vector<FitFrame> frames;
  for (int k = stretch.first; k <= stretch.second; ++k) {
    const TimeNs time_ns = episode.frame_time_ns[static_cast<std::size_t>(k)];
    const auto reading = sided.hand.readings.find(k);
    frames.push_back(reading == sided.hand.readings.end()
                         ? FitFrame{.time_ns = time_ns}
                         : fit_frame(camera, time_ns, reading->second));
  }
  hands::FitOptions options;
  options.focal_px = 0.5 * (camera.fx_px + camera.fy_px);
  const std::vector<HandJoints> fitted = hands::fit_hand(frames, shape, options);
  const double fit_px = residual_px(frames, fitted, options.focal_px);
  for (std::size_t t = 0; t < frames.size(); ++t) {
    HandObservation seen;
    seen.frame = stretch.first + static_cast<int>(t);
    seen.time_ns = frames[t].time_ns;
    seen.observed = frames[t].observed;
    seen.joints_in_camera_m = fitted[t];
    const auto reading = sided.hand.readings.find(seen.frame);
    double sigmas = kBridgedSigmas;
    if (seen.observed) {
      seen.presence = std::clamp(reading->second.presence, 0.0, 1.0);
      sigmas = reading->second.carried ? kCarriedSigmas : 1.0;
    }
    bool in_front = true;
    for (std::size_t j = 0; j < kHandJoints; ++j) {
      const std::optional<Vec2> pixel = project(camera, fitted[t][j]);
      in_front = in_front && pixel.has_value();
      seen.joints_px[j] = pixel.value_or(Vec2{});
    }
    seen.sigma_px = sigmas * std::hypot(fit_px, kPixelSigmaShare * palm_length_px(seen.joints_px));
    seen.depth_sigma_m = sigmas * kDepthSigmaShare * fitted[t][9].z;
    if (in_front) {
      track.observations.push_back(seen);
    }
  }
}

HandTrack fitted_track(const Episode& episode, const SidedHand& sided,
                       const TrackHandsOptions& options) {
  HandTrack track;
  track.side = sided.side;
  track.side_confidence = sided.side_confidence;
  track.wearer = sided.wearer;
  track.hand_length_m = options.hand_length_m;
  track.source = Source::measured;
  std::vector<FitFrame> all;
  for (const auto& [frame, reading] : sided.hand.readings) {
    if (!reading.carried) {  // Its shape is an older one.
      all.push_back(fit_frame(episode.camera,
                              episode.frame_time_ns[static_cast<std::size_t>(frame)], reading));
    }
  }
  const hands::HandShape shape = hands::shape_from(all, options.hand_length_m);
  track.bone_length_m = shape.bone_m;
  for (const auto& stretch : stretches(sided.hand, episode, options.max_bridge_s)) {
    fit_stretch(episode, sided, stretch, shape, track);
  }
  return track;
}

void explain(const hands::Sightings& sightings, int dropped, const std::vector<HandTrack>& tracks,
             Diagnostics& diagnostics) {
  if (sightings.refused > 0) {
    diagnostics.add(Severity::note, "hand_candidates_refused",
                    std::to_string(sightings.refused) +
                        " places looked like a hand at first and did not stand a second look");
  }
  if (dropped > 0) {
    diagnostics.add(Severity::note, "hand_tracks_dropped",
                    std::to_string(dropped) + " sightings were too short or too doubtful to keep");
  }
  for (const HandTrack& track : tracks) {
    if (track.wearer && track.side_confidence < kDoubtfulSide) {
      diagnostics.add(Severity::guess, "hand_side_doubtful",
                      std::string("the hand called ") +
                          (track.side == HandSide::left ? "left" : "right") +
                          " may be the other one",
                      track.id);
    }
  }
  if (tracks.empty()) {
    diagnostics.add(Severity::warning, "hands_not_found", "no hand was found in any frame");
  }
}

}  // namespace

Result<std::vector<HandTrack>> track_hands(const Episode& episode, const FrameSource& frames,
                                           const TrackHandsOptions& options,
                                           const Progress& progress, Diagnostics& diagnostics) {
  if (const Result<Done> checked = check(options); !checked) {
    return checked.error();
  }
  Result<hands::Sightings> found = hands::follow_hands(episode, frames, options, progress);
  if (!found) {
    return found.error();
  }
  hands::Sightings sightings = std::move(found).value();
  int dropped = 0;
  std::vector<Segment> segments = hands::without_twins(std::move(sightings.segments));
  const std::vector<SidedHand> sided =
      hands::decide_sides(trusted(std::move(segments), episode, options, dropped), episode.width_px,
                          episode.height_px, 0.5 * (episode.camera.fx_px + episode.camera.fy_px));
  std::vector<HandTrack> tracks(sided.size());
  parallel_for(sided.size(), options.jobs,
               [&](std::size_t i) { tracks[i] = fitted_track(episode, sided[i], options); });
  int others = 0;
  for (HandTrack& track : tracks) {
    track.id = !track.wearer                  ? "other_" + std::to_string(++others)
               : track.side == HandSide::left ? "left"
                                              : "right";
  }
  std::erase_if(tracks, [](const HandTrack& track) { return track.observations.empty(); });
  explain(sightings, dropped, tracks, diagnostics);
  return tracks;
}

}  // namespace hearth
