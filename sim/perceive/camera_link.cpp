// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/camera_link.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/calib3d.hpp>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/perceive/camera_median.h"

namespace hearth {
namespace {

struct LookedAt {
  int image = 0;
  std::vector<int> track{};  // One per row of the descriptors.
  std::vector<cv::Point2d> ray{};
  cv::Mat descriptors{};
};

double sharpness(const cv::Mat& image) {
  cv::Mat edges;
  cv::Laplacian(image, edges, CV_16S);
  cv::Scalar mean, deviation;
  cv::meanStdDev(edges, mean, deviation);
  return deviation[0];
}

using Samples = std::vector<std::vector<std::pair<int, Vec2>>>;  // Per image: track, pixel.

Samples samples_by_image(std::size_t images, const std::vector<std::vector<PointSample>>& corners) {
  Samples by_image(images);
  for (std::size_t t = 0; t < corners.size(); ++t) {
    for (const PointSample& s : corners[t]) {
      by_image[static_cast<std::size_t>(s.frame)].emplace_back(static_cast<int>(t), s.pixel_px);
    }
  }
  return by_image;
}

// The sharpest image of every stretch of every_s.
std::vector<int> images_to_look_at(const GreyStack& stack, const std::vector<TimeNs>& time_ns,
                                   const LinkOptions& options) {
  const auto count = static_cast<int>(stack.images.size());
  if (count == 0) return {};
  const auto time_of = [&](int i) {
    return seconds_from_ns(
        time_ns[static_cast<std::size_t>(stack.frame[static_cast<std::size_t>(i)])]);
  };
  const double all_s = time_of(count - 1) - time_of(0);
  const double every_s = std::max(options.every_s, all_s / options.most_images);
  std::vector<int> chosen;
  int i = 0;
  while (i < count) {
    const double until_s = time_of(i) + every_s;
    int best = i;
    double best_sharpness = -1.0;
    for (; i < count && time_of(i) < until_s; ++i) {
      const double s = sharpness(stack.images[static_cast<std::size_t>(i)]);
      if (s > best_sharpness) {
        best_sharpness = s;
        best = i;
      }
    }
    chosen.push_back(best);
  }
  return chosen;
}

LookedAt look_at(const GreyStack& stack, const CameraModel& camera, int image,
                 const std::vector<std::pair<int, Vec2>>& samples, cv::ORB& orb) {
  LookedAt out;
  out.image = image;
  std::vector<cv::KeyPoint> keys;
  for (std::size_t k = 0; k < samples.size(); ++k) {
    const Vec2 p = samples[k].second;
    // Upright: heads roll little, and the orientation of a corner is noise of its own.
    keys.emplace_back(static_cast<float>(p.x), static_cast<float>(p.y), 31.0F, 0.0F, 1.0F, 0,
                      static_cast<int>(k));
  }
  cv::Mat smooth;
  cv::GaussianBlur(stack.images[static_cast<std::size_t>(image)], smooth, cv::Size(5, 5), 1.2);
  orb.compute(smooth, keys, out.descriptors);
  for (const cv::KeyPoint& key : keys) {
    const auto& [track, pixel] = samples[static_cast<std::size_t>(key.class_id)];
    const Vec3 ray = ray_in_camera(camera, picture_from_tracking(stack, pixel));
    out.track.push_back(track);
    out.ray.emplace_back(ray.x, ray.y);
  }
  return out;
}

struct Match {
  int a = 0;
  int b = 0;
};

// Nearest on both sides, clearly nearer than the second.
std::vector<Match> mutual_matches(const cv::Mat& a, const cv::Mat& b, const LinkOptions& options) {
  if (a.rows < 2 || b.rows < 2) return {};
  const cv::BFMatcher matcher(cv::NORM_HAMMING);
  std::vector<std::vector<cv::DMatch>> there, back;
  matcher.knnMatch(a, b, there, 2);
  matcher.knnMatch(b, a, back, 1);
  std::vector<Match> matches;
  for (const std::vector<cv::DMatch>& m : there) {
    if (m.size() < 2 || m[0].distance > static_cast<float>(options.max_distance) ||
        m[0].distance > static_cast<float>(options.max_ratio) * m[1].distance) {
      continue;
    }
    const std::vector<cv::DMatch>& r = back[static_cast<std::size_t>(m[0].trainIdx)];
    if (r.empty() || r[0].trainIdx != m[0].queryIdx) continue;
    matches.push_back({m[0].queryIdx, m[0].trainIdx});
  }
  return matches;
}

// Those that agree on one two-view geometry; empty where too few do.
std::vector<Match> agreeing(const LookedAt& a, const LookedAt& b, const std::vector<Match>& matches,
                            double focal_px, const LinkOptions& options) {
  if (static_cast<int>(matches.size()) < options.min_inliers) return {};
  std::vector<cv::Point2d> from, to;
  for (const Match& m : matches) {
    from.push_back(a.ray[static_cast<std::size_t>(m.a)]);
    to.push_back(b.ray[static_cast<std::size_t>(m.b)]);
  }
  cv::Mat inlier;
  try {
    const cv::Mat essential =
        cv::findEssentialMat(from, to, cv::Mat::eye(3, 3, CV_64F), cv::RANSAC, 0.999,
                             options.max_epipolar_px / focal_px, 300, inlier);
    if (essential.empty()) return {};
  } catch (const cv::Exception&) {
    return {};
  }
  std::vector<Match> kept;
  for (std::size_t k = 0; k < matches.size(); ++k) {
    if (inlier.at<unsigned char>(static_cast<int>(k)) != 0) kept.push_back(matches[k]);
  }
  const auto count = static_cast<double>(kept.size());
  if (count < options.min_inliers ||
      count < options.min_inlier_share * static_cast<double>(matches.size())) {
    return {};
  }
  return kept;
}

// Tracks joined so far; each root lists its samples.
class Joined {
 public:
  explicit Joined(std::vector<std::vector<PointSample>>& corners)
      : corners_(corners), root_(corners.size()) {
    std::iota(root_.begin(), root_.end(), 0);
  }
  int root(int t) const {
    while (root_[static_cast<std::size_t>(t)] != t) t = root_[static_cast<std::size_t>(t)];
    return t;
  }
  // Joins two tracks that share no image.
  void join(int a, int b) {
    a = root(a);
    b = root(b);
    if (a == b) return;
    auto& first = corners_[static_cast<std::size_t>(a)];
    auto& second = corners_[static_cast<std::size_t>(b)];
    std::vector<PointSample> all;
    std::merge(first.begin(), first.end(), second.begin(), second.end(), std::back_inserter(all),
               [](const PointSample& x, const PointSample& y) { return x.frame < y.frame; });
    for (std::size_t k = 1; k < all.size(); ++k) {
      if (all[k].frame == all[k - 1].frame) return;
    }
    first = std::move(all);
    second.clear();
    root_[static_cast<std::size_t>(b)] = a;
  }

 private:
  std::vector<std::vector<PointSample>>& corners_;
  std::vector<int> root_;
};

int shared_tracks(const LookedAt& a, const LookedAt& b, const Joined& joined) {
  std::vector<int> in_a, in_b, both;
  for (const int t : a.track) in_a.push_back(joined.root(t));
  for (const int t : b.track) in_b.push_back(joined.root(t));
  std::sort(in_a.begin(), in_a.end());
  std::sort(in_b.begin(), in_b.end());
  std::set_intersection(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(),
                        std::back_inserter(both));
  return static_cast<int>(both.size());
}

}  // namespace

int link_corners(const GreyStack& stack, const CameraModel& camera,
                 const std::vector<TimeNs>& frame_time_ns, const LinkOptions& options,
                 std::vector<std::vector<PointSample>>& corners) {
  const Samples samples = samples_by_image(stack.images.size(), corners);
  const cv::Ptr<cv::ORB> orb = cv::ORB::create(2000, 1.2F, 1, 20, 0, 2, cv::ORB::HARRIS_SCORE, 31);
  std::vector<LookedAt> looks;
  for (const int i : images_to_look_at(stack, frame_time_ns, options)) {
    looks.push_back(look_at(stack, camera, i, samples[static_cast<std::size_t>(i)], *orb));
  }
  const double focal_px = camera.fx_px * stack.scale;
  Joined joined(corners);
  int tied = 0;
  // Neighbours in time first, so that a loop need not be closed across every pair.
  for (std::size_t apart = 1; apart < looks.size(); ++apart) {
    for (std::size_t a = 0; a + apart < looks.size(); ++a) {
      const LookedAt& x = looks[a];
      const LookedAt& y = looks[a + apart];
      if (shared_tracks(x, y, joined) >= options.min_inliers) continue;
      const std::vector<Match> found =
          agreeing(x, y, mutual_matches(x.descriptors, y.descriptors, options), focal_px, options);
      for (const Match& m : found) {
        joined.join(x.track[static_cast<std::size_t>(m.a)], y.track[static_cast<std::size_t>(m.b)]);
      }
      tied += found.empty() ? 0 : 1;
    }
  }
  std::erase_if(corners, [](const std::vector<PointSample>& track) { return track.empty(); });
  return tied;
}

std::vector<PictureCut> find_cuts(const GreyStack& stack,
                                  const std::vector<std::vector<PointSample>>& corners) {
  constexpr double kSurvivors = 0.06;
  constexpr int kLeastCorners = 40;
  constexpr double kSharp = 0.6;
  const std::size_t count = stack.images.size();
  std::vector<int> seen(count, 0), survived(count, 0);
  for (const std::vector<PointSample>& track : corners) {
    for (std::size_t k = 0; k < track.size(); ++k) {
      const auto i = static_cast<std::size_t>(track[k].frame);
      ++seen[i];
      if (k > 0 && track[k - 1].frame + 1 == track[k].frame) ++survived[i];
    }
  }
  std::vector<PictureCut> cuts;
  for (std::size_t i = 1; i < count; ++i) {
    if (seen[i - 1] < kLeastCorners || seen[i] < kLeastCorners ||
        survived[i] > kSurvivors * std::min(seen[i - 1], seen[i])) {
      continue;
    }
    // A fast turn blurs both images; a cut leaves them as sharp as the images beside them.
    const std::size_t before = i >= 2 ? i - 2 : i - 1;
    const std::size_t after = std::min(i + 1, count - 1);
    const bool sharp = sharpness(stack.images[i - 1]) > kSharp * sharpness(stack.images[before]) &&
                       sharpness(stack.images[i]) > kSharp * sharpness(stack.images[after]);
    if (sharp) cuts.push_back({static_cast<int>(i)});
  }
  return cuts;
}

}  // namespace hearth
