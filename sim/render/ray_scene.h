// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place of this module that names Embree: finds which primitive a ray meets.
// The hit itself is computed by primitive.cpp in double precision, so Embree's instruction set
// cannot show in a result; it decides only which boxes are visited.

#include <memory>
#include <span>
#include <vector>

#include "sim/render/primitive.h"

namespace hearth {

struct Hit {
  int primitive = -1;  // -1: nothing
  double t = 0.0;
};

inline constexpr std::size_t kPacket = 4;

class RayScene {
 public:
  // Null if Embree cannot start.
  static std::unique_ptr<RayScene> make();
  ~RayScene();
  RayScene(const RayScene&) = delete;
  RayScene& operator=(const RayScene&) = delete;

  // Replaces all primitives.
  void place(std::vector<Primitive> primitives);
  const std::vector<Primitive>& primitives() const { return primitives_; }

  // Up to kPacket rays; hits has as many entries. Thread-safe after place().
  void closest(std::span<const Ray> rays, std::span<Hit> hits, bool packet) const;
  // blocked[i] = anything within (t_near, t_far] of ray i.
  void blocked(std::span<const Ray> rays, std::span<bool> blocked, bool packet) const;

 private:
  struct Handles;
  RayScene();
  std::unique_ptr<Handles> handles_;
  std::vector<Primitive> primitives_;
};

}  // namespace hearth
