// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/episode.h>

#include <algorithm>

#include "check.h"

namespace hearth {

double duration_s(const Episode& episode) {
  const std::vector<TimeNs>& times = episode.frame_time_ns;
  if (times.empty()) return 0.0;
  if (times.size() == 1) {
    return episode.nominal_rate_hz > 0.0 ? 1.0 / episode.nominal_rate_hz : 0.0;
  }
  std::vector<TimeNs> gaps;
  for (std::size_t i = 1; i < times.size(); ++i) gaps.push_back(times[i] - times[i - 1]);
  std::nth_element(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2),
                   gaps.end());
  return seconds_from_ns(times.back() - times.front() + gaps[gaps.size() / 2]);
}

Result<Episode> validated(Episode episode) {
  Check check;
  check.named(episode.clip_file, "/clip_file");
  check.that(episode.clip_sha256.size() == 64, "/clip_sha256", "must have 64 digits");
  check.that(episode.width_px > 0, "/width_px", "must be positive");
  check.that(episode.height_px > 0, "/height_px", "must be positive");
  check.that(episode.rotation_deg == 0 || episode.rotation_deg == 90 ||
                 episode.rotation_deg == 180 || episode.rotation_deg == 270,
             "/rotation_deg", "must be 0, 90, 180 or 270");
  check.not_below_zero(episode.nominal_rate_hz, "/nominal_rate_hz");
  check.that(!episode.frame_time_ns.empty(), "/frame_time_ns", "must have at least one frame");
  if (!episode.frame_time_ns.empty()) {
    check.that(episode.frame_time_ns.front() == 0, "/frame_time_ns/0", "must be 0");
  }
  check.ascending(episode.frame_time_ns, "/frame_time_ns");
  const int frames = static_cast<int>(episode.frame_time_ns.size());
  for (std::size_t i = 0; i < episode.repeated_frames.size(); ++i) {
    check.that(episode.repeated_frames[i] > 0 && episode.repeated_frames[i] < frames,
               at("repeated_frames", i), "must be a frame after the first");
  }
  check.nested(validated(episode.camera), "/camera");
  check.that(
      episode.camera.width_px == episode.width_px && episode.camera.height_px == episode.height_px,
      "/camera", "must be made for the clip's frame size");
  return check.result(std::move(episode));
}

}  // namespace hearth
