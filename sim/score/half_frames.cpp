// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/result.h>
#include <hearth/score/half_frames.h>

#include <vector>

namespace hearth {
namespace {

template <class Observation>
void keep_parity(std::vector<Observation>& observations, int parity) {
  std::erase_if(observations,
                [parity](const Observation& each) { return each.frame % 2 != parity; });
}

}  // namespace

Tracks every_other_frame(const Tracks& tracks, int parity) {
  require(parity == 0 || parity == 1, "parity is 0 or 1");
  Tracks half = tracks;
  for (HandTrack& hand : half.hands) keep_parity(hand.observations, parity);
  for (ObjectSighting& object : half.objects) keep_parity(object.observations, parity);
  for (MovingPoint& point : half.moving_points) keep_parity(point.samples, parity);
  std::erase_if(half.hands, [](const HandTrack& hand) { return hand.observations.empty(); });
  std::erase_if(half.objects,
                [](const ObjectSighting& object) { return object.observations.empty(); });
  std::erase_if(half.moving_points, [](const MovingPoint& point) { return point.samples.empty(); });
  return half;
}

}  // namespace hearth
