// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What somebody said happens when: labelled spans of time. Spans may overlap, and one span may
/// have no verb or no noun.

#include <hearth/core/result.h>
#include <hearth/core/time.h>

#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// One labelled span [start_ns, stop_ns) of one recording.
struct Segment {
  std::string id{};         ///< As in the file; unique.
  std::string recording{};  ///< Name of the video that it speaks of.
  TimeNs start_ns = 0;      ///< Since the start of the video.
  TimeNs stop_ns = 0;       ///< After start_ns.
  std::string narration{};  ///< Words of the annotator; may be empty.
  std::string verb{};       ///< May be empty.
  std::string noun{};       ///< May be empty.
  std::optional<int> verb_class{};
  std::optional<int> noun_class{};
  std::string object_id{};  ///< One thing over several spans; may be empty.
  bool operator==(const Segment&) const = default;
};

/// All spans of one or several recordings, in the order of recording, start, stop, id.
struct Segments {
  std::string source{};  ///< Importer's name; empty only where there is no segment.
  std::vector<Segment> segments{};
  bool operator==(const Segments&) const = default;
};

/// @return invalid_argument naming the field: an empty or repeated id, no recording, a start below
/// zero, a stop that is not after the start, another order.
[[nodiscard]] Result<Segments> validated(Segments segments);

}  // namespace hearth
