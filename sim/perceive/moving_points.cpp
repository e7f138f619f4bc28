// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/moving_points.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "sim/perceive/moving_motion.h"

namespace hearth {
namespace {

bool hand_moves(const MovingScene& scene, std::size_t hand, int image) {
  const HandInImage* h = hand_at(scene, image, hand);
  if (h == nullptr) return false;
  const std::optional<Vec2> shift = palm_shift(scene, hand, image - kMovingStride, image);
  return shift && norm(*shift) > std::max(3.0, 0.08 * h->length_px);
}

// Corners round the hand that are not skin and not near a live point.
std::vector<cv::Point2f> seed_corners(const cv::Mat& image, const HandInImage& hand,
                                      const std::vector<HandInImage>& all_hands,
                                      const std::vector<cv::Point2f>& live, int count,
                                      const MovingOptions& options) {
  cv::Mat region = cv::Mat::zeros(image.size(), CV_8U);
  std::vector<cv::Point> points, hull;
  for (const Vec2& p : hand.joints_px) {
    points.emplace_back(static_cast<int>(std::lround(std::clamp(p.x, -4000.0, 8000.0))),
                        static_cast<int>(std::lround(std::clamp(p.y, -4000.0, 8000.0))));
  }
  cv::convexHull(points, hull);
  cv::fillConvexPoly(region, hull, cv::Scalar(255));
  cv::polylines(region, hull, true, cv::Scalar(255),
                std::clamp(static_cast<int>(2.0 * options.reach_share * hand.length_px), 2, 2000));
  region.setTo(cv::Scalar(0), skin_mask(image.size(), all_hands));
  for (const cv::Point2f& p : live) cv::circle(region, p, 4, cv::Scalar(0), cv::FILLED);
  const int border = options.window_px / 2;
  region.rowRange(0, border).setTo(cv::Scalar(0));
  region.rowRange(region.rows - border, region.rows).setTo(cv::Scalar(0));
  region.colRange(0, border).setTo(cv::Scalar(0));
  region.colRange(region.cols - border, region.cols).setTo(cv::Scalar(0));
  std::vector<cv::Point2f> corners;
  if (count > 0) cv::goodFeaturesToTrack(image, corners, count, 0.002, 3.0, region, 5);
  return corners;
}

// Follows points one image on; those lost are closed.
void step(const std::vector<cv::Mat>& from, const std::vector<cv::Mat>& to, int image,
          const MovingOptions& options, std::vector<MovingTrace>& traces,
          std::vector<std::size_t>& live, std::vector<cv::Point2f>& at, const cv::Size& size) {
  std::vector<cv::Point2f> found = at;
  std::vector<unsigned char> status;
  follow_once(from, to, at, options.window_px, options.levels, options.max_round_trip_px, found,
              status);
  std::vector<std::size_t> still;
  std::vector<cv::Point2f> still_at;
  for (std::size_t k = 0; k < live.size(); ++k) {
    const bool inside = found[k].x >= 3 && found[k].y >= 3 &&
                        found[k].x < static_cast<float>(size.width - 3) &&
                        found[k].y < static_cast<float>(size.height - 3);
    if (status[k] == 0 || !inside) continue;
    traces[live[k]].samples.push_back({image, {found[k].x + 0.0, found[k].y + 0.0}});
    still.push_back(live[k]);
    still_at.push_back(found[k]);
  }
  live = std::move(still);
  at = std::move(still_at);
}

// Of the corners, those that went with the palm over the last kMovingStride images.
std::vector<cv::Point2f> that_moved(const MovingScene& scene, Vec2 palm, int image,
                                    const std::vector<std::vector<cv::Mat>>& pyramids,
                                    const std::vector<cv::Point2f>& corners,
                                    const MovingOptions& options) {
  std::vector<MovingTrace> traces(corners.size());
  std::vector<std::size_t> live;
  std::vector<cv::Point2f> at = corners;
  for (std::size_t k = 0; k < corners.size(); ++k) live.push_back(k);
  for (int back = 1; back <= kMovingStride; ++back) {
    step(pyramids[static_cast<std::size_t>(image - back + 1) % pyramids.size()],
         pyramids[static_cast<std::size_t>(image - back) % pyramids.size()], image - back, options,
         traces, live, at, scene.stack.images.front().size());
  }
  std::vector<cv::Point2f> moved;
  for (std::size_t k = 0; k < live.size(); ++k) {
    const Vec2 start{at[k].x + 0.0, at[k].y + 0.0};
    const Vec2 end{corners[live[k]].x + 0.0, corners[live[k]].y + 0.0};
    bool with_hand = true;
    for (const double inverse_depth : kInverseDepths) {
      const std::optional<Vec2> rest = resting_pixel(
          scene.stack, scene.camera, image - kMovingStride, start, inverse_depth, image);
      if (!rest) return {};
      const Vec2 shift = end - *rest;
      with_hand = with_hand && dot(shift, palm) >= 0.8 * norm(shift) * norm(palm) &&
                  norm(shift) >= 0.35 * norm(palm) && norm(shift) <= 2.5 * norm(palm);
      if (!scene.camera.has_depth) break;
    }
    if (with_hand) moved.push_back(corners[live[k]]);
  }
  return moved;
}

std::vector<MovingTrace> trace_forward(const MovingScene& scene, std::size_t hands,
                                       const MovingOptions& options) {
  const GreyStack& stack = scene.stack;
  constexpr int kCandidates = 300;
  std::vector<MovingTrace> traces;
  std::vector<std::size_t> live;
  std::vector<cv::Point2f> at;
  std::vector<std::vector<cv::Mat>> pyramids(kMovingStride + 1);  // A ring of the latest images.
  for (int i = 0; i < static_cast<int>(stack.images.size()); ++i) {
    const cv::Mat& image = stack.images[static_cast<std::size_t>(i)];
    std::vector<cv::Mat>& now = pyramids[static_cast<std::size_t>(i) % pyramids.size()];
    now = flow_pyramid(image, options.window_px, options.levels);
    if (!live.empty()) {
      step(pyramids[static_cast<std::size_t>(i - 1) % pyramids.size()], now, i, options, traces,
           live, at, image.size());
    }
    if (i % options.seed_every != 0 || i < kMovingStride) continue;
    for (std::size_t hand = 0; hand < hands; ++hand) {
      if (!hand_moves(scene, hand, i)) continue;
      const std::vector<cv::Point2f> corners =
          seed_corners(image, *hand_at(scene, i, hand), scene.hands_in[static_cast<std::size_t>(i)],
                       at, kCandidates, options);
      const Vec2 palm = *palm_shift(scene, hand, i - kMovingStride, i);
      for (const cv::Point2f& p : that_moved(scene, palm, i, pyramids, corners, options)) {
        if (static_cast<int>(live.size()) >= options.max_live) break;
        MovingTrace trace;
        trace.seed_image = i;
        trace.hand = hand;
        trace.samples.push_back({i, {p.x + 0.0, p.y + 0.0}});
        live.push_back(traces.size());
        at.push_back(p);
        traces.push_back(std::move(trace));
      }
    }
  }
  return traces;
}

// Continues the traces from their seeds towards the beginning of the clip.
void trace_backward(const GreyStack& stack, const MovingOptions& options,
                    std::vector<MovingTrace>& traces) {
  std::vector<MovingTrace> back(traces.size());
  std::vector<std::size_t> live;
  std::vector<cv::Point2f> at;
  std::vector<cv::Mat> previous;
  for (int i = static_cast<int>(stack.images.size()) - 1; i >= 0; --i) {
    const cv::Mat& image = stack.images[static_cast<std::size_t>(i)];
    std::vector<cv::Mat> now = flow_pyramid(image, options.window_px, options.levels);
    if (!live.empty()) step(previous, now, i, options, back, live, at, image.size());
    previous = std::move(now);
    for (std::size_t t = 0; t < traces.size(); ++t) {
      if (traces[t].seed_image != i) continue;
      const Vec2 p = traces[t].samples.front().pixel_px;
      live.push_back(t);
      at.emplace_back(static_cast<float>(p.x), static_cast<float>(p.y));
    }
  }
  for (std::size_t t = 0; t < traces.size(); ++t) {
    std::vector<PointSample> samples(back[t].samples.rbegin(), back[t].samples.rend());
    samples.insert(samples.end(), traces[t].samples.begin(), traces[t].samples.end());
    traces[t].samples = std::move(samples);
  }
}

// Per trace and sample, whether it lies on the skin of a hand seen in that image.
std::vector<std::vector<bool>> on_skin(const GreyStack& stack,
                                       const std::vector<std::vector<HandInImage>>& hands_in,
                                       const std::vector<MovingTrace>& traces) {
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> by_image(stack.images.size());
  std::vector<std::vector<bool>> skin(traces.size());
  for (std::size_t t = 0; t < traces.size(); ++t) {
    skin[t].assign(traces[t].samples.size(), false);
    for (std::size_t k = 0; k < traces[t].samples.size(); ++k) {
      by_image[static_cast<std::size_t>(traces[t].samples[k].frame)].emplace_back(t, k);
    }
  }
  for (std::size_t i = 0; i < by_image.size(); ++i) {
    if (by_image[i].empty() || hands_in[i].empty()) continue;
    const cv::Mat mask = skin_mask(stack.images[i].size(), hands_in[i]);
    for (const auto& [t, k] : by_image[i]) {
      const Vec2 p = traces[t].samples[k].pixel_px;
      const int x = std::clamp(static_cast<int>(std::lround(p.x)), 0, mask.cols - 1);
      const int y = std::clamp(static_cast<int>(std::lround(p.y)), 0, mask.rows - 1);
      skin[t][k] = mask.at<unsigned char>(y, x) != 0;
    }
  }
  return skin;
}

// A point over which a hand closes does not come back: what is followed from there on is skin.
void drop_skin_ends(const std::vector<bool>& skin, MovingTrace& trace) {
  const auto off = std::find(skin.begin(), skin.end(), false);
  const auto last_off = std::find(skin.rbegin(), skin.rend(), false).base();
  if (off == skin.end()) {
    trace.samples.clear();
    return;
  }
  trace.samples.erase(trace.samples.begin() + (last_off - skin.begin()), trace.samples.end());
  trace.samples.erase(trace.samples.begin(), trace.samples.begin() + (off - skin.begin()));
}

// With the hand that fits best over the trace's whole life, which may have begun at rest or ended
// in another hand; the trace then names it.
HandAgreement best_agreement(const MovingScene& scene, std::size_t hands,
                             const MovingOptions& options, MovingTrace& trace) {
  HandAgreement best = agreement_with(scene, trace, trace.hand);
  const std::size_t own = trace.hand;
  for (std::size_t hand = 0; hand < hands; ++hand) {
    if (hand == own) continue;
    const HandAgreement m = agreement_with(scene, trace, hand);
    if (!moves_with(m, options) || m.agreement <= best.agreement) continue;
    best = m;
    trace.hand = hand;
  }
  return best;
}

}  // namespace

std::optional<Vec2> resting_pixel(const GreyStack& stack, const CameraByImage& camera, int a,
                                  Vec2 pixel, double inverse_depth, int b) {
  const std::optional<Pose>& from = camera.map_from_camera[static_cast<std::size_t>(a)];
  const std::optional<Pose>& to = camera.map_from_camera[static_cast<std::size_t>(b)];
  if (!from || !to) return std::nullopt;
  const Vec3 ray = ray_in_camera(camera.model, picture_from_tracking(stack, pixel));
  Vec3 p = from->rotation * ray;
  if (camera.has_depth) {
    p = p + inverse_depth * (from->position_m - to->position_m);
  }
  const std::optional<Vec2> seen = project(camera.model, conjugate(to->rotation) * p);
  if (!seen) return std::nullopt;
  return tracking_from_picture(stack, *seen);
}

std::vector<MovingPoint> find_moving_points(const GreyStack& stack, const CameraByImage& camera,
                                            const std::vector<HandTrack>& hands,
                                            const std::vector<std::vector<HandInImage>>& hands_in,
                                            const MovingOptions& options) {
  const MovingScene scene{stack, camera, hands_in};
  std::vector<MovingTrace> traces = trace_forward(scene, hands.size(), options);
  trace_backward(stack, options, traces);
  // Judge skin and the hand first, so that the common way is that of likely points.
  const std::vector<std::vector<bool>> skin = on_skin(stack, hands_in, traces);
  std::vector<MovingTrace> likely;
  std::vector<HandAgreement> agreements;
  for (std::size_t t = 0; t < traces.size(); ++t) {
    const auto share = static_cast<double>(std::count(skin[t].begin(), skin[t].end(), true)) /
                       static_cast<double>(skin[t].size());
    if (share > options.max_skin_share) continue;
    drop_skin_ends(skin[t], traces[t]);
    const HandAgreement best = best_agreement(scene, hands.size(), options, traces[t]);
    if (!moves_with(best, options)) continue;
    likely.push_back(std::move(traces[t]));
    agreements.push_back(best);
  }
  const std::vector<double> stray = stray_share(scene, likely);
  std::vector<MovingPoint> points;
  for (std::size_t t = 0; t < likely.size(); ++t) {
    if (stray[t] > options.max_stray_share) continue;
    const MovingTrace& trace = likely[t];
    const HandAgreement& best = agreements[t];
    MovingPoint point;
    point.near_hand = hands[trace.hand].id;
    const int from =
        trace.samples[static_cast<std::size_t>(best.first)].frame - options.rest_images;
    const int to = trace.samples[static_cast<std::size_t>(best.last)].frame + options.rest_images;
    for (const PointSample& s : trace.samples) {
      if (s.frame < from || s.frame > to) continue;
      point.samples.push_back({stack.frame[static_cast<std::size_t>(s.frame)],
                               picture_from_tracking(stack, s.pixel_px)});
    }
    points.push_back(std::move(point));
  }
  return points;
}

}  // namespace hearth
