// SPDX-License-Identifier: Apache-2.0
#include "report_timeline.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "draw_overlay.h"
#include "report_text.h"

namespace hearth {
namespace {

using report_text::escaped;
using report_text::fixed;

constexpr double kWidthPx = 1000.0;
constexpr double kLabelPx = 128.0;
constexpr double kRowPx = 24.0;
constexpr double kBarPx = 13.0;

class Strip {
 public:
  Strip(double start_s, double end_s) : start_s_(start_s), end_s_(std::max(end_s, start_s + 0.1)) {}

  void row(const std::string& label) {
    ++rows_;
    body_ += "<text x=\"0\" y=\"" + fixed(top() + 11, 1) + "\">" + escaped(label) + "</text>\n";
    body_ += "<rect x=\"" + fixed(kLabelPx, 0) + "\" y=\"" + fixed(top(), 1) + "\" width=\"" +
             fixed(kWidthPx - kLabelPx, 0) + "\" height=\"" + fixed(kBarPx, 0) +
             "\" class=\"lane\"/>\n";
  }
  void bar(double from_s, double to_s, const std::string& css, const std::string& title) {
    const double left = x(from_s);
    const double width = std::max(1.0, x(to_s) - left);
    body_ += "<rect x=\"" + fixed(left, 1) + "\" y=\"" + fixed(top(), 1) + "\" width=\"" +
             fixed(width, 1) + "\" height=\"" + fixed(kBarPx, 0) + "\" class=\"" + css +
             "\"><title>" + escaped(title) + "</title></rect>\n";
  }
  // A 95 % interval as a whisker, its value as a tick.
  void moment(double value_s, double low_s, double high_s, const std::string& title) {
    const double y = top() + 0.5 * kBarPx;
    body_ += "<g class=\"moment\"><title>" + escaped(title) + "</title><line x1=\"" +
             fixed(x(low_s), 1) + "\" x2=\"" + fixed(x(high_s), 1) + "\" y1=\"" + fixed(y, 1) +
             "\" y2=\"" + fixed(y, 1) + "\"/><line x1=\"" + fixed(x(value_s), 1) + "\" x2=\"" +
             fixed(x(value_s), 1) + "\" y1=\"" + fixed(top() - 2, 1) + "\" y2=\"" +
             fixed(top() + kBarPx + 2, 1) + "\"/></g>\n";
  }
  [[nodiscard]] std::string svg() const {
    const double bottom = 8.0 + rows_ * kRowPx;
    std::string out = "<svg class=\"timeline\" role=\"img\" viewBox=\"0 0 " + fixed(kWidthPx, 0) +
                      " " + fixed(bottom + 20, 0) + "\" data-label=\"" + fixed(kLabelPx, 0) +
                      "\" data-width=\"" + fixed(kWidthPx, 0) + "\" data-seconds=\"" +
                      fixed(end_s_ - start_s_, 4) +
                      "\" aria-label=\"When hands, camera and contacts were seen\">\n" + body_;
    const double span = end_s_ - start_s_;
    const double step = span > 20 ? 5.0 : span > 6 ? 1.0 : 0.5;
    for (double t = std::ceil(start_s_ / step) * step; t <= end_s_ + 1e-9; t += step) {
      out += "<line x1=\"" + fixed(x(t), 1) + "\" x2=\"" + fixed(x(t), 1) + "\" y1=\"4\" y2=\"" +
             fixed(bottom, 0) + "\" class=\"tick\"/><text x=\"" + fixed(x(t), 1) + "\" y=\"" +
             fixed(bottom + 14, 0) + "\" text-anchor=\"" +
             (x(t) > kWidthPx - 20 ? "end" : "middle") + "\" class=\"small\">" +
             fixed(t, step < 1 ? 1 : 0) + (t < step ? " s" : "") + "</text>\n";
    }
    out += "<line x1=\"" + fixed(kLabelPx, 0) + "\" x2=\"" + fixed(kLabelPx, 0) +
           "\" y1=\"0\" y2=\"" + fixed(bottom, 0) + "\" class=\"now\"/>\n";
    return out + "</svg>\n";
  }

 private:
  [[nodiscard]] double top() const { return 6.0 + (rows_ - 1) * kRowPx; }
  [[nodiscard]] double x(double t_s) const {
    const double share = (std::clamp(t_s, start_s_, end_s_) - start_s_) / (end_s_ - start_s_);
    return kLabelPx + share * (kWidthPx - kLabelPx);
  }
  double start_s_;
  double end_s_;
  int rows_ = 0;
  std::string body_{};
};

// Joins frames of one kind into bars; `kind` of a frame may be empty.
template <class KindOf>
void frame_bars(Strip& strip, const std::vector<TimeNs>& times_ns, double frame_s, KindOf kind_of) {
  std::size_t start = 0;
  for (std::size_t i = 1; i <= times_ns.size(); ++i) {
    const std::string kind = kind_of(start);
    if (i < times_ns.size() && kind_of(i) == kind) continue;
    const double from = seconds_from_ns(times_ns[start]);
    const double to = i < times_ns.size() ? seconds_from_ns(times_ns[i])
                                          : seconds_from_ns(times_ns[i - 1]) + frame_s;
    if (!kind.empty()) strip.bar(from, to, kind, report_text::words(kind));
    start = i;
  }
}

void hand_row(Strip& strip, const ReportRun& run, HandSide side, double frame_s) {
  const std::string name = side == HandSide::left ? "left" : "right";
  std::vector<std::string> kinds(run.tracks->frame_time_ns.size());
  for (const HandTrack& track : run.tracks->hands) {
    if (track.side != side || !track.wearer) continue;
    for (const HandObservation& seen : track.observations) {
      const auto frame = static_cast<std::size_t>(std::max(0, seen.frame));
      if (frame < kinds.size()) kinds[frame] = name + (seen.observed ? " observed" : " bridged");
    }
  }
  strip.row(name + " hand");
  frame_bars(strip, run.tracks->frame_time_ns, frame_s, [&](std::size_t i) { return kinds[i]; });
}

void camera_row(Strip& strip, const ReportRun& run, double frame_s) {
  std::vector<std::string> kinds(run.tracks->frame_time_ns.size());
  for (const MapCamera& camera : run.tracks->camera) {
    const auto frame = static_cast<std::size_t>(std::max(0, camera.frame));
    if (frame < kinds.size()) kinds[frame] = camera.observed ? "camera observed" : "camera bridged";
  }
  strip.row("camera pose");
  frame_bars(strip, run.tracks->frame_time_ns, frame_s, [&](std::size_t i) { return kinds[i]; });
}

void contact_row(Strip& strip, const Home& home) {
  strip.row("hand on object");
  for (const ContactSpan& span : home.contacts.spans) {
    const double onset = seconds_from_ns(span.onset_ns);
    const double release = seconds_from_ns(span.release_ns);
    strip.bar(onset, release, "contact",
              "contact from " + fixed(onset, 2) + " s to " + fixed(release, 2) + " s");
    strip.moment(onset, seconds_from_ns(span.onset_low_ns), seconds_from_ns(span.onset_high_ns),
                 "first touch, 95 % interval");
    strip.moment(release, seconds_from_ns(span.release_low_ns),
                 seconds_from_ns(span.release_high_ns), "last touch, 95 % interval");
  }
}

void replay_row(Strip& strip, const ReportRun& run, double lead_in_s) {
  const Rollout& rollout = *run.rollout;
  strip.row("simulated touch");
  const std::vector<std::uint8_t>& touch = rollout.hand_touches_object;
  const auto time_of = [&](std::size_t row) {
    return static_cast<double>(row) / rollout.control_rate_hz - lead_in_s;
  };
  std::size_t start = 0;
  for (std::size_t i = 1; i <= touch.size(); ++i) {
    if (i < touch.size() && (touch[i] != 0) == (touch[start] != 0)) continue;
    if (touch[start] != 0) {
      strip.bar(time_of(start), time_of(i), "replayed", "the simulated hand touches the object");
    }
    start = i;
  }
}

}  // namespace

std::string timeline_svg(const ReportRun& run) {
  const ReportClock clock = clock_of(run);
  Strip strip(-clock.lead_in_s, clock.end_s);
  double frame_s = 1.0 / 30.0;
  if (run.episode && run.episode->nominal_rate_hz > 0.0)
    frame_s = 1.0 / run.episode->nominal_rate_hz;
  if (run.tracks) {
    hand_row(strip, run, HandSide::left, frame_s);
    hand_row(strip, run, HandSide::right, frame_s);
    camera_row(strip, run, frame_s);
  }
  if (run.home) contact_row(strip, *run.home);
  if (run.rollout) replay_row(strip, run, clock.lead_in_s);
  return strip.svg();
}

}  // namespace hearth
