// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/tum.h>
#include <hearth/io/files.h>

#include <utility>

#include "sim/ingest/foreign/origin.h"
#include "sim/ingest/foreign/path_tracks.h"
#include "sim/ingest/foreign/text_rows.h"

namespace hearth {

Result<Imported> import_tum(const std::filesystem::path& path, const ImportOptions& options,
                            Diagnostics& diagnostics) {
  const Result<std::string> bytes = read_file(path);
  if (!bytes) return bytes.error();
  foreign::ForeignPath trajectory;
  trajectory.source = "tum";
  trajectory.file = path.string();
  foreign::TextRows rows(*bytes, path.string());
  while (rows.next()) {
    rows.expect(8, "t tx ty tz qx qy qz qw");
    foreign::PathSample sample;
    sample.time_ns = rows.time_from_seconds(0);
    sample.map_from_camera.position_m = rows.vec3(1);
    sample.map_from_camera.rotation = rows.quat(7, 4, 5, 6);
    if (!trajectory.samples.empty() && sample.time_ns <= trajectory.samples.back().time_ns) {
      rows.fail("the time is not after that of the row before", 0);
    }
    trajectory.samples.push_back(sample);
  }
  if (rows.error()) return *rows.error();
  Diagnostics found;
  Result<Tracks> tracks = foreign::tracks_from_path(trajectory, options, found);
  if (!tracks) return tracks.error();
  Imported imported;
  imported.tracks = std::move(tracks).value();
  imported.tracks->origins = {foreign::origin_of("camera", "tum", path, *bytes)};
  diagnostics.append(found);
  return imported;
}

}  // namespace hearth
