// SPDX-License-Identifier: Apache-2.0
#include "inspect_moments.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace hearth {
namespace {

constexpr double kNoPose = 2.0;  // nothing that is seen then has a place
constexpr double kBridged = 0.5;
constexpr double kNoHand = 1.0;
constexpr double kNoHandHolding = 2.0;
constexpr double kUnsureHand = 0.5;
constexpr double kOpenTouch = 1.0;
constexpr double kShortHoleS = 0.2;   // shorter is a missed frame or two
constexpr double kUnsure = 2.5;       // times a hand's usual sigma
constexpr double kWideTouchS = 0.35;  // what an interval of a touch usually spans

class Collector {
 public:
  Collector(const Tracks& tracks, const Contacts* contacts)
      : tracks_(tracks), contacts_(contacts) {}

  [[nodiscard]] std::vector<Moment> all() {
    camera();
    for (const HandTrack& hand : tracks_.hands) {
      if (!hand.wearer) continue;
      holes(hand);
      unsure(hand);
    }
    touches();
    return std::move(moments_);
  }

 private:
  void add(int first, int last, double weight, const std::string& what) {
    const TimeNs from = tracks_.frame_time_ns[static_cast<std::size_t>(first)];
    const TimeNs to = tracks_.frame_time_ns[static_cast<std::size_t>(last)];
    moments_.push_back({from, to, what, weight * std::max(0.001, seconds_from_ns(to - from))});
  }

  // Runs of frames for which `bad` holds; short breaks do not end one.
  template <class Bad>
  void runs(double weight, const std::string& what, const Bad& bad) {
    int first = -1;
    int last = -1;
    for (int f = 0; f < tracks_.frames; ++f) {
      if (!bad(f)) continue;
      const auto time_s = [&](int k) {
        return seconds_from_ns(tracks_.frame_time_ns[static_cast<std::size_t>(k)]);
      };
      if (first >= 0 && time_s(f) - time_s(last) > kShortHoleS) {
        add(first, last, weight, what);
        first = -1;
      }
      if (first < 0) first = f;
      last = f;
    }
    if (first >= 0) add(first, last, weight, what);
  }

  void camera() {
    if (tracks_.camera_is_static) return;
    std::vector<int> state(static_cast<std::size_t>(tracks_.frames), 0);
    for (const MapCamera& c : tracks_.camera) {
      state[static_cast<std::size_t>(c.frame)] = c.observed ? 2 : 1;
    }
    runs(kNoPose, "no camera pose", [&](int f) { return state[static_cast<std::size_t>(f)] == 0; });
    runs(kBridged, "camera pose bridged, not seen",
         [&](int f) { return state[static_cast<std::size_t>(f)] == 1; });
  }

  [[nodiscard]] bool holds(const HandTrack& hand, TimeNs from, TimeNs to) const {
    return contacts_ != nullptr &&
           std::any_of(contacts_->spans.begin(), contacts_->spans.end(), [&](const ContactSpan& s) {
             return s.hand_track == hand.id && s.onset_low_ns < to && from < s.release_high_ns;
           });
  }

  void holes(const HandTrack& hand) {
    const HandObservation* before = nullptr;
    for (const HandObservation& o : hand.observations) {
      if (!o.observed) continue;
      if (before != nullptr && seconds_from_ns(o.time_ns - before->time_ns) > kShortHoleS) {
        const bool holding = holds(hand, before->time_ns, o.time_ns);
        add(before->frame, o.frame, holding ? kNoHandHolding : kNoHand,
            hand.id +
                (holding ? " hand out of sight while it holds something" : " hand out of sight"));
      }
      before = &o;
    }
  }

  void unsure(const HandTrack& hand) {
    std::vector<double> sigma;
    for (const HandObservation& o : hand.observations) sigma.push_back(o.depth_sigma_m);
    if (sigma.size() < 10) return;
    std::sort(sigma.begin(), sigma.end());
    const double usual = sigma[sigma.size() / 2];
    std::vector<bool> bad(static_cast<std::size_t>(tracks_.frames), false);
    for (const HandObservation& o : hand.observations) {
      bad[static_cast<std::size_t>(o.frame)] = o.depth_sigma_m > kUnsure * usual;
    }
    runs(kUnsureHand, hand.id + " hand's distance much less certain than usual",
         [&](int f) { return bad[static_cast<std::size_t>(f)]; });
  }

  void touches() {
    if (contacts_ == nullptr) return;
    const auto note = [&](TimeNs low, TimeNs high, const std::string& what) {
      const double span_s = seconds_from_ns(high - low);
      if (span_s > kWideTouchS) {
        moments_.push_back({low, high, what, kOpenTouch * (span_s - kWideTouchS)});
      }
    };
    for (const ContactSpan& s : contacts_->spans) {
      note(s.onset_low_ns, s.onset_high_ns, "open when the " + s.hand_track + " hand takes hold");
      note(s.release_low_ns, s.release_high_ns, "open when the " + s.hand_track + " hand lets go");
    }
  }

  const Tracks& tracks_;
  const Contacts* contacts_;
  std::vector<Moment> moments_{};
};

}  // namespace

std::vector<Moment> worst_moments(const Tracks& tracks, const Contacts* contacts,
                                  std::size_t most) {
  std::vector<Moment> moments = Collector(tracks, contacts).all();
  std::stable_sort(moments.begin(), moments.end(),
                   [](const Moment& a, const Moment& b) { return a.badness_s > b.badness_s; });
  moments.resize(std::min(moments.size(), most));
  return moments;
}

}  // namespace hearth
