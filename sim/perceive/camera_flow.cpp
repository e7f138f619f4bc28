// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/camera_flow.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include "sim/perceive/camera_median.h"

namespace hearth {
namespace {

constexpr int kBorderPx = 6;
constexpr float kMaxDifference = 25.0F;  // Mean grey levels between a patch and where it went.

const cv::TermCriteria kFlowCriteria(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 15, 0.01);

bool inside(const cv::Point2f& p, const cv::Size& size) {
  return p.x >= kBorderPx && p.y >= kBorderPx && p.x < static_cast<float>(size.width - kBorderPx) &&
         p.y < static_cast<float>(size.height - kBorderPx);
}

bool masked(const cv::Mat& mask, const cv::Point2f& p) {
  if (mask.empty()) return false;
  const int x = std::clamp(static_cast<int>(std::lround(p.x)), 0, mask.cols - 1);
  const int y = std::clamp(static_cast<int>(std::lround(p.y)), 0, mask.rows - 1);
  return mask.at<unsigned char>(y, x) != 0;
}

struct LiveTrack {
  std::vector<PointSample> samples{};
  cv::Point2f at{};
  int anchor_image = 0;  // Where its patch is taken from.
  cv::Point2f anchor{};
};

cv::Mat small_copy(const cv::Mat& image) {
  cv::Mat small;
  cv::resize(image, small, cv::Size(), 0.25, 0.25, cv::INTER_AREA);
  small.convertTo(small, CV_32F);
  return small;
}

double shifted_difference(const cv::Mat& a, const cv::Mat& b, const cv::Point2d& shift) {
  const cv::Mat move = (cv::Mat_<double>(2, 3) << 1, 0, -shift.x, 0, 1, -shift.y);
  cv::Mat moved, valid, ones(b.size(), CV_8U, cv::Scalar(255));
  cv::warpAffine(b, moved, move, b.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT);
  cv::warpAffine(ones, valid, move, b.size(), cv::INTER_NEAREST, cv::BORDER_CONSTANT);
  if (cv::countNonZero(valid) < b.rows * b.cols / 4) return 1e9;
  cv::Mat difference;
  cv::absdiff(a, moved, difference);
  return cv::mean(difference, valid)[0];
}

// Where most of the picture went, in tracking pixels: the best of no shift, the last shift, and
// phase correlation. Flow that starts there survives fast head turns.
cv::Point2d coarse_shift(const cv::Mat& small_a, const cv::Mat& small_b, const cv::Mat& window,
                         const cv::Point2d& last) {
  double response = 0.0;
  const cv::Point2d by_phase = cv::phaseCorrelate(small_a, small_b, window, &response);
  cv::Point2d best(0, 0);
  double least = shifted_difference(small_a, small_b, best);
  for (const cv::Point2d& shift : {0.25 * last, by_phase}) {
    const double difference = shifted_difference(small_a, small_b, shift);
    if (difference < 0.9 * least) {
      least = difference;
      best = shift;
    }
  }
  return 4.0 * best;
}

void add_corners(const cv::Mat& image, const cv::Mat& mask, int index, const FollowOptions& options,
                 std::vector<LiveTrack>& live) {
  cv::Mat quality;
  cv::cornerMinEigenVal(image, quality, 5, 3);
  double best = 0.0;
  cv::minMaxLoc(quality, nullptr, &best);
  const auto floor_quality = static_cast<float>(std::max(best * 0.002, 1e-7));
  const int min_distance = std::max(5, image.cols / 80);
  cv::Mat taken = cv::Mat::zeros(image.size(), CV_8U);
  std::vector<int> in_cell(static_cast<std::size_t>(options.columns * options.rows), 0);
  const auto cell_of = [&](const cv::Point2f& p) {
    const int c =
        std::clamp(static_cast<int>(p.x) * options.columns / image.cols, 0, options.columns - 1);
    const int r =
        std::clamp(static_cast<int>(p.y) * options.rows / image.rows, 0, options.rows - 1);
    return static_cast<std::size_t>(r * options.columns + c);
  };
  for (const LiveTrack& track : live) {
    cv::circle(taken, track.at, min_distance, cv::Scalar(255), cv::FILLED);
    ++in_cell[cell_of(track.at)];
  }
  struct Corner {
    float quality;
    int x, y;
  };
  std::vector<Corner> corners;
  for (int y = kBorderPx + 2; y < image.rows - kBorderPx - 2; ++y) {
    const float* row = quality.ptr<float>(y);
    const float* above = quality.ptr<float>(y - 1);
    const float* below = quality.ptr<float>(y + 1);
    for (int x = kBorderPx + 2; x < image.cols - kBorderPx - 2; ++x) {
      const float q = row[x];
      if (q < floor_quality || q < row[x - 1] || q < row[x + 1] || q < above[x] || q < below[x]) {
        continue;
      }
      if (taken.at<unsigned char>(y, x) != 0) continue;
      if (!mask.empty() && mask.at<unsigned char>(y, x) != 0) continue;
      corners.push_back({q, x, y});
    }
  }
  std::stable_sort(corners.begin(), corners.end(),
                   [](const Corner& a, const Corner& b) { return a.quality > b.quality; });
  const int cells = options.columns * options.rows;
  const int per_cell = std::max(1, (options.max_points + cells - 1) / cells);
  for (const Corner& c : corners) {
    if (static_cast<int>(live.size()) >= options.max_points) break;
    const cv::Point2f p(static_cast<float>(c.x), static_cast<float>(c.y));
    if (taken.at<unsigned char>(c.y, c.x) != 0 || in_cell[cell_of(p)] >= per_cell) continue;
    ++in_cell[cell_of(p)];
    cv::circle(taken, p, min_distance, cv::Scalar(255), cv::FILLED);
    LiveTrack track;
    track.at = track.anchor = p;
    track.anchor_image = index;
    track.samples.push_back({index, {c.x + 0.0, c.y + 0.0}});
    live.push_back(std::move(track));
  }
}

// Moves each point to where its anchor patch fits best; where that is far off, the patch has
// changed (the view turned, something hides it): from now on the latest look is the anchor.
void look_again(const std::map<int, std::vector<cv::Mat>>& pyramids, int image,
                const FollowOptions& options, std::vector<LiveTrack>& live,
                const std::vector<cv::Point2f>& previous) {
  std::map<int, std::vector<std::size_t>> by_anchor;
  for (std::size_t i = 0; i < live.size(); ++i) {
    if (live[i].anchor_image < image - 1) by_anchor[live[i].anchor_image].push_back(i);
  }
  for (const auto& [anchor, members] : by_anchor) {
    std::vector<cv::Point2f> from, to;
    for (const std::size_t i : members) {
      from.push_back(live[i].anchor);
      to.push_back(live[i].at);
    }
    std::vector<unsigned char> status;
    std::vector<float> error;
    cv::calcOpticalFlowPyrLK(pyramids.at(anchor), pyramids.at(image), from, to, status, error,
                             cv::Size(options.window_px, options.window_px), 0, kFlowCriteria,
                             cv::OPTFLOW_USE_INITIAL_FLOW, 1e-4);
    for (std::size_t k = 0; k < members.size(); ++k) {
      LiveTrack& track = live[members[k]];
      const double shift = cv::norm(to[k] - track.at);
      if (status[k] != 0 && shift <= options.max_anchor_shift_px) {
        track.at = to[k];
      } else {
        track.anchor_image = image - 1;
        track.anchor = previous[members[k]];
      }
    }
  }
}

}  // namespace

std::vector<cv::Mat> flow_pyramid(const cv::Mat& image, int window_px, int levels) {
  std::vector<cv::Mat> pyramid;
  cv::buildOpticalFlowPyramid(image, pyramid, cv::Size(window_px, window_px), levels - 1, true);
  return pyramid;
}

void follow_once(const std::vector<cv::Mat>& from, const std::vector<cv::Mat>& to,
                 const std::vector<cv::Point2f>& points, int window_px, int levels,
                 double max_round_trip_px, std::vector<cv::Point2f>& found,
                 std::vector<unsigned char>& status) {
  if (points.empty()) {
    found.clear();
    status.clear();
    return;
  }
  const cv::Size window(window_px, window_px);
  const int flags = cv::OPTFLOW_USE_INITIAL_FLOW;
  if (found.size() != points.size()) found = points;
  std::vector<float> error;
  cv::calcOpticalFlowPyrLK(from, to, points, found, status, error, window, levels - 1,
                           kFlowCriteria, flags, 1e-4);
  std::vector<cv::Point2f> back = points;
  std::vector<unsigned char> back_status;
  // Back from the found place shifted as the first pass was: fast turns exceed the pyramid's reach.
  std::vector<float> back_error;
  cv::calcOpticalFlowPyrLK(to, from, found, back, back_status, back_error, window, levels - 1,
                           kFlowCriteria, flags, 1e-4);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (back_status[i] == 0 || error[i] > kMaxDifference ||
        cv::norm(back[i] - points[i]) > max_round_trip_px) {
      status[i] = 0;
    }
  }
}

std::vector<std::vector<PointSample>> follow_corners(const GreyStack& stack, const MaskSource& mask,
                                                     const FollowOptions& options) {
  std::vector<std::vector<PointSample>> done;
  std::vector<LiveTrack> live;
  std::map<int, std::vector<cv::Mat>> pyramids;
  cv::Mat small, window;
  cv::Point2d last_shift(0, 0);
  const auto retire = [&done](LiveTrack& track) {
    if (track.samples.size() >= 3) done.push_back(std::move(track.samples));
  };
  for (int i = 0; i < static_cast<int>(stack.images.size()); ++i) {
    const cv::Mat& image = stack.images[static_cast<std::size_t>(i)];
    const cv::Mat hidden = mask ? mask(i) : cv::Mat();
    pyramids[i] = flow_pyramid(image, options.window_px, options.levels);
    const cv::Mat now_small = small_copy(image);
    if (i > 0) {
      if (window.empty()) cv::createHanningWindow(window, now_small.size(), CV_32F);
      const cv::Point2d shift = coarse_shift(small, now_small, window, last_shift);
      std::vector<cv::Point2f> from, to;
      for (const LiveTrack& track : live) {
        from.push_back(track.at);
        to.push_back(track.at +
                     cv::Point2f(static_cast<float>(shift.x), static_cast<float>(shift.y)));
      }
      std::vector<unsigned char> status;
      follow_once(pyramids[i - 1], pyramids[i], from, options.window_px, options.levels,
                  options.max_round_trip_px, to, status);
      std::vector<LiveTrack> kept;
      std::vector<cv::Point2f> previous;
      std::vector<double> dx, dy;
      for (std::size_t k = 0; k < live.size(); ++k) {
        if (status[k] == 0 || !inside(to[k], image.size()) || masked(hidden, to[k])) {
          retire(live[k]);
          continue;
        }
        live[k].at = to[k];
        dx.push_back(to[k].x - from[k].x);
        dy.push_back(to[k].y - from[k].y);
        kept.push_back(std::move(live[k]));
        previous.push_back(from[k]);
      }
      live = std::move(kept);
      last_shift = {median(std::move(dx)), median(std::move(dy))};
      look_again(pyramids, i, options, live, previous);
      for (LiveTrack& track : live) {
        track.samples.push_back({i, {track.at.x + 0.0, track.at.y + 0.0}});
      }
    }
    small = now_small;
    if (i % options.detect_every == 0 || static_cast<int>(live.size()) < options.max_points / 3) {
      add_corners(image, hidden, i, options, live);
    }
    // Pyramids are kept while a track is anchored in them.
    std::erase_if(pyramids, [&](const auto& entry) {
      if (entry.first >= i - 1) return false;
      return std::none_of(live.begin(), live.end(), [&entry](const LiveTrack& track) {
        return track.anchor_image == entry.first;
      });
    });
  }
  for (LiveTrack& track : live) retire(track);
  std::stable_sort(done.begin(), done.end(), [](const auto& a, const auto& b) {
    if (a.front().frame != b.front().frame) return a.front().frame < b.front().frame;
    if (a.front().pixel_px.y != b.front().pixel_px.y) {
      return a.front().pixel_px.y < b.front().pixel_px.y;
    }
    return a.front().pixel_px.x < b.front().pixel_px.x;
  });
  return done;
}

}  // namespace hearth
