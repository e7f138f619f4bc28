// SPDX-License-Identifier: Apache-2.0
#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "sim/reconstruct/difference.h"
#include "sim/reconstruct/object.h"
#include "sim/reconstruct/patch.h"
#include "sim/reconstruct/scale.h"
#include "sim/reconstruct/silhouette.h"

namespace hearth::recon {
namespace {

constexpr double kPatchM = 0.34;        // width of the place that is looked at
constexpr double kGraspHeightM = 0.055;  // fingers over the surface, until the thing is known
constexpr double kHoldRadiusM = 0.10;   // the thing and the hand around the grasp point

// A frame in which a place can be seen.
struct ClearFrame {
  int frame = 0;
  double clearance_m = 0.0;
};

// One fitted cut of one pair of frames.
struct Candidate {
  SilhouetteFit fit{};
  Cut cut{};
  PatchCamera patch{};
  Vec3 color_rgb{};
};

// Which frames to compare for one end of the carry, and what came of it.
struct FramePair {
  int with = 0;
  int without = 0;
  bool refine_by_color = false;
};

struct Placement {
  std::vector<FramePair> pairs{};
  Vec3 place{};
  std::vector<Candidate> candidates{};
  SilhouettePrior prior{};
  std::string why_empty{};
};

struct Scout {
  const Episode& episode;
  const Tracks& tracks;
  const Map& map;
  const ContactSpan& span;
  double scale_m = 1.0;
  const ReconstructOptions& options;
};

// Where a ray through the grasp meets the height at which hands grasp; from the nearest sights of
// the hand where it is not seen at that time.
struct Expected {
  Vec2 base{};
  double sigma_m = 0.05;
};

std::optional<Expected> expected_base(const Scout& s, bool at_start, double level) {
  const HandTrack* hand = find_hand(s.tracks, s.span.hand_track);
  if (hand == nullptr) return std::nullopt;
  const int first = frame_at(s.tracks, at_start ? s.span.onset_ns : s.span.move_stop_ns);
  const int last =
      std::max(first, frame_at(s.tracks, at_start ? s.span.move_start_ns : s.span.release_ns));
  std::vector<double> x;
  std::vector<double> y;
  const auto look_at = [&](int f) {
    if (f < 0 || f >= s.tracks.frames) return false;
    const HandObservation* o = observation_at(*hand, f);
    if (o == nullptr || s.map.known[static_cast<std::size_t>(f)] == 0) return false;
    const Pose& camera = s.map.map_from_camera[static_cast<std::size_t>(f)];
    const Vec3 ray = camera.rotation * grasp_point(o->joints_in_camera_m);
    if (ray.z > -1e-3) return false;
    const double t = (level + kGraspHeightM / s.scale_m - camera.position_m.z) / ray.z;
    if (t <= 0.0) return false;
    x.push_back(camera.position_m.x + t * ray.x);
    y.push_back(camera.position_m.y + t * ray.y);
    return true;
  };
  for (int f = first - 1; f <= last + 1; ++f) (void)look_at(f);
  Expected expected;
  if (x.empty()) {
    // Before a grasp the hand comes from earlier frames, after a release it goes on in later ones.
    const int step = at_start ? -1 : 1;
    const int from = at_start ? first : last;
    for (int k = 2; k <= 24 && x.empty(); ++k) (void)look_at(from + step * k);
    expected.sigma_m = 0.10;
  }
  if (x.empty()) return std::nullopt;
  expected.base = {median(x), median(y)};
  return expected;
}

// Distance of the nearest hand (and what it carries) from a place as seen in a frame, metres.
double clearance_m(const Scout& s, int frame, Vec3 place, bool carrying) {
  const Pose camera_from_level = inverse(s.map.map_from_camera[static_cast<std::size_t>(frame)]);
  const Vec3 p = camera_from_level * place;
  if (p.z <= 0.0) return -1.0;
  const Vec2 at{p.x / p.z, p.y / p.z};
  double nearest = 1.0;
  for (const HandTrack& track : s.tracks.hands) {
    const HandObservation* o = nullptr;
    double late = 0.0;
    for (int lag = 0; lag <= 10 && o == nullptr; ++lag) {
      o = observation_at(track, frame - lag);
      if (o == nullptr) o = observation_at(track, frame + lag);
      late = 0.008 * lag;
    }
    if (o == nullptr) {
      // In a hole of the carrying hand's track it may be anywhere, and so may the thing.
      const bool hole = track.id == s.span.hand_track && !track.observations.empty() &&
                        track.observations.front().frame < frame &&
                        track.observations.back().frame > frame;
      if (hole) return -1.0;
      continue;
    }
    const auto consider = [&](Vec3 q, double radius_m) {
      if (q.z <= 0.05) return;
      const Vec2 seen{q.x / q.z, q.y / q.z};
      nearest = std::min(nearest, norm(seen - at) * q.z - radius_m - late);
    };
    for (const Vec3& joint : o->joints_in_camera_m) consider(joint, 0.012);
    const Vec3 wrist = o->joints_in_camera_m[0];
    const Vec3 back = normalized(wrist - o->joints_in_camera_m[9]);
    for (const double along : {0.05, 0.1, 0.15, 0.2, 0.25, 0.3}) {
      consider(wrist + along * back, 0.055);
    }
    if (carrying && track.id == s.span.hand_track) {
      consider(grasp_point(o->joints_in_camera_m), kHoldRadiusM);
    }
  }
  return nearest;
}

bool in_view(const Scout& s, int frame, Vec3 place) {
  const Vec3 p = inverse(s.map.map_from_camera[static_cast<std::size_t>(frame)]) * place;
  const auto px = project(s.tracks.camera_model, p);
  return px && px->x > 0.02 * s.episode.width_px && px->x < 0.98 * s.episode.width_px &&
         px->y > 0.02 * s.episode.height_px && px->y < 0.98 * s.episode.height_px;
}

// Clear frames of a time range, the clearest first among those that are clear enough.
std::vector<ClearFrame> clear_frames(const Scout& s, TimeNs from, TimeNs to, Vec3 place,
                                     bool carrying) {
  std::vector<ClearFrame> result;
  const std::vector<int>& repeated = s.episode.repeated_frames;
  for (int f = 0; f < s.tracks.frames; ++f) {
    const TimeNs t = s.tracks.frame_time_ns[static_cast<std::size_t>(f)];
    if (t < from || t > to || s.map.known[static_cast<std::size_t>(f)] == 0) continue;
    if (std::find(repeated.begin(), repeated.end(), f) != repeated.end()) continue;
    if (!in_view(s, f, place)) continue;
    const double clear = clearance_m(s, f, place, carrying);
    if (clear > 0.03) result.push_back({f, clear});
  }
  return result;
}

// Picks frames that are clear, apart from each other, and seen from near a given camera.
std::vector<int> pick(const Scout& s, std::vector<ClearFrame> all, int count, const Pose* near) {
  const auto cost = [&](const ClearFrame& c) {
    double value = 4.0 * std::max(0.0, 0.13 - c.clearance_m) / 0.13;
    if (near != nullptr) {
      const Pose& pose = s.map.map_from_camera[static_cast<std::size_t>(c.frame)];
      value += s.scale_m * norm(pose.position_m - near->position_m) / 0.03 +
               angle_between_rad(pose.rotation, near->rotation) / 0.2;
    }
    return value;
  };
  std::stable_sort(all.begin(), all.end(), [&](const ClearFrame& a, const ClearFrame& b) {
    return cost(a) < cost(b);
  });
  std::vector<int> picked;
  for (int apart = 6; apart >= 1 && static_cast<int>(picked.size()) < count; apart -= 5) {
    for (const ClearFrame& c : all) {
      if (static_cast<int>(picked.size()) >= count) break;
      if (std::all_of(picked.begin(), picked.end(),
                      [&](int f) { return std::abs(f - c.frame) >= apart; })) {
        picked.push_back(c.frame);
      }
    }
  }
  return picked;
}

// Pictures by frame, read once in ascending order: going back costs a decoder much.
class Album {
 public:
  Album(const FrameSource& source, std::vector<int> frames) {
    std::sort(frames.begin(), frames.end());
    for (const int f : frames) {
      if (pictures_.contains(f)) continue;
      Result<ImageRgb8> image = source(f);
      if (image.ok()) pictures_.emplace(f, std::move(image).value());
    }
  }
  [[nodiscard]] const ImageRgb8* picture(int frame) const {
    const auto it = pictures_.find(frame);
    return it != pictures_.end() ? &it->second : nullptr;
  }

 private:
  std::map<int, ImageRgb8> pictures_{};
};

double linear_from_srgb(double v) {
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

Vec3 mean_color(const Patch& patch, const cv::Mat& mask) {
  std::vector<double> c[3];
  for (int y = 0; y < mask.rows; ++y) {
    for (int x = 0; x < mask.cols; ++x) {
      if (mask.at<std::uint8_t>(y, x) == 0) continue;
      const cv::Vec3f rgb = patch.rgb.at<cv::Vec3f>(y, x);
      for (int k = 0; k < 3; ++k) c[k].push_back(static_cast<double>(rgb[k]));
    }
  }
  const auto channel = [&](int k) { return std::clamp(linear_from_srgb(median(c[k])), 0.0, 1.0); };
  return {channel(0), channel(1), channel(2)};
}

// Compares one pair of frames: the thing is in `with` and not in `without`.
void add_pair(const Scout& s, const Album& album, int with, int without, double level, Vec3 place,
              const SilhouettePrior& prior, bool refine_by_color,
              std::vector<Candidate>& candidates) {
  const ImageRgb8* a = album.picture(with);
  const ImageRgb8* b = album.picture(without);
  if (a == nullptr || b == nullptr) return;
  const CameraModel& model = s.tracks.camera_model;
  const Pose& camera = s.map.map_from_camera[static_cast<std::size_t>(with)];
  const Pose& other = s.map.map_from_camera[static_cast<std::size_t>(without)];
  const PatchCamera patch = patch_around(camera, model, place, kPatchM / s.scale_m);
  const Patch own = own_patch(patch, model, *a);
  std::vector<Patch> others;
  others.push_back(warped_patch(patch, model, *b, other, {0, 0, 1}, level));
  // What stands behind the surface: planes across the view, at the depths of the map's far points.
  const Vec3 forward = camera.rotation * Vec3{0, 0, 1};
  std::vector<double> far;
  const double depth = dot(forward, place - camera.position_m);
  for (const Vec3& p : s.map.points) {
    const double d = dot(forward, p - camera.position_m);
    if (d > 1.4 * depth) far.push_back(d);
  }
  if (far.size() >= 5) {
    others.push_back(warped_patch(patch, model, *b, other, forward,
                                  median(far) + dot(forward, camera.position_m)));
  }
  cv::Mat hidden = cv::Mat::zeros(patch.size, patch.size, CV_8U);
  mark_hands(s.tracks, with, patch, camera, true, s.scale_m, hidden);
  mark_hands(s.tracks, without, patch, other, false, s.scale_m, hidden);
  const cv::Mat known = hidden == 0;
  const Vec2 expected = patch.pixel(place).value_or(Vec2{0.5 * patch.size, 0.5 * patch.size});
  for (const Cut& cut : cuts(own, others, known, expected, refine_by_color)) {
    if (cv::countNonZero(cut.mask) < 60) continue;
    for (const ShapeKind kind : {ShapeKind::cylinder, ShapeKind::box}) {
      Candidate c;
      c.fit = fit_silhouette(cut.mask, cut.known, patch, kind, prior);
      c.cut = cut;
      c.patch = patch;
      c.color_rgb = mean_color(own, cut.mask);
      if (c.fit.score > 0.3) candidates.push_back(std::move(c));
    }
  }
}

Placement plan(const Scout& s, bool at_start, double level) {
  Placement placement;
  const auto expected = expected_base(s, at_start, level);
  if (!expected) {
    placement.why_empty = "the hand was not seen there";
    return placement;
  }
  SilhouettePrior& prior = placement.prior;
  prior.expected_base = expected->base;
  prior.base_z = level;
  prior.place_sigma = expected->sigma_m / s.scale_m;
  prior.width = 0.065 / s.scale_m;
  prior.height = 0.10 / s.scale_m;
  placement.place = {expected->base.x, expected->base.y, level + 0.045 / s.scale_m};
  const Vec3 place = placement.place;
  const TimeNs never = 1LL << 60;
  const TimeNs margin = 250'000'000;
  const auto before = clear_frames(s, -1, s.span.onset_low_ns, place, false);
  const auto after = clear_frames(s, s.span.release_high_ns, never, place, false);
  // While something is carried, hand and arm are read worst and hide most: only where all else
  // hides the place too.
  auto before_all = before;
  auto after_all = after;
  if (before_all.empty()) {
    before_all = clear_frames(s, -1, s.span.move_stop_ns - margin, place, true);
  }
  if (after_all.empty()) {
    after_all = clear_frames(s, s.span.move_start_ns + margin, never, place, true);
  }
  const std::vector<ClearFrame>& with = at_start ? before : after;
  const std::vector<ClearFrame>& without = at_start ? after_all : before_all;
  if (with.empty() || without.empty()) {
    placement.why_empty = with.empty() ? "a hand hides it in every frame in which it rests there"
                                       : "a hand hides the place in every other frame";
    return placement;
  }
  const int side = std::max(1, static_cast<int>(std::lround(std::sqrt(s.options.frame_pairs))));
  const auto most = static_cast<std::size_t>(s.options.frame_pairs);
  for (const int w : pick(s, with, side, nullptr)) {
    const Pose& near = s.map.map_from_camera[static_cast<std::size_t>(w)];
    bool first = true;
    for (const int o : pick(s, without, side, &near)) {
      if (placement.pairs.size() < most) placement.pairs.push_back({w, o, first});
      first = false;
    }
  }
  return placement;
}

void look(const Scout& s, const Album& album, double level, Placement& placement) {
  for (const FramePair& pair : placement.pairs) {
    add_pair(s, album, pair.with, pair.without, level, placement.place, placement.prior,
             pair.refine_by_color, placement.candidates);
  }
  std::stable_sort(
      placement.candidates.begin(), placement.candidates.end(),
      [](const Candidate& a, const Candidate& b) { return a.fit.score > b.fit.score; });
  if (placement.candidates.empty() && placement.why_empty.empty()) {
    placement.why_empty = "nothing changed there";
  }
}

// Candidates within a small step of the best.
std::vector<const Candidate*> top(const Placement& placement, ShapeKind kind) {
  std::vector<const Candidate*> result;
  for (const Candidate& c : placement.candidates) {
    if (c.fit.shape.kind != kind) continue;
    if (!result.empty() && c.fit.score < result.front()->fit.score - 0.05) break;
    if (result.size() < 7) result.push_back(&c);
  }
  return result;
}

double best_score(const Placement& placement) {
  return placement.candidates.empty() ? 0.0 : placement.candidates.front().fit.score;
}

// The end that was seen better says how large the thing is; the other end is judged by that.
void judge_by(const Placement& better, Placement& other) {
  if (better.candidates.empty()) return;
  SilhouettePrior& prior = other.prior;
  std::vector<double> w;
  std::vector<double> h;
  for (const Candidate* c : top(better, better.candidates.front().fit.shape.kind)) {
    w.push_back(c->fit.shape.width);
    h.push_back(c->fit.shape.height);
  }
  prior.width = median(w);
  prior.height = median(h);
  prior.log_sigma = 0.2;
  for (Candidate& c : other.candidates) {
    c.fit.score = penalised(c.fit.shape, prior, c.fit.overlap);
  }
  std::stable_sort(
      other.candidates.begin(), other.candidates.end(),
      [](const Candidate& a, const Candidate& b) { return a.fit.score > b.fit.score; });
}

double mean_top_score(const Placement& placement, ShapeKind kind) {
  const auto t = top(placement, kind);
  double sum = 0.0;
  for (const Candidate* c : t) sum += c->fit.score;
  return t.empty() ? 0.0 : sum / static_cast<double>(t.size());
}

// Width of a patch pixel at the thing, map units.
double pixel_size(const Candidate& c) {
  const Vec3 base{c.fit.shape.base.x, c.fit.shape.base.y, c.fit.shape.base_z};
  return c.patch.step * (inverse(c.patch.level_from_camera) * base).z;
}

double spread(const std::vector<double>& v) {
  const double m = median(v);
  std::vector<double> d;
  for (const double x : v) d.push_back(std::abs(x - m));
  return 1.4826 * median(d);
}

struct Place {
  Vec2 base{};
  double yaw_rad = 0.0;
  double sigma = 0.0;
};

// The same size everywhere: places are fitted again with it, then their median is taken.
Place settle(const Placement& placement, const Upright& size, double scale_m) {
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> turn;
  Place place;
  for (const Candidate* c : top(placement, size.kind)) {
    Upright start = c->fit.shape;
    start.width = size.width;
    start.depth = size.depth;
    start.height = size.height;
    const SilhouetteFit fit =
        fit_place(c->cut.mask, c->cut.known, c->patch, start, placement.prior);
    x.push_back(fit.shape.base.x);
    y.push_back(fit.shape.base.y);
    if (turn.empty()) place.yaw_rad = fit.shape.yaw_rad;
    // Boxes look alike after a half turn (a quarter turn where they are square).
    const double period = std::abs(size.width - size.depth) < 0.12 * size.width ? 1.5707963 : 3.1415927;
    turn.push_back(std::remainder(fit.shape.yaw_rad - place.yaw_rad, period));
  }
  place.base = {median(x), median(y)};
  place.yaw_rad += median(turn);
  place.sigma = std::max(std::hypot(spread(x), spread(y)), 0.006 / scale_m);
  return place;
}

std::string per_cent(double v) { return std::to_string(static_cast<int>(std::lround(100.0 * v))) + " %"; }

Pose standing(Vec2 base, double level, double height, double yaw) {
  return {{base.x, base.y, level + 0.5 * height}, quat_from_axis_angle({0, 0, 1}, yaw)};
}

// Where the hand carried it to or from, when that end was not seen: the grasp rays of both ends
// meet the same height over the surface.
std::optional<Vec2> place_by_hand(const Scout& s, bool at_start, double level) {
  const auto expected = expected_base(s, at_start, level);
  return expected ? std::optional<Vec2>(expected->base) : std::nullopt;
}

}  // namespace

std::optional<FoundObject> object_from_pixels(const Episode& episode, const Tracks& tracks,
                                              const Map& map, const ContactSpan& span,
                                              double scale_m, double goal_level,
                                              const FrameSource& frames,
                                              const ReconstructOptions& options,
                                              Diagnostics& diagnostics) {
  const Scout scout{episode, tracks, map, span, scale_m, options};
  Placement start = plan(scout, true, 0.0);
  Placement goal = plan(scout, false, goal_level);
  std::vector<int> needed;
  for (const Placement* placement : {&start, &goal}) {
    for (const FramePair& pair : placement->pairs) {
      needed.push_back(pair.with);
      needed.push_back(pair.without);
    }
  }
  const Album album(frames, needed);
  look(scout, album, 0.0, start);
  look(scout, album, goal_level, goal);
  if (best_score(start) >= best_score(goal)) {
    judge_by(start, goal);
  } else {
    judge_by(goal, start);
  }
  const double start_score = best_score(start);
  const double goal_score = best_score(goal);
  const double score = std::max(start_score, goal_score);
  if (score < options.min_object_score) {
    diagnostics.add(Severity::warning, "object_not_found",
                    "no object is claimed: the best outline covers " + per_cent(start_score) +
                        " of what changed at the start and " + per_cent(goal_score) +
                        " at the goal, less than " + per_cent(options.min_object_score) +
                        (start.why_empty.empty() ? "" : "; start: " + start.why_empty) +
                        (goal.why_empty.empty() ? "" : "; goal: " + goal.why_empty));
    return std::nullopt;
  }
  const double floor_score = std::max(options.min_object_score - 0.1, score - 0.15);
  const bool use_start = start_score >= floor_score;
  const bool use_goal = goal_score >= floor_score;
  double kinds[2] = {0.0, 0.0};  // cylinder, box
  for (const auto& [placement, use] :
       {std::pair{&start, use_start}, std::pair{&goal, use_goal}}) {
    if (!use) continue;
    // A box has two numbers more to fit with and must earn them. The better seen end counts most.
    const double weight = std::max(0.01, best_score(*placement) - 0.75);
    kinds[0] += weight * (mean_top_score(*placement, ShapeKind::cylinder) + 0.015);
    kinds[1] += weight * mean_top_score(*placement, ShapeKind::box);
  }
  const ShapeKind kind = kinds[1] > kinds[0] ? ShapeKind::box : ShapeKind::cylinder;
  std::vector<double> w;
  std::vector<double> d;
  std::vector<double> h;
  std::vector<double> r, g, b;
  for (const auto& [placement, use] :
       {std::pair{&start, use_start}, std::pair{&goal, use_goal}}) {
    if (!use) continue;
    for (const Candidate* c : top(*placement, kind)) {
      // A pixel counts as changed when a part of it is: outlines are about half a pixel too wide.
      const double rim = pixel_size(*c);
      w.push_back(std::max(0.5 * c->fit.shape.width, c->fit.shape.width - rim));
      d.push_back(std::max(0.5 * c->fit.shape.depth, c->fit.shape.depth - rim));
      h.push_back(c->fit.shape.height);
      r.push_back(c->color_rgb.x);
      g.push_back(c->color_rgb.y);
      b.push_back(c->color_rgb.z);
    }
  }
  Upright size;
  size.kind = kind;
  size.width = median(w);
  size.depth = kind == ShapeKind::box ? median(d) : size.width;
  size.height = median(h);
  FoundObject object;
  object.category = kind == ShapeKind::box ? "box" : "can";
  object.shape = {kind, {size.width, size.depth, size.height}};
  const double least = 0.004 / scale_m;
  object.size_sigma = {std::max(spread(w), least), std::max(spread(d), least),
                       std::max(spread(h), 2.0 * least)};
  object.color_rgb = {median(r), median(g), median(b)};
  object.score = score;
  object.yaw_sigma_rad = kind == ShapeKind::box ? 0.2 : 0.0;
  Place from;
  Place to;
  if (use_start) from = settle(start, size, scale_m);
  if (use_goal) to = settle(goal, size, scale_m);
  const auto hand_start = place_by_hand(scout, true, 0.0);
  const auto hand_goal = place_by_hand(scout, false, goal_level);
  if (!use_start || !use_goal) {
    if (!hand_start || !hand_goal) {
      diagnostics.add(Severity::warning, "object_not_found",
                      "the object was seen at one end only and the hand at neither");
      return std::nullopt;
    }
    // The hand tells the way between both ends better than either end.
    const Vec2 way = *hand_goal - *hand_start;
    const double sigma = 0.03 / scale_m;
    if (use_start) to = {from.base + way, from.yaw_rad, std::hypot(from.sigma, sigma)};
    if (use_goal) from = {to.base - way, to.yaw_rad, std::hypot(to.sigma, sigma)};
    diagnostics.add(Severity::guess, use_start ? "goal_by_hand" : "start_by_hand",
                    std::string("the object was not seen clearly ") +
                        (use_start ? "where it was put down" : "before it was taken") +
                        "; that place follows from the hand's way");
  }
  object.start = standing(from.base, 0.0, size.height, from.yaw_rad);
  object.goal = standing(to.base, goal_level, size.height, to.yaw_rad);
  object.start_sigma = from.sigma;
  object.goal_sigma = to.sigma;
  diagnostics.add(Severity::note, "object_found",
                  "object found by what changed: outline overlap " + per_cent(start_score) +
                      " at the start, " + per_cent(goal_score) + " at the goal");
  return object;
}

}  // namespace hearth::recon
