// SPDX-License-Identifier: Apache-2.0
#include <hearth/label/find_contacts.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "sim/label/carried_points.h"
#include "sim/label/hand_path.h"
#include "sim/label/held.h"
#include "sim/label/lost.h"
#include "sim/label/timing.h"

namespace hearth {
namespace {

using label::HandPath;
using label::HeldCandidate;

// One end of a grasp in fractional path indices, in running time.
struct End {
  double touch = 0.0;
  double low = 0.0;
  double high = 0.0;
  double move = 0.0;
  bool close_trusted = false;
};

// A path and its object distance, forward or mirrored in time, so that release is onset.
struct View {
  std::vector<Vec2> p_m{};
  std::vector<double> speed{};
  std::vector<double> aperture{};
  std::vector<double> gap_m{};     // fingertips to the sighted object's surface; empty if unknown
  std::vector<double> object_m{};  // travel of the sighted object from its rest; empty if unknown
  double object_noise_m = 0.001;
  int arrive = 0;
  int lift = 0;
  int peak = 0;
  bool rests = true;  // at `lift`
  double rate_hz = 30.0;
};

View reversed(View v, int down, int leave) {
  const int last = static_cast<int>(v.p_m.size()) - 1;
  std::reverse(v.p_m.begin(), v.p_m.end());
  std::reverse(v.speed.begin(), v.speed.end());
  std::reverse(v.aperture.begin(), v.aperture.end());
  std::reverse(v.gap_m.begin(), v.gap_m.end());
  v.arrive = last - leave;
  v.lift = last - down;
  v.peak = last - v.peak;
  return v;
}

// Distance of a point to the surface of a shape at a pose, negative inside.
double surface_distance(const Shape& shape, const Pose& from_object, Vec3 p) {
  const Vec3 q = inverse(from_object) * p;
  const Vec3 h = 0.5 * shape.size_m;
  if (shape.kind == ShapeKind::sphere) return norm(q) - h.x;
  const double dz = std::abs(q.z) - h.z;
  if (shape.kind == ShapeKind::box) {
    const double dx = std::abs(q.x) - h.x;
    const double dy = std::abs(q.y) - h.y;
    return norm(Vec3{std::max(dx, 0.0), std::max(dy, 0.0), std::max(dz, 0.0)}) +
           std::min(std::max({dx, dy, dz}), 0.0);
  }
  const double dr = std::hypot(q.x, q.y) - h.x;
  return std::hypot(std::max(dr, 0.0), std::max(dz, 0.0)) + std::min(std::max(dr, dz), 0.0);
}

// Thumb and the nearer of index and middle both have to arrive: the larger of the two distances.
std::vector<double> finger_gap_m(const Tracks& tracks, const HandPath& path,
                                 const label::FrameCameras& cameras, double scale_m, int object) {
  const ObjectSighting& sighting = tracks.objects[static_cast<std::size_t>(object)];
  Shape shape = sighting.shape;
  shape.size_m = scale_m * shape.size_m;
  std::vector<double> gap(path.time_s.size(), -1.0);
  for (const ObjectObservation& s : sighting.observations) {
    const int k = s.frame - path.first_frame;
    const auto f = static_cast<std::size_t>(s.frame);
    if (k < 0 || k >= path.size() || cameras.chunk[f] < 0) continue;
    Pose pose = inverse(cameras.map_from_camera[f]) * s.map_from_object;
    pose.position_m = scale_m * pose.position_m;
    const HandJoints& j = path.joints_in_camera_m[static_cast<std::size_t>(k)];
    const double thumb = surface_distance(shape, pose, j[4]);
    const double finger =
        std::min(surface_distance(shape, pose, j[8]), surface_distance(shape, pose, j[12]));
    // The approach itself is no cue: only its last 4 cm tell when the fingers arrive.
    gap[static_cast<std::size_t>(k)] = std::clamp(std::max(thumb, finger), 0.0, 0.04);
  }
  for (const double g : gap) {
    if (g < 0.0) return {};
  }
  return gap;
}

std::vector<double> object_travel(const Tracks& tracks, const HandPath& path, double scale_m,
                                  const HeldCandidate& c, bool from_end) {
  if (c.object < 0) return {};
  const auto& seen = tracks.objects[static_cast<std::size_t>(c.object)].observations;
  const int rest_frame = path.first_frame + (from_end ? c.down : c.lift);
  // Rest position: mean of up to .3 s of observations on the still side.
  Vec3 sum{};
  int count = 0;
  for (const ObjectObservation& s : seen) {
    const int lag = from_end ? s.frame - rest_frame : rest_frame - s.frame;
    if (lag < 0 || lag > 9) continue;
    sum = sum + s.map_from_object.position_m;
    ++count;
  }
  if (count == 0) return {};
  const Vec3 rest = (1.0 / count) * sum;
  std::vector<double> travel(path.time_s.size(), -1.0);
  for (const ObjectObservation& s : seen) {
    const int k = s.frame - path.first_frame;
    if (k < 0 || k >= path.size()) continue;
    travel[static_cast<std::size_t>(k)] = scale_m * norm(s.map_from_object.position_m - rest);
  }
  double last = 0.0;
  for (double& d : travel) d = last = d < 0.0 ? last : d;
  if (from_end) std::reverse(travel.begin(), travel.end());
  return travel;
}

double move_time(const View& v) {
  if (!v.object_m.empty()) {
    // A sighted path is exact to its noise: only the very start of the motion is used.
    return label::motion_onset(v.object_m, v.lift, v.peak, v.object_noise_m, 0.012);
  }
  const int from = std::max(v.arrive, v.lift - 8);
  Vec2 rest{};
  for (int i = from; i <= v.lift; ++i) {
    rest = rest + (1.0 / (v.lift - from + 1)) * v.p_m[static_cast<std::size_t>(i)];
  }
  double spread = 0.0;
  std::vector<double> travel;
  for (std::size_t i = 0; i < v.p_m.size(); ++i) {
    travel.push_back(norm(v.p_m[i] - rest));
    if (static_cast<int>(i) >= from && static_cast<int>(i) <= v.lift) {
      spread = std::max(spread, travel.back());
    }
  }
  return label::motion_onset(travel, from, v.peak, std::clamp(spread, 0.004, 0.012), 0.05);
}

std::optional<label::Ramp> close_ramp(const View& v, bool& trusted, int& first) {
  const bool by_gap = !v.gap_m.empty();
  const std::vector<double>& signal = by_gap ? v.gap_m : v.aperture;
  const int before = static_cast<int>(std::lround(0.6 * v.rate_hz));
  first = std::max(0, v.arrive - before);
  const int last = std::min(static_cast<int>(signal.size()) - 1,
                            v.lift + std::max(4, static_cast<int>(std::lround(0.25 * v.rate_hz))));
  // The fit wants the closing alone: begin where the fingers were farthest open.
  int open = first;
  for (int i = first; i <= v.lift; ++i) {
    if (signal[static_cast<std::size_t>(i)] > signal[static_cast<std::size_t>(open)]) open = i;
  }
  first = std::max(first, open - 6);
  const auto ramp = label::fit_ramp({signal.begin() + first, signal.begin() + last + 1});
  if (!ramp) return ramp;
  const double depth = ramp->open - ramp->closed;
  trusted = ramp->end_sigma <= 3.0 && (by_gap ? depth > 0.01 : depth > 0.1) &&
            depth > 3.0 * ramp->residual;
  return ramp;
}

// Onset of a view: where the fingers meet the thing, between the arrival and the motion.
End find_end(const View& v, const FindContactsOptions& options) {
  End end;
  if (!v.rests) {
    // Taken or let go in motion: nothing but the points tells when, to about two frames.
    end.move = end.touch = v.lift;
    end.low = v.lift - 2.0;
    end.high = v.lift + 2.0;
    return end;
  }
  end.move = move_time(v);
  int first = 0;
  bool trusted = false;
  const auto ramp = close_ramp(v, trusted, first);
  const double close = ramp ? first + ramp->end : 0.0;
  end.close_trusted = trusted && close < end.move + 4.0 && close > v.arrive - 6.0;
  if (end.close_trusted) {
    const bool by_gap = !v.gap_m.empty();
    // Seen finger distances tell touch itself; an aperture stops only when the grasp is firm.
    end.touch = by_gap ? std::min(close, end.move) : 0.5 * (close + end.move);
    // Fingers may touch while they still close: two frames of that are usual.
    end.low = std::min(close, end.touch) - 2.0 - 1.6 * ramp->end_sigma;
    end.high = std::max({end.move, close, end.touch}) + 0.5;
  } else {
    end.touch = end.move - options.touch_lead_frames;
    end.low = std::min<double>(v.arrive, end.touch - 2.0);
    end.high = end.move + 0.5;
  }
  return end;
}

// @param index  Fractional, within the path.
TimeNs time_at(const HandPath& path, double index) {
  const auto k = static_cast<std::size_t>(index);
  const double u = index - static_cast<double>(k);
  const std::size_t next = std::min(k + 1, path.time_s.size() - 1);
  return ns_from_seconds((1 - u) * path.time_s[k] + u * path.time_s[next]);
}

ContactSpan make_span(const Tracks& tracks, const HandPath& path,
                      const label::FrameCameras& cameras, double scale_m, const HeldCandidate& c,
                      const FindContactsOptions& options) {
  View v;
  v.p_m = path.p_m;
  v.speed = path.speed_m_s;
  v.aperture = path.aperture;
  v.arrive = c.arrive;
  v.lift = c.lift;
  v.rests = c.rests_at_lift;
  const auto fastest = std::max_element(v.speed.begin() + c.lift, v.speed.begin() + c.down + 1);
  v.peak = static_cast<int>(fastest - v.speed.begin());
  const double span_s = path.time_s.back() - path.time_s.front();
  v.rate_hz = span_s > 0.0 ? (path.size() - 1) / span_s : 30.0;
  if (c.object >= 0 && tracks.map_scale_m) {
    v.gap_m = finger_gap_m(tracks, path, cameras, scale_m, c.object);
  }
  if (c.object >= 0) {
    const auto& seen = tracks.objects[static_cast<std::size_t>(c.object)].observations;
    v.object_noise_m = std::max(0.001, 2.0 * scale_m * seen.front().position_sigma);
  }
  View back = reversed(v, c.down, c.leave);
  back.rests = c.rests_at_down;
  v.object_m = object_travel(tracks, path, scale_m, c, false);
  back.object_m = object_travel(tracks, path, scale_m, c, true);
  const End on = find_end(v, options);
  const End off = find_end(back, options);
  const double last = path.size() - 1;
  ContactSpan span;
  span.hand_track = path.track_id;
  span.side = path.side;
  if (c.object >= 0) span.object_id = tracks.objects[static_cast<std::size_t>(c.object)].id;
  const double release = std::max(last - off.touch, on.touch);
  const double stop = std::max(last - off.move, on.move);
  // Nothing is claimed before the hand's first sight or after its last.
  const auto at = [&](double index) { return time_at(path, std::clamp(index, 0.0, last)); };
  span.onset_ns = at(on.touch);
  span.onset_low_ns = at(on.low);
  span.onset_high_ns = at(on.high);
  span.release_ns = at(release);
  span.release_low_ns = at(std::min(last - off.high, release));
  span.release_high_ns =
      c.release_seen ? at(std::max(last - off.low, release)) : tracks.frame_time_ns.back();
  span.move_start_ns = at(on.move);
  span.move_stop_ns = at(stop);
  // Two independent cues are a good reason, one is a guess worth stating.
  span.confidence =
      std::clamp(0.35 + 0.35 * c.evidence + (on.close_trusted ? 0.1 : 0.0), 0.0, 0.98);
  span.evidence = c.cues;
  return span;
}

Result<Done> check(const FindContactsOptions& o) {
  const auto bad = [](const char* where, double v) {
    return Error{ErrorCode::invalid_argument, "out of range: " + std::to_string(v), where};
  };
  if (!(o.min_speed_m_s > 0.0)) return bad("min_speed_m_s", o.min_speed_m_s);
  if (!(o.dwell_share > 0.0 && o.dwell_share < 1.0)) return bad("dwell_share", o.dwell_share);
  if (!(o.min_travel_m > 0.0)) return bad("min_travel_m", o.min_travel_m);
  if (!(o.min_evidence > 0.0)) return bad("min_evidence", o.min_evidence);
  if (!(o.max_gap_s >= 0.0)) return bad("max_gap_s", o.max_gap_s);
  if (!(o.max_lost_s >= 0.0)) return bad("max_lost_s", o.max_lost_s);
  if (!(o.touch_lead_frames >= 0.0)) return bad("touch_lead_frames", o.touch_lead_frames);
  return Done{};
}

// Sighted objects that travelled go to the hand nearest to them.
void spans_from_sightings(const Tracks& tracks, const std::vector<HandPath>& paths,
                          const label::FrameCameras& cameras, double scale_m,
                          const FindContactsOptions& options, Contacts& contacts,
                          Diagnostics& diagnostics) {
  for (const label::ObjectMove& move : label::object_moves(tracks, scale_m, options)) {
    const HandPath* nearest = nullptr;
    double best = 0.3;
    for (const HandPath& path : paths) {
      const double d = label::distance_to_object_m(tracks, path, cameras, scale_m, move);
      if (d < best) {
        best = d;
        nearest = &path;
      }
    }
    const std::string& id = tracks.objects[static_cast<std::size_t>(move.object)].id;
    if (nearest == nullptr) {
      diagnostics.add(
          Severity::warning, "object_moved_without_hand",
          "object '" + id + "' moves, but no hand is seen near it",
          "frames " + std::to_string(move.first_frame) + "-" + std::to_string(move.last_frame));
      continue;
    }
    const HeldCandidate c = label::candidate_from_move(*nearest, move, options);
    contacts.spans.push_back(make_span(tracks, *nearest, cameras, scale_m, c, options));
  }
}

void spans_while_lost(const Tracks& tracks, const std::vector<HandPath>& paths,
                      const label::FrameCameras& cameras, double scale_m,
                      const FindContactsOptions& options, Contacts& contacts,
                      Diagnostics& diagnostics) {
  for (const HandTrack& track : tracks.hands) {
    std::vector<HandPath> own;
    for (const HandPath& path : paths) {
      if (path.track_id == track.id) own.push_back(path);
    }
    for (const ContactSpan& span :
         label::lost_spans(tracks, track, own, cameras, scale_m, options)) {
      contacts.spans.push_back(span);
      diagnostics.add(Severity::guess, "contact_while_hand_lost",
                      "the hand reached for something and was lost from sight, then reappeared "
                      "elsewhere as it left: it is taken to have carried something",
                      track.id);
    }
  }
}

}  // namespace

Result<Contacts> find_contacts(const Tracks& tracks, const FindContactsOptions& options,
                               Diagnostics& diagnostics) {
  const Result<Done> checked = check(options);
  if (!checked.ok()) return checked.error();
  const label::FrameCameras cameras = label::frame_cameras(tracks);
  const double scale_m = label::rough_scale_m(tracks, cameras);
  std::vector<HandPath> paths;
  for (const HandTrack& track : tracks.hands) {
    if (!track.wearer) continue;
    for (HandPath& path : label::hand_paths(tracks, track, cameras, scale_m, options.max_gap_s)) {
      if (!path.camera_known) {
        diagnostics.add(Severity::warning, "camera_motion_unknown",
                        "hand motion could not be told from camera motion in some frames",
                        track.id);
      }
      paths.push_back(std::move(path));
    }
  }
  Contacts contacts;
  spans_from_sightings(tracks, paths, cameras, scale_m, options, contacts, diagnostics);
  if (tracks.objects.empty()) {
    for (const HandPath& path : paths) {
      for (const HeldCandidate& c : label::held_candidates(tracks, path, options)) {
        contacts.spans.push_back(make_span(tracks, path, cameras, scale_m, c, options));
      }
    }
  }
  if (contacts.spans.empty() && tracks.objects.empty()) {
    // Weaker, because a hand's own rests tell more than points that come and go.
    for (const HandPath& path : paths) {
      const auto c = label::candidate_from_points(tracks, path, paths, cameras, scale_m, options);
      if (c) contacts.spans.push_back(make_span(tracks, path, cameras, scale_m, *c, options));
    }
  }
  if (contacts.spans.empty() && tracks.objects.empty()) {
    spans_while_lost(tracks, paths, cameras, scale_m, options, contacts, diagnostics);
  }
  std::stable_sort(
      contacts.spans.begin(), contacts.spans.end(),
      [](const ContactSpan& a, const ContactSpan& b) { return a.onset_ns < b.onset_ns; });
  if (contacts.spans.empty()) {
    diagnostics.add(Severity::warning, "no_contact_found",
                    paths.empty() ? "no hand was followed long enough to see it hold something"
                                  : "no hand was seen to hold something",
                    "");
  }
  return validated(std::move(contacts));
}

}  // namespace hearth
