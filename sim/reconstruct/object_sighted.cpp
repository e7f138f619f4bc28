// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/reconstruct/object.h"

namespace hearth::recon {
namespace {

// Mean pose of the observations that a condition admits; rotations near to each other.
template <class Admit>
bool mean_pose(const std::vector<ObjectObservation>& seen, const Admit& admit, Pose& pose,
               double& sigma) {
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> z;
  const ObjectObservation* middle = nullptr;
  for (const ObjectObservation& o : seen) {
    if (!admit(o)) continue;
    x.push_back(o.map_from_object.position_m.x);
    y.push_back(o.map_from_object.position_m.y);
    z.push_back(o.map_from_object.position_m.z);
    middle = &o;
    sigma = o.position_sigma;
  }
  if (middle == nullptr) return false;
  pose = {{median(x), median(y), median(z)}, middle->map_from_object.rotation};
  return true;
}

}  // namespace

std::optional<FoundObject> object_from_sightings(const Tracks& tracks, const Pose& level_from_map,
                                                 const ContactSpan& span) {
  const ObjectSighting* chosen = nullptr;
  double farthest = 0.0;
  for (const ObjectSighting& sighting : tracks.objects) {
    if (sighting.observations.empty()) continue;
    if (sighting.id == span.object_id) {
      chosen = &sighting;
      break;
    }
    const double travel = norm(sighting.observations.back().map_from_object.position_m -
                               sighting.observations.front().map_from_object.position_m);
    if (travel > farthest) {
      farthest = travel;
      chosen = &sighting;
    }
  }
  if (chosen == nullptr) return std::nullopt;
  FoundObject object;
  object.id = chosen->id;
  if (!chosen->category.empty()) object.category = chosen->category;
  object.shape = chosen->shape;
  object.color_rgb = chosen->color_rgb;
  object.source = chosen->source;
  for (ObjectObservation o : chosen->observations) {
    o.map_from_object = level_from_map * o.map_from_object;
    object.seen.push_back(o);
  }
  // Frames close to the motion would bend the mean; where there are no others, the nearest serve.
  const TimeNs margin = 60'000'000;
  const auto before = [&](const ObjectObservation& o) {
    return o.time_ns <= span.move_start_ns - margin;
  };
  const auto after = [&](const ObjectObservation& o) {
    return o.time_ns >= span.move_stop_ns + margin;
  };
  if (!mean_pose(object.seen, before, object.start, object.start_sigma)) {
    object.start = object.seen.front().map_from_object;
    object.start_sigma = object.seen.front().position_sigma;
  }
  if (!mean_pose(object.seen, after, object.goal, object.goal_sigma)) {
    object.goal = object.seen.back().map_from_object;
    object.goal_sigma = object.seen.back().position_sigma;
  }
  object.size_sigma = {object.start_sigma, object.start_sigma, object.start_sigma};
  return object;
}

}  // namespace hearth::recon
