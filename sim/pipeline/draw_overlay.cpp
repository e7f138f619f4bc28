// SPDX-License-Identifier: Apache-2.0
#include "draw_overlay.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace hearth {
namespace {

constexpr double kNearM = 0.05;       // Nearer points are not drawn.
constexpr double kWidestTangent = 2;  // Lens models say nonsense far outside the picture.
constexpr int kPieces = 12;           // A straight edge is a curve through a lens.

struct View {
  ImageRgb8& picture;
  const CameraModel& camera;
  Pose camera_from_world{};

  [[nodiscard]] Vec2 to_picture(Vec2 pixel_px) const {
    return {resized_pixel(pixel_px.x, camera.width_px, picture.width_px),
            resized_pixel(pixel_px.y, camera.height_px, picture.height_px)};
  }
  [[nodiscard]] std::optional<Vec2> seen(Vec3 p_in_world) const {
    const Vec3 p = camera_from_world * p_in_world;
    if (p.z < kNearM || std::abs(p.x) > kWidestTangent * p.z ||
        std::abs(p.y) > kWidestTangent * p.z) {
      return std::nullopt;
    }
    const std::optional<Vec2> pixel = project(camera, p);
    if (!pixel) return std::nullopt;
    return to_picture(*pixel);
  }
  void edge(Vec3 from_m, Vec3 to_m, const Stroke& stroke) const {
    std::optional<Vec2> last = seen(from_m);
    for (int i = 1; i <= kPieces; ++i) {
      const double u = static_cast<double>(i) / kPieces;
      const std::optional<Vec2> next = seen((1.0 - u) * from_m + u * to_m);
      if (last && next) draw_line(picture, *last, *next, stroke);
      last = next;
    }
  }
};

// Strokes are laid twice: a dark wider one below keeps them readable on any picture.
void outlined_edge(const View& view, Vec3 from_m, Vec3 to_m, Stroke stroke) {
  Stroke below = stroke;
  below.color = {20, 20, 20};
  below.width_px = stroke.width_px + 1.6;
  below.opacity = 0.45 * stroke.opacity;
  view.edge(from_m, to_m, below);
  view.edge(from_m, to_m, stroke);
}

void draw_supports(const View& view, const Scene& scene) {
  for (const Support& support : scene.supports) {
    const double x = 0.5 * support.size_m.x;
    const double y = 0.5 * support.size_m.y;
    const std::array<Vec3, 4> corners{Vec3{-x, -y, 0}, Vec3{x, -y, 0}, Vec3{x, y, 0},
                                      Vec3{-x, y, 0}};
    const Stroke stroke{kSupportInk, 1.4, 0.85, support.extent_inferred ? 6.0 : 0.0};
    for (std::size_t i = 0; i < 4; ++i) {
      outlined_edge(view, support.world_from_support * corners[i],
                    support.world_from_support * corners[(i + 1) % 4], stroke);
    }
  }
}

void draw_object(const View& view, const Home& home, TimeNs time_ns) {
  const SceneObject* object = find_object(home.scene, home.task.object_id);
  if (object == nullptr) return;
  for (const auto& [a, b] : box_edges(object->shape.size_m, home.task.world_from_goal)) {
    outlined_edge(view, a, b, {kGoalInk, 1.0, 0.7, 4.0});
  }
  const ObjectTrack* track = find_track(home.object_tracks, object->id);
  const bool followed = track != nullptr && !track->samples.empty();
  const Pose pose = followed ? pose_at(*track, time_ns) : object->world_from_object;
  for (const auto& [a, b] : box_edges(object->shape.size_m, pose)) {
    outlined_edge(view, a, b, {kObjectInk, 1.6, 0.95, 0.0});
  }
}

bool in_contact(const Home* home, HandSide side, TimeNs time_ns) {
  if (home == nullptr) return false;
  return std::any_of(
      home->contacts.spans.begin(), home->contacts.spans.end(), [&](const ContactSpan& span) {
        return span.side == side && time_ns >= span.onset_ns && time_ns <= span.release_ns;
      });
}

void draw_hand(const View& view, const HandObservation& hand, HandSide side, bool contact) {
  const InkColor ink = side == HandSide::left ? kLeftHandInk : kRightHandInk;
  const double opacity = hand.observed ? 1.0 : 0.75;
  const double dash = hand.observed ? 0.0 : 3.5;
  std::array<Vec2, kHandJoints> joints{};
  for (std::size_t j = 0; j < joints.size(); ++j) joints[j] = view.to_picture(hand.joints_px[j]);
  for (const bool below : {true, false}) {
    const Stroke stroke =
        below ? Stroke{{20, 20, 20}, 3.4, 0.4 * opacity, dash} : Stroke{ink, 1.8, opacity, dash};
    for (std::size_t bone = 0; bone < kHandBones; ++bone) {
      const auto parent = static_cast<std::size_t>(kBoneParent[bone]);
      draw_line(view.picture, joints[parent], joints[bone + 1], stroke);
    }
  }
  for (const Vec2 joint : joints) draw_disc(view.picture, joint, 1.9, ink, opacity);
  if (!contact) return;
  for (const int tip : kFingerTip) {
    const Vec2 at = joints[static_cast<std::size_t>(tip)];
    draw_disc(view.picture, at, 4.6, {20, 20, 20}, 0.6);
    draw_disc(view.picture, at, 3.6, kContactInk, 1.0);
  }
}

void draw_camera_mark(ImageRgb8& picture, const CameraSample* sample) {
  const InkColor ink = sample == nullptr ? kLostInk : sample->observed ? kObjectInk : kContactInk;
  fill_rectangle(picture, 5, 5, 14, 14, {20, 20, 20});
  fill_rectangle(picture, 7, 7, 10, 10, ink);
}

}  // namespace

const CameraSample* camera_at(const CameraPath& path, TimeNs time_ns) {
  constexpr TimeNs kToleranceNs = 5'000'000;
  const auto after =
      std::lower_bound(path.samples.begin(), path.samples.end(), time_ns - kToleranceNs,
                       [](const CameraSample& sample, TimeNs t) { return sample.time_ns < t; });
  if (after == path.samples.end() || after->time_ns > time_ns + kToleranceNs) return nullptr;
  return &*after;
}

std::vector<std::array<Vec3, 2>> box_edges(Vec3 size_m, const Pose& world_from_box) {
  const Vec3 half = 0.5 * size_m;
  std::array<Vec3, 8> corners{};
  for (std::size_t k = 0; k < 8; ++k) {
    corners[k] =
        world_from_box * Vec3{(k & 1U) != 0 ? half.x : -half.x, (k & 2U) != 0 ? half.y : -half.y,
                              (k & 4U) != 0 ? half.z : -half.z};
  }
  std::vector<std::array<Vec3, 2>> edges;
  for (std::size_t k = 0; k < 8; ++k) {
    for (const std::size_t bit : {1U, 2U, 4U}) {
      if ((k & bit) == 0) edges.push_back({corners[k], corners[k | bit]});
    }
  }
  return edges;
}

void draw_overlay(ImageRgb8& picture, const Overlay& overlay, int frame, TimeNs time_ns) {
  View view{picture, overlay.camera, {}};
  if (overlay.home != nullptr) {
    const CameraSample* sample = camera_at(overlay.home->camera_path, time_ns);
    if (sample != nullptr) {
      view.camera_from_world = inverse(sample->world_from_camera);
      draw_supports(view, overlay.home->scene);
      draw_object(view, *overlay.home, time_ns);
    }
    draw_camera_mark(picture, sample);
  }
  if (overlay.tracks == nullptr) return;
  for (const HandTrack& track : overlay.tracks->hands) {
    const auto at =
        std::lower_bound(track.observations.begin(), track.observations.end(), frame,
                         [](const HandObservation& seen, int f) { return seen.frame < f; });
    if (at == track.observations.end() || at->frame != frame) continue;
    draw_hand(view, *at, track.side, in_contact(overlay.home, track.side, time_ns));
  }
}

}  // namespace hearth
