// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/hand_follow.h"

#include <hearth/core/parallel.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "sim/perceive/hand_look.h"
#include "sim/perceive/hand_search.h"

namespace hearth::hands {
namespace {

constexpr double kSameSquare = 0.5;  // Overlap from which two squares hold one hand.
constexpr int kCheckEvery = 5;       // Frames between questions to the palm network about a track.
constexpr int kRefusedFor = 6;       // Frames for which a refused place is not tried again.
constexpr std::size_t kWaitFrames = 3;  // A hand lost for fewer frames is looked for where it was.
constexpr std::size_t kBorderEvery = 12;  // Frames between looks along the border.
constexpr double kBorderPresence = 0.9;
constexpr int kMinOwnReadings = 5;  // Before the palm network alone may carry a hand on.

/// The search in one run over the frames, forwards and then backwards.
class Follower {
 public:
  Follower(const Episode& episode, const FrameSource& frames, const TrackHandsOptions& options,
           HandNets nets)
      : frames_(frames), options_(options), look_(options, std::move(nets)) {
    const std::set<int> repeated(episode.repeated_frames.begin(), episode.repeated_frames.end());
    for (int k = 0; k < static_cast<int>(episode.frame_time_ns.size()); ++k) {
      if (!repeated.contains(k)) {
        looked_at_.push_back(k);
      }
    }
  }

  Result<Done> forwards(const Progress& progress) {
    std::vector<std::size_t> active;
    for (std::size_t n = 0; n < looked_at_.size(); ++n) {
      const Result<Picture> picture = picture_of(looked_at_[n]);
      if (!picture) {
        return picture.error();
      }
      const Result<Done> done = step_forwards(picture.value(), n, active);
      if (!done) {
        return done;
      }
      if (!report(progress, "finding hands", static_cast<std::int64_t>(n + 1),
                  static_cast<std::int64_t>(2 * looked_at_.size()))) {
        return stopped();
      }
    }
    return Done{};
  }

  Result<Done> backwards(const Progress& progress) {
    for (std::size_t n = looked_at_.size() - 1; n-- > 0;) {
      const std::size_t near = std::min(n + kWaitFrames, looked_at_.size() - 1);
      std::vector<std::size_t> open = starting_in(looked_at_[n + 1], looked_at_[near]);
      if (!open.empty()) {
        const Result<Picture> picture = picture_of(looked_at_[n]);
        if (!picture) {
          return picture.error();
        }
        const Result<Done> done = step_backwards(picture.value(), n, open);
        if (!done) {
          return done;
        }
      }
      if (!report(progress, "finding hands", static_cast<std::int64_t>(2 * looked_at_.size() - n),
                  static_cast<std::int64_t>(2 * looked_at_.size()))) {
        return stopped();
      }
    }
    return Done{};
  }

  Sightings take(double frame_px_per_px) {
    Sightings sightings;
    sightings.refused = refused_;
    for (Segment& segment : segments_) {
      if (!segment.readings.empty()) {
        for (auto& [frame, reading] : segment.readings) {
          to_frame_pixels(reading, frame_px_per_px);
        }
        sightings.segments.push_back(std::move(segment));
      }
    }
    std::stable_sort(sightings.segments.begin(), sightings.segments.end(),
                     [](const Segment& a, const Segment& b) { return a.first() < b.first(); });
    return sightings;
  }

  [[nodiscard]] double frame_px_per_px() const { return frame_px_per_px_; }
  [[nodiscard]] bool has_frames() const { return !looked_at_.empty(); }

 private:
  static Error stopped() { return {ErrorCode::try_again, "stopped on request", "perceive"}; }

  static void to_frame_pixels(Reading& reading, double factor) {
    const auto moved = [&](Vec2 p) {
      return Vec2{(p.x + 0.5) * factor - 0.5, (p.y + 0.5) * factor - 0.5};
    };
    for (Vec2& p : reading.joints_px) {
      p = moved(p);
    }
    reading.square.center_px = moved(reading.square.center_px);
    reading.square.side_px *= factor;
  }

  Result<Picture> picture_of(int frame) {
    const Result<ImageRgb8> image = frames_(frame);
    if (!image) {
      return image.error();
    }
    Picture picture = make_picture(image.value(), options_.max_side_px);
    frame_px_per_px_ = picture.frame_px_per_px;
    return picture;
  }

  Result<Done> step_forwards(const Picture& picture, std::size_t n,
                             std::vector<std::size_t>& active) {
    const int frame = looked_at_[n];
    std::vector<std::size_t> still;
    std::vector<std::size_t> lost;
    // Of two tracks that run into one hand the older goes on.
    const auto add = [&](std::size_t index, const std::optional<Reading>& reading) {
      if (!reading) {
        lost.push_back(index);
      } else if (!is_taken(still, frame, *reading)) {
        segments_[index].readings[frame] = *reading;
        still.push_back(index);
      }
    };
    for (const std::size_t index : active) {
      const Segment& segment = segments_[index];
      const auto last = std::prev(segment.readings.end());
      const Reading* before = segment.readings.size() > 1 ? &std::prev(last)->second : nullptr;
      const Result<std::optional<Reading>> read = look_.follow(picture, last->second, before);
      if (!read) {
        return read.error();
      }
      add(index, read.value());
    }
    std::vector<std::size_t> to_carry;
    std::swap(to_carry, lost);
    for (const std::size_t index : to_carry) {
      const Segment& segment = segments_[index];
      const Result<std::optional<Reading>> read =
          is_established(segment) ? look_.carry(picture, segment.readings.rbegin()->second)
                                  : Result<std::optional<Reading>>(std::optional<Reading>());
      if (!read) {
        return read.error();
      }
      add(index, read.value());
    }
    active = std::move(still);
    // The other hand may come in at any time, but following backwards finds its first frames too.
    const std::size_t stride = static_cast<std::size_t>(options_.search_stride);
    const bool search = n % (active.empty()       ? stride
                             : active.size() == 1 ? 3 * stride
                                                  : 15 * stride) ==
                        0;
    const Result<Done> done = search                 ? find_new(picture, frame, active)
                              : n % kCheckEvery == 0 ? check(picture, frame, active)
                                                     : Result<Done>(Done{});
    if (done && active.size() == 1 && n % kBorderEvery == kBorderEvery / 2) {
      const Result<Done> tried = look_along_border(picture, frame, active);
      if (!tried) {
        return tried;
      }
    }
    for (const std::size_t index : lost) {
      if (n < index_of(segments_[index].last()) + kWaitFrames) {
        active.push_back(index);
      }
    }
    return done;
  }

  /// True where one of these segments shows this very hand. What the palm network alone carries
  /// must keep away from other hands: it would be drawn onto them.
  [[nodiscard]] bool is_taken(const std::vector<std::size_t>& others, int frame,
                              const Reading& reading) const {
    return std::any_of(others.begin(), others.end(), [&](std::size_t other) {
      const Reading& theirs = segments_[other].readings.at(frame);
      return same_hand(theirs, reading) ||
             (reading.carried && overlap(square_from_joints(theirs.joints_px),
                                         square_from_joints(reading.joints_px)) >= 0.3);
    });
  }

  /// Place of a frame among those that are looked at.
  [[nodiscard]] std::size_t index_of(int frame) const {
    return static_cast<std::size_t>(std::lower_bound(looked_at_.begin(), looked_at_.end(), frame) -
                                    looked_at_.begin());
  }

  /// True where the landmark network itself saw the hand often enough.
  static bool is_established(const Segment& segment) {
    return std::count_if(segment.readings.begin(), segment.readings.end(),
                         [](const auto& item) { return !item.second.carried; }) >= kMinOwnReadings;
  }

  /// Asks the palm network whether it, too, sees the followed hands.
  Result<Done> check(const Picture& picture, int frame, const std::vector<std::size_t>& active) {
    for (const std::size_t index : active) {
      const Square square = square_from_joints(segments_[index].readings.at(frame).joints_px);
      const Result<std::vector<Palm>> palms = look_.palms_at(picture, square, 1);
      if (!palms) {
        return palms.error();
      }
      bool seen = !palms.value().empty();
      if (!seen && segments_[index].by_shape) {
        const Result<bool> stands = look_.stands(picture, segments_[index].readings.at(frame));
        if (!stands) {
          return stands.error();
        }
        seen = stands.value();
      }
      segments_[index].checked.push_back(frame);
      if (seen) {
        segments_[index].confirmed.push_back(frame);
      }
    }
    return Done{};
  }

  Result<Done> find_new(const Picture& picture, int frame, std::vector<std::size_t>& active) {
    const Result<std::vector<std::vector<Palm>>> found = look_.nets().find_palms(
        picture, search_squares(picture, searches_++), options_.min_palm_score);
    if (!found) {
      return found.error();
    }
    std::vector<Palm> all;
    for (const std::vector<Palm>& palms : found.value()) {
      all.insert(all.end(), palms.begin(), palms.end());
    }
    std::vector<bool> seen(active.size(), false);
    for (const Palm& palm : merge_palms(std::move(all), 0.3)) {
      const Square square = square_from_palm(palm);
      bool known = false;
      for (std::size_t i = 0; i < active.size(); ++i) {
        const Square other = square_from_joints(segments_[active[i]].readings.at(frame).joints_px);
        if (overlap(square, other) >= kSameSquare) {
          known = true;
          if (i < seen.size()) {
            seen[i] = true;
          }
        }
      }
      if (!known) {
        const Result<Done> tried = try_new(picture, frame, square, active);
        if (!tried) {
          return tried;
        }
      }
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
      if (segments_[active[i]].by_shape && !seen[i]) {
        continue;  // check() asks the landmark network about it.
      }
      segments_[active[i]].checked.push_back(frame);
      if (seen[i]) {
        segments_[active[i]].confirmed.push_back(frame);
      }
    }
    return Done{};
  }

  /// True where the same place was refused a moment ago.
  [[nodiscard]] bool refused_lately(int frame, const Square& square) const {
    return std::any_of(refused_places_.rbegin(), refused_places_.rend(), [&](const auto& place) {
      return frame - place.first <= kRefusedFor && overlap(place.second, square) >= 0.7;
    });
  }

  void refuse(int frame, const Square& square) {
    ++refused_;
    refused_places_.push_back({frame, square});
  }

  Result<Done> try_new(const Picture& picture, int frame, const Square& square,
                       std::vector<std::size_t>& active) {
    if (refused_lately(frame, square)) {
      return Done{};
    }
    const Result<Reading> read = look_.look_twice(picture, square);
    if (!read) {
      return read.error();
    }
    const Reading& reading = *read;
    const bool known = std::any_of(active.begin(), active.end(), [&](std::size_t other) {
      return same_hand(segments_[other].readings.at(frame), reading);
    });
    if (known) {
      return Done{};
    }
    if (reading.presence < options_.min_new_presence) {
      refuse(frame, square);
      return Done{};
    }
    const Result<std::vector<Palm>> palms = look_.palms_at(picture, square, 2);
    if (!palms) {
      return palms.error();
    }
    if (palms.value().size() < 2) {
      refuse(frame, square);
      return Done{};
    }
    Segment segment;
    segment.readings[frame] = reading;
    segment.checked.push_back(frame);
    segment.confirmed.push_back(frame);
    active.push_back(segments_.size());
    segments_.push_back(std::move(segment));
    return Done{};
  }

  /// Where one hand is followed, the other may lie at the border of the picture in a pose in which
  /// the palm network does not see it: the landmark network is asked directly, and must be sure.
  Result<Done> look_along_border(const Picture& picture, int frame,
                                 std::vector<std::size_t>& active) {
    const Square known = square_from_joints(segments_[active[0]].readings.at(frame).joints_px);
    for (const Square& square : border_squares(picture, known.side_px)) {
      if (overlap(square, known) >= 0.3) {
        continue;
      }
      const Result<Reading> read = look_.look_twice(picture, square);
      if (!read) {
        return read.error();
      }
      if (read->presence < kBorderPresence || is_taken(active, frame, *read)) {
        continue;
      }
      const Result<bool> stands = look_.stands(picture, *read);
      if (!stands) {
        return stands.error();
      }
      if (stands.value()) {
        Segment segment;
        segment.readings[frame] = *read;
        segment.by_shape = true;
        segment.checked.push_back(frame);
        segment.confirmed.push_back(frame);
        active.push_back(segments_.size());
        segments_.push_back(std::move(segment));
        return Done{};
      }
    }
    return Done{};
  }

  [[nodiscard]] std::vector<std::size_t> starting_in(int first, int last) const {
    std::vector<std::size_t> starting;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (!segments_[i].readings.empty() && segments_[i].first() >= first &&
          segments_[i].first() <= last) {
        starting.push_back(i);
      }
    }
    return starting;
  }

  Result<Done> step_backwards(const Picture& picture, std::size_t n,
                              const std::vector<std::size_t>& open) {
    const int frame = looked_at_[n];
    for (const std::size_t index : open) {
      Segment& segment = segments_[index];
      const auto first = segment.readings.begin();
      const Reading* after = segment.readings.size() > 1 ? &std::next(first)->second : nullptr;
      Result<std::optional<Reading>> read = look_.follow(picture, first->second, after);
      if (read && !read.value() && is_established(segment)) {
        read = look_.carry(picture, first->second);
      }
      if (!read) {
        return read.error();
      }
      if (!read.value() ||
          (read.value()->carried && is_taken(all_but(index, frame), frame, *read.value()))) {
        continue;
      }
      Segment* other = segment_at(frame, *read.value(), index);
      if (other == nullptr) {
        segment.readings[frame] = *read.value();
      } else if (other->last() < segment.first()) {
        // The same hand, lost and found again: one segment.
        other->readings.merge(segment.readings);
        append(other->checked, segment.checked);
        append(other->confirmed, segment.confirmed);
        segment.readings.clear();
      }
    }
    return Done{};
  }

  [[nodiscard]] std::vector<std::size_t> all_but(std::size_t index, int frame) const {
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (i != index && segments_[i].readings.contains(frame)) {
        others.push_back(i);
      }
    }
    return others;
  }

  static void append(std::vector<int>& to, const std::vector<int>& from) {
    to.insert(to.end(), from.begin(), from.end());
  }

  Segment* segment_at(int frame, const Reading& reading, std::size_t except) {
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      const auto found = segments_[i].readings.find(frame);
      if (i != except && found != segments_[i].readings.end() &&
          same_hand(found->second, reading)) {
        return &segments_[i];
      }
    }
    return nullptr;
  }

  const FrameSource& frames_;
  const TrackHandsOptions& options_;
  HandLook look_;
  std::vector<int> looked_at_;
  std::vector<Segment> segments_;
  double frame_px_per_px_ = 1.0;
  int searches_ = 0;
  int refused_ = 0;
  std::vector<std::pair<int, Square>> refused_places_;
};

}  // namespace

bool same_hand(const Reading& a, const Reading& b) {
  const double side =
      std::min(square_from_joints(a.joints_px).side_px, square_from_joints(b.joints_px).side_px);
  double distance = 0.0;
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    distance += norm(a.joints_px[j] - b.joints_px[j]) / kHandJoints;
  }
  return distance < 0.2 * side;
}

Result<Sightings> follow_hands(const Episode& episode, const FrameSource& frames,
                               const TrackHandsOptions& options, const Progress& progress) {
  const int workers = std::min(thread_count(options.jobs), 8);
  Result<HandNets> nets = HandNets::load(options.model_dir, workers);
  if (!nets) {
    return nets.error();
  }
  Follower follower(episode, frames, options, std::move(nets).value());
  if (!follower.has_frames()) {
    return Sightings{};
  }
  if (const Result<Done> done = follower.forwards(progress); !done) {
    return done.error();
  }
  if (const Result<Done> done = follower.backwards(progress); !done) {
    return done.error();
  }
  return follower.take(follower.frame_px_per_px());
}

}  // namespace hearth::hands
