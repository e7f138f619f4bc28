// SPDX-License-Identifier: Apache-2.0
#include "sim/reconstruct/silhouette.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace hearth::recon {
namespace {

// Monotone chain; input order does not matter.
std::vector<Vec2> convex_hull(std::vector<Vec2> p) {
  std::sort(p.begin(), p.end(),
            [](Vec2 a, Vec2 b) { return a.x < b.x || (a.x == b.x && a.y < b.y); });
  const auto turn = [](Vec2 o, Vec2 a, Vec2 b) {
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
  };
  std::vector<Vec2> hull(2 * p.size());
  std::size_t k = 0;
  for (const Vec2& q : p) {
    while (k >= 2 && turn(hull[k - 2], hull[k - 1], q) <= 0.0) --k;
    hull[k++] = q;
  }
  const std::size_t lower = k + 1;
  for (std::size_t i = p.size() - 1; i-- > 0;) {
    while (k >= lower && turn(hull[k - 2], hull[k - 1], p[i]) <= 0.0) --k;
    hull[k++] = p[i];
  }
  hull.resize(k > 1 ? k - 1 : k);
  return hull;
}

// Parameters of a search: base x, y, width, height, then depth and yaw for boxes.
using Params = std::array<double, 6>;

Upright from_params(const Params& p, ShapeKind kind, double base_z) {
  Upright s;
  s.kind = kind;
  s.base = {p[0], p[1]};
  s.base_z = base_z;
  s.width = p[2];
  s.height = p[3];
  s.depth = kind == ShapeKind::box ? p[4] : p[2];
  s.yaw_rad = kind == ShapeKind::box ? p[5] : 0.0;
  return s;
}

struct Search {
  const MaskSums& sums;
  const PatchCamera& patch;
  const SilhouettePrior& prior;
  ShapeKind kind;
  std::array<bool, 6> free{};

  SilhouetteFit value(const Params& p) const {
    SilhouetteFit fit;
    fit.shape = from_params(p, kind, prior.base_z);
    if (fit.shape.width <= 0.0 || fit.shape.height <= 0.0 || fit.shape.depth <= 0.0) {
      fit.score = -10.0;
      return fit;
    }
    fit.overlap = sums.overlap(outline(fit.shape, patch), prior.least_known_share);
    fit.score = penalised(fit.shape, prior, fit.overlap);
    return fit;
  }

  SilhouetteFit climb(Params p, Params step) const {
    SilhouetteFit best = value(p);
    for (int level = 0; level < 7; ++level) {
      for (int sweep = 0; sweep < 12; ++sweep) {
        bool better = false;
        for (std::size_t i = 0; i < p.size(); ++i) {
          if (!free[i]) continue;
          for (const double sign : {1.0, -1.0}) {
            Params q = p;
            q[i] += sign * step[i];
            const SilhouetteFit fit = value(q);
            if (fit.score > best.score + 1e-9) {
              best = fit;
              p = q;
              better = true;
            }
          }
        }
        if (!better) break;
      }
      for (double& s : step) s *= 0.5;
    }
    return best;
  }
};

Vec2 horizontal_away(const PatchCamera& patch, Vec2 base) {
  const Vec2 away =
      base - Vec2{patch.level_from_camera.position_m.x, patch.level_from_camera.position_m.y};
  const double n = norm(away);
  return n > 1e-9 ? (1.0 / n) * away : Vec2{1, 0};
}

struct MaskBox {
  double bottom = -1.0;
  double bottom_x = 0.0;
  double width = 0.0;
};

MaskBox measure(const cv::Mat& mask) {
  MaskBox box;
  std::vector<double> widths;
  double bottom_sum = 0.0;
  int bottom_count = 0;
  int last_row = -1;
  for (int y = mask.rows - 1; y >= 0; --y) {
    int low = -1;
    int high = -1;
    for (int x = 0; x < mask.cols; ++x) {
      if (mask.at<std::uint8_t>(y, x) == 0) continue;
      if (low < 0) low = x;
      high = x;
    }
    if (low < 0) continue;
    if (last_row < 0) last_row = y;
    widths.push_back(high - low + 1);
    if (y > last_row - 4) {
      bottom_sum += 0.5 * (low + high);
      ++bottom_count;
    }
  }
  if (last_row < 0) return box;
  box.bottom = last_row;
  box.bottom_x = bottom_sum / bottom_count;
  box.width = median(widths);
  return box;
}

}  // namespace

std::vector<Vec2> outline(const Upright& s, const PatchCamera& patch) {
  std::vector<Vec2> points;
  const double c = std::cos(s.yaw_rad);
  const double n = std::sin(s.yaw_rad);
  const int corners = s.kind == ShapeKind::box ? 4 : 20;
  for (int i = 0; i < corners; ++i) {
    double x = 0.0;
    double y = 0.0;
    if (s.kind == ShapeKind::box) {
      x = (i == 0 || i == 3 ? 0.5 : -0.5) * s.width;
      y = (i < 2 ? 0.5 : -0.5) * s.depth;
    } else {
      const double angle = 2.0 * std::numbers::pi * i / corners;
      // Slightly outside the circle, so that the polygon has the circle's area.
      x = 0.5083 * s.width * std::cos(angle);
      y = 0.5083 * s.width * std::sin(angle);
    }
    for (const double z : {s.base_z, s.base_z + s.height}) {
      const auto p = patch.pixel({s.base.x + c * x - n * y, s.base.y + n * x + c * y, z});
      if (!p) return {};
      points.push_back(*p);
    }
  }
  return convex_hull(std::move(points));
}

MaskSums::MaskSums(const cv::Mat& mask, const cv::Mat& known) : size_(mask.rows) {
  const auto row = static_cast<std::size_t>(size_) + 1;
  mask_sums_.assign(row * static_cast<std::size_t>(size_), 0);
  known_sums_.assign(row * static_cast<std::size_t>(size_), 0);
  for (int y = 0; y < size_; ++y) {
    const auto at = static_cast<std::size_t>(y) * row;
    for (int x = 0; x < size_; ++x) {
      const auto k = at + static_cast<std::size_t>(x);
      const bool trusted = known.at<std::uint8_t>(y, x) != 0;
      const bool inside = trusted && mask.at<std::uint8_t>(y, x) != 0;
      known_sums_[k + 1] = known_sums_[k] + (trusted ? 1 : 0);
      mask_sums_[k + 1] = mask_sums_[k] + (inside ? 1 : 0);
      mask_total_ += inside ? 1.0 : 0.0;
    }
  }
}

double MaskSums::overlap(const std::vector<Vec2>& convex, double least_known_share) const {
  if (convex.size() < 3) return 0.0;
  double top = 1e9;
  double bottom = -1e9;
  for (const Vec2& p : convex) {
    top = std::min(top, p.y);
    bottom = std::max(bottom, p.y);
  }
  const int first = std::max(0, static_cast<int>(std::ceil(top)));
  const int last = std::min(size_ - 1, static_cast<int>(std::floor(bottom)));
  double both = 0.0;
  double shape = 0.0;
  double area = 0.0;  // of the outline, known or not, in or out of the patch
  for (std::size_t i = 0; i < convex.size(); ++i) {
    const Vec2 a = convex[i];
    const Vec2 b = convex[(i + 1) % convex.size()];
    area += 0.5 * (a.x * b.y - b.x * a.y);
  }
  area = std::abs(area);
  for (int y = first; y <= last; ++y) {
    double low = 1e9;
    double high = -1e9;
    for (std::size_t i = 0; i < convex.size(); ++i) {
      const Vec2 a = convex[i];
      const Vec2 b = convex[(i + 1) % convex.size()];
      if ((a.y < y && b.y < y) || (a.y > y && b.y > y)) continue;
      const double u = b.y == a.y ? 0.0 : (y - a.y) / (b.y - a.y);
      const double x = a.x + u * (b.x - a.x);
      low = std::min(low, b.y == a.y ? std::min(a.x, b.x) : x);
      high = std::max(high, b.y == a.y ? std::max(a.x, b.x) : x);
    }
    const int x0 = std::clamp(static_cast<int>(std::ceil(low)), 0, size_);
    const int x1 = std::clamp(static_cast<int>(std::floor(high)) + 1, x0, size_);
    const auto at = static_cast<std::size_t>(y) * (static_cast<std::size_t>(size_) + 1);
    both += mask_sums_[at + static_cast<std::size_t>(x1)] -
            mask_sums_[at + static_cast<std::size_t>(x0)];
    shape += known_sums_[at + static_cast<std::size_t>(x1)] -
             known_sums_[at + static_cast<std::size_t>(x0)];
  }
  if (shape < least_known_share * area || mask_total_ + shape <= 0.0) return 0.0;
  return both / (mask_total_ + shape - both);
}

double penalised(const Upright& s, const SilhouettePrior& prior, double overlap) {
  const auto beyond = [](double deviation) {  // free inside 1 sigma
    const double d = std::max(0.0, std::abs(deviation) - 1.0);
    return d * d;
  };
  double score = overlap;
  score -= 0.04 * beyond(std::log(s.width / prior.width) / prior.log_sigma);
  score -= 0.04 * beyond(std::log(s.height / prior.height) / prior.log_sigma);
  score -= 0.04 * beyond(std::log(s.width / s.depth) / 0.5);
  score -= 0.03 * beyond(norm(s.base - prior.expected_base) / prior.place_sigma);
  return score;
}

SilhouetteFit fit_silhouette(const cv::Mat& mask, const cv::Mat& known, const PatchCamera& patch,
                             ShapeKind kind, const SilhouettePrior& prior) {
  SilhouetteFit best;
  best.score = -10.0;
  const MaskBox box = measure(mask);
  if (box.bottom < 0.0) return best;
  const Vec3 eye = patch.level_from_camera.position_m;
  const Vec3 ray = patch.level_from_camera.rotation * patch.ray(box.bottom_x, box.bottom);
  if (ray.z >= -1e-6) return best;
  const double t = (prior.base_z - eye.z) / ray.z;
  const Vec3 front = eye + t * ray;
  const double width = std::clamp(box.width * patch.step * t, 0.3 * prior.width, 3.0 * prior.width);
  const MaskSums sums(mask, known);
  Search search{sums, patch, prior, kind, {true, true, true, true, false, false}};
  const bool is_box = kind == ShapeKind::box;
  search.free[4] = search.free[5] = is_box;
  const Vec2 away = horizontal_away(patch, {front.x, front.y});
  const double heading = std::atan2(away.y, away.x);
  const Params step = {0.25 * width, 0.25 * width, 0.2 * width, 0.3 * width, 0.2 * width, 0.3};
  for (const double tall : {0.8, 1.6, 2.6}) {
    for (int turn = 0; turn < (is_box ? 3 : 1); ++turn) {
      const double w = is_box ? 0.85 * width : width;
      const Vec2 base = Vec2{front.x, front.y} + (0.5 * w) * away;
      const Params start = {base.x,       base.y, w,
                            tall * width, w,      heading + turn * std::numbers::pi / 6.0};
      const SilhouetteFit fit = search.climb(start, step);
      if (fit.score > best.score) best = fit;
    }
  }
  return best;
}

SilhouetteFit fit_place(const cv::Mat& mask, const cv::Mat& known, const PatchCamera& patch,
                        const Upright& start, const SilhouettePrior& prior) {
  const MaskSums sums(mask, known);
  Search search{sums, patch, prior, start.kind, {true, true, false, false, false, false}};
  search.free[5] = start.kind == ShapeKind::box;
  const Params p = {start.base.x, start.base.y, start.width,
                    start.height, start.depth,  start.yaw_rad};
  const double w = start.width;
  return search.climb(p, {0.25 * w, 0.25 * w, 0.0, 0.0, 0.0, 0.3});
}

}  // namespace hearth::recon
