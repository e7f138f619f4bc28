// SPDX-License-Identifier: Apache-2.0
#include "glb_extent.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>

#include "json_place.h"

namespace hearth::foreign {
namespace {

constexpr int kMaxDepth = 32;

std::uint32_t u32_at(std::string_view bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i);
  }
  return value;
}

/// Row-major 3x4.
struct Affine {
  Mat3 linear{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  Vec3 offset{};
};

Vec3 apply(const Affine& a, Vec3 p) {
  const Mat3& m = a.linear;
  return {m[0][0] * p.x + m[0][1] * p.y + m[0][2] * p.z + a.offset.x,
          m[1][0] * p.x + m[1][1] * p.y + m[1][2] * p.z + a.offset.y,
          m[2][0] * p.x + m[2][1] * p.y + m[2][2] * p.z + a.offset.z};
}

Affine product(const Affine& a, const Affine& b) {
  Affine c;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      c.linear[i][j] = 0.0;
      for (std::size_t k = 0; k < 3; ++k) c.linear[i][j] += a.linear[i][k] * b.linear[k][j];
    }
  }
  c.offset = apply(a, b.offset);
  return c;
}

Affine transform_of(const JsonPlace& node) {
  Affine a;
  if (node.has("matrix")) {
    const std::vector<double> m = node["matrix"].numbers(16);
    for (std::size_t i = 0; i < 3; ++i) a.linear[i] = {m[i], m[4 + i], m[8 + i]};
    a.offset = {m[12], m[13], m[14]};
    return a;
  }
  if (node.has("rotation")) {
    const std::vector<double> q = node["rotation"].numbers(4);
    a.linear = matrix_from_quat(node["rotation"].unit_quat(q[3], q[0], q[1], q[2]));
  }
  if (node.has("scale")) {
    const std::vector<double> s = node["scale"].numbers(3);
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) a.linear[i][j] *= s[j];
    }
  }
  if (node.has("translation")) a.offset = node["translation"].vec3();
  return a;
}

struct Walk {
  JsonPlace root;
  ObjectExtent extent{{1e300, 1e300, 1e300}, {-1e300, -1e300, -1e300}};
  std::size_t nodes_left = 10000;

  void add(Vec3 p) {
    extent.min_m = {std::min(extent.min_m.x, p.x), std::min(extent.min_m.y, p.y),
                    std::min(extent.min_m.z, p.z)};
    extent.max_m = {std::max(extent.max_m.x, p.x), std::max(extent.max_m.y, p.y),
                    std::max(extent.max_m.z, p.z)};
  }

  void mesh(const JsonPlace& mesh, const Affine& world) {
    const JsonPlace primitives = mesh["primitives"];
    for (std::size_t i = 0; i < primitives.size(); ++i) {
      const std::int64_t accessor = primitives[i]["attributes"]["POSITION"].integer();
      const JsonPlace place = root["accessors"][static_cast<std::size_t>(accessor)];
      const Vec3 low = place["min"].vec3();
      const Vec3 high = place["max"].vec3();
      for (unsigned corner = 0; corner < 8; ++corner) {
        add(apply(world, {(corner & 1u) != 0 ? high.x : low.x, (corner & 2u) != 0 ? high.y : low.y,
                          (corner & 4u) != 0 ? high.z : low.z}));
      }
    }
  }

  void node(std::size_t index, const Affine& parent, int depth) {
    const JsonPlace place = root["nodes"][index];
    if (depth > kMaxDepth || nodes_left == 0) {
      place.fail(ErrorCode::corrupt, "the nodes are nested too deep");
      return;
    }
    --nodes_left;
    const Affine world = product(parent, transform_of(place));
    if (place.has("mesh")) {
      mesh(root["meshes"][static_cast<std::size_t>(place["mesh"].integer())], world);
    }
    if (!place.has("children")) return;
    const JsonPlace children = place["children"];
    for (std::size_t i = 0; i < children.size() && nodes_left > 0; ++i) {
      node(static_cast<std::size_t>(children[i].integer()), world, depth + 1);
    }
  }
};

}  // namespace

Result<ObjectExtent> extent_of_glb(std::string_view bytes, const std::string& file) {
  if (bytes.size() < 20 || bytes.substr(0, 4) != "glTF") {
    return Error{ErrorCode::corrupt, "this is no binary glTF", file};
  }
  if (u32_at(bytes, 4) != 2) return Error{ErrorCode::unsupported, "glTF must be version 2", file};
  const std::size_t length = u32_at(bytes, 12);
  if (u32_at(bytes, 8) != bytes.size() || bytes.substr(16, 4) != "JSON" ||
      length > bytes.size() - 20) {
    return Error{ErrorCode::corrupt, "the file was cut off or is damaged", file + ": byte 8"};
  }
  JsonText text(bytes.substr(20, length), file);
  Walk walk{text.root()};
  const std::int64_t scene = walk.root.has("scene") ? walk.root["scene"].integer() : 0;
  const JsonPlace nodes = walk.root["scenes"][static_cast<std::size_t>(scene)]["nodes"];
  for (std::size_t i = 0; i < nodes.size() && !text.error(); ++i) {
    walk.node(static_cast<std::size_t>(nodes[i].integer()), {}, 0);
  }
  if (text.error()) return *text.error();
  if (!(walk.extent.min_m.x <= walk.extent.max_m.x)) {
    return Error{ErrorCode::corrupt, "the file holds no mesh", file};
  }
  return walk.extent;
}

}  // namespace hearth::foreign
