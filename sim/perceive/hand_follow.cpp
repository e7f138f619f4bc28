// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/hand_follow.h"

#include <hearth/core/parallel.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

namespace hearth::hands {
namespace {

constexpr double kSameSquare = 0.5;  // Overlap from which two squares hold one hand.
constexpr int kCheckEvery = 5;       // Frames between questions to the palm network about a track.
constexpr int kRefusedFor = 6;       // Frames for which a refused place is not tried again.
constexpr double kMaxJumpShare = 0.6;  // Of the square's side, from frame to frame.

Vec2 middle_of(const Reading& reading) {
  Vec2 sum{};
  for (const Vec2 p : reading.joints_px) {
    sum = sum + p;
  }
  return (1.0 / kHandJoints) * sum;
}

/// Full frame, four large and four small crops: hands of a head camera are small and near the lower
/// border, and the palm network was trained on large ones.
std::vector<Square> search_squares(const Picture& picture) {
  const double w = picture.width_px();
  const double h = picture.height_px();
  const Vec2 middle = {0.5 * (w - 1.0), 0.5 * (h - 1.0)};
  std::vector<Square> squares = {{middle, std::max(w, h), 0.0}};
  const double large = std::min(0.62 * std::max(w, h), std::min(w, h));
  for (const Vec2 share : {Vec2{0, 1}, Vec2{1, 1}, Vec2{0.5, 1}, Vec2{0.5, 0.5}}) {
    squares.push_back(
        {{0.5 * large + share.x * (w - large) - 0.5, 0.5 * large + share.y * (h - large) - 0.5},
         large,
         0.0});
  }
  const double small = std::min(0.4 * std::max(w, h), std::min(w, h));
  for (const Vec2 share : {Vec2{0.1, 0.7}, Vec2{0.5, 0.45}, Vec2{0.5, 0.9}, Vec2{0.9, 0.7}}) {
    squares.push_back(
        {{0.5 * small + share.x * (w - small) - 0.5, 0.5 * small + share.y * (h - small) - 0.5},
         small,
         0.0});
  }
  return squares;
}

/// The search in one run over the frames, forwards and then backwards.
class Follower {
 public:
  Follower(const Episode& episode, const FrameSource& frames, const TrackHandsOptions& options,
           HandNets nets)
      : frames_(frames), options_(options), nets_(std::move(nets)) {
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
      std::vector<std::size_t> open = starting_at(looked_at_[n + 1]);
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

  /// Reads the hand where `last` saw it; where it is gone, also where it was heading and wider.
  Result<std::optional<Reading>> follow(const Picture& picture, const Reading& last,
                                        const Reading* before) {
    const Square here = square_from_joints(last.joints_px);
    std::vector<Square> places = {here};
    if (before != nullptr) {
      Square ahead = here;
      ahead.center_px = ahead.center_px + (middle_of(last) - middle_of(*before));
      places.push_back(ahead);
    }
    Square wide = here;
    wide.side_px *= 1.3;
    places.push_back(wide);
    for (const Square& place : places) {
      const Result<std::vector<Reading>> read = nets_.read_hands(picture, {place});
      if (!read) {
        return read.error();
      }
      const Reading& reading = read.value()[0];
      const double jump = norm(middle_of(reading) - middle_of(last));
      const double now = square_from_joints(reading.joints_px).side_px;
      // A hand that shrinks or grows at once is a reading that slipped onto something else.
      const bool plausible = jump < kMaxJumpShare * here.side_px && now > 0.7 * here.side_px &&
                             now < 1.4 * here.side_px;
      if (reading.presence >= options_.min_presence && plausible) {
        return std::optional<Reading>(reading);
      }
    }
    return std::optional<Reading>();
  }

  Result<Done> step_forwards(const Picture& picture, std::size_t n,
                             std::vector<std::size_t>& active) {
    const int frame = looked_at_[n];
    std::vector<std::size_t> still;
    for (const std::size_t index : active) {
      Segment& segment = segments_[index];
      const auto last = std::prev(segment.readings.end());
      const Reading* before = segment.readings.size() > 1 ? &std::prev(last)->second : nullptr;
      Result<std::optional<Reading>> read = follow(picture, last->second, before);
      if (!read) {
        return read.error();
      }
      if (!read.value()) {
        continue;
      }
      // Of two tracks that run into one hand the older goes on.
      const bool taken = std::any_of(still.begin(), still.end(), [&](std::size_t other) {
        return same_hand(segments_[other].readings.at(frame), *read.value());
      });
      if (!taken) {
        segment.readings[frame] = *read.value();
        still.push_back(index);
      }
    }
    active = std::move(still);
    // The other hand may come in at any time, but following backwards finds its first frames too.
    const std::size_t stride = static_cast<std::size_t>(options_.search_stride);
    const bool search = n % (active.empty()       ? stride
                             : active.size() == 1 ? 2 * stride
                                                  : 10 * stride) ==
                        0;
    if (search) {
      return find_new(picture, frame, active);
    }
    return n % kCheckEvery == 0 ? check(picture, frame, active) : Result<Done>(Done{});
  }

  /// Asks the palm network whether it, too, sees the followed hands.
  Result<Done> check(const Picture& picture, int frame, const std::vector<std::size_t>& active) {
    for (const std::size_t index : active) {
      const Square square = square_from_joints(segments_[index].readings.at(frame).joints_px);
      const Result<int> votes = palm_votes(picture, square);
      if (!votes) {
        return votes.error();
      }
      segments_[index].checked.push_back(frame);
      if (votes.value() >= 1) {
        segments_[index].confirmed.push_back(frame);
      }
    }
    return Done{};
  }

  /// In how many of three crops round a square the palm network finds its hand again.
  Result<int> palm_votes(const Picture& picture, const Square& square) {
    std::vector<Square> crops;
    for (const double factor : {1.5, 2.2, 3.2}) {
      crops.push_back({square.center_px, factor * square.side_px, 0.0});
    }
    const Result<std::vector<std::vector<Palm>>> found =
        nets_.find_palms(picture, crops, options_.min_palm_score);
    if (!found) {
      return found.error();
    }
    int votes = 0;
    for (const std::vector<Palm>& palms : found.value()) {
      votes += std::any_of(palms.begin(), palms.end(), [&](const Palm& palm) {
        return overlap(square_from_palm(palm), square) >= 0.4;
      });
    }
    return votes;
  }

  Result<Done> find_new(const Picture& picture, int frame, std::vector<std::size_t>& active) {
    const Result<std::vector<std::vector<Palm>>> found =
        nets_.find_palms(picture, search_squares(picture), options_.min_palm_score);
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
    Result<std::vector<Reading>> read = nets_.read_hands(picture, {square});
    if (!read) {
      return read.error();
    }
    // A second look from the joints themselves is steadier than one from the palm.
    if (read.value()[0].presence >= options_.min_presence) {
      Result<std::vector<Reading>> again =
          nets_.read_hands(picture, {square_from_joints(read.value()[0].joints_px)});
      if (!again) {
        return again.error();
      }
      if (again.value()[0].presence >= read.value()[0].presence) {
        read = std::move(again);
      }
    }
    const Reading& reading = read.value()[0];
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
    const Result<int> votes = palm_votes(picture, square);
    if (!votes) {
      return votes.error();
    }
    if (votes.value() < 2) {
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

  [[nodiscard]] std::vector<std::size_t> starting_at(int frame) const {
    std::vector<std::size_t> starting;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (!segments_[i].readings.empty() && segments_[i].first() == frame) {
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
      Result<std::optional<Reading>> read = follow(picture, first->second, after);
      if (!read) {
        return read.error();
      }
      if (!read.value()) {
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
  HandNets nets_;
  std::vector<int> looked_at_;
  std::vector<Segment> segments_;
  double frame_px_per_px_ = 1.0;
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
