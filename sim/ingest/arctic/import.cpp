// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/arctic.h>
#include <hearth/io/files.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "sequence.h"
#include "sim/ingest/foreign/obj_extent.h"
#include "sim/ingest/foreign/object_rows.h"
#include "sim/ingest/foreign/origin.h"
#include "sim/ingest/foreign/world_recording.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

using arctic::Part;
using arctic::Sequence;
using foreign::ObjectExtent;
using foreign::WorldRecording;

constexpr double kHandSigmaM = 0.003;  // Marker-based motion capture.
constexpr std::array kParts = {Part::bottom, Part::top};

const char* name_of(Part part) { return part == Part::bottom ? "bottom" : "top"; }

/// "mixer" of "mixer_use_01".
std::string object_of(const fs::path& file) {
  const std::string stem = file.stem().string();
  return stem.substr(0, stem.find('_'));
}

void include(ObjectExtent& extent, Vec3 p) {
  extent.min_m = {std::min(extent.min_m.x, p.x), std::min(extent.min_m.y, p.y),
                  std::min(extent.min_m.z, p.z)};
  extent.max_m = {std::max(extent.max_m.x, p.x), std::max(extent.max_m.y, p.y),
                  std::max(extent.max_m.z, p.z)};
}

/// Box around all touched points of a part, in the part's frame; a lower bound of its size.
ObjectExtent touched_extent(const Sequence& sequence, Part part) {
  ObjectExtent extent{{-0.01, -0.01, -0.01}, {0.01, 0.01, 0.01}};
  for (const arctic::SequenceHand* hand : {&sequence.left, &sequence.right}) {
    for (std::size_t t = 0; t < hand->touches.size(); ++t) {
      const Pose part_from_world = inverse(world_from_part(sequence, part, t));
      for (const arctic::Touch& touch : hand->touches[t]) {
        if (touch.part == part) include(extent, part_from_world * touch.p_in_world_m);
      }
    }
  }
  return extent;
}

Result<ObjectExtent> extent_of(const fs::path& file, const Sequence& sequence, Part part,
                               Diagnostics& diagnostics) {
  const fs::path mesh = file.parent_path() / "models" / object_of(file) /
                        (std::string(name_of(part)) + "_watertight_tiny.obj");
  std::error_code ignored;
  if (fs::is_regular_file(mesh, ignored)) {
    const Result<std::string> bytes = read_file(mesh);
    if (!bytes) return bytes.error();
    return foreign::extent_of_obj(*bytes, mesh.string());
  }
  diagnostics.add(Severity::guess, "object_size_guessed",
                  std::string("no mesh of part ") + name_of(part) +
                      " at hand: the box of its touched points stands for it",
                  mesh.string());
  return touched_extent(sequence, part);
}

Vec3 mean(const std::vector<Vec3>& points) {
  Vec3 sum;
  for (const Vec3 p : points) sum = sum + p;
  return (1.0 / static_cast<double>(points.size())) * sum;
}

/// A camera that rests behind the hands, at the height of a head, and looks at the object.
Pose invented_camera(const Sequence& sequence) {
  std::vector<Vec3> objects;
  std::vector<Vec3> wrists;
  for (std::size_t t = 0; t < sequence.time_ns.size(); ++t) {
    if (sequence.left.touches[t].empty() && sequence.right.touches[t].empty()) continue;
    objects.push_back(sequence.world_from_bottom[t].position_m);
    wrists.push_back(sequence.left.joints_in_world_m[t][0]);
    wrists.push_back(sequence.right.joints_in_world_m[t][0]);
  }
  if (objects.empty()) {
    for (const Pose& pose : sequence.world_from_bottom) objects.push_back(pose.position_m);
    wrists = {sequence.left.joints_in_world_m.front()[0],
              sequence.right.joints_in_world_m.front()[0]};
  }
  const Vec3 target = mean(objects);
  Vec3 back = mean(wrists) - target;
  back.z = 0.0;
  back = norm(back) > 0.01 ? normalized(back) : Vec3{0.0, -1.0, 0.0};
  const Vec3 eye = target + 0.6 * back + Vec3{0.0, 0.0, 0.6};
  const Vec3 z = normalized(target - eye);
  const Vec3 x = normalized(cross(z, {0.0, 0.0, 1.0}));
  return {eye, quat_from_axes(x, cross(z, x), z)};
}

CameraModel invented_model() {
  CameraModel model;
  model.width_px = 960;
  model.height_px = 720;
  model.fx_px = model.fy_px = 400.0;
  model.cx_px = 479.5;
  model.cy_px = 359.5;
  model.source = IntrinsicsSource::guess;
  return model;
}

foreign::WorldHand hand_of(const Sequence& sequence, HandSide side) {
  const arctic::SequenceHand& from = side == HandSide::left ? sequence.left : sequence.right;
  foreign::WorldHand hand;
  hand.side = side;
  hand.sigma_m = kHandSigmaM;
  for (std::size_t t = 0; t < sequence.time_ns.size(); ++t) {
    hand.hands.push_back({sequence.time_ns[t], from.joints_in_world_m[t], 1.0});
  }
  return hand;
}

foreign::WorldObject part_of(const Sequence& sequence, Part part, const ObjectExtent& extent,
                             const std::string& object) {
  foreign::WorldObject out;
  out.id = object + "_" + name_of(part);
  out.category = object;
  const Pose first = world_from_part(sequence, part, 0);
  const foreign::StandingBox box =
      foreign::standing_box(extent, conjugate(first.rotation) * Vec3{0.0, 0.0, 1.0});
  out.shape = box.shape;
  for (std::size_t t = 0; t < sequence.time_ns.size(); ++t) {
    out.world_from_shape.push_back(
        {sequence.time_ns[t], world_from_part(sequence, part, t) * box.object_from_shape, 0});
  }
  return out;
}

/// Unbroken spans of touch per hand; a span ends with the frame after its last touch.
Segments touches_of(const Sequence& sequence, const fs::path& file) {
  Segments segments;
  segments.source = "arctic";
  const std::string object = object_of(file);
  const TimeNs frame_ns = sequence.time_ns[1] - sequence.time_ns[0];
  for (const HandSide side : {HandSide::left, HandSide::right}) {
    const std::string hand = side == HandSide::left ? "left" : "right";
    const auto& touches = (side == HandSide::left ? sequence.left : sequence.right).touches;
    for (std::size_t t = 0; t < touches.size(); ++t) {
      if (touches[t].empty() || (t > 0 && !touches[t - 1].empty())) continue;
      std::size_t last = t;
      while (last + 1 < touches.size() && !touches[last + 1].empty()) ++last;
      Segment segment;
      segment.id = hand + "_" + std::to_string(t);
      segment.recording = file.stem().string();
      segment.start_ns = sequence.time_ns[t];
      segment.stop_ns = sequence.time_ns[last] + frame_ns;
      segment.narration = hand + " hand touches " + object;
      segment.verb = "touch";
      segment.noun = object;
      segment.object_id = object + "_bottom";
      segments.segments.push_back(std::move(segment));
    }
  }
  std::sort(segments.segments.begin(), segments.segments.end(),
            [](const Segment& a, const Segment& b) {
              return std::tie(a.recording, a.start_ns, a.stop_ns, a.id) <
                     std::tie(b.recording, b.start_ns, b.stop_ns, b.id);
            });
  if (segments.segments.empty()) segments.source.clear();
  return segments;
}

}  // namespace

Result<Imported> import_arctic(const fs::path& npz, const ImportOptions& options,
                               Diagnostics& diagnostics) {
  const Result<std::string> bytes = read_file(npz);
  if (!bytes) return bytes.error();
  const Result<Sequence> sequence = arctic::read_sequence(*bytes, npz.string(), diagnostics);
  if (!sequence) return sequence.error();
  WorldRecording recording;
  recording.source = "arctic";
  recording.file = npz.string();
  recording.frame_time_ns = sequence->time_ns;
  recording.camera = invented_model();
  recording.camera_is_static = true;
  recording.world_from_camera = {{0, invented_camera(*sequence), 0}};
  diagnostics.add(Severity::guess, "camera_invented",
                  "the arrays hold no camera: one is placed behind the hands, at rest, and its "
                  "pixels mean nothing",
                  npz.string());
  for (const HandSide side : {HandSide::left, HandSide::right}) {
    recording.hands.push_back(hand_of(*sequence, side));
  }
  for (const Part part : kParts) {
    const Result<ObjectExtent> extent = extent_of(npz, *sequence, part, diagnostics);
    if (!extent) return extent.error();
    recording.objects.push_back(part_of(*sequence, part, *extent, object_of(npz)));
  }
  for (const char* what : {"camera", "hands", "objects"}) {
    recording.origins.push_back(foreign::origin_of(what, "arctic", npz, *bytes));
  }
  Result<foreign::RecordingTracks> tracks =
      foreign::tracks_from_recording(recording, options, diagnostics);
  if (!tracks) return tracks.error();
  Imported imported;
  imported.tracks = std::move(tracks).value().tracks;
  imported.segments = touches_of(*sequence, npz);
  return imported;
}

}  // namespace hearth
