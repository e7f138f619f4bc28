// SPDX-License-Identifier: Apache-2.0
#include "report_top_view.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "report_text.h"

namespace hearth {
namespace {

using report_text::escaped;
using report_text::fixed;
using report_text::length;

constexpr double kWidthPx = 760.0;
constexpr double kMarginM = 0.22;
constexpr int kTimeBins = 24;

// Maps the floor plane to the page: `up` of the page is where the person faces.
class Plan {
 public:
  explicit Plan(Vec3 facing) : right_{facing.y, -facing.x}, up_{facing.x, facing.y} {}

  void include(Vec3 p_m) {
    const Vec2 p = turned(p_m);
    low_ = {std::min(low_.x, p.x), std::min(low_.y, p.y)};
    high_ = {std::max(high_.x, p.x), std::max(high_.y, p.y)};
  }
  void finish() {
    if (low_.x > high_.x) low_ = {-1, -1}, high_ = {1, 1};
    low_ = low_ - Vec2{kMarginM, kMarginM};
    high_ = high_ + Vec2{kMarginM, kMarginM};
    // Not taller than wide, and never so small that noise fills the page.
    const double width = std::max({high_.x - low_.x, high_.y - low_.y, 0.8});
    const double middle = 0.5 * (low_.x + high_.x);
    low_.x = middle - 0.5 * width;
    high_.x = middle + 0.5 * width;
    px_per_m_ = kWidthPx / width;
  }
  [[nodiscard]] double height_px() const { return (high_.y - low_.y) * px_per_m_; }
  [[nodiscard]] double px(double size_m) const { return size_m * px_per_m_; }
  [[nodiscard]] Vec2 at(Vec3 p_m) const {
    const Vec2 p = turned(p_m);
    return {(p.x - low_.x) * px_per_m_, (high_.y - p.y) * px_per_m_};
  }
  /// A direction of the floor plane on the page, y down.
  [[nodiscard]] Vec2 direction(Vec3 v) const {
    const Vec2 t = turned(v);
    return {t.x, -t.y};
  }

 private:
  [[nodiscard]] Vec2 turned(Vec3 p) const {
    return {p.x * right_.x + p.y * right_.y, p.x * up_.x + p.y * up_.y};
  }
  Vec2 right_;
  Vec2 up_;
  Vec2 low_{1e9, 1e9};
  Vec2 high_{-1e9, -1e9};
  double px_per_m_ = 1.0;
};

std::string pair(Vec2 p) { return fixed(p.x, 1) + "," + fixed(p.y, 1); }

std::string polygon(const Plan& plan, const std::vector<Vec3>& corners,
                    const std::string& attributes) {
  std::string points;
  for (const Vec3 corner : corners) points += (points.empty() ? "" : " ") + pair(plan.at(corner));
  return "<polygon points=\"" + points + "\" " + attributes + "/>\n";
}

std::string text_at(Vec2 at, const std::string& text, const std::string& attributes = "") {
  return "<text x=\"" + fixed(at.x, 1) + "\" y=\"" + fixed(at.y, 1) + "\" " + attributes + ">" +
         escaped(text) + "</text>\n";
}

std::vector<Vec3> rectangle(const Pose& pose, double size_x_m, double size_y_m) {
  const double x = 0.5 * size_x_m;
  const double y = 0.5 * size_y_m;
  return {pose * Vec3{-x, -y, 0}, pose * Vec3{x, -y, 0}, pose * Vec3{x, y, 0},
          pose * Vec3{-x, y, 0}};
}

// The object's outline seen from above: a rectangle, or a circle for round shapes.
std::string footprint(const Plan& plan, const SceneObject& object, const Pose& pose,
                      const std::string& css) {
  if (object.shape.kind == ShapeKind::box) {
    return polygon(plan, rectangle(pose, object.shape.size_m.x, object.shape.size_m.y),
                   "class=\"" + css + "\"");
  }
  const Vec2 c = plan.at(pose.position_m);
  return "<circle cx=\"" + fixed(c.x, 1) + "\" cy=\"" + fixed(c.y, 1) + "\" r=\"" +
         fixed(plan.px(0.5 * object.shape.size_m.x), 1) + "\" class=\"" + css + "\"/>\n";
}

std::string circle(const Plan& plan, Vec3 center, double radius_m, const std::string& css) {
  if (!(radius_m > 0.0)) return {};
  const Vec2 c = plan.at(center);
  return "<circle cx=\"" + fixed(c.x, 1) + "\" cy=\"" + fixed(c.y, 1) + "\" r=\"" +
         fixed(plan.px(radius_m), 1) + "\" class=\"" + css + "\"/>\n";
}

// The 2-sigma ellipse of a covariance's floor-plane part.
std::string ellipse(const Plan& plan, Vec3 center, const Mat3& covariance_m2) {
  const double a = covariance_m2[0][0];
  const double b = 0.5 * (covariance_m2[0][1] + covariance_m2[1][0]);
  const double c = covariance_m2[1][1];
  const double mean = 0.5 * (a + c);
  const double spread = std::sqrt(0.25 * (a - c) * (a - c) + b * b);
  if (!(mean > 0.0) || !std::isfinite(mean + spread)) return {};
  const double turn = 0.5 * std::atan2(2.0 * b, a - c);
  const Vec2 axis = plan.direction({std::cos(turn), std::sin(turn), 0});
  const Vec2 at = plan.at(center);
  return "<ellipse rx=\"" + fixed(plan.px(2.0 * std::sqrt(mean + spread)), 1) + "\" ry=\"" +
         fixed(plan.px(2.0 * std::sqrt(std::max(0.0, mean - spread))), 1) +
         "\" transform=\"translate(" + fixed(at.x, 1) + " " + fixed(at.y, 1) + ") rotate(" +
         fixed(std::atan2(axis.y, axis.x) * 180.0 / std::numbers::pi, 1) +
         ")\" class=\"doubt\"/>\n";
}

std::string time_color(double share) {
  return "hsl(" + fixed(265.0 - 235.0 * std::clamp(share, 0.0, 1.0), 0) + " 75% 52%)";
}

struct TimedPlace {
  TimeNs time_ns = 0;
  Vec3 p_in_world_m{};
};

// A path in pieces, each in the colour of its time.
std::string timed_path(const Plan& plan, const std::vector<TimedPlace>& places, double end_s,
                       const std::string& css) {
  std::string out;
  std::size_t start = 0;
  const auto bin_of = [&](std::size_t i) {
    const double share = seconds_from_ns(places[i].time_ns) / std::max(end_s, 1e-9);
    return std::clamp(static_cast<int>(share * kTimeBins), 0, kTimeBins - 1);
  };
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (bin_of(i) == bin_of(start) && i + 1 < places.size()) continue;
    std::string points;
    for (std::size_t k = start; k <= i; ++k) points += pair(plan.at(places[k].p_in_world_m)) + " ";
    points.pop_back();
    out += "<polyline points=\"" + points + "\" class=\"" + css + "\" stroke=\"" +
           time_color((bin_of(start) + 0.5) / kTimeBins) + "\"/>\n";
    start = i;
  }
  return out;
}

TimeNs sample_time(const HandTrajectory& hand, const HandSpan& span, std::size_t i) {
  return span.start_ns + ns_from_seconds(static_cast<double>(i) / hand.rate_hz);
}

std::string hand_paths(const Plan& plan, const Home& home, double end_s) {
  std::string out;
  for (const HandTrajectory& hand : home.hands) {
    const bool left = hand.side == HandSide::left;
    for (const HandSpan& span : hand.spans) {
      std::vector<TimedPlace> places;
      const std::size_t step = std::max<std::size_t>(1, span.samples.size() / 7);
      for (std::size_t i = 0; i < span.samples.size(); ++i) {
        const Vec3 wrist = span.samples[i].world_from_wrist.position_m;
        places.push_back({sample_time(hand, span, i), wrist});
        if (i % step == step / 2) out += ellipse(plan, wrist, span.samples[i].wrist_covariance_m2);
      }
      out += timed_path(plan, places, end_s, left ? "hand left" : "hand right");
      if (places.empty()) continue;
      out += text_at(plan.at(places.front().p_in_world_m) + Vec2{6, -6},
                     left ? "left wrist" : "right wrist", "class=\"small\"");
    }
  }
  return out;
}

std::string camera_path(const Plan& plan, const Home& home) {
  const std::vector<CameraSample>& samples = home.camera_path.samples;
  if (samples.empty()) return {};
  std::string points;
  for (const CameraSample& sample : samples)
    points += pair(plan.at(sample.world_from_camera.position_m)) + " ";
  points.pop_back();
  const Pose& first = samples.front().world_from_camera;
  const Vec2 at = plan.at(first.position_m);
  const Vec2 way = plan.direction(first.rotation * Vec3{0, 0, 1});
  const double size = norm(way) > 1e-6 ? 26.0 / norm(way) : 0.0;
  std::string out = "<polyline points=\"" + points + "\" class=\"camera\"/>\n";
  out += "<line x1=\"" + fixed(at.x, 1) + "\" y1=\"" + fixed(at.y, 1) + "\" x2=\"" +
         fixed(at.x + size * way.x, 1) + "\" y2=\"" + fixed(at.y + size * way.y, 1) +
         "\" class=\"camera\" marker-end=\"url(#arrow)\"/>\n";
  return out + text_at(at + Vec2{8, 14}, "camera", "class=\"small\"");
}

std::string replayed_object(const Plan& plan, const ReportRun& run) {
  if (!run.rollout) return {};
  const Rollout& rollout = *run.rollout;
  const auto body =
      std::find(rollout.body_names.begin(), rollout.body_names.end(), rollout.object_id);
  if (body == rollout.body_names.end()) return {};
  const auto column = static_cast<std::size_t>(7 * (body - rollout.body_names.begin()));
  std::string points;
  for (std::size_t row = 0; row < rollout.body_pose.rows; row += 2) {
    const double* p = &rollout.body_pose.values[row * rollout.body_pose.columns + column];
    points += pair(plan.at({p[0], p[1], p[2]})) + " ";
  }
  if (points.empty()) return {};
  points.pop_back();
  return "<polyline points=\"" + points + "\" class=\"replayed\"/>\n";
}

std::string scale_bar(const Plan& plan, double height_px) {
  const double bar_m = plan.px(0.5) < 0.4 * kWidthPx ? 0.5 : 0.1;
  const double y = height_px - 16.0;
  const double end = 16.0 + plan.px(bar_m);
  return "<path d=\"M16," + fixed(y - 5, 1) + " V" + fixed(y, 1) + " H" + fixed(end, 1) + " V" +
         fixed(y - 5, 1) + "\" class=\"bar\"/>\n" +
         text_at({20.0, y - 8}, bar_m < 0.3 ? "10 cm" : "50 cm", "class=\"small\"");
}

std::string time_key(double end_s) {
  std::string out;
  const double left = kWidthPx - 176.0;
  for (int i = 0; i < kTimeBins; ++i) {
    out += "<rect x=\"" + fixed(left + 6.5 * i, 1) +
           "\" y=\"14\" width=\"6.8\" height=\"7\" fill=\"" + time_color((i + 0.5) / kTimeBins) +
           "\"/>";
  }
  return out + "\n" + text_at({left, 36}, "0 s", "class=\"small\"") +
         text_at({left + 156, 36}, fixed(end_s, 1) + " s", "class=\"small\" text-anchor=\"end\"");
}

Vec3 facing_of(const Home& home) {
  Vec3 way = home.task.world_from_goal.position_m;
  if (!home.camera_path.samples.empty()) {
    way = way - home.camera_path.samples.front().world_from_camera.position_m;
  }
  way.z = 0.0;
  return norm(way) > 0.05 ? normalized(way) : Vec3{1, 0, 0};
}

Plan plan_of(const Home& home) {
  Plan plan(facing_of(home));
  for (const SceneObject& object : home.scene.objects)
    plan.include(object.world_from_object.position_m);
  if (!home.task.object_id.empty()) plan.include(home.task.world_from_goal.position_m);
  for (const CameraSample& sample : home.camera_path.samples) {
    plan.include(sample.world_from_camera.position_m);
  }
  for (const HandTrajectory& hand : home.hands) {
    for (const HandSpan& span : hand.spans) {
      for (const HandSample& sample : span.samples)
        plan.include(sample.world_from_wrist.position_m);
    }
  }
  plan.finish();
  return plan;
}

std::string supports(const Plan& plan, const Scene& scene) {
  std::string out;
  for (const Support& support : scene.supports) {
    out += polygon(plan, rectangle(support.world_from_support, support.size_m.x, support.size_m.y),
                   support.extent_inferred ? "class=\"support assumed\"" : "class=\"support\"");
  }
  for (const Support& support : scene.supports) {
    const std::string name = support.category.empty() ? support.id : support.category;
    out += text_at(plan.at(support.world_from_support.position_m),
                   name + ", top at " + length(support.world_from_support.position_m.z),
                   "class=\"small\" text-anchor=\"middle\"");
  }
  return out;
}

std::string objects(const Plan& plan, const Home& home) {
  std::string out;
  for (const SceneObject& object : home.scene.objects) {
    const Vec3 at = object.world_from_object.position_m;
    const bool moved = object.id == home.task.object_id;
    if (moved) {
      out +=
          circle(plan, home.task.world_from_goal.position_m, 2.0 * home.task.goal_sigma_m, "doubt");
      out += footprint(plan, object, home.task.world_from_goal, "goal");
      out += text_at(plan.at(home.task.world_from_goal.position_m) + Vec2{9, 4}, "goal");
    }
    out += circle(plan, at, 2.0 * object.position_sigma_m, "doubt");
    out += footprint(plan, object, object.world_from_object, moved ? "object" : "object other");
    out += text_at(plan.at(at) + Vec2{9, 4}, moved ? "start" : object.id);
  }
  return out;
}

}  // namespace

std::string top_view_svg(const ReportRun& run) {
  const Home& home = *run.home;
  const Plan plan = plan_of(home);
  const double height = plan.height_px();
  double end_s = run.episode ? duration_s(*run.episode) : 0.0;
  for (const HandTrajectory& hand : home.hands) {
    for (const HandSpan& span : hand.spans) {
      if (!span.samples.empty()) {
        end_s = std::max(end_s, seconds_from_ns(sample_time(hand, span, span.samples.size() - 1)));
      }
    }
  }
  std::string out = "<svg class=\"plan\" role=\"img\" viewBox=\"0 0 " + fixed(kWidthPx, 0) + " " +
                    fixed(height, 0) +
                    "\" aria-label=\"The scene from above: supports, object, paths of hands and "
                    "camera\">\n";
  out +=
      "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"6\" refY=\"4\" markerWidth=\"7\" "
      "markerHeight=\"7\" orient=\"auto\"><path d=\"M0,0 L8,4 L0,8 z\" "
      "class=\"arrowhead\"/></marker></defs>\n";
  out += supports(plan, home.scene);
  out += camera_path(plan, home);
  out += hand_paths(plan, home, end_s);
  out += objects(plan, home);
  out += replayed_object(plan, run);
  out += scale_bar(plan, height) + time_key(end_s);
  return out + "</svg>\n";
}

}  // namespace hearth
