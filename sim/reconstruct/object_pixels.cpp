// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>

#include "sim/reconstruct/difference.h"
#include "sim/reconstruct/object.h"
#include "sim/reconstruct/object_frames.h"
#include "sim/reconstruct/patch.h"
#include "sim/reconstruct/silhouette.h"

namespace hearth::recon {
namespace {

constexpr double kPatchM = 0.34;     // width of the place that is looked at
constexpr double kHiddenRim = 0.08;  // of an outline: more of it behind a hand makes it a part

// One fitted cut of one pair of frames.
struct Candidate {
  SilhouetteFit fit{};
  Cut cut{};
  PatchCamera patch{};
  Vec3 color_rgb{};
  bool cut_by_hand = false;
};

// One end of the carry: what was compared and what came of it, best first.
struct Placement {
  FramePlan plan{};
  std::vector<Candidate> candidates{};
};

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

// A place in a frame that shows the thing, and as another frame shows it without.
struct PairView {
  PatchCamera patch{};
  Patch own{};
  std::vector<Patch> others{};
  cv::Mat known{};
  Vec2 expected_px{};
};

std::optional<PairView> view_pair(const Scout& s, const Album& album, const FramePair& pair,
                                  double level, Vec3 place) {
  const ImageRgb8* a = album.picture(pair.with);
  const ImageRgb8* b = album.picture(pair.without);
  if (a == nullptr || b == nullptr) return std::nullopt;
  const CameraModel& model = s.tracks.camera_model;
  const Pose& camera = s.map.map_from_camera[static_cast<std::size_t>(pair.with)];
  const Pose& other = s.map.map_from_camera[static_cast<std::size_t>(pair.without)];
  PairView view;
  view.patch = patch_around(camera, model, place, kPatchM / s.scale_m);
  view.own = own_patch(view.patch, model, *a);
  view.others.push_back(warped_patch(view.patch, model, *b, other, {0, 0, 1}, level));
  // What stands behind the surface: planes across the view, at the depths of the map's far points.
  const Vec3 forward = camera.rotation * Vec3{0, 0, 1};
  std::vector<double> far;
  const double depth = dot(forward, place - camera.position_m);
  for (const Vec3& p : s.map.points) {
    const double d = dot(forward, p - camera.position_m);
    if (d > 1.4 * depth) far.push_back(d);
  }
  if (far.size() >= 5) {
    view.others.push_back(warped_patch(view.patch, model, *b, other, forward,
                                       median(far) + dot(forward, camera.position_m)));
  }
  const int size = view.patch.size;
  cv::Mat hidden = cv::Mat::zeros(size, size, CV_8U);
  mark_hands(s.tracks, pair.with, view.patch, camera, true, s.scale_m, hidden);
  mark_hands(s.tracks, pair.without, view.patch, other, false, s.scale_m, hidden);
  view.known = hidden == 0;
  view.expected_px = view.patch.pixel(place).value_or(Vec2{0.5 * size, 0.5 * size});
  return view;
}

// Share of a cut's rim behind which nothing is known.
double hidden_rim(const Cut& cut) {
  cv::Mat wide;
  cv::dilate(cut.mask, wide, cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5}));
  const cv::Mat rim = wide & (cut.mask == 0);
  return cv::countNonZero(rim & (cut.known == 0)) / std::max(1.0, 1.0 * cv::countNonZero(rim));
}

// Compares one pair of frames.
void add_pair(const PairView& view, const SilhouettePrior& prior, bool refine_by_color,
              std::vector<Candidate>& candidates) {
  for (const Cut& cut :
       cuts(view.own, view.others, view.known, view.expected_px, refine_by_color)) {
    if (cv::countNonZero(cut.mask) < 60) continue;
    for (const ShapeKind kind : {ShapeKind::cylinder, ShapeKind::box}) {
      Candidate c;
      c.fit = fit_silhouette(cut.mask, cut.known, view.patch, kind, prior);
      c.cut = cut;
      c.patch = view.patch;
      c.color_rgb = mean_color(view.own, cut.mask);
      c.cut_by_hand = hidden_rim(cut) > kHiddenRim;
      if (c.fit.score > 0.3) candidates.push_back(std::move(c));
    }
  }
}

void look(const Scout& s, const Album& album, double level, Placement& placement) {
  for (const FramePair& pair : placement.plan.pairs) {
    const auto view = view_pair(s, album, pair, level, placement.plan.place);
    if (view) add_pair(*view, placement.plan.prior, pair.refine_by_color, placement.candidates);
  }
  std::stable_sort(
      placement.candidates.begin(), placement.candidates.end(),
      [](const Candidate& a, const Candidate& b) { return a.fit.score > b.fit.score; });
  if (placement.candidates.empty() && placement.plan.why_empty.empty()) {
    placement.plan.why_empty = "nothing changed there";
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

// A hand is on the thing in what fits best.
bool partly_hidden(const Placement& placement) {
  if (placement.candidates.empty()) return placement.plan.partly_hidden;
  const auto best = top(placement, placement.candidates.front().fit.shape.kind);
  const auto cut =
      std::count_if(best.begin(), best.end(), [](const Candidate* c) { return c->cut_by_hand; });
  return 2 * cut >= static_cast<std::ptrdiff_t>(best.size());
}

double footprint(const Placement& placement) {
  if (placement.candidates.empty()) return 0.0;
  std::vector<double> area;
  for (const Candidate* c : top(placement, placement.candidates.front().fit.shape.kind)) {
    area.push_back(c->fit.shape.width * c->fit.shape.depth);
  }
  return median(area);
}

// Which end says how large the thing is. A hand on it hides some of it, never adds to it: of two
// ends seen in part the one that shows more counts.
bool start_leads(const Placement& start, const Placement& goal, double least_score) {
  const double a = best_score(start);
  const double b = best_score(goal);
  if (a < least_score || b < least_score) return a >= b;
  if (partly_hidden(start) != partly_hidden(goal)) return partly_hidden(goal);
  if (partly_hidden(start)) return footprint(start) >= footprint(goal);
  return a >= b;
}

// The same box with its longer side named as that of a reference, where the sides differ clearly.
Upright named_like(Upright s, const Upright& reference) {
  const auto misfit = [&](double width, double depth) {
    return std::abs(std::log(width / reference.width)) +
           std::abs(std::log(depth / reference.depth));
  };
  if (misfit(s.depth, s.width) < misfit(s.width, s.depth) - 0.3) {
    std::swap(s.width, s.depth);
    s.yaw_rad += 0.5 * std::numbers::pi;
  }
  return s;
}

// A part of it is in view: the whole, its size known, is laid over what is seen.
void lay_over(const Upright& size, const SilhouettePrior& prior, Candidate& c) {
  SilhouetteFit best;
  best.score = -10.0;
  const int turns = size.kind == ShapeKind::box ? 4 : 1;
  for (int turn = 0; turn < turns; ++turn) {
    Upright start = size;
    start.base = c.fit.shape.base;
    start.base_z = c.fit.shape.base_z;
    start.yaw_rad = 0.25 * std::numbers::pi * turn;
    const SilhouetteFit fit = fit_place(c.cut.mask, c.cut.known, c.patch, start, prior);
    if (fit.score > best.score) best = fit;
  }
  c.fit = best;
}

// The end that was seen better says how large the thing is; the other end is judged by that.
void judge_by(const Placement& better, Placement& other) {
  if (better.candidates.empty()) return;
  SilhouettePrior& prior = other.plan.prior;
  std::vector<double> w;
  std::vector<double> d;
  std::vector<double> h;
  Upright size = better.candidates.front().fit.shape;
  for (const Candidate* c : top(better, size.kind)) {
    const Upright shape = named_like(c->fit.shape, size);
    w.push_back(shape.width);
    d.push_back(shape.depth);
    h.push_back(shape.height);
  }
  size.width = prior.width = median(w);
  size.depth = median(d);
  size.height = prior.height = median(h);
  prior.log_sigma = 0.2;
  const bool part = partly_hidden(other);
  if (part) prior.least_known_share = 0.3;
  for (Candidate& c : other.candidates) {
    if (part) lay_over(size, prior, c);
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
    Upright start = named_like(c->fit.shape, size);
    start.width = size.width;
    start.depth = size.depth;
    start.height = size.height;
    const SilhouetteFit fit =
        fit_place(c->cut.mask, c->cut.known, c->patch, start, placement.plan.prior);
    x.push_back(fit.shape.base.x);
    y.push_back(fit.shape.base.y);
    if (turn.empty()) place.yaw_rad = fit.shape.yaw_rad;
    // Boxes look alike after a half turn (a quarter turn where they are square).
    const double period =
        std::abs(size.width - size.depth) < 0.12 * size.width ? 1.5707963 : 3.1415927;
    turn.push_back(std::remainder(fit.shape.yaw_rad - place.yaw_rad, period));
  }
  place.base = {median(x), median(y)};
  place.yaw_rad += median(turn);
  place.sigma = std::max(std::hypot(spread(x), spread(y)), 0.006 / scale_m);
  return place;
}

// Size and colour, with spreads, over the best of the given ends.
Upright measure(const std::vector<const Placement*>& ends, const Placement& lead, ShapeKind kind,
                double least_sigma, FoundObject& object) {
  std::vector<double> w;
  std::vector<double> d;
  std::vector<double> h;
  std::vector<double> r, g, b;
  const auto best = top(lead, kind);
  for (const Placement* placement : ends) {
    for (const Candidate* c : top(*placement, kind)) {
      const Upright shape =
          best.empty() ? c->fit.shape : named_like(c->fit.shape, best.front()->fit.shape);
      // A pixel counts as changed when a part of it is: outlines are about half a pixel too wide.
      const double rim = pixel_size(*c);
      w.push_back(std::max(0.5 * shape.width, shape.width - rim));
      d.push_back(std::max(0.5 * shape.depth, shape.depth - rim));
      h.push_back(shape.height);
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
  object.category = kind == ShapeKind::box ? "box" : "can";
  object.shape = {kind, {size.width, size.depth, size.height}};
  object.size_sigma = {std::max(spread(w), least_sigma), std::max(spread(d), least_sigma),
                       std::max(spread(h), 2.0 * least_sigma)};
  object.color_rgb = {median(r), median(g), median(b)};
  return size;
}

std::string per_cent(double v) {
  return std::to_string(static_cast<int>(std::lround(100.0 * v))) + " %";
}

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
  Placement start{plan_frames(scout, true, 0.0), {}};
  Placement goal{plan_frames(scout, false, goal_level), {}};
  std::vector<int> needed;
  for (const Placement* placement : {&start, &goal}) {
    for (const FramePair& pair : placement->plan.pairs) {
      needed.push_back(pair.with);
      needed.push_back(pair.without);
    }
  }
  const Album album(frames, needed);
  look(scout, album, 0.0, start);
  look(scout, album, goal_level, goal);
  const bool by_start = start_leads(start, goal, options.min_object_score);
  judge_by(by_start ? start : goal, by_start ? goal : start);
  const double start_score = best_score(start);
  const double goal_score = best_score(goal);
  const double score = by_start ? start_score : goal_score;
  if (score < options.min_object_score) {
    diagnostics.add(Severity::warning, "object_not_found",
                    "no object is claimed: the best outline covers " + per_cent(start_score) +
                        " of what changed at the start and " + per_cent(goal_score) +
                        " at the goal, less than " + per_cent(options.min_object_score) +
                        (start.plan.why_empty.empty() ? "" : "; start: " + start.plan.why_empty) +
                        (goal.plan.why_empty.empty() ? "" : "; goal: " + goal.plan.why_empty));
    return std::nullopt;
  }
  const double floor_score = std::max(options.min_object_score - 0.1, score - 0.15);
  const bool use_start = start_score >= floor_score;
  const bool use_goal = goal_score >= floor_score;
  double kinds[2] = {0.0, 0.0};  // cylinder, box
  for (const auto& [placement, use] : {std::pair{&start, use_start}, std::pair{&goal, use_goal}}) {
    if (!use) continue;
    // A box has two numbers more to fit with and must earn them. The better seen end counts most.
    const double weight = std::max(0.01, best_score(*placement) - 0.75);
    kinds[0] += weight * (mean_top_score(*placement, ShapeKind::cylinder) + 0.015);
    kinds[1] += weight * mean_top_score(*placement, ShapeKind::box);
  }
  const ShapeKind kind = kinds[1] > kinds[0] ? ShapeKind::box : ShapeKind::cylinder;
  std::vector<const Placement*> measured;
  for (const auto& [placement, use] : {std::pair{&start, use_start}, std::pair{&goal, use_goal}}) {
    const bool leads = (placement == &start) == by_start;
    if (use && (leads || !partly_hidden(*placement))) measured.push_back(placement);
  }
  FoundObject object;
  const Upright size = measure(measured, by_start ? start : goal, kind, 0.004 / scale_m, object);
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
    if (partly_hidden(by_start ? start : goal)) {
      diagnostics.add(
          Severity::warning, "object_not_found",
          "no object is claimed: a hand hides a part of it at one end, and at the other "
          "end it was not seen at all");
      return std::nullopt;
    }
    if (use_start && span.release_high_ns >= tracks.frame_time_ns.back()) {
      diagnostics.add(Severity::warning, "object_not_found",
                      "no object is claimed: the hand was not seen to let go, and the object was "
                      "not seen where it may have put it");
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
  if (partly_hidden(by_start ? start : goal)) {
    diagnostics.add(Severity::guess, "object_partly_hidden",
                    "a hand was on the object whenever it was seen: its length is that of the part "
                    "in view, the true one is larger");
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
