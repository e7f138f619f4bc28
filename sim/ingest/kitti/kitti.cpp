// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/kitti.h>
#include <hearth/io/files.h>

#include <array>
#include <utility>

#include "sim/ingest/foreign/origin.h"
#include "sim/ingest/foreign/path_tracks.h"
#include "sim/ingest/foreign/poses.h"
#include "sim/ingest/foreign/text_rows.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

Result<Done> read_times(const fs::path& file, foreign::ForeignPath& trajectory) {
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  foreign::TextRows rows(*bytes, file.string());
  std::size_t i = 0;
  while (rows.next()) {
    rows.expect(1, "a time in seconds");
    const TimeNs time_ns = rows.time_from_seconds(0);
    if (i >= trajectory.samples.size()) {
      rows.fail("there are more times than poses");
      break;
    }
    if (i > 0 && time_ns <= trajectory.samples[i - 1].time_ns) {
      rows.fail("the time is not after that of the row before", 0);
    }
    trajectory.samples[i++].time_ns = time_ns;
  }
  if (rows.error()) return *rows.error();
  if (i < trajectory.samples.size()) {
    return Error{ErrorCode::corrupt,
                 "holds " + std::to_string(i) + " times for " +
                     std::to_string(trajectory.samples.size()) + " poses",
                 file.string()};
  }
  trajectory.has_times = true;
  return Done{};
}

}  // namespace

Result<Imported> import_kitti(const fs::path& path, const ImportOptions& options,
                              Diagnostics& diagnostics) {
  const Result<std::string> bytes = read_file(path);
  if (!bytes) return bytes.error();
  foreign::ForeignPath trajectory;
  trajectory.source = "kitti";
  trajectory.file = path.string();
  trajectory.has_times = false;
  foreign::TextRows rows(*bytes, path.string());
  while (rows.next()) {
    rows.expect(12, "a 3x4 matrix");
    std::array<double, 12> m{};
    for (std::size_t i = 0; i < m.size(); ++i) m[i] = rows.number(i);
    const std::optional<Pose> pose = foreign::pose_from_rows(m);
    if (!pose) rows.fail("the 3x3 part is no rotation");
    trajectory.samples.push_back({0, pose.value_or(Pose{})});
  }
  if (rows.error()) return *rows.error();
  const fs::path times = path.parent_path() / "times.txt";
  std::error_code ignored;
  if (fs::is_regular_file(times, ignored)) {
    if (const Result<Done> read = read_times(times, trajectory); !read) return read.error();
  }
  Diagnostics found;
  Result<Tracks> tracks = foreign::tracks_from_path(trajectory, options, found);
  if (!tracks) return tracks.error();
  Imported imported;
  imported.tracks = std::move(tracks).value();
  imported.tracks->origins = {foreign::origin_of("camera", "kitti", path, *bytes)};
  diagnostics.append(found);
  return imported;
}

}  // namespace hearth
