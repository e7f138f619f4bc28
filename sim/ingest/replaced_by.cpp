// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/import.h>

#include <string>
#include <utility>

namespace hearth {
namespace {

void note(Diagnostics& diagnostics, std::size_t lost, const char* what, const std::string& source) {
  if (lost == 0) return;
  diagnostics.add(Severity::note, "tracks_replaced",
                  std::to_string(lost) + " " + what + " gave way to those of " + source);
}

/// The camera and all that lives in its map.
void replace_map(Tracks& own, const Tracks& imported, Diagnostics& diagnostics) {
  note(diagnostics, own.camera.size(), "camera poses", imported.source);
  note(diagnostics, own.map_points.size(), "map points", imported.source);
  if (imported.objects.empty()) {
    note(diagnostics, own.objects.size(), "objects (they lie in the old map)", imported.source);
  }
  own.camera = imported.camera;
  own.camera_is_static = imported.camera_is_static;
  own.map_points = imported.map_points;
  own.map_scale_m = imported.map_scale_m;
  own.up_in_map = imported.up_in_map;
  own.objects.clear();
}

}  // namespace

Result<Tracks> replaced_by(Tracks own, const Tracks& imported, Diagnostics& diagnostics) {
  if (own.frame_time_ns != imported.frame_time_ns) {
    return Error{ErrorCode::invalid_argument,
                 "the tracks to complete and the imported ones have different frames; import with "
                 "the episode that they belong to",
                 "/frame_time_ns"};
  }
  if (!imported.objects.empty() && imported.camera.empty() && !own.camera.empty()) {
    return Error{ErrorCode::unsupported,
                 "imported objects need the imported camera of their map; import both", "/objects"};
  }
  if (!imported.camera.empty()) replace_map(own, imported, diagnostics);
  if (imported.camera_model != CameraModel{}) own.camera_model = imported.camera_model;
  if (!imported.objects.empty()) {
    note(diagnostics, own.objects.size(), "objects", imported.source);
    own.objects = imported.objects;
  }
  if (!imported.hands.empty()) {
    note(diagnostics, own.hands.size(), "hand tracks", imported.source);
    own.hands = imported.hands;
  }
  if (!imported.boxes.empty()) own.boxes = imported.boxes;
  if (!imported.depth_maps.empty()) own.depth_maps = imported.depth_maps;
  for (const TrackOrigin& origin : imported.origins) {
    std::erase_if(own.origins, [&](const TrackOrigin& o) { return o.part == origin.part; });
    own.origins.push_back(origin);
  }
  own.source += "+" + imported.source;
  return validated(std::move(own));
}

}  // namespace hearth
