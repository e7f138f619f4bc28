// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/moving_motion.h"

#include <algorithm>
#include <cmath>

#include "sim/perceive/camera_median.h"

namespace hearth {
namespace {

constexpr double kMaxHandAgeS = 0.12;  // Older hand places are guesses.
constexpr double kHandInverseDepth = 1.25;

Vec2 palm_px(const HandInImage& h) {
  Vec2 sum{};
  for (const std::size_t j : {0UL, 5UL, 9UL, 13UL, 17UL}) sum = sum + h.joints_px[j];
  return 0.2 * sum;
}

}  // namespace

const HandInImage* hand_at(const MovingScene& scene, int image, std::size_t hand) {
  if (image < 0 || image >= static_cast<int>(scene.hands_in.size())) return nullptr;
  for (const HandInImage& h : scene.hands_in[static_cast<std::size_t>(image)]) {
    if (h.hand == hand && h.age_s <= kMaxHandAgeS) return &h;
  }
  return nullptr;
}

std::optional<Vec2> palm_shift(const MovingScene& scene, std::size_t hand, int a, int b) {
  const HandInImage* from = hand_at(scene, a, hand);
  const HandInImage* to = hand_at(scene, b, hand);
  if (from == nullptr || to == nullptr) return std::nullopt;
  const std::optional<Vec2> rest =
      resting_pixel(scene.stack, scene.camera, a, palm_px(*from), kHandInverseDepth, b);
  if (!rest) return std::nullopt;
  return palm_px(*to) - *rest;
}

std::optional<Vec2> own_shift(const MovingScene& scene, const PointSample& a,
                              const PointSample& b) {
  std::optional<Vec2> least;
  for (const double inverse_depth : kInverseDepths) {
    const std::optional<Vec2> rest =
        resting_pixel(scene.stack, scene.camera, a.frame, a.pixel_px, inverse_depth, b.frame);
    if (!rest) return std::nullopt;
    const Vec2 shift = b.pixel_px - *rest;
    if (!least || norm(shift) < norm(*least)) least = shift;
    if (!scene.camera.has_depth) break;
  }
  return least;
}

HandAgreement agreement_with(const MovingScene& scene, const MovingTrace& trace, std::size_t hand) {
  HandAgreement m;
  for (std::size_t k = 0; k < trace.samples.size(); k += 3) {
    const std::optional<Vec2> away = own_shift(scene, trace.samples.front(), trace.samples[k]);
    if (away) m.shift_px = std::max(m.shift_px, norm(*away));
  }
  double both = 0.0, own = 0.0, of_hand = 0.0;
  for (std::size_t k = 0; k + kMovingStride < trace.samples.size(); ++k) {
    const PointSample& a = trace.samples[k];
    const PointSample& b = trace.samples[k + kMovingStride];
    const HandInImage* h = hand_at(scene, a.frame, hand);
    if (h == nullptr) continue;
    const std::optional<Vec2> palm = palm_shift(scene, hand, a.frame, b.frame);
    const std::optional<Vec2> shift = own_shift(scene, a, b);
    // Where the point moves the hand must move with it; a hand that leaves says nothing.
    if (!palm || !shift || norm(*shift) < std::max(2.5, 0.04 * h->length_px)) continue;
    if (norm(a.pixel_px - palm_px(*h)) > 1.6 * h->length_px) continue;
    if (m.pairs == 0) m.first = static_cast<int>(k);
    m.last = static_cast<int>(k) + kMovingStride;
    both += dot(*shift, *palm);
    own += dot(*shift, *shift);
    of_hand += dot(*palm, *palm);
    ++m.pairs;
  }
  if (own > 0.0 && of_hand > 0.0) {
    m.agreement = both / std::sqrt(own * of_hand);
    m.gain = both / of_hand;
  }
  return m;
}

bool moves_with(const HandAgreement& m, const MovingOptions& options) {
  return m.pairs >= 5 && m.shift_px >= options.min_shift_px &&
         m.agreement >= options.min_agreement && m.gain >= 0.35 && m.gain <= 2.5;
}

std::vector<double> stray_share(const MovingScene& scene, const std::vector<MovingTrace>& traces) {
  constexpr std::size_t kQuorum = 5;
  struct Way {
    std::size_t trace;
    Vec2 shift;
  };
  std::vector<double> stray(traces.size(), 0.0), judged(traces.size(), 0.0);
  std::size_t hands = 0;
  for (const MovingTrace& t : traces) hands = std::max(hands, t.hand + 1);
  for (std::size_t hand = 0; hand < hands; ++hand) {
    std::vector<std::vector<Way>> by_image(scene.stack.images.size());
    for (std::size_t t = 0; t < traces.size(); ++t) {
      if (traces[t].hand != hand) continue;
      const std::vector<PointSample>& s = traces[t].samples;
      for (std::size_t k = 0; k + kMovingStride < s.size(); ++k) {
        const std::optional<Vec2> shift = own_shift(scene, s[k], s[k + kMovingStride]);
        if (shift) by_image[static_cast<std::size_t>(s[k].frame)].push_back({t, *shift});
      }
    }
    for (const std::vector<Way>& ways : by_image) {
      if (ways.size() < kQuorum) continue;
      std::vector<double> x, y;
      for (const Way& w : ways) {
        x.push_back(w.shift.x);
        y.push_back(w.shift.y);
      }
      const Vec2 common{median(std::move(x)), median(std::move(y))};
      const double limit = std::max(3.0, 0.35 * norm(common));
      for (const Way& w : ways) {
        judged[w.trace] += 1.0;
        if (norm(w.shift - common) > limit) stray[w.trace] += 1.0;
      }
    }
  }
  for (std::size_t t = 0; t < traces.size(); ++t) stray[t] /= std::max(1.0, judged[t]);
  return stray;
}

}  // namespace hearth
