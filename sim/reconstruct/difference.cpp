// SPDX-License-Identifier: Apache-2.0
#include "sim/reconstruct/difference.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>

namespace hearth::recon {
namespace {

constexpr double kMaxStray = 0.2;

// Change of exposure between the views: median lightness difference, removed.
float lightness_offset(const Patch& own, const Patch& other, const cv::Mat& known) {
  std::vector<double> d;
  for (int y = 0; y < own.lab.rows; y += 2) {
    for (int x = 0; x < own.lab.cols; x += 2) {
      if (known.at<std::uint8_t>(y, x) == 0 || other.there.at<std::uint8_t>(y, x) == 0) continue;
      d.push_back(
          static_cast<double>(own.lab.at<cv::Vec3f>(y, x)[0] - other.lab.at<cv::Vec3f>(y, x)[0]));
    }
  }
  return static_cast<float>(median(std::move(d)));
}

// Least Lab distance to any warped view within one pixel; `best` gets the pixel it was reached at.
cv::Mat least_difference(const Patch& own, const std::vector<Patch>& others, const cv::Mat& known,
                         cv::Mat& best) {
  const int n = own.lab.rows;
  cv::Mat least(n, n, CV_32F, cv::Scalar(1e6));
  best = cv::Mat::zeros(n, n, CV_32FC3);
  for (const Patch& other : others) {
    const float offset = lightness_offset(own, other, known);
    for (int y = 0; y < n; ++y) {
      for (int x = 0; x < n; ++x) {
        const cv::Vec3f a = own.lab.at<cv::Vec3f>(y, x);
        float& low = least.at<float>(y, x);
        for (int dy = -1; dy <= 1; ++dy) {
          for (int dx = -1; dx <= 1; ++dx) {
            const int v = y + dy;
            const int u = x + dx;
            if (u < 0 || v < 0 || u >= n || v >= n || other.there.at<std::uint8_t>(v, u) == 0) {
              continue;
            }
            cv::Vec3f b = other.lab.at<cv::Vec3f>(v, u);
            b[0] += offset;
            const cv::Vec3f d = a - b;
            // Lightness counts less: light changes, colour does not.
            const float distance = std::sqrt(0.6F * d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
            if (distance < low) {
              low = distance;
              best.at<cv::Vec3f>(y, x) = b;
            }
          }
        }
      }
    }
  }
  return least;
}

double border_level(const cv::Mat& difference, const cv::Mat& known) {
  std::vector<double> d;
  const int n = difference.rows;
  const int rim = n / 6;
  for (int y = 0; y < n; ++y) {
    for (int x = 0; x < n; ++x) {
      const bool inside = x >= rim && x < n - rim && y >= rim && y < n - rim;
      if (inside || known.at<std::uint8_t>(y, x) == 0) continue;
      d.push_back(static_cast<double>(difference.at<float>(y, x)));
    }
  }
  return median(std::move(d));
}

// Darker than before, by the same share in all channels: a shadow, not a thing.
bool is_shadow(cv::Vec3f a, cv::Vec3f b) {
  const float ratio = (a[0] + 1.0F) / (b[0] + 1.0F);
  const float chroma_a = std::hypot(a[1], a[2]);
  const float chroma_b = std::hypot(b[1], b[2]);
  const float turn = std::hypot(a[1] - ratio * b[1], a[2] - ratio * b[2]);
  return ratio > 0.35F && ratio < 0.99F && turn < 3.5F + 0.12F * chroma_b &&
         chroma_a < chroma_b + 4.0F;
}

// The connected piece that is large and near the expected place; holes filled.
cv::Mat main_piece(const cv::Mat& raw, Vec2 expected) {
  cv::Mat mask;
  const cv::Mat small = cv::getStructuringElement(cv::MORPH_ELLIPSE, {3, 3});
  const cv::Mat large = cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7});
  cv::morphologyEx(raw, mask, cv::MORPH_OPEN, small);
  cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, large);
  cv::Mat labels;
  cv::Mat stats;
  cv::Mat centroids;
  const int count = cv::connectedComponentsWithStats(mask, labels, stats, centroids, 8, CV_32S);
  int best = -1;
  double best_score = 0.0;
  const double reach = 0.18 * mask.rows;
  for (int k = 1; k < count; ++k) {
    const double area = stats.at<int>(k, cv::CC_STAT_AREA);
    const Vec2 c{centroids.at<double>(k, 0), centroids.at<double>(k, 1)};
    const double d = norm(c - expected) / reach;
    const double score = area * std::exp(-0.5 * d * d);
    if (area > 30.0 && score > best_score) {
      best_score = score;
      best = k;
    }
  }
  cv::Mat piece = cv::Mat::zeros(mask.size(), CV_8U);
  if (best < 0) return piece;
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(cv::Mat(labels == best), contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  cv::drawContours(piece, contours, -1, cv::Scalar(255), cv::FILLED);
  return piece;
}

cv::Mat by_color(const Patch& own, const cv::Mat& mask, const cv::Mat& known) {
  cv::Mat bgr;
  own.rgb.convertTo(bgr, CV_8UC3, 255.0);
  cv::Mat sure;
  cv::Mat near;
  const int reach = std::max(3, mask.rows / 16);
  cv::erode(mask, sure, cv::getStructuringElement(cv::MORPH_ELLIPSE, {reach, reach}));
  cv::dilate(mask, near,
             cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * reach + 1, 2 * reach + 1}));
  cv::Mat trimap(mask.size(), CV_8U, cv::Scalar(cv::GC_BGD));
  trimap.setTo(cv::GC_PR_BGD, near);
  trimap.setTo(cv::GC_PR_FGD, mask);
  trimap.setTo(cv::GC_FGD, sure);
  trimap.setTo(cv::GC_BGD, known == 0);
  if (cv::countNonZero(trimap == cv::GC_FGD) < 20 || cv::countNonZero(trimap == cv::GC_BGD) < 50) {
    return mask;
  }
  cv::Mat background;
  cv::Mat foreground;
  cv::theRNG().state = 12345;  // its k-means draws from the thread's generator: always the same
  cv::grabCut(bgr, trimap, cv::Rect(), background, foreground, 2, cv::GC_INIT_WITH_MASK);
  return (trimap == cv::GC_FGD) | (trimap == cv::GC_PR_FGD);
}

// Share of the pixels away from the piece that differ too: where the whole place differs, views do
// not belong together and nothing follows from their difference.
double stray_share(const cv::Mat& plain, const cv::Mat& piece, const cv::Mat& trusted) {
  cv::Mat near;
  const int reach = std::max(3, piece.rows / 8);
  cv::dilate(piece, near, cv::getStructuringElement(cv::MORPH_ELLIPSE, {reach, reach}));
  const cv::Mat away = trusted & (near == 0);
  const int all = cv::countNonZero(away);
  return all > 0 ? static_cast<double>(cv::countNonZero(plain & away)) / all : 1.0;
}

}  // namespace

std::vector<Cut> cuts(const Patch& own, const std::vector<Patch>& others, const cv::Mat& known,
                      Vec2 expected, bool refine_by_color) {
  cv::Mat best;
  const cv::Mat difference = least_difference(own, others, known, best);
  const double noise = border_level(difference, known);
  const double threshold = std::clamp(4.0 * noise, 6.0, 16.0);
  cv::Mat trusted = known & own.there;
  cv::Mat plain = (difference > threshold) & trusted;
  plain.setTo(0, difference > 1e5);
  cv::Mat lit = plain.clone();
  for (int y = 0; y < lit.rows; ++y) {
    for (int x = 0; x < lit.cols; ++x) {
      if (lit.at<std::uint8_t>(y, x) != 0 &&
          is_shadow(own.lab.at<cv::Vec3f>(y, x), best.at<cv::Vec3f>(y, x))) {
        lit.at<std::uint8_t>(y, x) = 0;
      }
    }
  }
  std::vector<Cut> result;
  const cv::Mat whole = main_piece(plain, expected);
  if (stray_share(plain, whole, trusted) > kMaxStray) return result;
  result.push_back({main_piece(lit, expected), trusted, true, false});
  result.push_back({whole, trusted, false, false});
  if (refine_by_color && cv::countNonZero(result[0].mask) > 60) {
    const cv::Mat refined = main_piece(by_color(own, result[0].mask, trusted), expected);
    result.push_back({refined, trusted, true, true});
  }
  return result;
}

}  // namespace hearth::recon
