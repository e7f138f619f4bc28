// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/rng.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "sim/reconstruct/furnish.h"
#include "sim/reconstruct/level.h"
#include "sim/reconstruct/scale.h"
#include "sim/reconstruct/silhouette.h"

using namespace hearth;
using namespace hearth::recon;

namespace {

// A camera .6 above the surface, looking down at it.
PatchCamera test_patch() {
  PatchCamera patch;
  const Vec3 z = normalized(Vec3{0.0, 0.5, -0.6});
  const Vec3 x{1, 0, 0};
  patch.level_from_camera = {{0, 0, 0.6}, quat_from_axes(x, cross(z, x), z)};
  patch.left = patch.top = -0.2;
  patch.step = 0.4 / 180;
  patch.size = 180;
  return patch;
}

cv::Mat painted(const Upright& shape, const PatchCamera& patch) {
  cv::Mat mask = cv::Mat::zeros(patch.size, patch.size, CV_8U);
  std::vector<cv::Point> points;
  for (const Vec2& p : outline(shape, patch)) {
    points.emplace_back(static_cast<int>(std::lround(p.x)), static_cast<int>(std::lround(p.y)));
  }
  cv::fillConvexPoly(mask, points, cv::Scalar(255));
  return mask;
}

SilhouettePrior prior_at(Vec2 base) {
  SilhouettePrior prior;
  prior.expected_base = base;
  prior.place_sigma = 0.05;
  return prior;
}

}  // namespace

TEST_CASE("an upright outline is found again from its own mask") {
  const PatchCamera patch = test_patch();
  const cv::Mat known(patch.size, patch.size, CV_8U, cv::Scalar(255));
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Rng rng(seed, 0, "outline");
    Upright truth;
    truth.kind = seed % 2 == 0 ? ShapeKind::cylinder : ShapeKind::box;
    truth.base = {rng.uniform(-0.04, 0.04), rng.uniform(0.46, 0.54)};
    truth.width = rng.uniform(0.045, 0.09);
    truth.depth = truth.kind == ShapeKind::box ? truth.width * rng.uniform(0.8, 1.25) : truth.width;
    truth.height = rng.uniform(0.06, 0.15);
    truth.yaw_rad = rng.uniform(0.0, 1.5);
    const Vec2 guess = truth.base + Vec2{rng.uniform(-0.04, 0.04), rng.uniform(-0.04, 0.04)};
    const SilhouetteFit fit =
        fit_silhouette(painted(truth, patch), known, patch, truth.kind, prior_at(guess));
    CAPTURE(seed, fit.overlap);
    CHECK(fit.overlap > 0.94);
    // A pixel is 1.8 mm here; an outline cannot tell a box's width from its depth exactly.
    CHECK(norm(fit.shape.base - truth.base) < 0.012);
    CHECK(std::abs(fit.shape.width / truth.width - 1.0) < (seed % 2 == 0 ? 0.06 : 0.30));
    CHECK(std::abs(fit.shape.height / truth.height - 1.0) < 0.15);
  }
}

TEST_CASE("hidden pixels do not count against an outline") {
  const PatchCamera patch = test_patch();
  Upright truth;
  truth.base = {0.0, 0.5};
  truth.width = truth.depth = 0.07;
  truth.height = 0.1;
  cv::Mat mask = painted(truth, patch);
  cv::Mat known(patch.size, patch.size, CV_8U, cv::Scalar(255));
  const MaskSums whole(mask, known);
  CHECK(whole.overlap(outline(truth, patch), 0.5) > 0.94);
  cv::rectangle(known, cv::Rect(0, 0, patch.size, patch.size / 2), cv::Scalar(0), cv::FILLED);
  cv::rectangle(mask, cv::Rect(0, 0, patch.size, patch.size / 2), cv::Scalar(0), cv::FILLED);
  const MaskSums half(mask, known);
  const double seen = half.overlap(outline(truth, patch), 0.5);
  CHECK((seen > 0.9 || seen == 0.0));  // zero only if under half of the outline can be seen
}

TEST_CASE("implausible outlines pay") {
  SilhouettePrior prior = prior_at({0.0, 0.5});
  Upright shape;
  shape.base = {0.0, 0.5};
  shape.width = shape.depth = 0.065;
  shape.height = 0.1;
  CHECK(penalised(shape, prior, 0.9) == Approx(0.9));
  Upright far = shape;
  far.base = {0.3, 0.5};
  CHECK(penalised(far, prior, 0.9) < 0.5);
  Upright huge = shape;
  huge.width = huge.depth = 0.6;
  CHECK(penalised(huge, prior, 0.9) < 0.8);
}

TEST_CASE("up comes from the table and not from the wall") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Rng rng(seed, 0, "up");
    // A map in the frame of a camera that looks down by 20 to 55 degrees and rolls a little.
    const double pitch = rng.uniform(0.35, 0.95);
    const double roll = rng.uniform(-0.06, 0.06);
    const Quat camera_from_level = quat_from_axis_angle({0, 0, 1}, roll) *
                                   quat_from_axis_angle({1, 0, 0}, 1.5707963267948966 + pitch);
    Map map;
    map.map_from_camera = {Pose{}};
    map.known = {1};
    const auto add = [&](Vec3 p) { map.points.push_back(camera_from_level * p); };
    for (int i = 0; i < 120; ++i) {
      add({rng.uniform(-0.4, 0.4), rng.uniform(0.25, 0.8), -0.6 + 0.004 * rng.normal()});
    }
    for (int i = 0; i < 200; ++i) {
      add({rng.uniform(-1, 1), 1.2 + 0.004 * rng.normal(), rng.uniform(-0.6, 0.5)});
    }
    const Vec3 touch = normalized(camera_from_level * Vec3{0.05, 0.5, -0.55});
    Tracks tracks;
    Diagnostics diagnostics;
    const Up up = find_up(tracks, map, {{{}, touch}}, 0, diagnostics);
    const Vec3 truth = camera_from_level * Vec3{0, 0, 1};
    CAPTURE(seed, pitch, roll);
    CHECK(std::acos(std::min(1.0, dot(up.in_map, truth))) < 0.035);
    CHECK(up.source == Source::measured);
    const auto levels = find_levels(map, up, {{{}, touch}});
    REQUIRE_FALSE(levels.empty());
    CHECK(levels.front().height == Approx(-0.6).margin(0.02));
  }
}

TEST_CASE("scale follows the touch and keeps its interval honest") {
  int inside = 0;
  double squares = 0.0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed, 0, "scale");
    const double truth = rng.log_uniform(0.1, 10.0);
    const double above = 0.62 + 0.13 * rng.normal();
    const double hand = 0.185 + 0.012 * rng.normal();
    const double grasp = 0.055 + 0.02 * rng.normal();
    ScaleCues cues;
    cues.fitted_hand_length_m = 0.185;
    cues.camera_above_level = above / truth;
    const double fit_error = 1.0 + 0.06 * rng.normal();
    cues.touches = {{(above - grasp) * 0.185 / hand * fit_error, above / truth, 0.03}};
    Diagnostics diagnostics;
    const ScaleSolution s = solve_scale(cues, {}, diagnostics);
    inside += s.scale.low <= truth && truth <= s.scale.high ? 1 : 0;
    squares += std::pow(std::log(s.scale.value / truth), 2);
    CHECK(diagnostics.contains("hand_length_guessed"));
  }
  CHECK(inside >= 180);
  CHECK(std::sqrt(squares / 200) < 0.12);
}

TEST_CASE("a given hand length narrows the scale") {
  ScaleCues cues;
  cues.camera_above_level = 0.6;
  cues.touches = {{0.55, 0.6, 0.03}};
  Diagnostics diagnostics;
  const double guessed = solve_scale(cues, {}, diagnostics).log_sigma;
  const double given = solve_scale(cues, {.hand_length_m = 0.19}, diagnostics).log_sigma;
  CHECK(given < guessed);
}

TEST_CASE("a carried thing starts and ends where it stands and never sinks") {
  ContactSpan span;
  span.move_start_ns = 1'000'000'000;
  span.move_stop_ns = 2'000'000'000;
  HandTrajectory hand;
  hand.spans.push_back({0, {}});
  for (int i = 0; i < 91; ++i) {
    HandSample sample;
    const double u = std::min(1.0, std::max(0.0, (i - 30) / 30.0));
    for (Vec3& j : sample.joints_in_world_m) {
      j = {0.3 * u, 0.5, 1.0 + 0.4 * u * (1 - u) - 0.05 * std::sin(9.0 * i)};
    }
    hand.spans[0].samples.push_back(sample);
  }
  std::vector<TimeNs> times;
  for (int i = 0; i < 90; ++i) times.push_back(i * 33'333'333LL);
  const Pose start{{0.01, 0.52, 0.95}, {}};
  const Pose goal{{0.32, 0.49, 0.95}, quat_from_axis_angle({0, 0, 1}, 0.4)};
  Diagnostics diagnostics;
  const ObjectTrack track =
      carried_path("thing", start, goal, 0.01, &hand, span, times, diagnostics);
  REQUIRE(track.samples.size() == times.size());
  CHECK(track.samples.front().world_from_object == start);
  CHECK(track.samples.back().world_from_object == goal);
  for (std::size_t i = 1; i < track.samples.size(); ++i) {
    const Pose& a = track.samples[i - 1].world_from_object;
    const Pose& b = track.samples[i].world_from_object;
    CHECK(b.position_m.z >= 0.95 - 1e-9);
    CHECK(norm(b.position_m - a.position_m) < 0.06);  // no jump where motion begins and ends
    CHECK_FALSE(track.samples[i].observed);
  }
}
