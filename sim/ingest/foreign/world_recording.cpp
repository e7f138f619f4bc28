// SPDX-License-Identifier: Apache-2.0
#include "world_recording.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include "hand_track.h"
#include "path_tracks.h"

namespace hearth::foreign {
namespace {

constexpr TimeNs kObservedWithinNs = 20'000'000;
constexpr TimeNs kBoxWithinNs = 2'000'000;
// Files of one device differ by parts of a millisecond in what they call the time of a picture: the
// first and the last sample serve so far beyond their ends.
constexpr TimeNs kEdgeNs = 1'000'000;

Error bad_option(const char* field, std::string message) {
  return {ErrorCode::invalid_argument, std::move(message), field};
}

Result<Done> check_options(const ImportOptions& o) {
  if (o.clock_offset_s && !(std::abs(*o.clock_offset_s) < 9e9)) {
    return bad_option("clock_offset_s", "must be finite and below 9e9 s");
  }
  if (!(o.longest_gap_s > 0.0 && o.longest_gap_s <= 60.0)) {
    return bad_option("longest_gap_s", "must be positive and at most 60 s");
  }
  if (!(o.position_sigma_m > 0.0 && o.position_sigma_m < 1e3)) {
    return bad_option("position_sigma_m", "must be positive");
  }
  if (!(o.rotation_sigma_rad > 0.0 && o.rotation_sigma_rad < 4.0)) {
    return bad_option("rotation_sigma_rad", "must be positive");
  }
  if (o.up_in_map && !(std::abs(norm(*o.up_in_map) - 1.0) < 1e-6)) {
    return bad_option("up_in_map", "must be a unit vector");
  }
  return Done{};
}

/// Index of the first sample at or after a time.
template <class Sample>
std::size_t first_from(const std::vector<Sample>& samples, TimeNs time_ns) {
  const auto place =
      std::lower_bound(samples.begin(), samples.end(), time_ns,
                       [](const Sample& sample, TimeNs t) { return sample.time_ns < t; });
  return static_cast<std::size_t>(place - samples.begin());
}

double share_between(TimeNs a_ns, TimeNs b_ns, TimeNs time_ns) {
  return static_cast<double>(time_ns - a_ns) / static_cast<double>(b_ns - a_ns);
}

/// A hand at a time, and whether a sample is close enough to call it observed.
struct HandAt {
  TimedHand hand{};
  bool observed = false;
};

std::optional<HandAt> hand_at(const std::vector<TimedHand>& hands, TimeNs time_ns,
                              TimeNs longest_gap_ns) {
  const std::size_t after = first_from(hands, time_ns);
  if (after < hands.size() && hands[after].time_ns == time_ns) return HandAt{hands[after], true};
  if (after == hands.size() || after == 0) return std::nullopt;
  const TimedHand& a = hands[after - 1];
  const TimedHand& b = hands[after];
  if (b.time_ns - a.time_ns > longest_gap_ns) return std::nullopt;
  const double u = share_between(a.time_ns, b.time_ns, time_ns);
  HandAt at{a, std::min(time_ns - a.time_ns, b.time_ns - time_ns) <= kObservedWithinNs};
  at.hand.time_ns = time_ns;
  at.hand.confidence = std::min(a.confidence, b.confidence);
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    at.hand.joints_in_world_m[j] = (1.0 - u) * a.joints_in_world_m[j] + u * b.joints_in_world_m[j];
  }
  return at;
}

/// The work of tracks_from_recording(), part by part.
class Placement {
 public:
  Placement(const WorldRecording& recording, const ImportOptions& options, Diagnostics& diagnostics)
      : recording_(recording),
        options_(options),
        diagnostics_(diagnostics),
        gap_ns_(ns_from_seconds(options.longest_gap_s)),
        map_from_world_{{}, recording.z_up_from_world} {}

  void choose_frames();
  void add_cameras();
  Result<Done> add_hands();
  void add_objects();
  void add_boxes();
  void add_points();
  [[nodiscard]] RecordingTracks result() && { return {std::move(tracks_), zero_ns_}; }
  [[nodiscard]] Tracks& tracks() { return tracks_; }

 private:
  /// Time on the recording's clock.
  [[nodiscard]] TimeNs recorded(std::size_t frame) const {
    return tracks_.frame_time_ns[frame] + zero_ns_;
  }
  [[nodiscard]] std::size_t frames() const { return tracks_.frame_time_ns.size(); }
  Result<Done> add_hand(const WorldHand& hand);

  const WorldRecording& recording_;
  const ImportOptions& options_;
  Diagnostics& diagnostics_;
  TimeNs gap_ns_;
  Pose map_from_world_;
  Tracks tracks_{};
  TimeNs zero_ns_ = 0;
  std::vector<std::optional<Pose>> camera_from_world_{};
};

void Placement::choose_frames() {
  zero_ns_ = recording_.frame_time_ns.front();
  if (options_.episode) {
    tracks_.frame_time_ns = options_.episode->frame_time_ns;
    if (options_.clock_offset_s) {
      zero_ns_ = -ns_from_seconds(*options_.clock_offset_s);
    } else {
      diagnostics_.add(Severity::guess, "clock_guessed",
                       "the recording's clock is its own: its first frame is taken for the "
                       "episode's first",
                       recording_.file);
    }
  } else {
    for (const TimeNs time_ns : recording_.frame_time_ns) {
      tracks_.frame_time_ns.push_back(time_ns - zero_ns_);
    }
  }
  tracks_.frames = static_cast<int>(frames());
  tracks_.source = recording_.source;
  tracks_.camera_model = recording_.camera;
  if (options_.camera) tracks_.camera_model = *options_.camera;
  tracks_.origins = recording_.origins;
}

void Placement::add_cameras() {
  camera_from_world_.resize(frames());
  const std::vector<TimedPose>& poses = recording_.world_from_camera;
  for (std::size_t i = 0; i < frames(); ++i) {
    const std::optional<TimedPose> at = recording_.camera_is_static && !poses.empty()
                                            ? std::optional(poses.front())
                                            : timed_pose_at(poses, recorded(i), gap_ns_);
    if (!at) continue;
    camera_from_world_[i] = inverse(at->pose);
    MapCamera camera;
    camera.frame = static_cast<int>(i);
    camera.time_ns = tracks_.frame_time_ns[i];
    camera.map_from_camera = map_from_world_ * at->pose;
    camera.map_from_camera.rotation = normalized(camera.map_from_camera.rotation);
    camera.observed = true;
    camera.chunk = at->chunk;
    camera.position_sigma = recording_.camera_is_static ? 0.0 : options_.position_sigma_m;
    camera.rotation_sigma_rad = recording_.camera_is_static ? 0.0 : options_.rotation_sigma_rad;
    tracks_.camera.push_back(camera);
  }
  tracks_.camera_is_static = recording_.camera_is_static;
  set_map_facts(true, Vec3{0.0, 0.0, 1.0}, options_, tracks_);
  if (!poses.empty() && tracks_.camera.size() < frames()) {
    diagnostics_.add(Severity::warning, "frames_without_camera",
                     std::to_string(frames() - tracks_.camera.size()) + " of " +
                         std::to_string(frames()) + " frames have no camera pose",
                     recording_.file);
  }
}

Result<Done> Placement::add_hand(const WorldHand& hand) {
  CameraHandTrack track;
  track.id = hand.side == HandSide::left ? "left" : "right";
  track.side = hand.side;
  track.sigma_m = hand.sigma_m;
  std::set<int> interpolated;
  int without_camera = 0;
  for (std::size_t i = 0; i < frames(); ++i) {
    // On the recording's own frames a hand that is missing is missing; only onto other frames is
    // anything interpolated.
    const std::optional<HandAt> at =
        hand_at(hand.hands, recorded(i), options_.episode ? gap_ns_ : 0);
    if (!at) continue;
    if (!camera_from_world_[i]) {
      ++without_camera;
      continue;
    }
    CameraHand seen;
    seen.frame = static_cast<int>(i);
    seen.presence = at->hand.confidence;
    for (std::size_t j = 0; j < kHandJoints; ++j) {
      seen.joints_in_camera_m[j] = *camera_from_world_[i] * at->hand.joints_in_world_m[j];
    }
    if (!at->observed) interpolated.insert(seen.frame);
    track.hands.push_back(seen);
  }
  if (without_camera > 0) {
    diagnostics_.add(Severity::warning, "hand_without_camera",
                     std::to_string(without_camera) + " frames have hand " + track.id +
                         " but no camera pose; it is left out there",
                     recording_.file);
  }
  if (track.hands.empty()) return Done{};
  Result<HandTrack> made =
      hand_track(track, tracks_.frame_time_ns, tracks_.camera_model, recording_.file, diagnostics_);
  if (!made) return made.error();
  HandTrack result = std::move(made).value();
  for (HandObservation& observation : result.observations) {
    observation.observed = interpolated.count(observation.frame) == 0;
  }
  if (!result.observations.empty()) tracks_.hands.push_back(std::move(result));
  return Done{};
}

Result<Done> Placement::add_hands() {
  for (const WorldHand& hand : recording_.hands) {
    if (const Result<Done> added = add_hand(hand); !added) return added;
  }
  return Done{};
}

void Placement::add_objects() {
  for (const WorldObject& object : recording_.objects) {
    ObjectSighting sighting;
    sighting.id = object.id;
    sighting.category = object.category;
    sighting.shape = object.shape;
    sighting.source = Source::imported;
    for (std::size_t i = 0; i < frames() && !object.world_from_shape.empty(); ++i) {
      if (object.at_rest && !sighting.observations.empty()) break;
      const std::optional<TimedPose> at =
          object.at_rest ? std::optional(object.world_from_shape.front())
                         : timed_pose_at(object.world_from_shape, recorded(i), gap_ns_);
      if (!at) continue;
      ObjectObservation observation;
      observation.frame = static_cast<int>(i);
      observation.time_ns = tracks_.frame_time_ns[i];
      observation.map_from_object = map_from_world_ * at->pose;
      observation.map_from_object.rotation = normalized(observation.map_from_object.rotation);
      observation.position_sigma = 0.5 * options_.position_sigma_m;
      sighting.observations.push_back(observation);
    }
    if (sighting.observations.empty()) {
      diagnostics_.add(Severity::note, "object_not_seen",
                       "object " + object.id + " has no pose on any frame and is left out",
                       recording_.file);
      continue;
    }
    tracks_.objects.push_back(std::move(sighting));
  }
}

void Placement::add_boxes() {
  for (const WorldBoxes& boxes : recording_.boxes) {
    BoxTrack track;
    track.id = boxes.id;
    track.kind = boxes.kind;
    track.category = boxes.category;
    for (std::size_t i = 0; i < frames(); ++i) {
      std::size_t k = first_from(boxes.boxes, recorded(i) - kBoxWithinNs);
      for (std::size_t next = k + 1; next < boxes.boxes.size(); ++next) {
        const auto distance = [&](std::size_t at) {
          return std::llabs(boxes.boxes[at].time_ns - recorded(i));
        };
        if (distance(next) >= distance(k)) break;
        k = next;
      }
      if (k >= boxes.boxes.size()) continue;
      const TimedBox& box = boxes.boxes[k];
      if (std::llabs(box.time_ns - recorded(i)) > kBoxWithinNs) continue;
      track.observations.push_back(
          {static_cast<int>(i), box.min_px, box.max_px, 1.0, box.visibility});
    }
    if (!track.observations.empty()) tracks_.boxes.push_back(std::move(track));
  }
}

void Placement::add_points() {
  for (MapPoint point : recording_.points) {
    point.p_in_map = map_from_world_ * point.p_in_map;
    tracks_.map_points.push_back(point);
  }
}

}  // namespace

std::optional<TimedPose> timed_pose_at(const std::vector<TimedPose>& samples, TimeNs time_ns,
                                       TimeNs longest_gap_ns) {
  const std::size_t after = first_from(samples, time_ns);
  if (after < samples.size() && samples[after].time_ns == time_ns) return samples[after];
  if (samples.empty()) return std::nullopt;
  if (after == 0) {
    if (longest_gap_ns == 0 || samples.front().time_ns - time_ns > kEdgeNs) return std::nullopt;
    return samples.front();
  }
  if (after == samples.size()) {
    if (longest_gap_ns == 0 || time_ns - samples.back().time_ns > kEdgeNs) return std::nullopt;
    return samples.back();
  }
  const TimedPose& a = samples[after - 1];
  const TimedPose& b = samples[after];
  if (a.chunk != b.chunk || b.time_ns - a.time_ns > longest_gap_ns) return std::nullopt;
  TimedPose at{time_ns, interpolate(a.pose, b.pose, share_between(a.time_ns, b.time_ns, time_ns)),
               a.chunk};
  at.pose.rotation = normalized(at.pose.rotation);
  return at;
}

std::vector<TimeNs> even_times(TimeNs first_ns, TimeNs last_ns, double rate_hz) {
  std::vector<TimeNs> times;
  for (std::int64_t k = 0;; ++k) {
    const TimeNs time_ns = first_ns + ns_from_seconds(static_cast<double>(k) / rate_hz);
    if (time_ns > last_ns) return times;
    times.push_back(time_ns);
  }
}

Result<RecordingTracks> tracks_from_recording(const WorldRecording& recording,
                                              const ImportOptions& options,
                                              Diagnostics& diagnostics) {
  if (const Result<Done> good = check_options(options); !good) return good.error();
  if (recording.frame_time_ns.empty()) {
    return Error{ErrorCode::corrupt, "the recording has no frames", recording.file};
  }
  Placement placement(recording, options, diagnostics);
  placement.choose_frames();
  placement.add_cameras();
  if (options.episode && placement.tracks().camera.empty() &&
      !recording.world_from_camera.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "no pose falls on a frame of the episode; check clock_offset_s", recording.file};
  }
  if (const Result<Done> added = placement.add_hands(); !added) return added.error();
  placement.add_objects();
  placement.add_boxes();
  placement.add_points();
  Result<Tracks> checked = validated(placement.tracks());
  if (!checked) {
    Error error = checked.error();
    error.where = recording.file + ":" + error.where;
    return error;
  }
  return std::move(placement).result();
}

}  // namespace hearth::foreign
